package io.hotpair.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Judges takeovers by the plant's records alone.
 *
 * <p>Who spoke when is decided by the senders' own time stamps, since both boards read the same clock: the order of arrival may
 * differ by the time that a receiver had to wait for a processor. The one output that a board had already checked when it was
 * stopped may leave when it wakes; a second one is a broken promise.
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
        List<String> broken = new ArrayList<>();

        Output lastBefore = null;
        Output first = null;
        int early = 0;
        for (Output output : window) {
            boolean before = output.receivedNs() - fault.atNs() < 0;
            if (output.board() == fault.board()) {
                lastBefore = before ? output : lastBefore;
            } else if (before) {
                early++;
            } else if (first == null) {
                first = output;
            }
        }
        if (lastBefore == null) {
            broken.add("the primary sent nothing before the fault");
        }
        if (early > 0) {
            broken.add(early + " outputs left the standby before the fault");
        }
        long oldTerm = lastBefore == null ? -1 : lastBefore.term();

        Scan scan = new Scan(fault, first, oldTerm);
        window.forEach(scan::see);
        int overlapping = scan.overlapping;
        if (fault.kind() == FaultKind.HANG && scan.afterWakingOverlapping > 0) {
            // One of them had passed its check before the board was stopped: late, but not a second open gate.
            overlapping -= PAST_CHECK_MAX;
        }

        long takeoverNs = first == null ? -1 : first.receivedNs() - fault.atNs();
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
        if (overlapping > 0 || early > 0) {
            broken.add("two open gates: " + (overlapping + early) + " outputs from the board that did not lead");
        }
        if (scan.afterWaking > PAST_CHECK_MAX) {
            broken.add(scan.afterWaking + " outputs after waking, allowed " + PAST_CHECK_MAX);
        }
        if (scan.foreign > 0) {
            broken.add(scan.foreign + " outputs of a reign that nobody asked for");
        }
        if (balance.lost() > 0) {
            broken.add(balance.lost() + " outputs lost");
        }
        if (balance.doubled() > 0) {
            broken.add(balance.doubled() + " outputs doubled without a warning");
        }
        int openGates = overlapping > 0 || early > 0 ? 2 : first == null ? 0 : 1;
        return new Verdict(
                fault,
                first != null,
                takeoverNs,
                first == null || scan.lastOld == null ? -1 : first.receivedNs() - scan.lastOld.receivedNs(),
                scan.lastOld == null ? 0 : scan.lastOld.receivedNs() - fault.atNs(),
                first == null ? -1 : first.sentNs() - fault.atNs(),
                openGates,
                oldTerm,
                first == null ? -1 : first.term(),
                Math.max(overlapping, 0),
                scan.afterWaking,
                balance.lost(),
                balance.doubled(),
                balance.replays(),
                List.copyOf(broken));
    }

    /** Sorts what arrived after the fault into what was promised and what was not. */
    private static final class Scan {
        private final Fault fault;
        private final Output first;
        private final long oldTerm;
        /** Newest output of the old reign that was received before the new primary's first. */
        private Output lastOld;
        private int overlapping;
        private int afterWaking;
        private int afterWakingOverlapping;
        private int foreign;

        Scan(Fault fault, Output first, long oldTerm) {
            this.fault = fault;
            this.first = first;
            this.oldTerm = oldTerm;
        }

        void see(Output output) {
            if (output.board() == fault.board() && output.term() == oldTerm) {
                seeOldReign(output);
            } else if (output.receivedNs() - fault.atNs() >= 0
                    && (first == null || output.board() != first.board() || output.term() != first.term())) {
                foreign++;
            }
        }

        private void seeOldReign(Output output) {
            boolean woken = fault.kind() == FaultKind.HANG && output.receivedNs() - fault.wokenNs() >= 0;
            if (woken) {
                afterWaking++;
            }
            if (first == null || output.receivedNs() - first.receivedNs() < 0) {
                lastOld = output;
            }
            if (first != null && output.sentNs() - first.sentNs() >= 0) {
                overlapping++;
                afterWakingOverlapping += woken ? 1 : 0;
            }
        }
    }
}
