package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the segments of one folder, or of one folder per reign in ascending order, as one log, and finds the newest state that can be built from
 * it: a whole base and the records behind it, or the records from the first. Changes nothing.
 *
 * <p>It stops at the first bad frame. With several folders it goes on with the next one if that begins by cutting off what was bad: an older reign
 * that still writes, or died in the middle of a record, is of no concern for its successor.
 */
final class LogScan {
    /** The first thing that was not as it should be. */
    record Problem(int folder, Path file, long segment, int offset, String why) {
        @Override
        public String toString() {
            return file + " at offset " + offset + ": " + why;
        }
    }

    /** A segment as it was found; for the bound and for what a base makes superfluous. */
    record Segment(long number, long highestIndex) {
    }

    /**
     * The outcome.
     *
     * @param base from which the records go on, or null
     * @param run the records, or null if there are none of use
     * @param last the newest record that is held
     * @param problem or null
     * @param segments of the last folder that were good, ascending
     * @param endOffset where the last of them ends; 0 if it was sealed or there is none
     * @param highestSegment number of the last segment that has a file in the last folder, -1 if none
     */
    record Result(BaseFile.Found base, Run run, Position last, Problem problem, List<Segment> segments, int endOffset, long highestSegment) {
    }

    private final Disk disk;
    private final RecordFormat format;
    private final SegmentReader reader;
    private final List<Path> folders;
    private final Set<Long> watched = new HashSet<>();
    private final List<Run> runs = new ArrayList<>();
    private List<Segment> segments = new ArrayList<>();
    private Run run;
    private Problem problem;
    private int endOffset;
    private long highestSegment = -1;

    LogScan(Disk disk, RecordFormat format, List<Path> folders) {
        this.disk = disk;
        this.format = format;
        this.folders = folders;
        this.reader = new SegmentReader(disk);
    }

    /** Keeps term and digest of this record, for {@link Run#at}. */
    LogScan watch(long index) {
        watched.add(index);
        return this;
    }

    Result scan() throws IOException {
        List<BaseFile.Found> bases = new ArrayList<>();
        for (Path folder : folders) {
            bases.addAll(BaseFile.find(disk, folder));
        }
        bases.sort((one, other) -> one.last().newerThan(other.last()) ? -1 : other.last().newerThan(one.last()) ? 1 : 0);
        bases.forEach(base -> watched.add(base.last().index()));
        for (int i = 0; i < folders.size(); i++) {
            segments = new ArrayList<>();
            endOffset = 0;
            highestSegment = -1;
            if (problem == null || goesOnBehindTheProblem(i)) {
                readFolder(i);
            }
        }
        if (run != null) {
            runs.add(run);
        }
        return choose(bases);
    }

    /** Whether the folder begins by cutting back to something that is good, or by itself. */
    private boolean goesOnBehindTheProblem(int folder) throws IOException {
        TreeMap<Long, Path> files = segmentFiles(folders.get(folder));
        if (files.isEmpty() || !load(files.firstEntry().getValue(), files.firstKey())) {
            return false;
        }
        int kind = reader.next();
        if (kind == Format.START) {
            problem = null;
            return true;
        }
        if (kind != Format.CUT || run == null) {
            return false;
        }
        Position cut = reader.position();
        if (cut.index() < run.start().index() || cut.index() > run.last().index()) {
            return false;
        }
        problem = null;
        return true;
    }

    private boolean load(Path file, long number) throws IOException {
        try {
            return reader.load(file, number) == null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    static TreeMap<Long, Path> segmentFiles(Disk disk, Path folder) throws IOException {
        TreeMap<Long, Path> files = new TreeMap<>();
        for (Path file : disk.list(folder)) {
            long number = Format.segmentNumber(file);
            if (number >= 0) {
                files.put(number, file);
            }
        }
        return files;
    }

    private TreeMap<Long, Path> segmentFiles(Path folder) throws IOException {
        return segmentFiles(disk, folder);
    }

    private void readFolder(int folder) throws IOException {
        TreeMap<Long, Path> files = segmentFiles(folders.get(folder));
        if (files.isEmpty()) {
            return;
        }
        highestSegment = files.lastKey();
        long expected = files.firstKey();
        boolean ended = false;
        boolean sealed = false;
        for (var entry : files.entrySet()) {
            if (entry.getKey() != expected) {
                problem = new Problem(folder, Format.segmentPath(folders.get(folder), expected), expected, 0, "gap: the file is not there");
                return;
            }
            expected++;
            if (ended) {
                if (!isUnused(entry.getValue(), entry.getKey())) {
                    problem = new Problem(folder, entry.getValue(), entry.getKey(), 0, "gap: the segment before it ends without leading to it");
                    return;
                }
                continue; // prepared ahead
            }
            sealed = readSegment(folder, entry.getValue(), entry.getKey());
            if (problem != null) {
                return;
            }
            endOffset = sealed ? 0 : reader.frameOffset();
            ended = !sealed;
        }
        if (sealed) {
            problem = new Problem(folder, Format.segmentPath(folders.get(folder), expected), expected, 0, "gap: the file is not there");
        }
    }

    private boolean isUnused(Path file, long number) throws IOException {
        String bad = reader.load(file, number);
        return bad == null ? reader.isEmptyFrom(Format.SEGMENT_HEADER_BYTES) : reader.isEmptyFrom(0);
    }

    /** Returns whether the segment was sealed. */
    private boolean readSegment(int folder, Path file, long number) throws IOException {
        String bad = reader.load(file, number);
        long highestIndex = 0;
        int kind = Format.END;
        while (bad == null) {
            kind = reader.next();
            if (kind == Format.END) {
                bad = reader.problem();
                break;
            }
            if (kind == Format.SEAL) {
                break;
            }
            bad = take(kind, folder, file, number);
            highestIndex = Math.max(highestIndex, run == null ? 0 : run.last().index());
        }
        if (reader.frameOffset() > 0) {
            segments.add(new Segment(number, highestIndex));
        }
        if (bad != null) {
            endOffset = reader.frameOffset();
            problem = new Problem(folder, file, number, reader.frameOffset(), bad);
        }
        return kind == Format.SEAL;
    }

    /** Returns what is wrong with the frame, or null. */
    private String take(int kind, int folder, Path file, long number) {
        if (kind == Format.RECORD) {
            return record(folder, file, number);
        }
        Position position = reader.position();
        if (kind == Format.START || run == null) {
            begin(folder, number, position);
        } else if (position.index() > run.last().index()) {
            return "gap: cut back to record " + position.index() + ", which is not there";
        } else {
            run.cut(position);
        }
        return null;
    }

    private void begin(int folder, long number, Position position) {
        if (run != null) {
            runs.add(run);
        }
        run = new Run(folder, number, reader.frameOffset(), position);
    }

    private String record(int folder, Path file, long number) {
        if (reader.contentBytes() < format.leastBytes()) {
            return "checksum: a record of " + reader.contentBytes() + " bytes is none";
        }
        int at = reader.contentOffset();
        long index = format.index(reader.buffer(), at);
        long term = format.term(reader.buffer(), at);
        long previous = format.previousDigest(reader.buffer(), at);
        if (run == null) {
            begin(folder, number, new Position(0, index - 1, previous)); // what was before it is in a base
        }
        if (index != run.last().index() + 1) {
            return "gap: record " + index + " behind record " + run.last().index();
        }
        if (previous != run.last().digest()) {
            return "gap: record " + index + " does not carry the digest of the record before it";
        }
        if (term < run.last().term()) {
            return "gap: record " + index + " of term " + term + " behind one of term " + run.last().term();
        }
        long digest = format.digest(reader.buffer(), at, reader.contentBytes());
        run.add(file, number, reader.frameOffset(), new Position(term, index, digest), watched.contains(index));
        return null;
    }

    private Result choose(List<BaseFile.Found> bases) throws IOException {
        BaseFile.Found newest = newerBase(Position.NOTHING, bases);
        for (int i = runs.size() - 1; i >= 0; i--) {
            Run candidate = runs.get(i);
            BaseFile.Found base = carrying(candidate, bases);
            if (base != null || candidate.fromTheBeginning()) {
                BaseFile.Found newer = newerBase(candidate.last(), bases);
                return newer == null ? result(base, candidate, candidate.last()) : result(newer, null, newer.last());
            }
            if (newest != null && newest.last().newerThan(candidate.last())) {
                break;
            }
            problem = new Problem(candidate.folder, Format.segmentPath(folders.get(candidate.folder), candidate.segment), candidate.segment,
                    candidate.offset, "gap: no base leads to record " + (candidate.start().index() + 1)); // comes before any other
        }
        return newest == null ? result(null, null, Position.NOTHING) : result(newest, null, newest.last());
    }

    private Result result(BaseFile.Found base, Run chosen, Position last) {
        return new Result(base, chosen, last, problem, segments, endOffset, highestSegment);
    }

    private BaseFile.Found carrying(Run candidate, List<BaseFile.Found> bases) throws IOException {
        for (BaseFile.Found base : bases) {
            if (candidate.contains(base.last()) && BaseFile.isWhole(disk, base)) {
                return base;
            }
        }
        return null;
    }

    private BaseFile.Found newerBase(Position than, List<BaseFile.Found> bases) throws IOException {
        for (BaseFile.Found base : bases) {
            if (base.last().newerThan(than) && base.last().index() > than.index() && BaseFile.isWhole(disk, base)) {
                return base;
            }
        }
        return null;
    }
}
