package io.hotpair.sync.journal;

/**
 * Bounds of one journal.
 *
 * @param segmentBytes of a segment file, 16 KiB to 64 MiB, a multiple of 4096
 * @param mostSegments that may hold records; twice as many while a base is being made durable, which is what shrinks them. Times {@code
 *     segmentBytes}, and two bases, it is what the journal takes of the disk
 * @param baseAfterSegments from which on a base is asked for; below {@code mostSegments}
 * @param ringBytes what may wait for the disk, a power of two; a record takes its length and at most 16 bytes more
 * @param groupBytes most that one write and one fsync carry, at least 20 KiB; below a segment
 * @param retryNs how long after a failure the disk is tried again
 * @param hangNs after which an unanswered call of the disk is called trouble
 */
public record JournalConfig(int segmentBytes, int mostSegments, int baseAfterSegments, int ringBytes, int groupBytes, long retryNs, long hangNs) {
    private static final int LEAST_GROUP_BYTES = 20 << 10;

    public JournalConfig {
        if (segmentBytes < 16 << 10 || segmentBytes > SegmentReader.MOST_SEGMENT_BYTES || segmentBytes % 4096 != 0) {
            throw new IllegalArgumentException("segments of " + segmentBytes + " bytes: 16 KiB to 64 MiB, a multiple of 4096");
        }
        if (baseAfterSegments < 1 || baseAfterSegments >= mostSegments) {
            throw new IllegalArgumentException("a base after " + baseAfterSegments + " segments, at most " + mostSegments + ": 1 <= first < second");
        }
        if (groupBytes < LEAST_GROUP_BYTES) {
            throw new IllegalArgumentException("groups of " + groupBytes + " bytes: at least " + LEAST_GROUP_BYTES);
        }
        if (retryNs <= 0 || hangNs <= 0) {
            throw new IllegalArgumentException("retry and hang times: above 0");
        }
    }

    /** 4 MiB segments, a base after 8 of them, at most 16; 1 MiB may wait. */
    public static JournalConfig standard() {
        return new JournalConfig(4 << 20, 16, 8, 1 << 20, 256 << 10, 1_000_000_000L, 2_000_000_000L);
    }
}
