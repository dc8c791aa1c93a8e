package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A disk that takes everything and keeps nothing, and allocates nothing. */
final class DiscardingDisk implements Disk {
    private volatile boolean held;

    /** Whether a fsync does not return for now. */
    void hold(boolean on) {
        held = on;
    }

    @Override
    public File open(Path path, boolean create) throws IOException {
        if (!create) {
            throw new NoSuchFileException(path.toString());
        }
        return new File() {
            @Override
            public void write(ByteBuffer source, long position) {
                source.position(source.limit());
            }

            @Override
            public int read(ByteBuffer destination, long position) {
                return 0;
            }

            @Override
            public void force() {
                while (held) {
                    Thread.yield();
                }
            }

            @Override
            public long sizeBytes() {
                return 0;
            }

            @Override
            public void close() {
            }
        };
    }

    @Override
    public List<Path> list(Path folder) {
        return List.of();
    }

    @Override
    public void createFolder(Path folder) {
    }

    @Override
    public void move(Path from, Path to) {
    }

    @Override
    public void delete(Path path) {
    }

    @Override
    public void syncFolder(Path folder) {
    }

    @Override
    public AutoCloseable lock(Path path) {
        return () -> { };
    }
}
