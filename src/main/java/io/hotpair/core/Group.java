package io.hotpair.core;

import io.hotpair.core.port.Fitness;

/**
 * The role machine of one group.
 *
 * <pre>
 *            SELF_TEST_FAILED                     repaired: OPERATOR
 *   BOOT ───────────────────────▶ FAULT ◀─── any ───┐ (self test fails later)
 *    │ SELF_TEST_PASSED             └──────────────▶ JOINING
 *    ▼                 PEER_LEADS                   takeover
 *  JOINING ────────────────────────▶ STANDBY ─────────────────▶ PRIMARY
 *   ▲ │ └── VERDICT, NOBODY_THERE, PEER_OUT, OPERATOR ────────▶  │  │
 *   │ │            ◀── HEADLESS, NOT_IN_SYNC ──  ▲               │  │
 *   │ │ CUT_OFF                 │ CUT_OFF        └── HANDOVER, ──┘  │
 *   │ ▼                         ▼                 HIGHER_TERM,      │
 *   └─ ISOLATED  (CONTACT) ◀────┴───────────────  UNHEARD_BY_PEER   │
 *         ▲────────────────────── CUT_OFF ──────────────────────────┘
 *
 *  from      when                                                            to         cause
 *  BOOT      self test passed / failed                                       JOINING / FAULT
 *  JOINING   the peer shows PRIMARY                                          STANDBY    PEER_LEADS
 *            both joining, verdict (board A: echoed) names this board        PRIMARY    VERDICT
 *            the peer shows FAULT                                            PRIMARY    PEER_OUT
 *            nothing heard for the settle time, a checkpoint answers         PRIMARY    NOBODY_THERE
 *            ... and none answers                                            ISOLATED   CUT_OFF
 *  STANDBY   the peer is gone (its guard or itself said so)                  PRIMARY    PEER_DEAD
 *            the peer shows RELEASED after this board showed READY           PRIMARY    HANDOVER
 *            the peer shows RELEASED otherwise                               PRIMARY    PEER_RELEASED
 *            the peer shows JOINING, ISOLATED, FAULT                         PRIMARY    PEER_OUT
 *            silence complete, checkpoint answers / does not (not for hold)  PRIMARY / ISOLATED   PEER_SILENT / CUT_OFF
 *            both follow for 2 T                                             JOINING    HEADLESS
 *            any of the takeovers, but not in sync                           JOINING    NOT_IN_SYNC
 *  PRIMARY   the peer shows PRIMARY with a higher term                       STANDBY    HIGHER_TERM
 *            PREPARE shown, the peer is READY at the same index              STANDBY    HANDOVER
 *            the peer is heard, but hears nothing for 2 T                    STANDBY    UNHEARD_BY_PEER
 *            silence, no checkpoint for the settle time; or pulses only and no network  ISOLATED   CUT_OFF
 *  ISOLATED  the peer or a checkpoint is heard                               JOINING    CONTACT
 * </pre>
 */
final class Group {
    private final Board board;
    private final int group;
    private final Joining joining;
    private final Handover handover;

    private Role role = Role.BOOT;
    private long term;
    private long sinceNs;
    private long gateNotBeforeNs;
    private boolean gateTold;
    private boolean gateLatched;
    /**
     * The gate has been open in this reign, or nobody else can have claimed: from then on silence is no reason to shut it under {@code hold}. A claim
     * that the peer has never answered may meet another one.
     */
    private boolean confirmed;
    private long headlessSinceNs = PeerView.NEVER;
    private long troubleSinceNs = PeerView.NEVER;
    private boolean conflictTold;
    private boolean cannotLeadTold;
    private boolean silenceTold;
    /** Term of the peer's reign that it was last seen to release. */
    private long releasedTerm = Terms.NONE;

    Group(Board board, int group) {
        this.board = board;
        this.group = group;
        joining = new Joining(board, group);
        handover = new Handover(board, group);
        sinceNs = board.startNs;
    }

    Role role() {
        return role;
    }

    /** Whether the board is out of every group. */
    static boolean allOut(Group[] groups) {
        for (Group group : groups) {
            if (!group.role.out()) {
                return false;
            }
        }
        return true;
    }

    long term() {
        return term;
    }

    Intent intent() {
        return handover.intent();
    }

    int verdict() {
        return role == Role.JOINING ? joining.verdict() : Joining.NO_VERDICT;
    }

    /**
     * The term shown in the heartbeat: with READY the one this board would lead with; while it is out the newest that it knows to have been
     * used, its own of earlier boots included, so that the peer goes on above it.
     */
    long shownTerm() {
        if (role.out()) {
            return Math.max(term, board.terms.newest());
        }
        return handover.intent() == Intent.READY ? handover.offeredTerm() : term;
    }

    boolean inSync() {
        return role == Role.PRIMARY || (role == Role.STANDBY && board.ports.replica().hot(group));
    }

    void onPeerMet() {
        joining.onPeerMet();
        handover.onPeerMet();
        headlessSinceNs = PeerView.NEVER;
    }

    /** One step; returns whether the role changed, so that the new role gets its say in the same cycle. */
    boolean doWork(long nowNs) {
        Role before = role;
        switch (role) {
            case BOOT -> boot(nowNs);
            case JOINING -> joining(nowNs);
            case STANDBY -> standby(nowNs);
            case PRIMARY -> primary(nowNs);
            case ISOLATED -> isolated(nowNs);
            case FAULT -> { } // left only by repair
        }
        if (role != Role.BOOT && role != Role.FAULT && board.ports.fitness().selfTest() == Fitness.SELF_TEST_FAILED) {
            transition(Role.FAULT, nowNs, EventCode.SELF_TEST_FAILED);
        }
        return role != before;
    }

    /** Both boards count a handover, this one as soon as it sees that the peer has let go, whether it can take the group or not. */
    void onStatement(Intent intent, long peerTerm, long nowNs) {
        if (intent == Intent.RELEASED && peerTerm != releasedTerm) {
            releasedTerm = peerTerm;
            board.damping.onVoluntaryChange(nowNs);
        }
    }

    private void boot(long nowNs) {
        switch (board.ports.fitness().selfTest()) {
            case Fitness.SELF_TEST_PASSED -> transition(Role.JOINING, nowNs, EventCode.SELF_TEST_PASSED);
            case Fitness.SELF_TEST_FAILED -> transition(Role.FAULT, nowNs, EventCode.SELF_TEST_FAILED);
            default -> { } // still running
        }
    }

    private void joining(long nowNs) {
        switch (joining.judge(nowNs)) {
            case FOLLOW -> transition(Role.STANDBY, nowNs, EventCode.PEER_LEADS);
            case LEAD_BY_VERDICT -> lead(nowNs, nowNs, EventCode.VERDICT);
            case LEAD_PEER_CANNOT -> lead(nowNs, shownFirst(nowNs), EventCode.PEER_OUT);
            case LEAD_NOBODY_THERE -> lead(nowNs, shownFirst(nowNs), EventCode.NOBODY_THERE);
            case CUT_OFF -> transition(Role.ISOLATED, nowNs, EventCode.CUT_OFF);
            case WAIT -> {
                if (board.config.onSilence() == OnSilence.HOLD && !board.peer.alive(nowNs) && joining.settled(nowNs)) {
                    tellSilenceHeld(nowNs);
                }
            }
        }
    }

    private void isolated(long nowNs) {
        if (board.peer.alive(nowNs) || board.someCheckpointAnswersSince(sinceNs)) {
            transition(Role.JOINING, nowNs, EventCode.CONTACT);
        }
    }

    // ---- STANDBY ----

    private void standby(long nowNs) {
        PeerView peer = board.peer;
        if (board.leaving) {
            return;
        }
        if (peer.gone()) {
            if (saidNow(peer.goneNs(), nowNs) && !board.waits(nowNs)) {
                takeOver(nowNs, EventCode.PEER_DEAD);
            }
        } else if (!peer.alive(nowNs)) {
            silence(nowNs);
        } else {
            silenceTold = false;
            besidePeer(nowNs);
        }
    }

    /**
     * Whether what was read then was said recently: after a pause the buffers hold what was said before it, and a new boot of the peer may lead by
     * now. It would be heard within M * I.
     */
    private boolean saidNow(long readNs, long nowNs) {
        return readNs - board.lateness.wakeNs() > 0 || nowNs - board.lateness.wakeNs() >= board.config.silenceNs();
    }

    private void besidePeer(long nowNs) {
        PeerView peer = board.peer;
        long wakeNs = board.lateness.wakeNs();
        if (peer.saysOut(group, wakeNs, nowNs) || peer.pulsesOut(wakeNs, nowNs)) {
            peerOut(nowNs);
            return;
        }
        if (!peer.heardByFrames(nowNs)) {
            return; // pulses alone say neither term nor intent
        }
        if (peer.role(group) == Role.PRIMARY) {
            headlessSinceNs = PeerView.NEVER;
            term = Math.max(term, peer.term(group));
            handover.follow(nowNs);
        } else if (peer.intent(group) == Intent.RELEASED && peer.saidSince(wakeNs, nowNs)) {
            released(nowNs);
        } else {
            headless(nowNs);
        }
    }

    private void released(long nowNs) {
        long offered = handover.takeOffer();
        if (offered != Terms.NONE && board.mayLead() && board.ports.replica().hot(group)) {
            begin(offered, nowNs, nowNs, EventCode.HANDOVER);
            handover.onTaken();
        } else if (handover.intent() == Intent.RELEASED || !board.lease.echoHolds(nowNs)) {
            headless(nowNs); // both released, or a deaf peer: to lead beside it would come to nothing
        } else {
            takeOver(nowNs, EventCode.PEER_RELEASED);
        }
    }

    private void peerOut(long nowNs) {
        if (board.peer.heardByFrames(nowNs)) {
            if (board.mayLead()) {
                takeOver(nowNs, EventCode.PEER_OUT);
            } else if (board.peer.role(group) == Role.JOINING) {
                headless(nowNs); // the joining peer waits for this board; let the verdict decide
            }
        } else if (board.someCheckpointAnswers(nowNs) && !board.waits(nowNs)) {
            takeOver(nowNs, EventCode.PEER_OUT);
        }
    }

    private void headless(long nowNs) {
        if (headlessSinceNs == PeerView.NEVER || headlessSinceNs - board.lateness.wakeNs() < 0) {
            headlessSinceNs = nowNs;
        } else if (nowNs - headlessSinceNs >= 2 * board.config.takeoverBoundNs() && board.lateness.mayJudge(nowNs)) {
            transition(Role.JOINING, nowNs, EventCode.HEADLESS);
        }
    }

    private void silence(long nowNs) {
        if (board.config.onSilence() == OnSilence.HOLD) {
            tellSilenceHeld(nowNs);
            return;
        }
        if (!board.lateness.mayJudge(nowNs) || board.peer.strangerSpeaks(nowNs) || board.waits(nowNs)) {
            return; // deaf to this board perhaps, but not dead
        }
        switch (board.arbitration.judge(nowNs)) {
            case PEER_GONE -> replaceSilentPeer(nowNs);
            case CUT_OFF -> transition(Role.ISOLATED, nowNs, EventCode.CUT_OFF);
            case PENDING -> { }
        }
    }

    /**
     * A board that may not lead joins anew. It is out then and names nobody, so a peer that hears it without being heard counts as alone and serves.
     */
    private void replaceSilentPeer(long nowNs) {
        takeOver(nowNs, EventCode.PEER_SILENT);
        if (role == Role.STANDBY) {
            headless(nowNs);
        }
    }

    private void tellSilenceHeld(long nowNs) {
        if (!silenceTold) {
            silenceTold = true;
            board.event(EventCode.SILENCE_HELD, group, term, 0, nowNs);
        }
    }

    private void takeOver(long nowNs, EventCode cause) {
        if (!board.mayLead()) {
            tellCannotLead(nowNs);
        } else if (board.ports.replica().hot(group)) {
            lead(nowNs, mayClaimToo(cause) || sleptThroughSilence() ? shownFirst(nowNs) : nowNs, cause);
        } else {
            transition(Role.JOINING, nowNs, EventCode.NOT_IN_SYNC);
        }
    }

    /** A peer that is out may be about to claim as well, but not one that still tests itself. */
    private boolean mayClaimToo(EventCode cause) {
        return cause == EventCode.PEER_OUT && board.peer.role(group) != Role.BOOT;
    }

    /**
     * A claim that the peer may be making in the same moment, unheard or having changed its mind, is shown for M * I before the gate opens.
     */
    private long shownFirst(long nowNs) {
        return nowNs + board.config.silenceNs();
    }

    /**
     * Whether this board woke after it last heard the peer. A new boot of the peer may lead by now and not be heard, so the claim is shown for
     * M * I before the gate opens.
     */
    private boolean sleptThroughSilence() {
        PeerView peer = board.peer;
        long wakeNs = board.lateness.wakeNs();
        return peer.gone() ? peer.goneNs() - wakeNs <= 0 : !peer.alive(board.lateness.cycleNs()) && peer.newestHeardNs() - wakeNs <= 0;
    }

    private void lead(long nowNs, long gateNotBeforeNs, EventCode cause) {
        long newTerm = board.terms.take();
        if (newTerm == Terms.NONE) {
            tellCannotLead(nowNs);
        } else {
            begin(newTerm, nowNs, gateNotBeforeNs, cause);
        }
    }

    private void tellCannotLead(long nowNs) {
        if (!cannotLeadTold) {
            cannotLeadTold = true;
            board.event(board.terms.available() ? EventCode.MAY_NOT_LEAD : EventCode.TERM_UNAVAILABLE, group, term, 0, nowNs);
        }
    }

    private void begin(long newTerm, long nowNs, long gateNotBeforeNs, EventCode cause) {
        term = newTerm;
        this.gateNotBeforeNs = gateNotBeforeNs;
        confirmed = cause == EventCode.OPERATOR || cause == EventCode.PEER_DEAD;
        transition(Role.PRIMARY, nowNs, cause);
    }

    // ---- PRIMARY ----

    private void primary(long nowNs) {
        PeerView peer = board.peer;
        if (peer.heardByFrames(nowNs) && peer.role(group) == Role.PRIMARY) {
            if (peer.term(group) > term) {
                transition(Role.STANDBY, nowNs, EventCode.HIGHER_TERM);
                return;
            }
            if (!conflictTold) {
                conflictTold = true;
                board.event(EventCode.CONFLICT, group, term, peer.term(group), nowNs);
            }
        }
        if (peer.gone() || !peer.alive(nowNs)) {
            alone(nowNs); // the last pulses of a peer that is gone say nothing
        } else if (!peer.heardByFrames(nowNs)) {
            pulsesOnly(nowNs);
        } else {
            withStandby(nowNs);
        }
    }

    private void alone(long nowNs) {
        handover.abort(nowNs);
        boolean stranded = board.config.onSilence() != OnSilence.HOLD
                && board.lateness.mayJudge(nowNs)
                && !leaseHolds(nowNs);
        if (troubleFor(stranded, board.config.settleNs(), nowNs)) { // the gate is shut at once; the role is not given up for a hiccup
            transition(Role.ISOLATED, nowNs, EventCode.CUT_OFF);
        }
    }

    private void pulsesOnly(long nowNs) {
        handover.abort(nowNs);
        troubleSinceNs = PeerView.NEVER;
        if (board.cutOffFromCheckpoints()) {
            transition(Role.ISOLATED, nowNs, EventCode.CUT_OFF);
        }
    }

    private void withStandby(long nowNs) {
        if (handover.lead(nowNs)) {
            handover.onReleased(nowNs);
            transition(Role.STANDBY, nowNs, EventCode.HANDOVER);
            handover.showReleased();
            return;
        }
        boolean unheard = nowNs - gateNotBeforeNs >= 0 && !leaseHolds(nowNs) && !board.peer.role(group).out();
        if (troubleFor(unheard, 2 * board.config.takeoverBoundNs(), nowNs)) {
            transition(Role.STANDBY, nowNs, EventCode.UNHEARD_BY_PEER);
            handover.showReleased();
        }
    }

    private boolean troubleFor(boolean trouble, long durationNs, long nowNs) {
        if (!trouble) {
            troubleSinceNs = PeerView.NEVER;
            return false;
        }
        if (troubleSinceNs == PeerView.NEVER || troubleSinceNs - board.lateness.wakeNs() < 0) {
            troubleSinceNs = nowNs;
        }
        return nowNs - troubleSinceNs >= durationNs;
    }

    // ---- orders ----

    /** An operator or a leaving board wants the role to move; returns an {@link EventCode} that says what became of it. */
    EventCode orderSwitchover(long nowNs) {
        if (role != Role.PRIMARY && role != Role.STANDBY) {
            return EventCode.WRONG_STATE;
        }
        return role == Role.PRIMARY ? handover.begin(Handover.ORDERED, nowNs) : handover.ask(nowNs);
    }

    /** Hands over because the peer is the healthier board, if that is allowed. */
    void considerHealth(long nowNs) {
        if (role == Role.PRIMARY && gateTold) {
            handover.considerHealth(nowNs);
        }
    }

    /** A person knows that the peer is not leading. */
    EventCode orderLead(long nowNs) {
        if ((role != Role.JOINING && role != Role.STANDBY && role != Role.ISOLATED) || board.peer.showsPrimary(group, nowNs)) {
            return EventCode.WRONG_STATE;
        }
        if (!board.mayLead()) {
            return EventCode.MAY_NOT_LEAD;
        }
        lead(nowNs, nowNs, EventCode.OPERATOR);
        return EventCode.ORDER_TAKEN;
    }

    EventCode orderRepair(long nowNs) {
        if (role != Role.FAULT || board.ports.fitness().selfTest() != Fitness.SELF_TEST_PASSED) {
            return EventCode.WRONG_STATE;
        }
        transition(Role.JOINING, nowNs, EventCode.OPERATOR);
        return EventCode.ORDER_TAKEN;
    }

    /** Tries to hand the group over before the board leaves; returns whether that is under way. */
    boolean handOverBeforeLeaving(long nowNs) {
        return role == Role.PRIMARY && handover.begin(Handover.LEAVING, nowNs) == EventCode.ORDER_TAKEN;
    }

    /** The process ends on purpose: the gate shuts now and for good. */
    void leave(long nowNs) {
        if (role == Role.PRIMARY) {
            transition(Role.STANDBY, nowNs, EventCode.LEAVING);
        }
    }

    // ---- the gate ----

    /** Whether an output of this group may leave at this instant. Reads nothing but the state and {@code nowNs}. */
    boolean gateOpen(long nowNs) {
        return leads()
                && nowNs - gateNotBeforeNs >= 0
                && ownCycleYoung(nowNs)
                && (gateLatched || nobodyElseClaims(nowNs))
                && leaseHolds(nowNs)
                && (confirmed || board.config.onSilence() != OnSilence.HOLD || board.lease.echoHolds(nowNs))
                && (board.config.onSilence() != OnSilence.INTERLOCK || board.ports.interlock().granted());
    }

    private boolean leaseHolds(long nowNs) {
        return board.lease.holds(nowNs) || (gateTold && board.lease.waitingHolds(sinceNs, nowNs));
    }

    private boolean nobodyElseClaims(long nowNs) {
        return !board.peer.showsPrimary(group, nowNs) && (board.lease.echoHolds(nowNs) || !board.peer.strangerSpeaks(nowNs));
    }

    /** Whether the gate was open at the end of the newest cycle. */
    boolean serving() {
        return gateTold;
    }

    private boolean leads() {
        return role == Role.PRIMARY && !board.leaving;
    }

    private boolean ownCycleYoung(long nowNs) {
        return nowNs - board.lateness.cycleNs() <= board.config.leaseNs();
    }

    /** Once a cycle: tells the gate port about a change. A gate that was shut opens only beside a peer that does not claim to lead. */
    void updateGate(boolean wasLate, long nowNs) {
        if (wasLate) {
            gateLatched = false;
        }
        boolean open = gateOpen(nowNs);
        gateLatched = open;
        confirmed |= open;
        if (open != gateTold) {
            gateTold = open;
            board.ports.gate().onGate(group, open, term, nowNs);
            board.event(open ? EventCode.GATE_OPENED : EventCode.GATE_SHUT, group, term, 0, nowNs);
        }
    }

    private void transition(Role to, long nowNs, EventCode cause) {
        Role from = role;
        gateLatched = false;
        if (gateTold) { // shut first, then say so
            gateTold = false;
            board.ports.gate().onGate(group, false, term, nowNs);
            board.event(EventCode.GATE_SHUT, group, term, 0, nowNs);
        }
        role = to;
        sinceNs = nowNs;
        headlessSinceNs = PeerView.NEVER;
        troubleSinceNs = PeerView.NEVER;
        conflictTold = false;
        cannotLeadTold = false;
        silenceTold = false;
        handover.onTransition();
        if (to == Role.JOINING) {
            joining.enter(nowNs);
        }
        board.urgent = true;
        board.ports.replica().onRole(group, to == Role.PRIMARY, term);
        board.event(cause, group, term, (long) from.ordinal() << 8 | to.ordinal(), nowNs);
    }
}
