package io.hotpair.node;

/**
 * Which boot of the peer is known to have the same configuration and version as this board. Written by helper threads, read by the duty cycle.
 *
 * <p>An answer tells of the boot that gave it and of no other: a peer that restarts may come back with something else.
 */
final class PeerMatch {
    private static final long SAME = 1L << 32;

    /** In one word, so that it is read whole: the boot id (never 0) in the lower half, and above it whether it is the same. */
    private volatile long known;

    /** A verified peer of this boot said what it runs. */
    void onVerified(int bootId, boolean same) {
        known = (bootId & 0xFFFF_FFFFL) | (same ? SAME : 0);
    }

    /** Whether it is known what this boot runs. */
    boolean knows(int bootId) {
        return bootId != 0 && (int) known == bootId;
    }

    /** Whether this boot is known to run the same. */
    boolean same(int bootId) {
        long now = known;
        return bootId != 0 && (int) now == bootId && (now & SAME) != 0;
    }
}
