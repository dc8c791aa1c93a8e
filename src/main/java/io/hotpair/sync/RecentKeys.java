package io.hotpair.sync;

/**
 * Which of the newest records carries an unnumbered input of a certain key (port, source, content), and whether this board's own copy of it has come.
 * A hash table whose chains run through the slots of the log ring, newest first; a record that has left the ring leaves its chain with it.
 */
final class RecentKeys {
    /** Records of one hash looked at, at most: what one source repeats within the match window; beyond that it is a flood. */
    private static final int STEPS = 64;
    private final LogRing log;
    private final int bucketMask;
    private final long[] newest;
    private final long[] before;
    private final long[] key;
    private final long[] atNs;
    private final boolean[] matched;

    RecentKeys(LogRing log, int records) {
        this.log = log;
        bucketMask = 2 * records - 1;
        newest = new long[2 * records];
        before = new long[records];
        key = new long[records];
        atNs = new long[records];
        matched = new boolean[records];
    }

    /** The key of an unnumbered input. */
    static long of(int port, long source, byte[] buffer, int offset, int lengthBytes) {
        return Digest64.of(Digest64.mix(source, port), buffer, offset, lengthBytes);
    }

    /** Hash of the content alone, as it stands in the record. */
    void onRecord(long index, long recordKey, boolean isMatched, long nowNs) {
        int slot = log.slot(index);
        int bucket = (int) recordKey & bucketMask;
        before[slot] = newest[bucket];
        newest[bucket] = index;
        key[slot] = recordKey;
        atNs[slot] = nowNs;
        matched[slot] = isMatched;
    }

    /** How many records behind {@code index} carry the key, counted up to {@code enough}; older ones than {@code sinceNs} do not count. */
    int countAfter(long index, long wanted, int enough, long sinceNs) {
        int count = 0;
        long at = newest[(int) wanted & bucketMask];
        for (int i = 0; i < STEPS && count < enough && at > index && log.holds(at); i++) {
            int slot = log.slot(at);
            if (atNs[slot] - sinceNs < 0) {
                break;
            }
            count += key[slot] == wanted ? 1 : 0;
            at = older(at, slot);
        }
        return count;
    }

    /** Finds the oldest record of the key, not older than {@code sinceNs}, whose own copy has not come; it has now. Returns whether there was one. */
    boolean match(long wanted, long sinceNs) {
        int found = -1;
        long at = newest[(int) wanted & bucketMask];
        for (int i = 0; i < STEPS && log.holds(at); i++) {
            int slot = log.slot(at);
            if (atNs[slot] - sinceNs < 0) {
                break;
            }
            if (key[slot] == wanted && !matched[slot]) {
                found = slot;
            }
            at = older(at, slot);
        }
        if (found >= 0) {
            matched[found] = true;
        }
        return found >= 0;
    }

    /** A chain leads back in the log only; a slot that was used anew ends it. */
    private long older(long at, int slot) {
        return before[slot] < at ? before[slot] : 0;
    }

    /** The log begins anew. */
    void clear() {
        java.util.Arrays.fill(newest, 0);
    }
}
