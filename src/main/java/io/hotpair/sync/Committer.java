package io.hotpair.sync;

import io.hotpair.sync.port.JournalPort;

/**
 * The commit rule of a primary, and what its standby is.
 *
 * <pre>
 *            close, acknowledged as COLD        mark NONE on disk, nothing missing
 *   SOLO ─────────────────────────────▶ CLEARING ─────────────────────────▶ GRANTED
 *    ▲  ◀── lags, leaves the stream ───────┘                                  │
 *    └── lags for the configured wait, leaves the stream, committed alone: cold request + 1 ──┘
 *
 *   commits                     SOLO                       CLEARING, GRANTED
 *   what the standby holds      yes                        yes
 *   by itself, while alone      yes                        yes, and back to SOLO
 *   by itself                   once the standby has       never: an acknowledgement that
 *                               acknowledged being COLD    is merely late is no reason
 * </pre>
 *
 * To commit by itself marks the board ALONE, unless it stood still for so long that its standby, HOT as far as it knows, may have led meanwhile: then
 * it may not be the one with the newest data, and is marked only once the peer has answered.
 */
final class Committer {
    private enum Mode { SOLO, CLEARING, GRANTED }

    private final Replicated r;
    private final State peer;
    private final Mark mark;
    private final Commit rule;
    private Mode mode = Mode.SOLO;
    private long term;
    private long committed;
    private int cold;
    private boolean coldTold;
    private boolean aloneTold;
    /** Whether the peer may take itself for HOT: granted, and not acknowledged to be COLD since. */
    private boolean peerMayBeHot;
    private boolean mayBeReplaced;
    private long owedIndex;
    private long owedSinceNs;

    Committer(Replicated r, State peer, Mark mark) {
        this.r = r;
        this.peer = peer;
        this.mark = mark;
        rule = r.config.commit;
    }

    void onReign(long newTerm) {
        term = newTerm;
        mode = Mode.SOLO;
        cold = 1;
        coldTold = false;
        aloneTold = false;
        peerMayBeHot = false;
        mayBeReplaced = false;
        owedIndex = r.log.last();
        owedSinceNs = r.nowNs;
    }

    /** What is known to be committed when a reign begins: by an earlier reign of this board, or by the primary that it followed. */
    void inherit(long known) {
        committed = Math.min(known, rule == Commit.DURABLE ? r.durable() : r.log.last());
    }

    boolean granted() {
        return mode == Mode.GRANTED;
    }

    int cold() {
        return cold;
    }

    long committed() {
        return committed;
    }

    /** Up to which record outputs may leave. */
    long released() {
        return rule == Commit.ONE ? r.log.last() : committed;
    }

    /** Whether records are held back for the peer's sake. */
    boolean needsPeer() {
        return mode != Mode.SOLO;
    }

    /**
     * Up to which record the peer may have the log. A mark lets this board lead unaccompanied after everything was off: as long as one is on its
     * disk, what it hands over is there before, so that it never leads with less than the other has.
     */
    long sendable() {
        boolean unmarked = mark.value() == JournalPort.MARK_NONE && mark.onDisk();
        return unmarked || r.impaired ? r.log.last() : r.durable();
    }

    /** This board stood still for longer than its standby waits before it leads. */
    void doubt() {
        mayBeReplaced |= peerMayBeHot && mark.value() == JournalPort.MARK_NONE;
    }

    /** The peer follows this reign, and has said so since. */
    void followed() {
        mayBeReplaced = false;
    }

    /** One step. {@code streaming}: the peer goes on from this reign's log, and {@code mayBeHot} as far as anybody else is concerned. */
    void doWork(boolean alone, boolean streaming, boolean mayBeHot) {
        peerMayBeHot &= mode != Mode.SOLO || !coldAcknowledged();
        commit(alone, streaming);
        boolean usable = streaming && mayBeHot && !lagging();
        switch (mode) {
            case SOLO -> {
                if (usable && !alone && coldAcknowledged() && sendable() - peer.held <= r.config.hotLagRecords) {
                    mode = Mode.CLEARING;
                    mark.set(JournalPort.MARK_NONE, term, committed);
                }
            }
            case CLEARING -> {
                if (!usable) {
                    revoke();
                } else if (mark.onDisk() && mark.value() == JournalPort.MARK_NONE && held() >= committed) {
                    mode = Mode.GRANTED;
                    peerMayBeHot = true;
                    coldTold = false;
                    aloneTold = false;
                    r.counters.count(SyncCounter.GRANTS);
                    r.event(SyncEvent.GRANTED, term, committed, cold);
                }
            }
            case GRANTED -> {
                if (!usable) {
                    revoke();
                }
            }
        }
    }

    private void commit(boolean alone, boolean streaming) {
        if (streaming) {
            committed = Math.max(committed, held());
        }
        long alsoAlone = rule == Commit.DURABLE && !r.impaired ? r.durable() : r.log.last();
        if (alsoAlone <= committed || !(alone || mode == Mode.SOLO && coldAcknowledged())) {
            return;
        }
        if (mode != Mode.SOLO) {
            revoke();
        }
        if (alone && !aloneTold) {
            aloneTold = true;
            r.event(SyncEvent.ALONE, term, committed, 0);
        } else if (!alone && !coldTold) {
            coldTold = true;
            r.event(SyncEvent.COLD_ACKNOWLEDGED, term, committed, cold);
        }
        if (!mayBeReplaced) {
            mark.set(JournalPort.MARK_ALONE, term, committed);
        }
        committed = alsoAlone;
    }

    /** What the rule asks for is met up to here. */
    private long held() {
        long held = Math.min(peer.held, r.log.last());
        if (rule == Commit.DURABLE) {
            held = Math.min(held, peer.durable);
            held = r.impaired ? held : Math.min(held, r.durable()); // a disk that fails is an alarm, and does not stop the service
        }
        return held;
    }

    /** Whether the standby has said, knowing all requests of this reign, that it is COLD. */
    private boolean coldAcknowledged() {
        return peer.boot != 0 && peer.term == term && !peer.leads && peer.cold == cold;
    }

    /** Whether a record has waited for the configured wait for what the rule asks of the standby. */
    private boolean lagging() {
        if (held() >= owedIndex) {
            owedIndex = r.log.last();
            owedSinceNs = r.nowNs;
        }
        return held() < owedIndex && r.nowNs - owedSinceNs >= r.config.standbyWaitNs;
    }

    /** The standby is not HOT from now on as far as this board is concerned; it is asked to know that. */
    private void revoke() {
        if (mode == Mode.GRANTED) {
            cold++;
            r.counters.count(SyncCounter.COLD_REQUESTS);
            r.event(SyncEvent.COLD_REQUESTED, term, committed, cold);
        }
        mode = Mode.SOLO;
    }
}
