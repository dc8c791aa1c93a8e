package io.hotpair.sync;

import io.hotpair.sync.port.JournalPort;

/**
 * Who may lead after everything was off, as far as the data decides.
 *
 * <pre>
 *   the journal is read?  no ──▶ preparing
 *   leads, or is HOT?     yes ─▶ may lead
 *   the peer is heard?    yes ─▶ its join position is compared (last term, then index): newer there ──▶ may not
 *                                                                       not yet known, a while ──▶ preparing
 *                                                                       newer there: this board's mark is void
 *   alone                      ─▶ a mark, no journal at all, a person's word, or lead-when-unsure has passed: may lead; else not
 * </pre>
 */
final class LeadRight {
    private final Replicated r;
    private final State peer;
    private final Mark mark;
    private boolean person;
    private boolean peerHeard;
    private long peerHeardSinceNs;
    private long unsureSinceNs;
    private boolean outrun;
    private boolean told;

    LeadRight(Replicated r, State peer, Mark mark) {
        this.r = r;
        this.peer = peer;
        this.mark = mark;
        peerHeardSinceNs = r.nowNs;
        unsureSinceNs = r.nowNs;
    }

    /** Whether the peer is heard on any channel. */
    void peerHeard(boolean heard) {
        if (heard != peerHeard) {
            peerHeard = heard;
            peerHeardSinceNs = r.nowNs;
            unsureSinceNs = r.nowNs;
        }
    }

    /** A person said that this board shall lead. */
    void person() {
        person = true;
    }

    /** This board follows a primary, or leads: what a person said before is void. */
    void decided() {
        person = false;
        unsureSinceNs = r.nowNs;
        told = false;
    }

    /** A statement of the peer has come: who does not lead and knows of newer data does not hold all that was acknowledged. */
    void onPeer(boolean leads) {
        outrun = false;
        if (!leads && peer.recovered && !peer.leads && peerNewer()) {
            mark.set(JournalPort.MARK_NONE, r.log.lastTerm(), r.log.last());
        }
    }

    /** What a heartbeat says: whether the peer has more, or leads in a newer term, than its newest statement tells. */
    void onPeerIndex(boolean leads, long term, int index32) {
        outrun |= index32 - (int) peer.held > 0 || leads && term > peer.term;
    }

    private boolean compared(long peerStateNs) {
        return !outrun && peer.boot != 0 && peer.recovered && !peer.leads && r.nowNs - peerStateNs < 5 * r.config.stateEveryNs;
    }

    private boolean peerNewer() {
        return peer.lastTerm != r.log.lastTerm() ? peer.lastTerm > r.log.lastTerm() : peer.held > r.log.last();
    }

    /** Whether the data of this board, which neither leads nor is HOT, lets it lead; {@code peerStateNs}: when the peer's newest statement came. */
    boolean byData(long peerStateNs) {
        if (person) {
            return true;
        }
        if (peerHeard && compared(peerStateNs)) {
            if (peerNewer()) {
                tell(SyncEvent.PEER_IS_NEWER, peer.held);
            }
            return !peerNewer();
        }
        if (!r.journal.durable() || mark.value() != JournalPort.MARK_NONE) {
            return true;
        }
        if (r.config.leadWhenUnsureNs >= 0 && !peerHeard && r.nowNs - unsureSinceNs >= r.config.leadWhenUnsureNs) {
            return true;
        }
        tell(SyncEvent.UNSURE, 0);
        return false;
    }

    private void tell(SyncEvent event, long detail) {
        if (!told) {
            told = true;
            r.event(event, r.log.lastTerm(), r.log.last(), detail);
        }
    }

    /** Whether what {@link #byData} says may change by itself shortly: the peer is heard, but has not said yet what it holds. */
    boolean preparing(long peerStateNs) {
        return peerHeard && !person && !compared(peerStateNs) && r.nowNs - peerHeardSinceNs < r.config.compareWaitNs;
    }
}
