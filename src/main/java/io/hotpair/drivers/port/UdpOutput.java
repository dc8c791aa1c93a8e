package io.hotpair.drivers.port;

import io.hotpair.drivers.ethernet.UdpChannel;
import io.hotpair.sync.port.OutputPort;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/**
 * Outputs as datagrams (IPv4, unicast or multicast): the payload as the task gave it, behind a header where one is asked for.
 *
 * <pre>
 *  0 u64 number of the output, from 1      8 u32 term      12 u32 flags: 1 the primary before may have sent it already      16 payload
 * </pre>
 *
 * A receiver that keeps the highest (term, number) drops repetitions, and what an old primary sends late. A socket without room makes the port busy;
 * no route and nobody listening lose the datagram.
 */
public final class UdpOutput implements OutputDriver {
    /** Bytes in front of the payload, if asked for. */
    public static final int HEADER_BYTES = 16;
    /** In the flags: possibly a repetition. */
    public static final int FLAG_REPETITION = 1;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final UdpChannel channel;
    private final boolean header;
    private final boolean replays;
    private final byte[] datagram = new byte[UdpChannel.MAX_FRAME_BYTES];
    private long lost;

    /**
     * @param local address and port to send from; port 0 for any
     * @param interfaceName the only interface to use, or {@code null}
     */
    public UdpOutput(InetSocketAddress local, InetSocketAddress destination, String interfaceName, boolean header, boolean replays)
            throws IOException {
        this(new UdpChannel(local, destination, interfaceName), header, replays);
    }

    /** Through a channel that exists; it is closed with this. */
    public UdpOutput(UdpChannel channel, boolean header, boolean replays) {
        this.channel = channel;
        this.header = header;
        this.replays = replays;
    }

    @Override
    public boolean replays() {
        return replays;
    }

    @Override
    public int emit(long number, long term, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
        long fullBefore = channel.queueFull();
        boolean sent;
        if (header) {
            LONG.set(datagram, 0, number);
            INT.set(datagram, 8, (int) term);
            INT.set(datagram, 12, repetition ? FLAG_REPETITION : 0);
            System.arraycopy(buffer, offset, datagram, HEADER_BYTES, lengthBytes);
            sent = channel.send(datagram, 0, HEADER_BYTES + lengthBytes);
        } else {
            sent = channel.send(buffer, offset, lengthBytes);
        }
        if (!sent && channel.queueFull() != fullBefore) {
            return OutputPort.BUSY;
        }
        lost += sent ? 0 : 1;
        return OutputPort.EMITTED;
    }

    @Override
    public long lost() {
        return lost;
    }

    /** What is less than asked for, with its cure, or {@code null}. */
    public String warning() {
        return channel.warning();
    }

    @Override
    public void close() {
        channel.close();
    }
}
