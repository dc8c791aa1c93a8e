package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A named pipe by which another process wakes the one that polls it. What an eventfd is among threads; but an eventfd can only be inherited,
 * while a pipe is opened by its path, in any language. Neither end ever blocks or allocates. An end belongs to one thread at a time.
 */
public final class WakePipe implements AutoCloseable {
    private static final int DRAINED_BYTES = 64; // wakers write one byte for each time that the poller said it would sleep
    private static final long MKFIFO = Downcall.address("mkfifo");

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final MemorySegment bytes = arena.allocate(DRAINED_BYTES);
    private final int fd;

    private WakePipe(Path path, int flags) throws IOException {
        fd = libc.open(arena.allocateFrom(path.toString()), flags | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0) {
            arena.close();
            throw new IOException("pipe " + path + ": " + Errno.text(-fd));
        }
    }

    /** The polling end of a new pipe; one of that name is replaced. Permissions 0600. */
    public static WakePipe create(Path path) throws IOException {
        Files.deleteIfExists(path);
        try (Arena temporary = Arena.ofConfined()) {
            int result = Downcall.call(MKFIFO, temporary.allocateFrom(path.toString()).address(), 0600);
            if (result < 0) {
                throw new IOException("pipe " + path + ": " + Errno.text(-result));
            }
        }
        return new WakePipe(path, Libc.O_RDWR); // also a writer: no end of file when the other process ends
    }

    /** The waking end of one that exists. */
    public static WakePipe open(Path path) throws IOException {
        return new WakePipe(path, Libc.O_WRONLY);
    }

    /** Wakes the poller; a pipe that is full has woken it already. */
    public void signal() {
        libc.write(fd, bytes, 1);
    }

    /** Takes the signals so far. */
    public void drain() {
        libc.read(fd, bytes, DRAINED_BYTES);
    }

    /** For {@link Poller}. */
    public int fd() {
        return fd;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            libc.close(fd);
            arena.close();
        }
    }
}
