package io.hotpair.drivers.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Calls on file descriptors. Every call answers what the kernel would: the result, or minus the error number.
 *
 * <p>An instance belongs to one thread at a time where options of a socket are asked or set; any thread may make the other calls. A call
 * allocates nothing.
 */
public final class Libc {
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_PACKET = 17;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int SOL_SOCKET = 1;
    public static final int SO_ERROR = 4;
    public static final int SO_RCVBUF = 8;
    public static final int SO_PRIORITY = 12;
    public static final int SO_LINGER = 13;
    public static final int SO_BINDTODEVICE = 25;
    public static final int IPPROTO_IP = 0;
    public static final int IPPROTO_ICMP = 1;
    public static final int SOL_RAW = 255;
    public static final int IP_TOS = 1;
    public static final int IP_FREEBIND = 15;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final long TIOCOUTQ = 0x5411;
    /** Of {@code struct statx}. */
    public static final int STATX_BYTES = 256;
    public static final int STATX_INODE_AT = 32;
    public static final int STATX_SIZE_AT = 40;
    private static final int STATX_INO_AND_SIZE = 0x300;
    private static final int AT_FDCWD = -100;
    private static final int F_DUPFD_CLOEXEC = 1030;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    private static final long SOCKET = Downcall.address("socket");
    private static final long SOCKETPAIR = Downcall.address("socketpair");
    private static final long BIND = Downcall.address("bind");
    private static final long CONNECT = Downcall.address("connect");
    private static final long GETSOCKNAME = Downcall.address("getsockname");
    private static final long GETSOCKOPT = Downcall.address("getsockopt");
    private static final long SETSOCKOPT = Downcall.address("setsockopt");
    private static final long SENDTO = Downcall.address("sendto");
    private static final long RECV = Downcall.address("recv");
    private static final long STATX = Downcall.address("statx");
    private static final long OPEN = Downcall.address("open");
    private static final long READ = Downcall.address("read");
    private static final long WRITE = Downcall.address("write");
    private static final long CLOSE = Downcall.address("close");
    private static final long FCNTL = Downcall.address("fcntl");
    private static final long IOCTL = Downcall.address("ioctl");

    private final MemorySegment scratch;

    /** @param arena stays open as long as calls are made; shared or global where the calling thread is not the creating one */
    public Libc(Arena arena) {
        scratch = arena.allocate(16, 8);
    }

    public int socket(int domain, int type, int protocol) {
        return Downcall.call(SOCKET, domain, type, protocol);
    }

    /**
     * Looks at what a path leads to, a symbolic link followed; the same layout on every architecture.
     *
     * @param path ends with a zero byte
     * @param statx takes {@link #STATX_BYTES}; among them, as {@code long}, {@link #STATX_INODE_AT} and {@link #STATX_SIZE_AT}
     */
    public int statx(MemorySegment path, MemorySegment statx) {
        return Downcall.call(STATX, AT_FDCWD, path.address(), 0, STATX_INO_AND_SIZE, statx.address(), 0);
    }

    /** Two sockets connected to each other. @param fds takes two {@code int} */
    public int socketpair(int domain, int type, int protocol, MemorySegment fds) {
        return Downcall.call(SOCKETPAIR, domain, type, protocol, fds.address());
    }

    public int bind(int fd, MemorySegment address) {
        return Downcall.call(BIND, fd, address.address(), address.byteSize());
    }

    public int connect(int fd, MemorySegment address) {
        return Downcall.call(CONNECT, fd, address.address(), address.byteSize());
    }

    /** The local address into {@code address}. */
    public int getsockname(int fd, MemorySegment address) {
        scratch.set(ValueLayout.JAVA_INT, 0, (int) address.byteSize());
        return Downcall.call(GETSOCKNAME, fd, address.address(), scratch.address());
    }

    /** Takes and clears the socket's pending error: 0 or the (positive) error number; negative if the call itself failed. */
    public int takeSocketError(int fd) {
        return getsockopt(fd, SO_ERROR);
    }

    /** An option of {@link #SOL_SOCKET} that is a number and not negative; negative if the call failed. */
    public int getsockopt(int fd, int option) {
        scratch.set(ValueLayout.JAVA_INT, 0, 0);
        scratch.set(ValueLayout.JAVA_INT, 8, Integer.BYTES);
        int result = Downcall.call(GETSOCKOPT, fd, SOL_SOCKET, option, scratch.address(), scratch.address() + 8, 0);
        return result < 0 ? result : scratch.get(ValueLayout.JAVA_INT, 0);
    }

    public int setsockopt(int fd, int level, int option, int value) {
        scratch.set(ValueLayout.JAVA_INT, 0, value);
        return setsockopt(fd, level, option, scratch, Integer.BYTES);
    }

    public int setsockopt(int fd, int level, int option, MemorySegment value, long lengthBytes) {
        return Downcall.call(SETSOCKOPT, fd, level, option, value.address(), lengthBytes, 0);
    }

    /** Sends on a connected socket. */
    public int send(int fd, MemorySegment data, long lengthBytes, int flags) {
        return Downcall.call(SENDTO, fd, data.address(), lengthBytes, flags);
    }

    public int sendto(int fd, MemorySegment data, long lengthBytes, int flags, MemorySegment address) {
        return Downcall.call(SENDTO, fd, data.address(), lengthBytes, flags, address.address(), address.byteSize());
    }

    public int recv(int fd, MemorySegment data, long lengthBytes, int flags) {
        return Downcall.call(RECV, fd, data.address(), lengthBytes, flags);
    }

    /** As {@link #send(int, MemorySegment, long, int)}, from a place inside memory that stays there during the call. */
    public int send(int fd, long address, long lengthBytes, int flags) {
        return Downcall.call(SENDTO, fd, address, lengthBytes, flags);
    }

    /** As {@link #recv(int, MemorySegment, long, int)}, into a place inside memory that stays there during the call. */
    public int recv(int fd, long address, long lengthBytes, int flags) {
        return Downcall.call(RECV, fd, address, lengthBytes, flags);
    }

    /** Another descriptor of the same open file, which no child process inherits. */
    public int duplicate(int fd) {
        return Downcall.call(FCNTL, fd, F_DUPFD_CLOEXEC, 0);
    }

    /** @param path ends with a zero byte */
    public int open(MemorySegment path, int flags) {
        return Downcall.call(OPEN, path.address(), flags);
    }

    public int read(int fd, MemorySegment data, long lengthBytes) {
        return Downcall.call(READ, fd, data.address(), lengthBytes);
    }

    public int write(int fd, MemorySegment data, long lengthBytes) {
        return Downcall.call(WRITE, fd, data.address(), lengthBytes);
    }

    public int close(int fd) {
        return Downcall.call(CLOSE, fd);
    }

    public int ioctl(int fd, long request, MemorySegment argument) {
        return Downcall.call(IOCTL, fd, request, argument.address());
    }
}
