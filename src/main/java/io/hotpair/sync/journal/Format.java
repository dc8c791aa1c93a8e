package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The format of every file of a journal, version 1. Little endian, unsigned. Checksums are CRC-32C (RFC 3720, B.4).
 *
 * <pre>
 * folder (mirror: the group's own; shared: one "term-N" per reign, N decimal with ten digits, below the group's folder on the volume)
 *   segment-SSSSSSSSSSSSSSSS.journal    S: number of the segment, 16 hexadecimal digits, rising by one
 *   base-IIIIIIIIIIIIIIII-TTTTTTTT.base I: index, T: term of the last record that it contains; base.new while it is being written
 *   divergent-TERM-INDEX.journal        a tail that the pair did not agree on, from TERM and INDEX on; format of a segment
 *   damaged-N-OFFSET.bin                raw bytes of segments from OFFSET (decimal) in segment N on, that recovery could not use
 *   mark, lock                          shared: mark-0 and mark-1, one per board, and "volume" in the group's folder
 *
 * segment: fixed size, zeros behind the last frame
 *   offset size field
 *        0    8 "HPSEGMNT"
 *        8    2 version, 1
 *       10    2 zero
 *       12    4 size of the file, bytes
 *       16    8 number of the segment
 *       24    4 term of the reign whose folder it is in; 0 in a mirror
 *       28    4 CRC of bytes 0 to 27
 *       32    . frames, one behind the other
 * frame: padded with zeros to a multiple of 8
 *        0    3 n, length of the content
 *        3    1 kind: 1 RECORD, 2 START, 3 CUT, 4 SEAL; the first four bytes are zero behind the last frame
 *        4    4 CRC of: number of the segment u64, offset of the frame in the file u32, bytes 0 to 3, content and padding
 *        8    n content
 *   RECORD  a record; its index is one more than that before, its previous digest is that one's digest, its term not lower
 *   START   term u64, index u64, digest u64: what follows goes on behind this record, which a base will contain; not behind what is before
 *   CUT     the same three: records above this index that are before the frame are taken back; what follows goes on behind it
 *   SEAL    number of the next segment u64; nothing follows in this file
 *
 * base
 *        0    8 "HPBASE01"
 *        8    2 version, 1
 *       10    2 zero
 *       12    4 CRC of the content
 *       16    8 term     24 8 index    32 8 chain digest    of the last record that it contains
 *       40    8 length of the content, bytes
 *       48    4 CRC of bytes 0 to 47
 *       52   12 zero
 *       64    . content
 *
 * volume: 8 random bytes that tell the volume from an empty folder where nothing is mounted; each board keeps a copy of its own
 *
 * mark: two slots, at 0 and at 4096, see MarkFile
 *        0    8 "HPMARK01"
 *        8    2 version, 1
 *       10    2 mark: 0 none, 1 alone, 2 clean
 *       12    4 zero
 *       16    8 generation, rising by one     24 8 term     32 8 index
 *       40    4 CRC of bytes 0 to 39
 * </pre>
 *
 * <p>A higher version is refused and nothing is touched. Space: at most {@code mostSegments} segments and one prepared ahead, two bases while one
 * replaces the other, and the newest {@value #KEPT_FOR_A_PERSON} divergent and damaged files of each kind, none larger than all segments together.
 */
final class Format {
    static final int VERSION = 1;
    static final int SEGMENT_HEADER_BYTES = 32;
    static final int FRAME_HEADER_BYTES = 8;
    static final int POSITION_BYTES = 24;
    static final int SEAL_BYTES = FRAME_HEADER_BYTES + 8;
    static final int BASE_HEADER_BYTES = 64;
    static final int MOST_RECORD_BYTES = 8192;
    static final int KEPT_FOR_A_PERSON = 8;

    static final int END = 0;
    static final int RECORD = 1;
    static final int START = 2;
    static final int CUT = 3;
    static final int SEAL = 4;

    static final long SEGMENT_MAGIC = 0x544E4D4745535048L; // "HPSEGMNT"
    static final long BASE_MAGIC = 0x3130455341425048L; // "HPBASE01"
    static final long MARK_MAGIC = 0x31304B52414D5048L; // "HPMARK01"

    private static final String SEGMENT_PREFIX = "segment-";
    private static final String SEGMENT_SUFFIX = ".journal";

    private Format() {
    }

    /** Written by a newer Hotpair: nobody here may touch it. */
    static final class NewerVersion extends IOException {
        NewerVersion(Path file, int version) {
            super(file + " has format version " + version + ", this Hotpair knows versions up to " + VERSION
                    + ": install the newer one again, or move the folder away to start without it; nothing was changed");
        }
    }

    static Path segmentPath(Path folder, long number) {
        return folder.resolve(SEGMENT_PREFIX + hex(number, 16) + SEGMENT_SUFFIX);
    }

    static Path basePath(Path folder, long term, long index) {
        return folder.resolve("base-" + hex(index, 16) + "-" + hex(term, 8) + ".base");
    }

    static boolean isBase(Path file) {
        return file.getFileName().toString().matches("base-[0-9a-f]{16}-[0-9a-f]{8}\\.base");
    }

    /** Number of a segment by its name, or -1 if it is none. */
    static long segmentNumber(Path file) {
        String name = file.getFileName().toString();
        if (!name.matches("segment-[0-9a-f]{16}\\.journal")) {
            return -1;
        }
        return Long.parseUnsignedLong(name, SEGMENT_PREFIX.length(), SEGMENT_PREFIX.length() + 16, 16);
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    static void putSegmentHeader(ByteBuffer buffer, int segmentBytes, long number, long term, CRC32C crc) {
        buffer.putLong(0, SEGMENT_MAGIC).putShort(8, (short) VERSION).putShort(10, (short) 0).putInt(12, segmentBytes);
        buffer.putLong(16, number).putInt(24, (int) term);
        buffer.putInt(28, checksum(crc, buffer, 0, 28));
    }

    static int paddedBytes(int contentBytes) {
        return FRAME_HEADER_BYTES + contentBytes + 7 & ~7;
    }

    /** Completes the frame at {@code at}, whose content is in its place; returns its whole length. */
    static int sealFrame(ByteBuffer buffer, int at, int kind, int contentBytes, long segment, int fileOffset, CRC32C crc) {
        int bytes = paddedBytes(contentBytes);
        for (int i = at + FRAME_HEADER_BYTES + contentBytes; i < at + bytes; i++) {
            buffer.put(i, (byte) 0);
        }
        buffer.putInt(at, kind << 24 | contentBytes);
        buffer.putInt(at + 4, frameChecksum(buffer, at, bytes, segment, fileOffset, crc));
        return bytes;
    }

    static int frameChecksum(ByteBuffer buffer, int at, int bytes, long segment, int fileOffset, CRC32C crc) {
        crc.reset();
        for (int shift = 0; shift < 64; shift += 8) {
            crc.update((int) (segment >>> shift) & 0xFF);
        }
        for (int shift = 0; shift < 32; shift += 8) {
            crc.update(fileOffset >>> shift & 0xFF);
        }
        add(crc, buffer, at, 4);
        add(crc, buffer, at + FRAME_HEADER_BYTES, bytes - FRAME_HEADER_BYTES);
        return (int) crc.getValue();
    }

    static int checksum(CRC32C crc, ByteBuffer buffer, int offset, int lengthBytes) {
        crc.reset();
        add(crc, buffer, offset, lengthBytes);
        return (int) crc.getValue();
    }

    /** Leaves position and limit as they were. */
    static void add(CRC32C crc, ByteBuffer buffer, int offset, int lengthBytes) {
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.limit(offset + lengthBytes).position(offset);
        crc.update(buffer);
        buffer.limit(limit).position(position);
    }
}
