package io.hotpair.sync.journal;

import io.hotpair.sync.port.JournalPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A volume of both boards. Only the reigning one writes, into a folder of its reign; whose reign it is tells the lowest bit of a record's term. The
 * folder begins by saying behind which record of the older ones it goes on, so what an older reign still writes is read by nobody. Nothing
 * is ever repaired in place: it may be the other board's.
 *
 * <p>A standby writes nothing: what the primary reports as durable is on the volume that this board reads too, so here a record is as good as durable
 * once it is held. The records that the primary had not written when it died are kept in memory and written first in the own reign.
 */
final class SharedStore extends LogStore {
    private static final int TAIL_BYTES = 4 << 20;

    private final Volume volume;
    private final int board;
    private final MarkFile markFile;
    private final Tail tail;
    /** Term of the reign whose folder is being written; 0 for none. */
    private long ownTerm;
    private long openingTerm;
    private LogScan.Result opening;
    private boolean begun;
    private boolean remembered;

    SharedStore(Disk disk, RecordFormat format, JournalConfig config, Volume volume, int board, Housekeeper housekeeper, IoWatch watch) {
        super(disk, format, config, housekeeper, watch);
        this.volume = volume;
        this.board = board;
        markFile = new MarkFile(disk, volume.folder().resolve("mark-" + board));
        tail = new Tail(format, TAIL_BYTES);
    }

    @Override
    public Recovered recover() throws IOException {
        volume.check();
        String findings = markFile.read();
        LogScan.Result found = new LogScan(disk, format, volume.reignsBelow(Long.MAX_VALUE)).scan();
        LogScan.Problem problem = found.problem();
        if (problem != null) {
            findings = (findings == null ? "" : findings + System.lineSeparator()) + problem + "; kept everything up to record "
                    + found.last().index()
                    + ", the rest is left where it is until a base replaces it";
        }
        last = found.last();
        holdDurable(last.index());
        // Whatever anybody made durable is on this volume: who can read all of it has the newest there is.
        int mark = markFile.mark() == JournalPort.MARK_NONE && problem == null && last.index() > 0 ? JournalPort.MARK_ALONE : markFile.mark();
        return new Recovered(found, mark, findings);
    }

    private boolean isOwn(long term) {
        return (term & 1) == board;
    }

    @Override
    public boolean record(ByteBuffer buffer, int offset, int lengthBytes) throws IOException {
        long term = format.term(buffer, offset);
        if (!remembered) {
            volume.remember();
            remembered = true;
        }
        if (!isOwn(term)) {
            hold(buffer, offset, lengthBytes);
            return true;
        }
        if (term != ownTerm && !open(term, format.index(buffer, offset) - 1, format.previousDigest(buffer, offset))) {
            return false;
        }
        return super.record(buffer, offset, lengthBytes);
    }

    private void hold(ByteBuffer buffer, int offset, int lengthBytes) throws IOException {
        if (ownTerm != 0) {
            commit();
            ownTerm = 0;
        }
        tail.add(buffer, offset, lengthBytes);
        last = new Position(format.term(buffer, offset), format.index(buffer, offset), format.digest(buffer, offset, lengthBytes));
        holdDurable(last.index());
    }

    /** Begins the folder of an own reign behind a record. @return false if it has to wait for a segment */
    private boolean open(long term, long behindIndex, long behindDigest) throws IOException {
        if (openingTerm != term) {
            commit();
            opening = new LogScan(disk, format, volume.reignsBelow(term)).watch(behindIndex).scan();
            log.resume(volume.createReign(term), term, List.of(), 0);
            openingTerm = term;
            begun = false;
        }
        if (!begun && !begin(new Position(0, behindIndex, behindDigest)) || !writeTail(behindIndex)) {
            return false;
        }
        opening = null;
        openingTerm = 0;
        ownTerm = term;
        tail.clear();
        return true;
    }

    private boolean begin(Position behind) throws IOException {
        if (!log.ensure(Format.paddedBytes(Format.POSITION_BYTES))) {
            return false;
        }
        Run run = opening.run();
        Position written = opening.last();
        base = opening.base() == null ? null : opening.base().last();
        if (run != null && run.contains(behind)) {
            if (run.last().index() > behind.index()) {
                new Repair(disk, volume.folder()).copyDivergent(run, behind.index(), format);
            }
            start(Format.CUT, run.at(behind.index()));
            continueRun(run.start().index(), run.fromTheBeginning() || base != null && base.index() <= behind.index());
        } else if (run != null && written.index() < behind.index()) {
            start(Format.CUT, written);
            continueRun(run.start().index(), true);
        } else if (run == null && written.index() <= behind.index()) {
            start(Format.START, written);
        } else {
            startAnew(); // the volume holds another history: a base must lead to this one
        }
        holdDurable(Math.min(written.index(), behind.index()));
        begun = true;
        return true;
    }

    /** The records that the dead primary did not write. @return false if it has to wait for a segment */
    private boolean writeTail(long upToIndex) throws IOException {
        for (long index = tail.oldestIndex(); index != 0 && index <= upToIndex; index = tail.oldestIndex()) {
            if (index > opening.last().index() && !super.record(tail.buffer(), tail.offset(), tail.lengthBytes())) {
                return false;
            }
            tail.drop();
        }
        return true;
    }

    @Override
    public boolean beginBase(Position at, long lengthBytes) throws IOException {
        if (ownTerm != 0) {
            return super.beginBase(at, lengthBytes);
        }
        last = at; // from the peer, who writes it
        tail.clear();
        holdDurable(at.index());
        return true;
    }

    @Override
    List<Path> olderFolders() {
        try {
            return volume.reignsBelow(log.term());
        } catch (IOException e) {
            return List.of(); // the next base takes them along
        }
    }

    @Override
    public boolean divert(long index) throws IOException {
        if (last != null && index < last.index()) {
            // What an own reign wrote beyond it is cut off, and kept, by the reign that goes on from there.
            commit();
            ownTerm = 0;
            tail.clear();
            last = new Position(last.term(), index, 0);
            holdDurable(index);
        }
        return true;
    }

    @Override
    public void mark(int mark, long term, long index) throws IOException {
        commit();
        markFile.write(mark, term, index);
    }
}
