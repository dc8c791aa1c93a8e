package io.hotpair.sync;

/** Where the newest reigns of this board began: what a peer that was away can have in common with its log. */
final class Reigns {
    private static final int REMEMBERED = 64;
    private final long[] term = new long[REMEMBERED];
    private final long[] index = new long[REMEMBERED];
    private int count;

    void add(long ofTerm, long firstIndex) {
        int slot = count++ % REMEMBERED;
        term[slot] = ofTerm;
        index[slot] = firstIndex;
    }

    /** The last index in common with a log that ends with a record of this term and index, -1 if unknown: where the first later reign began. */
    long fork(long lastTerm, long lastIndex) {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < Math.min(count, REMEMBERED); i++) {
            if (term[i] > lastTerm) {
                first = Math.min(first, index[i]);
            }
        }
        return first == Long.MAX_VALUE || count > REMEMBERED ? -1 : Math.min(first - 1, lastIndex);
    }
}
