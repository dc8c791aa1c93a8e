package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The part that both kinds of store have in common: records go into one log, each behind the one before; where one does not follow, a START frame
 * says so, and the log cannot be recovered beyond it (it is not <em>carried</em>) until a base leads to it. That one rule covers records that were
 * lost while the disk was full, a state that came from the peer, and a new log.
 */
abstract class LogStore implements Store {
    final Disk disk;
    final RecordFormat format;
    final JournalConfig config;
    final Housekeeper housekeeper;
    final SegmentLog log;

    /** The newest record taken, or null before the first. */
    Position last;
    /** The newest base that is durable, or null. */
    Position base;
    /** Index of the record behind which the present run begins, and the segment in which it does. */
    private long runStart;
    private long runSegment;
    private boolean carried;
    /** The next record needs a START even if it follows. */
    private boolean needsStart = true;
    private long committedIndex;
    private long durableIndex;
    private long dropped;
    private BaseFile.Writer receiving;
    private volatile boolean wantsBase;
    private volatile String notice;

    LogStore(Disk disk, RecordFormat format, JournalConfig config, Housekeeper housekeeper, IoWatch watch) {
        this.disk = disk;
        this.format = format;
        this.config = config;
        this.housekeeper = housekeeper;
        log = new SegmentLog(disk, housekeeper, config, watch);
    }

    /** Goes on behind what recovery found, in the folder that the log was resumed in. */
    final void continueFrom(LogScan.Result found, boolean sameLog) {
        base = found.base() == null ? null : found.base().last();
        last = found.last();
        Run run = sameLog ? found.run() : null;
        needsStart = run == null;
        carried = true;
        runStart = run == null ? last.index() : run.start().index();
        runSegment = run == null ? log.number() : run.segment;
        committedIndex = last.index();
        durableIndex = last.index();
        updateWants();
    }

    @Override
    public boolean record(ByteBuffer buffer, int offset, int lengthBytes) throws IOException {
        abandonBase();
        long index = format.index(buffer, offset);
        long term = format.term(buffer, offset);
        long previous = format.previousDigest(buffer, offset);
        boolean follows = !needsStart && last != null && index == last.index() + 1 && previous == last.digest() && term >= last.term();
        int bytes = Format.paddedBytes(lengthBytes) + (follows ? 0 : Format.paddedBytes(Format.POSITION_BYTES));
        if (log.needsSegment(bytes) && isFull()) {
            drop(index);
            return true;
        }
        if (!log.ensure(bytes)) {
            return false;
        }
        if (!follows) {
            start(Format.START, new Position(last != null && index == last.index() + 1 ? last.term() : 0, index - 1, previous));
        }
        log.record(buffer, offset, lengthBytes, index);
        last = new Position(term, index, format.digest(buffer, offset, lengthBytes));
        return true;
    }

    /** Writes a frame from which a run goes on; there is room. */
    final void start(int kind, Position behind) {
        log.position(kind, behind);
        needsStart = false;
        if (kind == Format.START) {
            runStart = behind.index();
            runSegment = log.number();
            boolean bySameBase = base != null && base.index() == behind.index() && base.digest() == behind.digest();
            carried = behind.index() == 0 || bySameBase;
        } else {
            runStart = Math.min(runStart, behind.index());
        }
        last = behind;
        committedIndex = Math.min(committedIndex, behind.index());
        durableIndex = Math.min(durableIndex, behind.index());
        updateWants();
    }

    /** The run is the one that recovery found, and begins there. */
    final void continueRun(long startIndex, boolean isCarried) {
        runStart = startIndex;
        runSegment = log.number();
        carried = isCarried;
        updateWants();
    }

    /** The next record follows nothing that is in the log. */
    final void startAnew() {
        needsStart = true;
    }

    /** Nothing is held any more, whatever the caller thinks; only a base helps. */
    final void startWithNothing() {
        start(Format.START, Position.NOTHING);
        base = null;
        needsStart = true;
        dropped++;
        updateWants();
    }

    private boolean isFull() {
        return log.segmentsInUse() >= (!housekeeper.isFinishing() ? config.mostSegments() : 2 * config.mostSegments());
    }

    private void drop(long index) {
        if (dropped == 0) {
            notice = "the journal in " + log.folder() + " has " + log.segmentsInUse() + " segments and may not grow: records from " + index
                    + " on are not stored until a base makes room";
        }
        dropped++;
        needsStart = true;
        updateWants();
    }

    @Override
    public boolean commit() throws IOException {
        boolean wrote = log.commit();
        publish();
        return wrote;
    }

    /** Everything taken is committed. */
    private void publish() {
        if (last != null) {
            committedIndex = last.index();
        }
        if (carried) {
            durableIndex = Math.max(durableIndex, committedIndex);
        }
        updateWants();
    }

    @Override
    public long durableIndex() {
        return durableIndex;
    }

    final void holdDurable(long index) {
        durableIndex = index;
    }

    private void updateWants() {
        wantsBase = receiving == null && !housekeeper.isFinishing()
                && (!carried || dropped > 0 || log.segmentsInUse() > config.baseAfterSegments());
    }

    @Override
    public boolean beginBase(Position at, long lengthBytes) throws IOException {
        settle();
        if (housekeeper.isFinishing()) {
            return false;
        }
        abandonBase();
        receiving = new BaseFile.Writer(disk, log.folder(), at, lengthBytes);
        finishIfComplete();
        updateWants();
        return true;
    }

    /** A record or another base that comes before it is whole. */
    private void abandonBase() throws IOException {
        if (receiving != null) {
            BaseFile.Writer given = receiving;
            receiving = null;
            given.abandon();
            updateWants();
        }
    }

    @Override
    public void basePart(ByteBuffer part) throws IOException {
        if (receiving != null) {
            receiving.part(part);
            finishIfComplete();
        }
    }

    private void finishIfComplete() {
        if (receiving.isComplete()) {
            housekeeper.finish(receiving);
            receiving = null;
        }
    }

    @Override
    public void settle() throws IOException {
        BaseFile.Writer done = housekeeper.takeFinished();
        if (done != null) {
            commit();
            baseIsDurable(done.last);
        } else if (housekeeper.takeFailed()) {
            updateWants();
        }
    }

    private void baseIsDurable(Position at) {
        if (last == null || at.index() > last.index()) {
            last = at;
            needsStart = true;
            runStart = at.index();
            runSegment = log.number();
        }
        if (at.index() >= runStart) {
            base = at;
            carried = true;
            dropped = 0;
            notice = null;
            committedIndex = Math.max(committedIndex, at.index());
            durableIndex = Math.max(durableIndex, at.index());
            long needed = log.forget(runSegment, at.index());
            housekeeper.delete(new Housekeeper.Superfluous(log.folder(), needed, Format.basePath(log.folder(), at.term(), at.index()),
                    olderFolders()));
        }
        publish();
    }

    /** Folders that a base in the present one makes superfluous. */
    abstract List<Path> olderFolders();

    @Override
    public boolean wantsBase() {
        return wantsBase;
    }

    @Override
    public boolean baseBusy() {
        return housekeeper.isFinishing();
    }

    @Override
    public String notice() {
        return notice;
    }

    @Override
    public long forces() {
        return log.forces();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
