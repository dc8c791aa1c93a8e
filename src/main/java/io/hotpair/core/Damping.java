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

    Damping(int voluntaryChanges, long windowNs) {
        this.windowNs = windowNs;
        changesNs = new long[voluntaryChanges];
        Arrays.fill(changesNs, NEVER);
        Arrays.fill(peerBootsNs, NEVER);
    }

    /** Whether one more voluntary change to the peer is allowed. */
    boolean allows(long nowNs) {
        return free(changesNs, nowNs) >= 0 && free(peerBootsNs, nowNs) >= 0;
    }

    /** A voluntary change begins, or the peer handed over. */
    void onVoluntaryChange(long nowNs) {
        note(changesNs, nowNs);
    }

    /** The change that began at {@code beganNs} came to nothing. */
    void onAborted(long beganNs) {
        replace(beganNs, NEVER);
    }

    /** The change that began at {@code beganNs} is carried out: the window counts from now. */
    void onCarriedOut(long beganNs, long nowNs) {
        replace(beganNs, nowNs);
    }

    private void replace(long beganNs, long timeNs) {
        for (int i = 0; i < changesNs.length; i++) {
            if (changesNs[i] == beganNs) {
                changesNs[i] = timeNs;
                return;
            }
        }
    }

    void onPeerBoot(long nowNs) {
        note(peerBootsNs, nowNs);
    }

    /** In place of one that no longer counts, or of the oldest. */
    private void note(long[] timesNs, long nowNs) {
        int index = free(timesNs, nowNs);
        if (index < 0) {
            index = 0;
            for (int i = 1; i < timesNs.length; i++) {
                index = timesNs[i] - timesNs[index] < 0 ? i : index;
            }
        }
        timesNs[index] = nowNs;
    }

    private int free(long[] timesNs, long nowNs) {
        for (int i = 0; i < timesNs.length; i++) {
            if (timesNs[i] == NEVER || nowNs - timesNs[i] >= windowNs) {
                return i;
            }
        }
        return -1;
    }
}
