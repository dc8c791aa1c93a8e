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
 * A standby acknowledges being COLD over the stream, or by a heartbeat, for there may be no stream. That is asked by heartbeats as well: they show an
 * index as committed that no standby holds that has not read the request before, for on each network the request goes ahead of the record. A
 * heartbeat of the standby that says "not in step", made after it heard such a one, is the answer. Heartbeats go on to show that index until the
 * standby has said over the stream that it knows the request: till then it may still read, in what lies in a socket, that it is HOT.
 *
 * To commit by itself marks the board ALONE, unless it stood still for so long that its standby, HOT as far as it knows, may have led meanwhile: then
 * it may not be the one with the newest data, and is marked only once the peer has answered.
 */
final class Committer {
    private enum Mode { SOLO, CLEARING, GRANTED }

    /** Heartbeats of one cycle are stamped with its clock, counted up by a ns for each: by far less than this. */
    private static final long STAMPS_NS = 100_000;

    private final Replicated r;
    private final State peer;
    private final Mark mark;
    private final Commit rule;
    private Mode mode = Mode.SOLO;
    private long term;
    private long committed;
    /** Cold requests, and the newest that the standby is known to know, and to know over the stream. */
    private int cold;
    private int coldKnown;
    private int coldTaken;
    private long askedIndex;
    private long askedNs;
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
        cold = 0;
        coldKnown = 0;
        coldTaken = 0;
        ask();
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

    /** What heartbeats show as committed. */
    long shown() {
        return coldTaken == cold ? committed : Math.max(committed, askedIndex);
    }

    /** The standby is to know that it is COLD; it cannot hold a record beyond the present ones without having read that before. */
    private void ask() {
        cold++;
        askedIndex = r.log.last() + 1;
        askedNs = r.nowNs;
    }

    /** A heartbeat of the peer says that it is not HOT; it was made when one of this board had been heard that was sent then, or a later one. */
    void onPeerCold(long heardNs) {
        if (mode == Mode.SOLO && asked(heardNs)) {
            coldKnown = cold;
        }
    }

    /** Whether a heartbeat that was sent then asks the standby to be COLD. */
    private boolean asked(long atNs) {
        return atNs - askedNs > STAMPS_NS;
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
        if (coldAcknowledged()) {
            coldTaken = cold;
            coldKnown = cold;
        }
        peerMayBeHot &= mode != Mode.SOLO || coldKnown != cold;
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
        if (alsoAlone <= committed || !(alone || mode == Mode.SOLO && coldKnown == cold)) {
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
        // a disk that fails is an alarm, and does not stop the service
        return rule == Commit.DURABLE && !r.impaired ? Math.min(heldByPeer(), r.durable()) : heldByPeer();
    }

    /** What the rule asks of the standby is met up to here. */
    private long heldByPeer() {
        long held = Math.min(peer.held, r.log.last());
        return rule == Commit.DURABLE ? Math.min(held, peer.durable) : held;
    }

    /** Whether the standby has said over the stream, knowing all requests of this reign, that it is COLD. */
    private boolean coldAcknowledged() {
        return peer.boot != 0 && peer.term == term && !peer.leads && peer.cold == cold;
    }

    /** Whether a record has waited for the configured wait for what the rule asks of the standby. */
    private boolean lagging() {
        if (heldByPeer() >= owedIndex) {
            owedIndex = sendable(); // a slow disk of this board is not the standby's fault
            owedSinceNs = r.nowNs;
        }
        return heldByPeer() < owedIndex && r.nowNs - owedSinceNs >= r.config.standbyWaitNs;
    }

    /** The standby is not HOT from now on as far as this board is concerned; it is asked to know that. */
    private void revoke() {
        if (mode == Mode.GRANTED) {
            ask();
            r.counters.count(SyncCounter.COLD_REQUESTS);
            r.event(SyncEvent.COLD_REQUESTED, term, committed, cold);
        }
        mode = Mode.SOLO;
    }
}
