package io.hotpair.sync;

/**
 * The determinism check (I9): digests of the task's results by the index at which they were seen, of this board and of the peer. A task that runs
 * elsewhere executes several records at once, so not every index is seen on both boards; where one is, the digests have to be the same.
 */
final class Results {
    private static final int REMEMBERED = 1024;
    private static final int MASK = REMEMBERED - 1;

    private final long[] ownIndex = new long[REMEMBERED];
    private final long[] ownDigest = new long[REMEMBERED];
    private final long[] peerIndex = new long[REMEMBERED];
    private final long[] peerDigest = new long[REMEMBERED];
    private long agreed;
    private long differs;

    void clear() {
        java.util.Arrays.fill(ownIndex, 0);
        java.util.Arrays.fill(peerIndex, 0);
        agreed = 0;
        differs = 0;
    }

    void own(long index, long digest) {
        int slot = (int) index & MASK;
        ownIndex[slot] = index;
        ownDigest[slot] = digest;
        compare(slot);
    }

    void peer(long index, long digest) {
        int slot = (int) index & MASK;
        peerIndex[slot] = index;
        peerDigest[slot] = digest;
        compare(slot);
    }

    private void compare(int slot) {
        long index = ownIndex[slot];
        if (index == 0 || index != peerIndex[slot]) {
            return;
        }
        if (ownDigest[slot] == peerDigest[slot]) {
            agreed = Math.max(agreed, index);
        } else if (differs == 0 || index < differs) {
            differs = index;
        }
    }

    /** The last index at which both were seen and the same. */
    long agreed() {
        return agreed;
    }

    /** The first index at which both were seen and different, 0 if there is none. */
    long differs() {
        return differs;
    }
}
