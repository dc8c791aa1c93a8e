package io.hotpair.lab;

import java.util.List;

/**
 * What a drill does.
 *
 * @param runs how often each kind of fault is brought about, from 1
 * @param faults the kinds, done in turn
 * @param hangMs how long a hanging board stands still
 * @param boundMs longest takeover that still counts
 * @param recoveryMs how long the pair may take to be whole again
 * @param seed decides at which point of the boards' cycles the faults come
 */
public record DrillPlan(int runs, List<FaultKind> faults, int hangMs, int boundMs, int recoveryMs, long seed) {
    public DrillPlan {
        faults = List.copyOf(faults);
        if (runs < 1 || faults.isEmpty()) {
            throw new IllegalArgumentException("nothing to do");
        }
    }

    /** Number of faults in all. */
    public int total() {
        return runs * faults.size();
    }

    /** Outputs that a board can send, at one per ms, between two judgements in the longest case; a power of two. */
    public int outputCapacity() {
        // Assembling takes two recoveries at most, and a second covers the rests.
        int longestMs = boundMs + hangMs + 3 * recoveryMs + 1_000;
        return Integer.highestOneBit(longestMs) << 1;
    }
}
