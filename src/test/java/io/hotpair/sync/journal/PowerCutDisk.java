package io.hotpair.sync.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A file system in memory whose power can be cut: of what was written since the last fsync each sector of 512 bytes survives or not, of what was
 * done in a folder since it was synced any beginning. It can also be full, read-only or hang. Nothing is kept that was not promised.
 */
final class PowerCutDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    private record Write(int at, byte[] bytes) {
    }

    /** A file apart from its name. */
    private static final class Inode {
        byte[] durable = new byte[0];
        byte[] now = new byte[0];
        final List<Write> pending = new ArrayList<>();
    }

    private final Random random;
    private TreeMap<Path, Inode> names = new TreeMap<>();
    private TreeMap<Path, Inode> durableNames = new TreeMap<>();
    /** States of the names after each change since the last sync of the folder. */
    private final List<TreeMap<Path, Inode>> history = new ArrayList<>();
    private boolean off;
    private volatile String failure;
    private volatile boolean hanging;

    PowerCutDisk(long seed) {
        random = new Random(seed);
    }

    /** From now on every write and fsync fails with this message; null: no longer. */
    void fail(String message) {
        failure = message;
    }

    /** From now on a fsync does not return. */
    synchronized void hang(boolean on) {
        hanging = on;
        notifyAll();
    }

    /** Power off: whatever still runs gets errors. */
    synchronized void cut() {
        off = true;
        notifyAll();
    }

    /** Power back on: what is left is what a disk would have. */
    synchronized PowerCutDisk restored(long seed) {
        PowerCutDisk after = new PowerCutDisk(seed);
        TreeMap<Path, Inode> left = history.isEmpty() ? durableNames : pick();
        left.forEach((path, inode) -> {
            Inode copy = new Inode();
            copy.now = survivors(inode);
            copy.durable = copy.now.clone();
            after.names.put(path, copy);
        });
        after.durableNames = new TreeMap<>(after.names);
        return after;
    }

    private TreeMap<Path, Inode> pick() {
        int survived = random.nextInt(history.size() + 1);
        return survived == 0 ? durableNames : history.get(survived - 1);
    }

    private byte[] survivors(Inode inode) {
        byte[] bytes = inode.durable.clone();
        for (Write write : inode.pending) {
            for (int from = 0; from < write.bytes.length; ) {
                int to = Math.min(write.bytes.length, from + SECTOR_BYTES - (write.at + from) % SECTOR_BYTES);
                if (random.nextBoolean()) {
                    bytes = put(bytes, write.at + from, Arrays.copyOfRange(write.bytes, from, to));
                }
                from = to;
            }
        }
        return bytes;
    }

    private static byte[] put(byte[] into, int at, byte[] bytes) {
        byte[] result = into.length >= at + bytes.length ? into : Arrays.copyOf(into, at + bytes.length);
        System.arraycopy(bytes, 0, result, at, bytes.length);
        return result;
    }

    private void check(boolean writing) throws IOException {
        if (off) {
            throw new IOException("no power");
        }
        if (writing && failure != null) {
            throw new IOException(failure);
        }
    }

    private void changed() {
        history.add(new TreeMap<>(names));
    }

    @Override
    public synchronized File open(Path path, boolean create) throws IOException {
        check(false);
        if (!names.containsKey(path)) {
            if (!create) {
                throw new NoSuchFileException(path.toString());
            }
            check(true);
            names.put(path, new Inode());
            changed();
        }
        return new OpenFile(names.get(path));
    }

    @Override
    public synchronized List<Path> list(Path folder) throws IOException {
        check(false);
        int depth = folder.getNameCount();
        return names.keySet().stream().filter(path -> path.startsWith(folder) && path.getNameCount() > depth)
                .map(path -> folder.resolve(path.getName(depth))).distinct().sorted().toList();
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        check(false);
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        check(true);
        Inode inode = names.remove(from);
        if (inode == null) {
            throw new FileNotFoundException(from.toString());
        }
        names.put(to, inode);
        changed();
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        check(true);
        if (names.remove(path) != null) {
            changed();
        }
    }

    @Override
    public synchronized void syncFolder(Path folder) throws IOException {
        check(true);
        durableNames = new TreeMap<>(names);
        history.clear();
    }

    @Override
    public AutoCloseable lock(Path path) {
        return () -> { };
    }

    private final class OpenFile implements File {
        private final Inode inode;

        OpenFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (PowerCutDisk.this) {
                check(true);
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                inode.now = put(inode.now, (int) position, bytes);
                inode.pending.add(new Write((int) position, bytes));
            }
        }

        @Override
        public int read(ByteBuffer destination, long position) throws IOException {
            synchronized (PowerCutDisk.this) {
                check(false);
                int bytes = (int) Math.max(0, Math.min(destination.remaining(), inode.now.length - position));
                destination.put(inode.now, (int) Math.min(position, inode.now.length), bytes);
                return bytes;
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (PowerCutDisk.this) {
                while (hanging && !off) {
                    try {
                        PowerCutDisk.this.wait();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                if (random.nextInt(4) == 0 && !off) {
                    slowly();
                }
                if (failure != null) {
                    // As Linux does: what could not be written is marked clean and lost, a later fsync knows nothing of it.
                    inode.pending.clear();
                }
                check(true);
                inode.durable = inode.now.clone();
                inode.pending.clear();
            }
        }

        /** A fsync takes its time, in which the power may go. */
        private void slowly() throws IOException {
            try {
                PowerCutDisk.this.wait(1);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public long sizeBytes() throws IOException {
            synchronized (PowerCutDisk.this) {
                check(false);
                return inode.now.length;
            }
        }

        @Override
        public void close() {
        }
    }
}
