package io.hotpair.sync;

/**
 * The newest records of the log, in order and without gaps, over memory taken at the start. An older record makes room for a new one unless it is
 * still needed; a record is never split at the end of the memory.
 *
 * <pre>
 *   base (snapshot, or nothing)      first                        next
 *   ... ───────────────────────────┤ held in the ring            │ room
 *                        digest before first is known
 * </pre>
 */
final class LogRing {
    private static final int ALL = 1000;

    private final int mask;
    private final byte[] bytes;
    private final long[] position;
    private final long[] digest;
    private long first = 1;
    private long next = 1;
    private long digestBeforeFirst;
    private long lastDigest;
    private long lastTerm;
    private long writePosition;

    LogRing(int records, int lengthBytes) {
        mask = records - 1;
        bytes = new byte[lengthBytes];
        position = new long[records];
        digest = new long[records];
    }

    /** Index of the newest record, 0 if there was none yet. */
    long last() {
        return next - 1;
    }

    /** Index of the oldest record that is still here. */
    long first() {
        return first;
    }

    long lastDigest() {
        return lastDigest;
    }

    long lastTerm() {
        return lastTerm;
    }

    /** Whether the records behind {@code index} are all here, so that somebody who holds it can go on. */
    boolean continues(long index) {
        return index >= first - 1 && index < next;
    }

    /** Chain digest up to {@code index}, for which {@link #continues} holds. */
    long digestAt(long index) {
        return index == first - 1 ? digestBeforeFirst : digest[(int) index & mask];
    }

    boolean holds(long index) {
        return index >= first && index < next;
    }

    /** Array of all records; where one begins in it: {@link #offset}. */
    byte[] buffer() {
        return bytes;
    }

    /** Where the record, which {@link #holds}, begins in {@link #buffer}. */
    int offset(long index) {
        return (int) (position[(int) index & mask] % bytes.length);
    }

    int lengthBytes(long index) {
        return Bytes.getInt(bytes, offset(index));
    }

    /** How much of the ring the records behind {@code index} take, in thousandths: at 1000 they begin to leave it. */
    int takenBehind(long index) {
        if (!continues(index)) {
            return ALL;
        }
        long behindBytes = index == last() ? 0 : writePosition - position[(int) (index + 1) & mask];
        return (int) Math.max(ALL * (last() - index) / (mask + 1), ALL * behindBytes / bytes.length);
    }

    /** Slot of a record in arrays as long as the ring. */
    int slot(long index) {
        return (int) index & mask;
    }

    /**
     * Makes room for a record of this length; records from {@code needed} on stay. Returns where it begins in {@link #buffer}, or -1 if there is no
     * room. It becomes part of the log by {@link #added}.
     */
    int makeRoom(int lengthBytes, long needed) {
        int start = (int) (writePosition % bytes.length);
        long from = start + lengthBytes <= bytes.length ? writePosition : writePosition + bytes.length - start;
        long end = from + lengthBytes;
        while (first < next && (next - first > mask || end - position[(int) first & mask] > bytes.length)) {
            if (first >= needed) {
                return -1;
            }
            digestBeforeFirst = digest[(int) first & mask];
            first++;
        }
        position[(int) next & mask] = from;
        return (int) (from % bytes.length);
    }

    /** The record at the place that {@link #makeRoom} gave is the newest of the log. */
    void added(Record record) {
        int slot = (int) next & mask;
        digest[slot] = record.digest();
        lastDigest = digest[slot];
        lastTerm = record.term();
        writePosition = position[slot] + record.lengthBytes();
        next++;
    }

    /** Forgets all records: the log goes on behind a snapshot. */
    void reset(long index, long term, long chainDigest) {
        first = index + 1;
        next = index + 1;
        digestBeforeFirst = chainDigest;
        lastDigest = chainDigest;
        lastTerm = term;
    }
}
