package io.hotpair.sync.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records without a gap, each behind the other's digest, as they were found on disk. */
final class Run {
    /** Records {@code firstIndex} to {@code lastIndex} of one segment; the first frame of interest is at {@code offset}. */
    record Piece(Path file, long segment, int offset, long firstIndex, long lastIndex) {
    }

    /** Where the run's START frame is, for what is set aside if nothing carries the run. */
    final int folder;
    final long segment;
    final int offset;
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<Long, Position> watched = new HashMap<>();
    private Position start;
    private Position last;
    private boolean split;

    Run(int folder, long segment, int offset, Position start) {
        this.folder = folder;
        this.segment = segment;
        this.offset = offset;
        this.start = start;
        this.last = start;
        watched.put(start.index(), start);
    }

    /** What the first record goes on behind. */
    Position start() {
        return start;
    }

    Position last() {
        return last;
    }

    List<Piece> pieces() {
        return pieces;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    void add(Path file, long inSegment, int at, Position record, boolean watch) {
        Piece tail = pieces.isEmpty() ? null : pieces.getLast();
        if (tail != null && !split && tail.segment == inSegment && tail.file.equals(file) && tail.lastIndex + 1 == record.index()) {
            pieces.set(pieces.size() - 1, new Piece(file, inSegment, tail.offset, tail.firstIndex, record.index()));
        } else {
            pieces.add(new Piece(file, inSegment, at, record.index(), record.index()));
        }
        split = false;
        last = record;
        if (watch) {
            watched.put(record.index(), record);
        }
    }

    /** Takes records above the position back. */
    void cut(Position to) {
        while (!pieces.isEmpty() && pieces.getLast().firstIndex > to.index()) {
            pieces.removeLast();
        }
        if (!pieces.isEmpty() && pieces.getLast().lastIndex > to.index()) {
            Piece tail = pieces.removeLast();
            pieces.add(new Piece(tail.file, tail.segment, tail.offset, tail.firstIndex, to.index()));
        }
        if (to.index() < start.index()) {
            start = to;
        }
        last = to;
        split = true;
        watched.keySet().removeIf(index -> index > to.index());
        watched.put(to.index(), to);
    }

    /** Whether a state at this record leads to this run's records. */
    boolean contains(Position record) {
        Position own = at(record.index());
        return own != null && own.digest() == record.digest();
    }

    /** The record with a watched index, or null if it is not of this run. */
    Position at(long index) {
        return index >= start.index() && index <= last.index() ? watched.get(index) : null;
    }

    /** Whether the records begin with the first of all. */
    boolean fromTheBeginning() {
        return start.index() == 0;
    }
}
