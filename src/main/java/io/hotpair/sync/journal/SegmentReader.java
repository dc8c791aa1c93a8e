package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Reads one segment at a time, whole, and goes from frame to frame until the first that is not good.
 *
 * <pre>
 * for (String bad = reader.load(file, number); bad == null; bad = reader.problem()) {
 *     switch (reader.next()) { case Format.RECORD -> ...; case Format.END -> ... }
 * }
 * </pre>
 */
final class SegmentReader {
    /** Larger files are none of ours. */
    static final int MOST_SEGMENT_BYTES = 64 << 20;

    private final Disk disk;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = RecordFormat.buffer(Format.SEGMENT_HEADER_BYTES);
    private long number;
    private int fileBytes;
    private int segmentBytes;
    private int frameAt;
    private int nextAt;
    private int contentBytes;
    private String problem;

    SegmentReader(Disk disk) {
        this.disk = disk;
    }

    /**
     * Reads the file.
     *
     * @return what is wrong with its header, or null
     * @throws Format.NewerVersion if a newer Hotpair wrote it
     */
    String load(Path path, long expectedNumber) throws IOException {
        problem = null;
        number = expectedNumber;
        frameAt = 0;
        nextAt = 0;
        try (Disk.File file = disk.open(path, false)) {
            fileBytes = (int) Math.min(file.sizeBytes(), MOST_SEGMENT_BYTES);
            if (buffer.capacity() < fileBytes) {
                buffer = RecordFormat.buffer(fileBytes);
            }
            buffer.clear().limit(fileBytes);
            fileBytes = file.read(buffer, 0);
            buffer.clear();
        }
        if (fileBytes < Format.SEGMENT_HEADER_BYTES) {
            return problem = "torn: the header is not there";
        }
        if (buffer.getLong(0) == Format.SEGMENT_MAGIC && buffer.getShort(8) > Format.VERSION) {
            throw new Format.NewerVersion(path, buffer.getShort(8));
        }
        if (buffer.getLong(0) != Format.SEGMENT_MAGIC || buffer.getShort(8) != Format.VERSION
                || buffer.getInt(28) != Format.checksum(crc, buffer, 0, 28)) {
            return problem = isEmptyFrom(0) ? "empty: a prepared segment that was never used" : "checksum: the header is damaged";
        }
        if (buffer.getLong(16) != expectedNumber) {
            return problem = "gap: it is segment " + buffer.getLong(16) + " by its header";
        }
        segmentBytes = buffer.getInt(12);
        nextAt = Format.SEGMENT_HEADER_BYTES;
        return null;
    }

    /** Kind of the next frame; {@link Format#END} behind the last, or where {@link #problem} tells something. */
    int next() {
        frameAt = nextAt;
        if (problem != null) {
            return Format.END;
        }
        if (fileBytes - frameAt < Format.FRAME_HEADER_BYTES || buffer.getInt(frameAt) == 0 && isEmptyFrom(frameAt)) {
            if (fileBytes < segmentBytes) {
                problem = "torn: the file has " + fileBytes + " of " + segmentBytes + " bytes";
            }
            return Format.END;
        }
        int word = buffer.getInt(frameAt);
        int kind = word >>> 24;
        contentBytes = word & 0xFF_FFFF;
        int bytes = Format.paddedBytes(contentBytes);
        if (kind < Format.RECORD || kind > Format.SEAL || contentBytes > Format.MOST_RECORD_BYTES || contentBytes == 0) {
            problem = word == 0 ? "gap: bytes behind the end" : "checksum: the frame's length or kind is damaged";
            return Format.END;
        }
        if (bytes > fileBytes - frameAt) {
            problem = "torn: the frame goes beyond the end of the file";
            return Format.END;
        }
        if (buffer.getInt(frameAt + 4) != Format.frameChecksum(buffer, frameAt, bytes, number, frameAt, crc)) {
            problem = isEmptyFrom(frameAt + bytes) ? "torn: the last frame's checksum does not fit" : "checksum: it does not fit the frame";
            return Format.END;
        }
        nextAt = frameAt + bytes;
        return kind;
    }

    /** Begins at the offset of a frame that is known to be good. */
    void seek(int offset) {
        nextAt = offset;
    }

    boolean isEmptyFrom(int offset) {
        int i = offset;
        for (; i < fileBytes && (i & 7) != 0; i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        for (; i + 8 <= fileBytes; i += 8) {
            if (buffer.getLong(i) != 0) {
                return false;
            }
        }
        for (; i < fileBytes; i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Why there is nothing more, if it is not the ordinary end. */
    String problem() {
        return problem;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** Where the frame of the last {@link #next} begins. */
    int frameOffset() {
        return frameAt;
    }

    int contentOffset() {
        return frameAt + Format.FRAME_HEADER_BYTES;
    }

    int contentBytes() {
        return contentBytes;
    }

    /** Content of a START or CUT frame. */
    Position position() {
        int at = contentOffset();
        return new Position(buffer.getLong(at), buffer.getLong(at + 8), buffer.getLong(at + 16));
    }

    int fileBytes() {
        return fileBytes;
    }

    int segmentBytes() {
        return segmentBytes;
    }
}
