package io.hotpair.core;

/**
 * A planned handover of one group. Every step is a state in the heartbeat, so a lost frame delays it and nothing more:
 *
 * <pre>
 *   primary                                standby
 *   PREPARE  inputs frozen, n committed ─▶
 *            ◀──────────────────────────── READY    holds n, shows the term it would lead with (burnt from now on)
 *   gate shut, STANDBY + RELEASED ───────▶
 *                                          PRIMARY  with the offered term
 * </pre>
 *
 * The standby may hold more than is committed, where its acknowledgement did not get back: it goes on from that. Where the handover is ordered n is
 * all that there is.
 *
 * The former primary leads again only by a normal takeover, with a term above the offered one.
 */
final class Handover {
    /** Begun by an order. */
    static final int ORDERED = 0;
    /** Begun because the peer is healthier. */
    static final int HEALTH = 1;
    /** Begun because this board ends on purpose; neither hold nor damping stands in its way. */
    static final int LEAVING = 2;
    /** The peer has to be healthier for so many intervals at least, and for longer than it may take to notice that it lost the same. */
    private static final int HEALTH_INTERVALS = 10;
    /** A handover, or the wish for one, that takes longer than this many takeover bounds is given up. */
    private static final int PATIENCE_BOUNDS = 5;

    private final Board board;
    private final int group;
    private Intent intent = Intent.NONE;
    private long offeredTerm = Terms.NONE;
    private long sinceNs;
    private int why;
    private boolean counted;
    private long healthierSinceNs = PeerView.NEVER;
    private boolean dampedTold;
    private int acceptedPenalty;

    Handover(Board board, int group) {
        this.board = board;
        this.group = group;
    }

    Intent intent() {
        return intent;
    }

    long offeredTerm() {
        return offeredTerm;
    }

    void onTransition() {
        clear();
        healthierSinceNs = PeerView.NEVER;
    }

    void onPeerMet() {
        clear();
    }

    private void clear() {
        if (intent == Intent.PREPARE) {
            board.ports.replica().freeze(group, false);
        }
        if (counted) {
            counted = false;
            board.damping.onAborted(sinceNs);
        }
        intent = Intent.NONE;
        offeredTerm = Terms.NONE;
    }

    private void show(Intent next, long nowNs) {
        intent = next;
        sinceNs = nowNs;
        board.urgent = true;
    }

    private boolean tooLong(long nowNs) {
        return nowNs - sinceNs >= PATIENCE_BOUNDS * board.config.takeoverBoundNs();
    }

    // ---- primary ----

    /** Begins a handover; returns ORDER_TAKEN or why not. */
    EventCode begin(int why, long nowNs) {
        if (intent == Intent.PREPARE) {
            return EventCode.ORDER_TAKEN;
        }
        if (board.held && why != LEAVING) {
            return EventCode.HELD;
        }
        if (!peerCanTake(nowNs)) {
            return EventCode.PEER_NOT_READY;
        }
        if (!board.damping.allows(nowNs) && why != LEAVING) {
            tellDamped(nowNs);
            return EventCode.DAMPED;
        }
        show(Intent.PREPARE, nowNs);
        this.why = why;
        board.damping.onVoluntaryChange(nowNs);
        counted = true;
        board.ports.replica().freeze(group, true);
        board.event(EventCode.HANDOVER_BEGUN, group, board.peer.term(group), why, nowNs);
        return EventCode.ORDER_TAKEN;
    }

    private void tellDamped(long nowNs) {
        if (!dampedTold) {
            dampedTold = true;
            board.event(EventCode.DAMPED, group, 0, 0, nowNs);
        }
    }

    private boolean peerCanTake(long nowNs) {
        PeerView peer = board.peer;
        return peer.heardByFrames(nowNs)
                && board.lease.echoHolds(nowNs)
                && peer.role(group) == Role.STANDBY
                && peer.inSync(group)
                && peer.mayLead();
    }

    /** The primary's step; returns whether the gate is to be shut and the group released now. */
    boolean lead(long nowNs) {
        PeerView peer = board.peer;
        if (intent != Intent.PREPARE) {
            if (peer.role(group) == Role.STANDBY && peer.intent(group) == Intent.PREPARE) {
                begin(ORDERED, nowNs);
            }
            return false;
        }
        if (peer.intent(group) == Intent.READY && peer.role(group) == Role.STANDBY
                && peer.commitIndex(group) - (int) board.ports.replica().commitIndex(group) >= 0
                && drainedEnough(nowNs)
                && board.lease.echoHolds(nowNs)) {
            return true;
        }
        if (tooLong(nowNs) || !peer.mayLead()) {
            abort(nowNs);
        }
        return false;
    }

    /**
     * An ordered handover leaves nothing behind. One for health or leave-taking may have to: where the networks are out, the tail that only this board
     * has cannot be drained; none of its outputs has left, and the peer has its own copies of the inputs.
     */
    private boolean drainedEnough(long nowNs) {
        return board.ports.replica().drained(group) || (why != ORDERED && nowNs - sinceNs >= board.config.takeoverBoundNs());
    }

    void abort(long nowNs) {
        if (intent == Intent.PREPARE) {
            clear();
            board.urgent = true;
            board.event(EventCode.HANDOVER_ABORTED, group, 0, 0, nowNs);
        }
    }

    /** The handover is carried out: it counts as a voluntary change. */
    void onReleased(long nowNs) {
        counted = false;
        board.damping.onCarriedOut(sinceNs, nowNs);
    }

    void showReleased() {
        intent = Intent.RELEASED;
        board.urgent = true;
    }

    /** The group was handed to this board as it is: what it is worse by now is no reason to hand it back. */
    void onTaken() {
        acceptedPenalty = Math.max(0, board.penalty() - board.peer.penalty());
    }

    void considerHealth(long nowNs) {
        dampedTold = dampedTold && !board.damping.allows(nowNs);
        int worseBy = board.penalty() - board.peer.penalty();
        acceptedPenalty = Math.min(acceptedPenalty, Math.max(worseBy, 0));
        boolean healthier = peerCanTake(nowNs) && worseBy >= board.config.handoverThreshold() && worseBy > acceptedPenalty;
        if (!healthier) {
            healthierSinceNs = PeerView.NEVER;
        } else if (healthierSinceNs == PeerView.NEVER) {
            healthierSinceNs = nowNs;
        } else if (nowNs - healthierSinceNs >= HEALTH_INTERVALS * board.config.intervalNs() + board.noticedWithinNs() && intent == Intent.NONE) {
            begin(HEALTH, nowNs);
        }
    }

    // ---- standby ----

    /** A standby wishes to lead. */
    EventCode ask(long nowNs) {
        PeerView peer = board.peer;
        if (board.held) {
            return EventCode.HELD;
        }
        if (!board.mayLead() || !board.ports.replica().hot(group) || !peer.heardByFrames(nowNs) || peer.role(group) != Role.PRIMARY) {
            return EventCode.PEER_NOT_READY;
        }
        show(Intent.PREPARE, nowNs);
        return EventCode.ORDER_TAKEN;
    }

    /** The standby's step beside a primary. */
    void follow(long nowNs) {
        PeerView peer = board.peer;
        boolean wanted = peer.intent(group) == Intent.PREPARE;
        if (intent == Intent.RELEASED || (intent == Intent.READY && !wanted) || (intent == Intent.PREPARE && !wanted && tooLong(nowNs))) {
            clear();
        }
        if (wanted && intent != Intent.READY && able()) {
            offeredTerm = board.terms.take();
            if (offeredTerm != Terms.NONE) {
                show(Intent.READY, nowNs);
            }
        }
    }

    private boolean able() {
        return board.mayLead() && !board.leaving && board.ports.replica().hot(group);
    }

    /** The peer released the group: the term that was offered for it, once, or {@link Terms#NONE}. */
    long takeOffer() {
        if (intent != Intent.READY) {
            return Terms.NONE;
        }
        long offered = offeredTerm;
        clear();
        return offered;
    }
}
