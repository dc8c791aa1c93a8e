package io.hotpair.lab;

import java.util.List;

/**
 * What the plant saw of one fault.
 *
 * @param fault what was done
 * @param takenOver whether the other board led afterwards
 * @param takeoverNs from the fault to the first output of the new primary
 * @param silenceNs from the last output of the old primary to the first of the new one
 * @param lastOldNs from the fault to the last output of the old primary before the takeover; at most slightly positive
 * @param firstSentNs from the fault to the moment the new primary sent its first output
 * @param openGates the largest number of boards whose gate was open at one instant after the fault: 0, 1 or 2
 * @param oldTerm the old reign
 * @param newTerm the new reign
 * @param overlapping outputs that a board sent after the other had begun a later reign
 * @param afterWaking outputs that a woken board still sent in its old reign (one may have been past its check)
 * @param unasked reigns that began without a fault, one at a time: a board stepped down because the machine was too busy
 * @param lost numbers that never arrived
 * @param doubled numbers that arrived twice without a warning
 * @param replays numbers that arrived twice and were marked
 * @param broken each promise that was not kept, in words; empty if all were
 */
public record Verdict(
        Fault fault,
        boolean takenOver,
        long takeoverNs,
        long silenceNs,
        long lastOldNs,
        long firstSentNs,
        int openGates,
        long oldTerm,
        long newTerm,
        int overlapping,
        int afterWaking,
        int unasked,
        long lost,
        long doubled,
        long replays,
        List<String> broken) {

    /** Whether every promise was kept. */
    public boolean kept() {
        return broken.isEmpty();
    }
}
