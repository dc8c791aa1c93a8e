package io.hotpair.drivers.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls on file descriptors. Every call answers what the kernel would: the result, or minus the error number.
 *
 * <p>An instance belongs to one thread at a time: it holds the place where errno is captured. A call allocates nothing.
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
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    private static final MethodHandle SOCKET = Downcall.bind("socket");
    private static final MethodHandle SOCKETPAIR = Downcall.bind("socketpair");
    private static final MethodHandle BIND = Downcall.bind("bind");
    private static final MethodHandle CONNECT = Downcall.bind("connect");
    private static final MethodHandle GETSOCKNAME = Downcall.bind("getsockname");
    private static final MethodHandle GETSOCKOPT = Downcall.bind("getsockopt");
    private static final MethodHandle SETSOCKOPT = Downcall.bind("setsockopt");
    private static final MethodHandle SENDTO = Downcall.bind("sendto");
    private static final MethodHandle RECV = Downcall.bind("recv");
    private static final MethodHandle OPEN = Downcall.bind("open");
    private static final MethodHandle READ = Downcall.bind("read");
    private static final MethodHandle WRITE = Downcall.bind("write");
    private static final MethodHandle CLOSE = Downcall.bind("close");
    private static final MethodHandle IOCTL = Downcall.bind("ioctl");

    private final MemorySegment callState;
    private final MemorySegment scratch;

    /** @param arena stays open as long as calls are made; shared or global where the calling thread is not the creating one */
    public Libc(Arena arena) {
        callState = Downcall.callState(arena);
        scratch = arena.allocate(16, 8);
    }

    public int socket(int domain, int type, int protocol) {
        try {
            return check((long) SOCKET.invokeExact(callState, (long) domain, (long) type, (long) protocol, 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    /** Two sockets connected to each other. @param fds takes two {@code int} */
    public int socketpair(int domain, int type, int protocol, MemorySegment fds) {
        try {
            return check((long) SOCKETPAIR.invokeExact(callState, (long) domain, (long) type, (long) protocol, fds.address(), 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int bind(int fd, MemorySegment address) {
        try {
            return check((long) BIND.invokeExact(callState, (long) fd, address.address(), address.byteSize(), 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int connect(int fd, MemorySegment address) {
        try {
            return check((long) CONNECT.invokeExact(callState, (long) fd, address.address(), address.byteSize(), 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    /** The local address into {@code address}. */
    public int getsockname(int fd, MemorySegment address) {
        scratch.set(ValueLayout.JAVA_INT, 0, (int) address.byteSize());
        try {
            return check((long) GETSOCKNAME.invokeExact(callState, (long) fd, address.address(), scratch.address(), 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    /** Takes and clears the socket's pending error: 0 or the (positive) error number; negative if the call itself failed. */
    public int takeSocketError(int fd) {
        scratch.set(ValueLayout.JAVA_INT, 0, 0);
        scratch.set(ValueLayout.JAVA_INT, 8, Integer.BYTES);
        try {
            int result = check((long) GETSOCKOPT.invokeExact(
                    callState, (long) fd, (long) SOL_SOCKET, (long) SO_ERROR, scratch.address(), scratch.address() + 8, 0L));
            return result < 0 ? result : scratch.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int setsockopt(int fd, int level, int option, int value) {
        scratch.set(ValueLayout.JAVA_INT, 0, value);
        return setsockopt(fd, level, option, scratch, Integer.BYTES);
    }

    public int setsockopt(int fd, int level, int option, MemorySegment value, long lengthBytes) {
        try {
            return check((long) SETSOCKOPT.invokeExact(
                    callState, (long) fd, (long) level, (long) option, value.address(), lengthBytes, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    /** Sends on a connected socket. */
    public int send(int fd, MemorySegment data, long lengthBytes, int flags) {
        try {
            return check((long) SENDTO.invokeExact(callState, (long) fd, data.address(), lengthBytes, (long) flags, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int sendto(int fd, MemorySegment data, long lengthBytes, int flags, MemorySegment address) {
        try {
            return check((long) SENDTO.invokeExact(
                    callState, (long) fd, data.address(), lengthBytes, (long) flags, address.address(), address.byteSize()));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int recv(int fd, MemorySegment data, long lengthBytes, int flags) {
        try {
            return check((long) RECV.invokeExact(callState, (long) fd, data.address(), lengthBytes, (long) flags, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    /** @param path ends with a zero byte */
    public int open(MemorySegment path, int flags) {
        try {
            return check((long) OPEN.invokeExact(callState, path.address(), (long) flags, 0L, 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int read(int fd, MemorySegment data, long lengthBytes) {
        try {
            return check((long) READ.invokeExact(callState, (long) fd, data.address(), lengthBytes, 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int write(int fd, MemorySegment data, long lengthBytes) {
        try {
            return check((long) WRITE.invokeExact(callState, (long) fd, data.address(), lengthBytes, 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int close(int fd) {
        try {
            return check((long) CLOSE.invokeExact(callState, (long) fd, 0L, 0L, 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    public int ioctl(int fd, long request, MemorySegment argument) {
        try {
            return check((long) IOCTL.invokeExact(callState, (long) fd, request, argument.address(), 0L, 0L, 0L));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    private int check(long result) {
        int narrowed = (int) result;
        return narrowed < 0 ? -callState.get(ValueLayout.JAVA_INT, 0) : narrowed;
    }
}
