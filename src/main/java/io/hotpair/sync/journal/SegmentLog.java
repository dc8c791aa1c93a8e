package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes frames into segments. They gather in one buffer; {@link #commit} is one write and one fsync for all of them. After a failure the same is
 * done again with the same bytes at the same place, because an fsync that has failed once may leave out what it failed on and succeed.
 */
final class SegmentLog {
    private final Disk disk;
    private final Housekeeper housekeeper;
    private final IoWatch watch;
    private final ByteBuffer group;
    private final int groupMost;
    private final CRC32C crc = new CRC32C();
    private final Deque<LogScan.Segment> closed = new ArrayDeque<>();

    private Path folder;
    private long term;
    private Disk.File file;
    private long number;
    private int segmentBytes;
    private int fileOffset;
    private int groupBytes;
    private long highestIndex;
    private Housekeeper.Prepared next;
    private boolean sealed;
    private boolean reopen;
    private volatile long forces;

    SegmentLog(Disk disk, Housekeeper housekeeper, JournalConfig config, IoWatch watch) {
        this.disk = disk;
        this.housekeeper = housekeeper;
        this.watch = watch;
        this.groupMost = Math.min(config.groupBytes(), config.segmentBytes() - Format.SEGMENT_HEADER_BYTES);
        this.group = RecordFormat.buffer(groupMost + Format.SEAL_BYTES);
    }

    /** Goes on in a folder: behind the last good frame, or with a new segment. */
    void resume(Path newFolder, long newTerm, List<LogScan.Segment> segments, int endOffset) throws IOException {
        folder = newFolder;
        term = newTerm;
        closed.clear();
        closed.addAll(segments);
        highestIndex = 0;
        sealed = false;
        closeFile();
        if (next != null) {
            next.file().close();
            next = null;
        }
        number = segments.isEmpty() ? -1 : segments.getLast().number();
        if (endOffset > 0 && !segments.isEmpty()) {
            highestIndex = closed.removeLast().highestIndex();
            Path path = Format.segmentPath(folder, number);
            file = disk.open(path, false);
            ByteBuffer header = RecordFormat.buffer(Format.SEGMENT_HEADER_BYTES);
            file.read(header, 0);
            segmentBytes = header.getInt(12);
            fileOffset = endOffset;
            file.force(); // what was read may so far be in the page cache alone
        }
        housekeeper.order(folder, number + 1, term);
    }

    Path folder() {
        return folder;
    }

    /** Of the reign whose folder it is; 0 for none. */
    long term() {
        return term;
    }

    /** Number of the segment that is being written, or will be. */
    long number() {
        return file == null ? number + 1 : number;
    }

    int segmentsInUse() {
        return closed.size() + 1;
    }

    long forces() {
        return forces;
    }

    /** Whether frames of these many bytes would need another segment. */
    boolean needsSegment(int bytes) {
        return file == null || fileOffset + groupBytes + bytes + Format.SEAL_BYTES > segmentBytes;
    }

    /**
     * Makes room for frames of these many bytes together.
     *
     * @return false if the next segment is not ready yet; the housekeeper wakes this thread
     */
    boolean ensure(int bytes) throws IOException {
        if (needsSegment(bytes) && !rotate()) {
            commit();
            return false;
        }
        if (groupBytes + bytes > groupMost) {
            commit();
        }
        return true;
    }

    private boolean rotate() throws IOException {
        if (next == null) {
            next = housekeeper.take(folder, number + 1, term);
            if (next == null) {
                return false;
            }
        }
        if (file != null) {
            if (!sealed) {
                group.putLong(groupBytes + Format.FRAME_HEADER_BYTES, next.number());
                groupBytes += Format.sealFrame(group, groupBytes, Format.SEAL, 8, number, fileOffset + groupBytes, crc);
                sealed = true;
            }
            commit();
            closed.addLast(new LogScan.Segment(number, highestIndex));
            closeFile();
        }
        file = next.file();
        number = next.number();
        segmentBytes = next.segmentBytes();
        fileOffset = Format.SEGMENT_HEADER_BYTES;
        next = null;
        sealed = false;
        housekeeper.order(folder, number + 1, term);
        return true;
    }

    private void closeFile() throws IOException {
        if (file != null) {
            Disk.File done = file;
            file = null;
            done.close();
        }
    }

    /** Adds a record; {@link #ensure} was true. */
    void record(ByteBuffer source, int offset, int lengthBytes, long index) {
        group.put(groupBytes + Format.FRAME_HEADER_BYTES, source, offset, lengthBytes);
        groupBytes += Format.sealFrame(group, groupBytes, Format.RECORD, lengthBytes, number, fileOffset + groupBytes, crc);
        highestIndex = Math.max(highestIndex, index);
    }

    /** Adds a START or CUT frame; {@link #ensure} was true. */
    void position(int kind, Position position) {
        int at = groupBytes + Format.FRAME_HEADER_BYTES;
        group.putLong(at, position.term()).putLong(at + 8, position.index()).putLong(at + 16, position.digest());
        groupBytes += Format.sealFrame(group, groupBytes, kind, Format.POSITION_BYTES, number, fileOffset + groupBytes, crc);
    }

    /** Makes everything added durable. @return whether there was anything */
    boolean commit() throws IOException {
        if (groupBytes == 0) {
            return false;
        }
        watch.begin("writing the journal");
        if (reopen) {
            // A volume that went away and came back answers the old handle with an error for ever.
            closeFile();
            file = disk.open(Format.segmentPath(folder, number), false);
            reopen = false;
        }
        reopen = true;
        group.position(0).limit(groupBytes);
        try {
            file.write(group, fileOffset);
            file.force();
        } finally {
            group.clear();
        }
        reopen = false;
        fileOffset += groupBytes;
        groupBytes = 0;
        forces = forces + 1;
        return true;
    }

    /**
     * Takes segments out of the account that a base makes superfluous.
     *
     * @param runFirstSegment where the records that follow the base begin
     * @return number of the first segment that is still needed
     */
    long forget(long runFirstSegment, long baseIndex) {
        while (!closed.isEmpty() && (closed.getFirst().number() < runFirstSegment || closed.getFirst().highestIndex() <= baseIndex)) {
            closed.removeFirst();
        }
        return closed.isEmpty() ? number() : closed.getFirst().number();
    }

    void close() throws IOException {
        closeFile();
        if (next != null) {
            next.file().close();
        }
    }
}
