package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/**
 * A UDP socket (IPv4) that is read several datagrams at a time, recvmmsg(2), each with its sender and the kernel's time of arrival. One thread; a
 * read neither blocks nor allocates.
 *
 * <p>The kernel stamps with the wall clock, which may be stepped. So a stamp only refines what is known without it: a datagram arrived after the
 * last read that emptied the socket, and before now.
 */
public final class DatagramBatch implements AutoCloseable {
    // struct mmsghdr { struct msghdr { name, namelen, iov, iovlen, control, controllen, flags }; unsigned len } on 64-bit machines
    private static final int HEADER_BYTES = 64;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int IOV = 16;
    private static final int IOV_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;
    // struct cmsghdr { size_t len; int level; int type } and struct timespec behind it; then, once something was lost, another with an int
    private static final int CONTROL_BYTES = 64;
    private static final int STAMP_LENGTH = 32;
    private static final int OVERFLOW_LENGTH = 20;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int SO_RXQ_OVFL = 40;
    private static final int SO_REUSEADDR = 2;
    private static final int IP_ADD_MEMBERSHIP = 35;
    private static final int CLOCK_REALTIME = 0;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int CLOCK_ATTEMPTS = 3;
    private static final long CLOCKS_APART_NS = 20_000;
    /** Doubled by the kernel, which takes 768 bytes for a small datagram: 5,400 of them, 40,000 a second over the match window and some. */
    private static final int RECEIVE_BUFFER_BYTES = 2 << 20;
    private static final int SO_RCVBUFFORCE = 33;
    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long RECVMMSG = Downcall.address("recvmmsg");
    private static final long CLOCK_GETTIME = Downcall.address("clock_gettime");

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final MemorySegment clock = arena.allocate(16, 8);
    private final MemorySegment headers;
    private final MemorySegment names;
    private final MemorySegment controls;
    private final MemorySegment[] data;
    private final int size;
    private final int fd;
    private long emptyNs = System.nanoTime(); // nothing that waits is older
    private long previousNs = emptyNs;
    private boolean previousEmptied;
    private long readNs;
    private long readWallNs;
    private int overflowed;

    /**
     * @param local address and port to bind; port 0 for any
     * @param multicastInterface joins {@code local}'s address as a group on the interface with this address; {@code null} for unicast
     * @param size datagrams of one read at most
     * @param maxBytes longest datagram that is not cut
     */
    public DatagramBatch(InetSocketAddress local, Inet4Address multicastInterface, int size, int maxBytes) throws IOException {
        this.size = size;
        headers = arena.allocate((long) size * HEADER_BYTES, 8);
        names = arena.allocate((long) size * SocketAddresses.INET_BYTES, 8);
        controls = arena.allocate((long) size * CONTROL_BYTES, 8);
        data = new MemorySegment[size];
        MemorySegment vectors = arena.allocate(size * 16L, 8); // struct iovec { void *base; size_t len }
        for (int i = 0; i < size; i++) {
            data[i] = arena.allocate(maxBytes, 8);
            vectors.set(ValueLayout.JAVA_LONG, i * 16L, data[i].address());
            vectors.set(ValueLayout.JAVA_LONG, i * 16L + 8, maxBytes);
            long at = (long) i * HEADER_BYTES;
            headers.set(ValueLayout.JAVA_LONG, at + NAME, names.address() + (long) i * SocketAddresses.INET_BYTES);
            headers.set(ValueLayout.JAVA_LONG, at + IOV, vectors.address() + i * 16L);
            headers.set(ValueLayout.JAVA_LONG, at + IOV_LENGTH, 1);
            headers.set(ValueLayout.JAVA_LONG, at + CONTROL, controls.address() + (long) i * CONTROL_BYTES);
        }
        fd = open(local, multicastInterface);
    }

    private int open(InetSocketAddress local, Inet4Address multicastInterface) throws IOException {
        int socket = -1;
        try {
            if (!(local.getAddress() instanceof Inet4Address address)) {
                throw new IllegalArgumentException(local + " is not an IPv4 address and port");
            }
            socket = must("socket", libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), local);
            if (libc.setsockopt(socket, Libc.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES) < 0) { // without CAP_NET_ADMIN
                must("SO_RCVBUF", libc.setsockopt(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUF, RECEIVE_BUFFER_BYTES), local);
            }
            must("SO_TIMESTAMPNS", libc.setsockopt(socket, Libc.SOL_SOCKET, SO_TIMESTAMPNS, 1), local);
            must("SO_RXQ_OVFL", libc.setsockopt(socket, Libc.SOL_SOCKET, SO_RXQ_OVFL, 1), local);
            must("IP_FREEBIND", libc.setsockopt(socket, Libc.IPPROTO_IP, Libc.IP_FREEBIND, 1), local);
            if (multicastInterface != null) {
                must("SO_REUSEADDR", libc.setsockopt(socket, Libc.SOL_SOCKET, SO_REUSEADDR, 1), local);
            }
            must("bind", libc.bind(socket, SocketAddresses.inet(arena, address, local.getPort())), local);
            if (multicastInterface != null) {
                MemorySegment request = arena.allocate(8, 4); // struct ip_mreq { group, interface }
                MemorySegment.copy(address.getAddress(), 0, request, ValueLayout.JAVA_BYTE, 0, 4);
                MemorySegment.copy(multicastInterface.getAddress(), 0, request, ValueLayout.JAVA_BYTE, 4, 4);
                must("joining the group", libc.setsockopt(socket, Libc.IPPROTO_IP, IP_ADD_MEMBERSHIP, request, 8), local);
            }
            return socket;
        } catch (IOException | RuntimeException failure) {
            if (socket >= 0) {
                libc.close(socket);
            }
            arena.close();
            throw failure;
        }
    }

    private static int must(String call, int result, InetSocketAddress local) throws IOException {
        if (result < 0) {
            throw new IOException("UDP " + local.getAddress().getHostAddress() + ":" + local.getPort() + ": " + call + ": " + Errno.text(-result)
                    + (result == -Errno.EADDRINUSE ? " ('ss -ulpn' shows by whom)" : ""));
        }
        return result;
    }

    /** Reads what waits; returns how many, 0 for none. What was read before is overwritten. */
    public int receive() {
        for (int i = 0; i < size; i++) {
            long at = (long) i * HEADER_BYTES;
            headers.set(ValueLayout.JAVA_INT, at + NAME_LENGTH, SocketAddresses.INET_BYTES);
            headers.set(ValueLayout.JAVA_LONG, at + CONTROL_LENGTH, CONTROL_BYTES);
        }
        long beforeNs = System.nanoTime();
        int count = Downcall.call(RECVMMSG, fd, headers.address(), size, Libc.MSG_DONTWAIT, 0, 0);
        readClocks();
        if (previousEmptied) {
            emptyNs = previousNs;
        }
        previousNs = beforeNs;
        previousEmptied = count < size;
        if (count > 0) {
            readOverflow((long) (count - 1) * CONTROL_BYTES, headers.get(ValueLayout.JAVA_LONG, (long) (count - 1) * HEADER_BYTES + CONTROL_LENGTH));
        }
        return Math.max(0, count);
    }

    /** The kernel counts from the socket's beginning and says so with each datagram, in a message behind that of the time. */
    private void readOverflow(long at, long lengthBytes) {
        if (lengthBytes >= STAMP_LENGTH + OVERFLOW_LENGTH && controls.get(ValueLayout.JAVA_INT, at + STAMP_LENGTH + 12) == SO_RXQ_OVFL) {
            overflowed = controls.get(ValueLayout.JAVA_INT, at + STAMP_LENGTH + 16);
        }
    }

    /** Datagrams that found no room in the socket, as far as the last one read has told. */
    public long overflowed() {
        return overflowed & 0xFFFF_FFFFL;
    }

    /**
     * Both clocks at the same moment. Where this thread was held up between them even at the last attempt, arrivals look older than they are, never
     * younger: what is old must not be taken for new.
     */
    private void readClocks() {
        for (int attempt = 0; attempt < CLOCK_ATTEMPTS; attempt++) {
            readNs = System.nanoTime();
            Downcall.call(CLOCK_GETTIME, CLOCK_REALTIME, clock.address());
            if (System.nanoTime() - readNs < CLOCKS_APART_NS) {
                break;
            }
        }
        readWallNs = clock.get(ValueLayout.JAVA_LONG, 0) * NS_PER_SECOND + clock.get(ValueLayout.JAVA_LONG, 8);
    }

    /** Length of datagram {@code i} of the last read. */
    public int lengthBytes(int i) {
        return headers.get(ValueLayout.JAVA_INT, (long) i * HEADER_BYTES + LENGTH);
    }

    /** Whether it was longer than there was room for. */
    public boolean cut(int i) {
        return (headers.get(ValueLayout.JAVA_INT, (long) i * HEADER_BYTES + FLAGS) & Libc.MSG_TRUNC) != 0;
    }

    /** Its bytes. */
    public MemorySegment data(int i) {
        return data[i];
    }

    /** Sender's IPv4 address as a number. */
    public long address(int i) {
        return names.get(NETWORK_INT, (long) i * SocketAddresses.INET_BYTES + 4) & 0xFFFF_FFFFL;
    }

    /** Sender's port. */
    public int port(int i) {
        return names.get(NETWORK_SHORT, (long) i * SocketAddresses.INET_BYTES + 2) & 0xFFFF;
    }

    /** When it arrived, monotonic ns. */
    public long arrivedNs(int i) {
        long at = (long) i * CONTROL_BYTES;
        long arrivedNs = readNs;
        if (headers.get(ValueLayout.JAVA_LONG, (long) i * HEADER_BYTES + CONTROL_LENGTH) >= STAMP_LENGTH
                && controls.get(ValueLayout.JAVA_INT, at + 12) == SO_TIMESTAMPNS) {
            long wallNs = controls.get(ValueLayout.JAVA_LONG, at + 16) * NS_PER_SECOND + controls.get(ValueLayout.JAVA_LONG, at + 24);
            arrivedNs = readNs - (readWallNs - wallNs);
        }
        return bounded(arrivedNs, emptyNs, readNs);
    }

    /** The time between the two that is nearest. */
    static long bounded(long ns, long earliestNs, long latestNs) {
        if (ns - latestNs > 0) {
            return latestNs;
        }
        return ns - earliestNs < 0 ? earliestNs : ns;
    }

    /** What the kernel's limit leaves of the buffer for what was not read yet, and the cure; null if it is as long as it should be. */
    public String shortage() {
        int bytes = libc.getsockopt(fd, Libc.SO_RCVBUF) / 2;
        return bytes >= RECEIVE_BUFFER_BYTES ? null
                : "the kernel gives a receive buffer of " + bytes / 1024 + " KiB, not " + RECEIVE_BUFFER_BYTES / 1024
                        + ": a burst overflows it sooner; for the rest: sysctl -w net.core.rmem_max=" + RECEIVE_BUFFER_BYTES;
    }

    /** For {@link Poller}. */
    public int fd() {
        return fd;
    }

    /** The bound port. */
    public int localPort() {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment address = temporary.allocate(SocketAddresses.INET_BYTES, 8);
            return libc.getsockname(fd, address) < 0 ? -1 : address.get(NETWORK_SHORT, 2) & 0xFFFF;
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            libc.close(fd);
            arena.close();
        }
    }
}
