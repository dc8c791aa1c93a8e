package io.hotpair.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Judges takeovers by the plant's records alone.
 *
 * <p>A reign is one board's time with one term. Terms rise, so a gate that is open although it should be shut shows as an output of
 * a lower term that was sent after one of a higher term by the other board. Who spoke when is decided by the senders' own time
 * stamps, since both boards read the same clock: the order of arrival may differ by the time that a receiver had to wait for a
 * processor. The one output that a board had already checked when it was stopped may leave when it wakes; a second one is a broken
 * promise.
 *
 * <p>A further reign after the takeover, one at a time, is counted and no broken promise: on a machine that is too busy for the
 * lease, stepping down is what a board has to do.
 */
public final class TakeoverJudge {
    /** Outputs that a woken board may still send: the one that was past its check. */
    private static final int PAST_CHECK_MAX = 1;

    private final long boundNs;
    private final StreamLedger ledger = new StreamLedger();

    /** @param boundNs longest takeover that still counts as one */
    public TakeoverJudge(long boundNs) {
        this.boundNs = boundNs;
    }

    /**
     * Judges one fault.
     *
     * @param fault the fault, which must lie within the window
     * @param window every output since the window of the fault before, in the order of arrival; it must reach far enough beyond the
     *     fault for the pair to be whole again
     */
    public Verdict judge(Fault fault, List<Output> window) {
        for (Output output : window) {
            ledger.accept(output.number(), output.replay());
        }
        StreamLedger.Balance balance = ledger.close();

        Output lastBefore = null;
        for (Output output : window) {
            if (output.board() == fault.board() && output.receivedNs() - fault.atNs() < 0) {
                lastBefore = output;
            }
        }
        long oldTerm = lastBefore == null ? -1 : lastBefore.term();
        Output first = null;
        Output lastOld = lastBefore;
        for (Output output : window) {
            if (first == null && output.receivedNs() - fault.atNs() >= 0) {
                if (output.board() != fault.board()) {
                    first = output;
                } else if (output.term() == oldTerm) {
                    lastOld = output;
                }
            }
        }
        Reigns reigns = new Reigns(fault, oldTerm, first);
        window.stream().sorted(Comparator.comparingLong(output -> output.sentNs() - fault.atNs())).forEach(reigns::see);
        long takeoverNs = first == null ? -1 : first.receivedNs() - fault.atNs();

        List<String> broken = new ArrayList<>();
        if (lastBefore == null) {
            broken.add("the primary sent nothing before the fault");
        }
        if (first == null) {
            broken.add("nobody took over");
        } else {
            if (takeoverNs > boundNs) {
                broken.add("takeover later than " + boundNs / 1_000_000 + " ms");
            }
            if (first.term() <= oldTerm) {
                broken.add("term " + first.term() + " is not above " + oldTerm);
            }
        }
        int overlapping = reigns.overlapping();
        if (overlapping > 0) {
            broken.add("two open gates: " + overlapping + " outputs of a board that no longer led");
        }
        if (reigns.afterWaking > PAST_CHECK_MAX) {
            broken.add(reigns.afterWaking + " outputs after waking, allowed " + PAST_CHECK_MAX);
        }
        if (reigns.reused > 0) {
            broken.add(reigns.reused + " outputs with a term that the other board had used");
        }
        if (balance.lost() > 0) {
            broken.add(balance.lost() + " outputs lost");
        }
        if (balance.doubled() > 0) {
            broken.add(balance.doubled() + " outputs doubled without a warning");
        }
        return new Verdict(
                fault,
                first != null,
                takeoverNs,
                first == null || lastOld == null ? -1 : first.receivedNs() - lastOld.receivedNs(),
                lastOld == null ? 0 : lastOld.receivedNs() - fault.atNs(),
                first == null ? -1 : first.sentNs() - fault.atNs(),
                overlapping > 0 ? 2 : first == null ? 0 : 1,
                oldTerm,
                first == null ? -1 : first.term(),
                overlapping,
                reigns.afterWaking,
                reigns.unasked,
                balance.lost(),
                balance.doubled(),
                balance.replays(),
                List.copyOf(broken));
    }

    /** Follows the reigns through the outputs in the order in which they were sent. */
    private static final class Reigns {
        private final Fault fault;
        private final long oldTerm;
        private final Output first;
        private Output newest;
        private int lower;
        private int lowerAfterWaking;
        private int afterWaking;
        private int reused;
        private int unasked;

        Reigns(Fault fault, long oldTerm, Output first) {
            this.fault = fault;
            this.oldTerm = oldTerm;
            this.first = first;
        }

        void see(Output output) {
            boolean woken = fault.kind() == FaultKind.HANG && first != null && output.board() == fault.board()
                    && output.term() == oldTerm && output.receivedNs() - fault.wokenNs() >= 0;
            afterWaking += woken ? 1 : 0;
            if (newest == null || output.term() > newest.term()) {
                boolean expected = newest == null || first != null && output.board() == first.board() && output.term() == first.term();
                unasked += expected ? 0 : 1;
                newest = output;
            } else if (output.board() != newest.board()) {
                if (output.term() == newest.term()) {
                    reused++;
                } else {
                    lower++;
                    lowerAfterWaking += woken ? 1 : 0;
                }
            }
        }

        /** Without the one output that was past its check when the board was stopped: late, but no second open gate. */
        int overlapping() {
            return lower - Math.min(lowerAfterWaking, PAST_CHECK_MAX);
        }
    }
}
