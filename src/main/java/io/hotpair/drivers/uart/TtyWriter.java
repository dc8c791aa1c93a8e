package io.hotpair.drivers.uart;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * A second, non-blocking descriptor of a terminal device, for writing only.
 *
 * <p>jSerialComm's descriptor blocks, for its reader's sake, and where it does not block its {@code writeBytes} repeats for ever
 * while the device takes nothing. A pseudo-terminal reports no bytes awaiting write even when it is full, so asking first does
 * not help there. The flags belong to the descriptor, not to the device: this one never waits.
 */
final class TtyWriter implements AutoCloseable {
    /** The device takes nothing at present. */
    static final int FULL = -1;
    /** The device is gone. */
    static final int BROKEN = -2;

    // Values of the generic Linux ABI (asm-generic), shared by x86-64, arm and aarch64.
    private static final int O_WRONLY = 0x1;
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final long TIOCOUTQ = 0x5411;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_VALUE =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = function("open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT), ERRNO);
    private static final MethodHandle WRITE = function("write",
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG), ERRNO);
    private static final MethodHandle IOCTL = function("ioctl",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            ERRNO, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
    private final MemorySegment bytes;
    private final int fd;

    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /**
     * @param maxBytes longest {@link #write}
     * @throws IOException if the device cannot be opened for writing
     */
    TtyWriter(String device, int maxBytes) throws IOException {
        bytes = arena.allocate(maxBytes);
        try (Arena name = Arena.ofConfined()) {
            fd = (int) OPEN.invokeExact(errno, name.allocateFrom(device), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        } catch (Throwable e) {
            throw new IllegalStateException(e); // a downcall itself throws nothing
        }
        if (fd < 0) {
            int error = (int) ERRNO_VALUE.get(errno, 0L);
            arena.close();
            throw new IOException("cannot be opened for writing (error " + error + ")");
        }
    }

    /** Bytes that the device has taken but not yet sent; 0 if it does not say. */
    int pendingBytes() {
        try {
            int result = (int) IOCTL.invokeExact(errno, fd, TIOCOUTQ, count);
            return result < 0 ? 0 : count.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes without waiting: the number of bytes taken, perhaps fewer than given, or {@link #FULL} or {@link #BROKEN}. */
    int write(byte[] source, int lengthBytes) {
        MemorySegment.copy(source, 0, bytes, ValueLayout.JAVA_BYTE, 0, lengthBytes);
        try {
            for (int attempt = 0; attempt < 2; attempt++) {
                long taken = (long) WRITE.invokeExact(errno, fd, bytes, (long) lengthBytes);
                if (taken > 0) {
                    return (int) taken;
                }
                if (taken == 0) {
                    return FULL;
                }
                int error = (int) ERRNO_VALUE.get(errno, 0L);
                if (error == EAGAIN) {
                    return FULL;
                }
                if (error != EINTR) {
                    return BROKEN;
                }
            }
            return FULL; // a storm of signals; the next frame tries again
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        arena.close();
    }
}
