package io.hotpair.sync;

/**
 * What stands in front of the task's state in a snapshot.
 *
 * <pre>
 *  offset size field (little endian)
 *       0    8 version
 *       8    8 term of the last record contained
 *      16    8 index of it
 *      24    8 chain digest up to it
 *      32    8 its time, ns
 *      40    8 number of the newest tick
 *      48    8 number of the newest output of all these records
 *      56    8 digest of the task's results
 *      64    8 bytes of the table of sources, which follows
 *      72    8 bytes of the task's state, behind the table
 * </pre>
 */
final class BaseFront {
    static final int HEADER_BYTES = 80;
    private static final long VERSION = 1;

    private BaseFront() {
    }

    static void write(byte[] front, Replicated r) {
        Bytes.putLong(front, 0, VERSION);
        Bytes.putLong(front, 8, r.log.lastTerm());
        Bytes.putLong(front, 16, r.log.last());
        Bytes.putLong(front, 24, r.log.lastDigest());
        Bytes.putLong(front, 32, r.timeNs);
        Bytes.putLong(front, 40, r.lastTick);
        Bytes.putLong(front, 64, r.sources.savedBytes());
        r.sources.save(front, HEADER_BYTES);
    }

    /** What the task tells later. */
    static void complete(byte[] front, long outputNumber, long result, long taskBytes) {
        Bytes.putLong(front, 48, outputNumber);
        Bytes.putLong(front, 56, result);
        Bytes.putLong(front, 72, taskBytes);
    }

    /** Whether the header makes sense for a snapshot of this length. */
    static boolean plausible(byte[] buffer, int offset, int availableBytes, long totalBytes, int maxFrontBytes) {
        if (availableBytes < HEADER_BYTES || Bytes.getLong(buffer, offset) != VERSION) {
            return false;
        }
        long table = Bytes.getLong(buffer, offset + 64);
        long state = Bytes.getLong(buffer, offset + 72);
        return table >= 0 && table <= maxFrontBytes - HEADER_BYTES && state >= 0 && HEADER_BYTES + table + state == totalBytes
                && Bytes.getLong(buffer, offset + 16) >= 0;
    }

    static long term(byte[] front) {
        return Bytes.getLong(front, 8);
    }

    static long index(byte[] front) {
        return Bytes.getLong(front, 16);
    }

    static long digest(byte[] front) {
        return Bytes.getLong(front, 24);
    }

    static long timeNs(byte[] front) {
        return Bytes.getLong(front, 32);
    }

    static long tick(byte[] front) {
        return Bytes.getLong(front, 40);
    }

    static long outputNumber(byte[] front) {
        return Bytes.getLong(front, 48);
    }

    static long result(byte[] front) {
        return Bytes.getLong(front, 56);
    }

    static int tableBytes(byte[] buffer, int offset) {
        return (int) Bytes.getLong(buffer, offset + 64);
    }

    static long stateBytes(byte[] buffer, int offset) {
        return Bytes.getLong(buffer, offset + 72);
    }
}
