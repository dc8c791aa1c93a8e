package io.hotpair.node;

import io.hotpair.core.port.TermStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.tinylog.Logger;

/**
 * Reserves terms durably, off the duty cycle: a thread of its own writes the asked-for bound and tells it only after fsync.
 *
 * <p>The file has two slots of 16 bytes, written in turn, so that a power cut in the middle of a write leaves the other one:
 *
 * <pre>
 *  offset size field (little endian)
 *       0    8 every term up to this one may have been used
 *       8    4 CRC-32C of the first 8 bytes
 *      12    4 zero
 * </pre>
 */
final class TermFile implements TermStore, AutoCloseable {
    private static final int SLOT_BYTES = 16;
    private static final int SLOTS = 2;
    private static final long RETRY_NS = 1_000_000_000L;
    /** More calls than the compiler waits for. */
    private static final int REHEARSED = 10_000;

    private final Path path;
    private final FileChannel file;
    private final ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Runnable stored;
    private final Thread writer;
    private final long usedTerm;
    private final NamedFiles named;
    private volatile long durableTerm;
    private volatile long wantedTerm;
    private volatile boolean closing;
    private volatile String trouble;
    private int nextSlot;

    /**
     * Opens or creates the file.
     *
     * @param stored called on the writing thread whenever a bound became durable
     * @throws IOException if it cannot be opened, neither slot is whole, or it is shorter than both: then terms that were used may not be known any more
     */
    TermFile(Path path, Runnable stored) throws IOException {
        this.path = path;
        this.stored = stored;
        if (!Files.exists(path)) {
            create();
        }
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!lock()) {
            file.close();
            throw new IOException(path + " is in use: another node runs for this board; stop that one first");
        }
        usedTerm = readNewest();
        durableTerm = usedTerm;
        wantedTerm = usedTerm;
        named = new NamedFiles(Arena.global(), path + " was removed, replaced or cut short while this node runs, so after a restart alone this board would use old terms again:"
                + " restart it (kill " + ProcessHandle.current().pid() + ") while the other board runs, which knows the newest term", path);
        writer = Thread.ofPlatform().name("hotpair-terms").daemon().unstarted(this::write);
    }

    /** With both slots from the beginning, and in its place only when it is whole: a shorter file has lost something. */
    private void create() throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel created = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            for (int i = 0; i < SLOTS; i++) {
                fill(0);
                created.write(slot, (long) i * SLOT_BYTES);
            }
            created.force(true);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(next + ": " + e.getMessage(), e);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private void fill(long term) {
        slot.clear();
        slot.putLong(0, term);
        slot.putInt(8, checksum());
        slot.putInt(12, 0);
    }

    private boolean lock() throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by another node in this process
        }
    }

    void start() {
        writer.start();
    }

    @Override
    public long usedTerm() {
        return usedTerm;
    }

    @Override
    public long durableTerm() {
        return durableTerm;
    }

    @Override
    public void reserve(long term) {
        if (term > wantedTerm) {
            wantedTerm = term;
            LockSupport.unpark(writer);
        }
    }

    /** On any thread: asks often, for nothing, so that the duty cycle, which asks seldom, is not the one to have it compiled. */
    void rehearse() {
        for (int i = 0; i < REHEARSED; i++) {
            reserve(UNKNOWN);
        }
    }

    /** What keeps terms from being stored or, where its name no longer leads to the file that this node has, from being found again; or null. */
    String trouble() {
        String now = trouble;
        return now != null ? now : named.trouble();
    }

    private long readNewest() throws IOException {
        long newest = UNKNOWN;
        for (int i = 0; i < SLOTS; i++) {
            slot.clear();
            file.read(slot, (long) i * SLOT_BYTES);
            if (slot.position() == SLOT_BYTES && slot.getInt(8) == checksum() && slot.getLong(0) >= newest) {
                newest = slot.getLong(0);
                nextSlot = 1 - i;
            }
        }
        boolean cutShort = file.size() < (long) SLOTS * SLOT_BYTES;
        if (newest == UNKNOWN || cutShort) {
            file.close();
            throw new IOException(path + (cutShort ? ": is cut short" : ": neither copy of the used terms is whole")
                    + ", so an old term could be used again; if the peer leads, or after making sure that this board alone is left, delete"
                    + " the file and start again");
        }
        return newest;
    }

    private void write() {
        while (!closing) {
            long wanted = wantedTerm;
            if (wanted <= durableTerm) {
                LockSupport.park();
                continue;
            }
            try {
                fill(wanted);
                file.write(slot, (long) nextSlot * SLOT_BYTES);
                file.force(true);
                nextSlot = 1 - nextSlot;
                durableTerm = wanted;
                trouble = null;
                stored.run();
            } catch (IOException e) {
                if (trouble == null) {
                    trouble = "cannot reserve terms in " + path + ": " + e.getMessage() + "; this board cannot claim the primary role "
                            + "beyond term " + durableTerm;
                    Logger.error(trouble);
                }
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    private int checksum() {
        CRC32C crc = new CRC32C();
        crc.update(slot.array(), 0, 8);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
