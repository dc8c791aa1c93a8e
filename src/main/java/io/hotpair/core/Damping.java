package io.hotpair.core;

import java.util.Arrays;

/**
 * Limits voluntary role changes in a sliding window (I7), and keeps a board that restarts again and again from being handed the role. It
 * never stands in the way of replacing a dead primary: nothing but a handover asks it.
 */
final class Damping {
    /** Boots of the peer within the window from which it counts as flapping. */
    private static final int FLAPPING_BOOTS = 5;
    private static final long NEVER = Long.MIN_VALUE;

    private final long windowNs;
    private final long[] changesNs;
    private final long[] peerBootsNs = new long[FLAPPING_BOOTS];
    private int nextChange;
    private int nextBoot;

    Damping(int voluntaryChanges, long windowNs) {
        this.windowNs = windowNs;
        changesNs = new long[voluntaryChanges];
        Arrays.fill(changesNs, NEVER);
        Arrays.fill(peerBootsNs, NEVER);
    }

    /** Whether one more voluntary change to the peer is allowed. */
    boolean allows(long nowNs) {
        return changesNs.length > 0 && outsideWindow(changesNs[nextChange], nowNs) && outsideWindow(peerBootsNs[nextBoot], nowNs);
    }

    void onVoluntaryChange(long nowNs) {
        changesNs[nextChange] = nowNs;
        nextChange = (nextChange + 1) % changesNs.length;
    }

    void onPeerBoot(long nowNs) {
        peerBootsNs[nextBoot] = nowNs;
        nextBoot = (nextBoot + 1) % peerBootsNs.length;
    }

    /** {@code oldestNs} is the oldest of the last N: all N lie within the window exactly if it does. */
    private boolean outsideWindow(long oldestNs, long nowNs) {
        return oldestNs == NEVER || nowNs - oldestNs >= windowNs;
    }
}
