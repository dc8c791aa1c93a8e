package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The bytes of a file, read and written by calls. What is touched once in a while need not be mapped for it: each page would cost a fault then (50 to
 * 150 us measured on a virtual machine) and be resident from there on. A call allocates nothing; one thread at a time.
 */
public final class FileBytes implements AutoCloseable {
    private static final int PIECE_BYTES = 4096;
    private static final long PREAD = Downcall.address("pread");
    private static final long PWRITE = Downcall.address("pwrite");

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final MemorySegment piece = arena.allocate(PIECE_BYTES, PIECE_BYTES);
    private final Path path;
    private final int fd;

    /** An existing file, best in memory: a call may wait for a disk. */
    public FileBytes(Path path) throws IOException {
        this.path = path;
        fd = libc.open(arena.allocateFrom(path.toString(), StandardCharsets.UTF_8), Libc.O_RDWR | Libc.O_CLOEXEC);
        if (fd < 0) {
            arena.close();
            throw new IOException(path + ": " + Errno.text(-fd));
        }
    }

    /** Fills {@code destination[offset, offset + lengthBytes)}. */
    public void read(long position, byte[] destination, int offset, int lengthBytes) {
        for (int done = 0; done < lengthBytes; ) {
            int bytes = Downcall.call(PREAD, fd, piece.address(), Math.min(PIECE_BYTES, lengthBytes - done), position + done);
            check(bytes);
            MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, destination, offset + done, Math.max(0, bytes));
            done += Math.max(0, bytes);
        }
    }

    /** Replaces as many bytes of the file; it does not grow. */
    public void write(long position, byte[] source, int offset, int lengthBytes) {
        for (int done = 0; done < lengthBytes; ) {
            int most = Math.min(PIECE_BYTES, lengthBytes - done);
            MemorySegment.copy(source, offset + done, piece, ValueLayout.JAVA_BYTE, 0, most);
            int bytes = Downcall.call(PWRITE, fd, piece.address(), most, position + done);
            check(bytes);
            done += Math.max(0, bytes);
        }
    }

    /** A file that is there whole is read and written whole; a signal may come. */
    private void check(int result) {
        if (result == 0 || result < 0 && result != -Errno.EINTR) {
            throw new IllegalStateException(path + (result == 0 ? ": was cut short" : ": " + Errno.text(-result)));
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
