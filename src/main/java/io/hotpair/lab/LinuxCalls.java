package io.hotpair.lab;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The Linux calls that the lab needs and Java does not offer: signals at a known instant, pseudo-terminals, and listeners that can
 * be silenced without closing them.
 *
 * <p>One instance per thread: it owns the place where {@code errno} is captured. Failed calls throw an {@link IOException} that
 * names the call and the error number.
 */
final class LinuxCalls {
    static final int SIGKILL = 9;
    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;

    static final short POLLIN = 1;

    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int TCIFLUSH = 0;
    private static final long TIOCGWINSZ = 0x5413;
    /** glibc's {@code struct termios} has 60 bytes; room to spare for other layouts. */
    private static final int TERMIOS_BYTES = 128;
    /** {@code struct winsize}: four unsigned shorts. */
    private static final int WINSIZE_BYTES = 8;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle KILL = handle("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle POLL =
            handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ =
            handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle POSIX_OPENPT =
            handle("posix_openpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle GRANTPT = handle("grantpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle UNLOCKPT = handle("unlockpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle PTSNAME_R =
            handle("ptsname_r", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle TCGETATTR =
            handle("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle TCSETATTR =
            handle("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle CFMAKERAW = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("cfmakeraw"), FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle TCFLUSH =
            handle("tcflush", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle ISATTY = handle("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** kill(2). */
    void kill(long pid, int signal) throws IOException {
        // kill(0) and kill(-1) would reach processes that are not ours.
        if (pid <= 1) {
            throw new IOException("refusing to signal process " + pid);
        }
        int result;
        try {
            result = (int) KILL.invokeExact(state, (int) pid, signal);
        } catch (Throwable t) {
            throw impossible(t);
        }
        check("kill", result);
    }

    /**
     * Waits until one of the descriptors is readable.
     *
     * @param pollfds array of {@code struct pollfd}, 8 bytes each
     * @return the number of ready descriptors; 0 after the time-out or an interruption
     */
    int poll(MemorySegment pollfds, int count, int timeoutMs) throws IOException {
        int result;
        try {
            result = (int) POLL.invokeExact(state, pollfds, (long) count, timeoutMs);
        } catch (Throwable t) {
            throw impossible(t);
        }
        return result < 0 && errno() == EINTR ? 0 : check("poll", result);
    }

    /** Reads what is there. @return bytes read; 0 if nothing is there (non-blocking) or at the end */
    int read(int fd, MemorySegment buffer) throws IOException {
        long result;
        try {
            result = (long) READ.invokeExact(state, fd, buffer, buffer.byteSize());
        } catch (Throwable t) {
            throw impossible(t);
        }
        return result < 0 && wouldBlock() ? 0 : check("read", (int) result);
    }

    /** Writes as much as fits. @return bytes written; 0 if the other side's buffer is full */
    int write(int fd, MemorySegment buffer, int lengthBytes) throws IOException {
        long result;
        try {
            result = (long) WRITE.invokeExact(state, fd, buffer, (long) lengthBytes);
        } catch (Throwable t) {
            throw impossible(t);
        }
        return result < 0 && wouldBlock() ? 0 : check("write", (int) result);
    }

    void close(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(state, fd);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Opens a terminal without making it the controlling one. */
    int openTerminal(String path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return check("open " + path,
                    (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** A new pseudo-terminal: the non-blocking master, unlocked. */
    int openMaster() throws IOException {
        try {
            int fd = check("posix_openpt",
                    (int) POSIX_OPENPT.invokeExact(state, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
            check("grantpt", (int) GRANTPT.invokeExact(state, fd));
            check("unlockpt", (int) UNLOCKPT.invokeExact(state, fd));
            return fd;
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** The path of the slave that belongs to a master. */
    String slaveName(int master) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(64);
            int result = (int) PTSNAME_R.invokeExact(state, master, name, name.byteSize());
            if (result != 0) {
                throw new IOException("ptsname_r failed, error " + result);
            }
            return name.getString(0);
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Switches a terminal to raw mode: every byte passes unchanged, at once and without echo. */
    void makeRaw(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(TERMIOS_BYTES, 8);
            check("tcgetattr", (int) TCGETATTR.invokeExact(state, fd, termios));
            CFMAKERAW.invokeExact(termios);
            check("tcsetattr", (int) TCSETATTR.invokeExact(state, fd, 0, termios));
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Throws away what arrived at a terminal and was not read. */
    void flushInput(int fd) throws IOException {
        int result;
        try {
            result = (int) TCFLUSH.invokeExact(state, fd, TCIFLUSH);
        } catch (Throwable t) {
            throw impossible(t);
        }
        check("tcflush", result);
    }

    boolean isTerminal(int fd) {
        try {
            return (int) ISATTY.invokeExact(state, fd) == 1;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    /** Columns (low 16 bits) and rows (next 16 bits) of a terminal; 0 if unknown. */
    int windowSize(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE_BYTES, 2);
            if ((int) IOCTL.invokeExact(state, fd, TIOCGWINSZ, size) != 0) {
                return 0;
            }
            return size.get(JAVA_SHORT, 2) & 0xFFFF | (size.get(JAVA_SHORT, 0) & 0xFFFF) << 16;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    private boolean wouldBlock() {
        int errno = errno();
        return errno == EAGAIN || errno == EINTR;
    }

    private int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    private int check(String call, int result) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed, error " + errno());
        }
        return result;
    }

    private static IllegalStateException impossible(Throwable t) {
        return new IllegalStateException("a call into the C library failed to link", t);
    }
}
