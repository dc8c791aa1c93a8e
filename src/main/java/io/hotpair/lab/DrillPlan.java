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

    /** Outputs that a board can send in the longest case, at one per ms. */
    public int outputCapacity() {
        long perFaultMs = boundMs + hangMs + recoveryMs + 2_000L;
        return (int) Math.min(4_000_000, (total() + 3L) * perFaultMs);
    }
}
