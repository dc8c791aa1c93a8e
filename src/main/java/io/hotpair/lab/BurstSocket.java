package io.hotpair.lab;

import io.hotpair.drivers.linux.DatagramBatch;
import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.SocketAddresses;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/**
 * A UDP socket for a load that shall cost the machine little: the kernel cuts what one call hands it into datagrams of the same length (UDP_SEGMENT,
 * Linux 4.18), each of which arrives by itself, and gives out many at a time. One thread.
 */
final class BurstSocket implements AutoCloseable {
    /** Datagrams that one call sends at most; UDP_MAX_SEGMENTS of older kernels. */
    static final int BURST = 64;
    /** Datagrams that one read takes at most. */
    static final int READ = 64;
    private static final int DATAGRAM_MAX_BYTES = 128;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int SO_RCVBUFFORCE = 33;

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final DatagramBatch batch;
    private final InetSocketAddress address;
    private final MemorySegment burst;
    private final MemorySegment[] destinations;
    private int datagramBytes;

    /**
     * @param local port 0 for any
     * @param destinations where to send
     * @param datagramBytes of each datagram that is sent, and the most that {@link #cut} may ask for
     * @param receiveBufferBytes room for what comes while nobody reads; where the kernel's limit forbids that, what is customary
     */
    BurstSocket(InetSocketAddress local, InetSocketAddress[] destinations, int datagramBytes, int receiveBufferBytes) throws IOException {
        this.datagramBytes = datagramBytes;
        burst = arena.allocate((long) BURST * datagramBytes, 8);
        this.destinations = new MemorySegment[destinations.length];
        for (int i = 0; i < destinations.length; i++) {
            this.destinations[i] = SocketAddresses.inet(arena, (Inet4Address) destinations[i].getAddress(), destinations[i].getPort());
        }
        batch = new DatagramBatch(local, null, READ, DATAGRAM_MAX_BYTES);
        address = new InetSocketAddress(local.getAddress(), batch.localPort());
        libc.setsockopt(batch.fd(), Libc.SOL_SOCKET, SO_RCVBUFFORCE, receiveBufferBytes);
        try {
            segment(datagramBytes);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void segment(int bytes) throws IOException {
        int result = libc.setsockopt(batch.fd(), SOL_UDP, UDP_SEGMENT, bytes);
        if (result < 0) {
            throw new IOException("this kernel does not cut datagrams (UDP_SEGMENT): " + Errno.text(-result));
        }
    }

    /** From now on datagrams have this length. */
    void cut(int bytes) throws IOException {
        if (bytes != datagramBytes) {
            segment(bytes);
            datagramBytes = bytes;
        }
    }

    /** To wait for what comes. */
    int fd() {
        return batch.fd();
    }

    InetSocketAddress address() {
        return address;
    }

    /** Takes the datagrams to send, one behind the other. */
    MemorySegment burst() {
        return burst;
    }

    /** Sends the first datagrams of {@link #burst} to one of the destinations; false if the kernel has no room for them or no way. */
    boolean send(int count, int destination) {
        long bytes = (long) count * datagramBytes;
        return libc.sendto(batch.fd(), burst, bytes, Libc.MSG_DONTWAIT, destinations[destination]) == bytes;
    }

    /** Reads what has come; returns how many, 0 for none. */
    int receive() {
        return batch.receive();
    }

    /** Length of a datagram of the last read. */
    int lengthBytes(int i) {
        return batch.lengthBytes(i);
    }

    /** Its bytes. */
    MemorySegment data(int i) {
        return batch.data(i);
    }

    @Override
    public void close() {
        batch.close();
        arena.close();
    }
}
