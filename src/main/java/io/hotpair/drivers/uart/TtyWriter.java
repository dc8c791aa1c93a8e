package io.hotpair.drivers.uart;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
    private final MemorySegment bytes;
    private final int fd;

    /**
     * @param maxBytes longest {@link #write}
     * @throws IOException if the device cannot be opened for writing
     */
    TtyWriter(String device, int maxBytes) throws IOException {
        bytes = arena.allocate(maxBytes);
        try (Arena name = Arena.ofConfined()) {
            fd = libc.open(name.allocateFrom(device), Libc.O_WRONLY | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        }
        if (fd < 0) {
            arena.close();
            throw new IOException("cannot be opened for writing (" + Errno.text(-fd) + ")");
        }
    }

    /** Bytes that the device has taken but not yet sent; 0 if it does not say. */
    int pendingBytes() {
        return libc.ioctl(fd, Libc.TIOCOUTQ, count) < 0 ? 0 : count.get(ValueLayout.JAVA_INT, 0);
    }

    /** Writes without waiting: the number of bytes taken, perhaps fewer than given, or {@link #FULL} or {@link #BROKEN}. */
    int write(byte[] source, int offset, int lengthBytes) {
        MemorySegment.copy(source, offset, bytes, ValueLayout.JAVA_BYTE, 0, lengthBytes);
        for (int attempt = 0; attempt < 2; attempt++) {
            int taken = libc.write(fd, bytes, lengthBytes);
            if (taken > 0) {
                return taken;
            }
            if (taken == 0 || taken == -Errno.EAGAIN) {
                return FULL;
            }
            if (taken != -Errno.EINTR) {
                return BROKEN;
            }
        }
        return FULL; // a storm of signals; the next frame tries again
    }

    @Override
    public void close() {
        libc.close(fd);
        arena.close();
    }
}
