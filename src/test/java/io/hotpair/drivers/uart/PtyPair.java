package io.hotpair.drivers.uart;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** A pseudo-terminal: {@link #device()} is what the channel opens, this object holds the other end, as the peer on the line. */
final class PtyPair implements AutoCloseable {
    private static final int O_RDWR = 0x2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;
    private static final short POLLIN = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle POSIX_OPENPT = ints("posix_openpt", ValueLayout.JAVA_INT);
    private static final MethodHandle GRANTPT = ints("grantpt", ValueLayout.JAVA_INT);
    private static final MethodHandle UNLOCKPT = ints("unlockpt", ValueLayout.JAVA_INT);
    private static final MethodHandle PTSNAME_R = ints("ptsname_r", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle TCGETATTR = ints("tcgetattr", ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final MethodHandle POLL = ints("poll", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = ints("close", ValueLayout.JAVA_INT);
    private static final MethodHandle READ = longs("read");
    private static final MethodHandle WRITE = longs("write");

    private final Arena arena = Arena.ofShared();
    private final MemorySegment in = arena.allocate(4096);
    private final MemorySegment out = arena.allocate(4096);
    private final MemorySegment pollFd = arena.allocate(8, 4);
    private final int master;
    private final String device;
    private boolean closed;

    private static MethodHandle ints(String name, java.lang.foreign.MemoryLayout... arguments) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    private static MethodHandle longs(String name) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    }

    PtyPair() {
        try {
            master = (int) POSIX_OPENPT.invokeExact(O_RDWR | O_NOCTTY | O_CLOEXEC);
            MemorySegment name = arena.allocate(128);
            if (master < 0 || (int) GRANTPT.invokeExact(master) != 0 || (int) UNLOCKPT.invokeExact(master) != 0
                    || (int) PTSNAME_R.invokeExact(master, name, 128L) != 0) {
                throw new AssertionError("no pseudo-terminal");
            }
            device = name.getString(0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    String device() {
        return device;
    }

    void write(byte[] bytes, int length) {
        MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, 0, length);
        try {
            if ((long) WRITE.invokeExact(master, out, (long) length) != length) {
                throw new AssertionError("short write");
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Whatever comes within {@code timeoutMs}, at least one byte, else an empty array. */
    byte[] read(int timeoutMs) {
        byte[] bytes = new byte[4096];
        return Arrays.copyOf(bytes, read(bytes, timeoutMs));
    }

    int read(byte[] dst, int timeoutMs) {
        try {
            pollFd.set(ValueLayout.JAVA_INT, 0, master);
            pollFd.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            if ((int) POLL.invokeExact(pollFd, 1L, timeoutMs) != 1 || (pollFd.get(ValueLayout.JAVA_SHORT, 6) & POLLIN) == 0) {
                return 0;
            }
            long length = (long) READ.invokeExact(master, in, in.byteSize());
            if (length <= 0) {
                return 0;
            }
            MemorySegment.copy(in, ValueLayout.JAVA_BYTE, 0, dst, 0, (int) length);
            return (int) length;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The four flag words of the terminal: input, output, control, local. */
    int[] flags() {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment termios = temporary.allocate(128, 8);
            if ((int) TCGETATTR.invokeExact(master, termios) != 0) {
                throw new AssertionError("tcgetattr");
            }
            return termios.asSlice(0, 16).toArray(ValueLayout.JAVA_INT);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The line is gone, as when an adapter is pulled out. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            int ignored = (int) CLOSE.invokeExact(master);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        arena.close();
    }
}
