package io.hotpair.lab;

import java.util.List;

/**
 * What came of a drill.
 *
 * @param runs the faults that were judged, in order
 * @param aborted why the drill ended early, in words; empty if it did not
 * @param outputs outputs that the plant received
 * @param malformed datagrams at the plant that were no outputs
 * @param undisturbedGapNs time between two outputs while nothing was done to the pair, in ns
 * @param deliveryNs time from a board's send to the plant, in ns
 */
public record DrillResult(
        List<DrillRun> runs,
        String aborted,
        long outputs,
        long malformed,
        Distribution undisturbedGapNs,
        Distribution deliveryNs) {

    /** Whether every fault was judged and every promise kept. */
    public boolean kept() {
        return aborted.isEmpty() && !runs.isEmpty() && runs.stream().allMatch(run -> run.verdict().kept());
    }
}
