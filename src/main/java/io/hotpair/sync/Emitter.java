package io.hotpair.sync;

import io.hotpair.sync.port.OutputPort;

/**
 * Lets outputs leave, on a primary, once their record is released by the commit rule.
 *
 * <pre>
 *   an output of                          the old primary       replay port            at-most-once port
 *   this reign                            cannot have sent it   leaves                 leaves
 *   an earlier reign, told to be out      has sent it           dropped                dropped
 *   an earlier reign, not told            may have sent it      leaves, as repetition  dropped and counted
 *   this reign, from before a long pause  the peer may have     leaves, as repetition  dropped and counted
 * </pre>
 *
 * It may have sent anything that it had: while alone it waits for nobody, so what this board acknowledged is no bound. After a planned handover
 * nothing is left that was not told.
 */
final class Emitter {
    private final Replicated r;
    private final OutputPort port;
    private long reignIndex;
    private boolean refused;

    Emitter(Replicated r, OutputPort port) {
        this.r = r;
        this.port = port;
    }

    /** A reign begins with this record. What the old primary told beyond what this board has of it counts for another history. */
    void onReign(long index) {
        reignIndex = index;
        r.told = Math.min(r.told, r.outputs.last());
    }

    /**
     * This board stood still for so long that its peer may have led meanwhile, and have let leave what was ordered up to here; it may be gone again,
     * so that nobody says so.
     */
    void doubt(long index) {
        reignIndex = Math.max(reignIndex, index + 1);
    }

    /** Number of the newest output that is done with on this board. */
    long emitted() {
        return r.outputs.firstNumber() - 1;
    }

    /** Whether an output that is released could not leave just now. */
    boolean refused() {
        return refused;
    }

    void emit(long released) {
        Outputs outputs = r.outputs;
        refused = false;
        for (int i = 0; i < r.config.recordsPerCycle && !outputs.isEmpty() && outputs.firstIndex() <= released; i++) {
            if (!letLeave()) {
                refused = true;
                return;
            }
            outputs.removeFirst();
        }
    }

    private boolean letLeave() {
        Outputs outputs = r.outputs;
        boolean inherited = outputs.firstIndex() < reignIndex;
        if (inherited && outputs.firstNumber() <= r.told) {
            return true;
        }
        boolean repetition = mayHaveLeft(outputs.firstIndex());
        if (repetition && !port.replays(outputs.firstPort())) {
            r.counters.count(SyncCounter.SKIPPED_OUTPUTS);
            return true;
        }
        int result = port.emit(outputs.firstPort(), outputs.firstNumber(), repetition, outputs.buffer(), outputs.firstOffset(),
                outputs.firstLengthBytes());
        if (result != OutputPort.EMITTED) {
            return false;
        }
        r.counters.count(SyncCounter.EMITTED);
        r.counters.count(SyncCounter.REPETITIONS, repetition ? 1 : 0);
        return true;
    }

    /** Whether the old primary may have let outputs of this record leave. */
    private boolean mayHaveLeft(long index) {
        return index < reignIndex;
    }

    /** On a standby: what the primary told to have left is done with. */
    void forgetTold() {
        while (!r.outputs.isEmpty() && r.outputs.firstNumber() <= r.told) {
            r.outputs.removeFirst();
        }
    }
}
