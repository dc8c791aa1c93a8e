package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.tinylog.Logger;

/**
 * What takes long and is not urgent, on a thread of its own: fills the next segment with zeros ahead of need, makes a base durable, and deletes
 * what a base has made superfluous.
 */
final class Housekeeper {
    private final Disk disk;
    private final JournalConfig config;
    private final IoWatch watch;
    private final Thread thread;
    private final Thread writer;
    private volatile boolean closing;
    /** Both under this object's lock: what was taken must never be prepared a second time. Held for moments, never over a call of the disk. */
    private Order order;
    private Prepared prepared;
    private volatile BaseFile.Writer toFinish;
    private volatile BaseFile.Writer finished;
    private volatile boolean baseFailed;
    private volatile Superfluous superfluous;

    /** Which segment is wanted. */
    private record Order(Path folder, long number, long term) {
    }

    /** A segment ready for use, all zeros behind its header. */
    record Prepared(Path folder, long number, Disk.File file, int segmentBytes) {
    }

    /** Segments below the number and bases older than the kept one may go; and whole folders of older reigns. */
    record Superfluous(Path folder, long belowSegment, Path keptBase, List<Path> oldFolders) {
    }

    Housekeeper(Disk disk, JournalConfig config, String name, Thread writer) {
        this.disk = disk;
        this.config = config;
        this.writer = writer;
        this.watch = new IoWatch(config.hangNs());
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    IoWatch watch() {
        return watch;
    }

    /** Asks for a segment; {@link #prepared} answers it when it is there. */
    synchronized void order(Path folder, long number, long term) {
        Order wanted = new Order(folder, number, term);
        if (!wanted.equals(order)) {
            order = wanted;
            LockSupport.unpark(thread);
        }
    }

    /** Takes the ordered segment, or null while it is not ready. */
    synchronized Prepared take(Path folder, long number, long term) {
        Prepared ready = prepared;
        if (ready == null || ready.number != number || !ready.folder.equals(folder)) {
            order(folder, number, term);
            return null;
        }
        order = null;
        prepared = null;
        return ready;
    }

    /** Hands over a base whose parts are all written. Only after {@link #takeFinished} has answered the one before. */
    void finish(BaseFile.Writer base) {
        toFinish = base;
        LockSupport.unpark(thread);
    }

    boolean isFinishing() {
        return toFinish != null || finished != null || baseFailed;
    }

    /** The base that became durable since, or null. */
    BaseFile.Writer takeFinished() {
        BaseFile.Writer done = finished;
        finished = null;
        return done;
    }

    /** Whether a base could not be made durable; it is gone, another is needed. */
    boolean takeFailed() {
        boolean failed = baseFailed;
        baseFailed = false;
        return failed;
    }

    /** Whether {@link #takeFinished} or {@link #takeFailed} has something to tell. */
    boolean hasAnswer() {
        return finished != null || baseFailed;
    }

    /** Whether files are still being deleted. A fork waits for it: later bases may be older by their index than the one for which this is done. */
    boolean isDeleting() {
        return superfluous != null;
    }

    void delete(Superfluous files) {
        superfluous = files;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closing) {
            try {
                if (!work()) {
                    LockSupport.park(this);
                }
            } catch (IOException e) {
                failed(e);
                LockSupport.parkNanos(this, config.retryNs());
            }
        }
    }

    private void failed(IOException cause) {
        boolean first = watch.trouble() == null;
        watch.failed(cause);
        if (first) {
            Logger.error("journal: {}", watch.trouble());
        }
    }

    private boolean work() throws IOException {
        Order wanted = toPrepare();
        if (wanted != null) {
            watch.begin("preparing a segment in " + wanted.folder);
            Prepared ready = prepare(wanted);
            watch.done();
            Prepared stale;
            synchronized (this) {
                stale = prepared;
                prepared = ready;
            }
            if (stale != null) {
                stale.file.close();
            }
            LockSupport.unpark(writer);
            return true;
        }
        if (toFinish != null) {
            finishBase(toFinish);
            LockSupport.unpark(writer);
            return true;
        }
        Superfluous files = superfluous;
        if (files != null) {
            watch.begin("deleting in " + files.folder);
            deleteFiles(files);
            watch.done();
            if (superfluous == files) {
                superfluous = null;
            }
            return true;
        }
        return false;
    }

    private synchronized Order toPrepare() {
        boolean there = order != null && prepared != null && prepared.number == order.number && prepared.folder.equals(order.folder);
        return there ? null : order;
    }

    private void finishBase(BaseFile.Writer base) {
        watch.begin("making a base durable");
        try {
            base.finish();
            watch.done();
            finished = base;
        } catch (IOException e) {
            // What a failed fsync has lost cannot be told, so the base is given up whole.
            failed(e);
            try {
                base.abandon();
            } catch (IOException again) {
                failed(again);
            }
            baseFailed = true;
        }
        toFinish = null;
    }

    private Prepared prepare(Order wanted) throws IOException {
        Path path = Format.segmentPath(wanted.folder, wanted.number);
        boolean reused = isPrepared(path, wanted);
        Disk.File file = reused ? disk.open(path, false)
                : BlankSegment.create(disk, wanted.folder, wanted.number, wanted.term, config.segmentBytes());
        if (reused) {
            file.force(); // so far it may be in the page cache alone
        }
        disk.syncFolder(wanted.folder);
        return new Prepared(wanted.folder, wanted.number, file, config.segmentBytes());
    }

    /** Whether an earlier run of this program has left it prepared; spares a flash card the zeros at every start. */
    private boolean isPrepared(Path path, Order wanted) throws IOException {
        SegmentReader reader = new SegmentReader(disk);
        try {
            return reader.load(path, wanted.number) == null && reader.fileBytes() == config.segmentBytes()
                    && reader.segmentBytes() == config.segmentBytes() && reader.isEmptyFrom(Format.SEGMENT_HEADER_BYTES);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void deleteFiles(Superfluous files) throws IOException {
        // The oldest first: what a crash leaves is still without a gap.
        for (Path segment : LogScan.segmentFiles(disk, files.folder).headMap(files.belowSegment).values()) {
            disk.delete(segment);
        }
        for (Path path : disk.list(files.folder)) {
            if (Format.isBase(path) && path.compareTo(files.keptBase) < 0) {
                disk.delete(path);
            }
        }
        for (Path old : files.oldFolders) {
            for (Path path : disk.list(old)) {
                disk.delete(path);
            }
            disk.delete(old);
        }
        disk.syncFolder(files.folder);
    }

    void close() throws InterruptedException {
        closing = true;
        LockSupport.unpark(thread);
        thread.join(1000);
    }

    /** After the thread's end. */
    synchronized void closeFiles() throws IOException {
        if (prepared != null) {
            prepared.file.close();
            prepared = null;
        }
    }
}
