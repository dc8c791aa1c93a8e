package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A descriptor by which any thread wakes the one that polls it. Signals coalesce; neither call blocks or allocates.
 */
public final class EventFd implements AutoCloseable {
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final long EVENTFD = Downcall.address("eventfd");

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final MemorySegment one = arena.allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
    private final int fd;
    private volatile boolean closed;

    public EventFd() throws IOException {
        one.set(ValueLayout.JAVA_LONG, 0, 1L);
        fd = Downcall.call(EVENTFD, 0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (fd < 0) {
            throw new IOException("eventfd: " + Errno.text(-fd));
        }
    }

    /** Wakes the poller; from any thread. The only failure, a full counter, means that it is signalled already. */
    public void signal() {
        if (!closed) {
            libc.write(fd, one, Long.BYTES);
        }
    }

    /** Takes the signals so far; only from the polling thread. */
    public void drain() {
        libc.read(fd, count, Long.BYTES);
    }

    public int fd() {
        return fd;
    }

    /** No thread may signal or poll any more. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            libc.close(fd);
            arena.close();
        }
    }
}
