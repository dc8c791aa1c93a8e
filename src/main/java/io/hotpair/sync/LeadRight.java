package io.hotpair.sync;

import io.hotpair.sync.port.JournalPort;

/**
 * Who may lead after everything was off, as far as the data decides.
 *
 * <pre>
 *   the journal is read?  no ──▶ preparing
 *   leads, or is HOT?     yes ─▶ may lead
 *   the peer is heard?    yes ─▶ its join position is compared (last term, then index)
 *                                    not yet known, a while   preparing
 *                                    newer there              may not; this board's mark is void
 *                                    the same                 this board's mark is void; may lead once the peer's is, and that is on its disk
 *                                    older there              likewise, but this board's mark stands
 *   alone, or never told       ─▶ a mark, no journal at all and no heartbeat that shows more, a person's word, or lead-when-unsure has passed:
 *                                 may lead; else not
 * </pre>
 *
 * At most one board has a mark on its disk: who lets the other lead has none before the other acknowledges anything. A peer whose disk does not get
 * rid of it is waited for as long as for its word: a disk that fails does not stop the service.
 */
final class LeadRight {
    private final Replicated r;
    private final State peer;
    private final Mark mark;
    private boolean person;
    private boolean peerHeard;
    private long peerHeardSinceNs;
    private long unsureSinceNs;
    /** What the peer's newest heartbeat shows: its index, and the term in which it leads, 0 if it does not. */
    private int shownIndex;
    private long shownTerm;
    private boolean shown;
    private int peerBoot;
    /** Whether the peer, which does not lead, has a mark in force or still on its disk. */
    private boolean peerMarked;
    private long peerMarkedSinceNs;
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

    /** A person said that this board shall lead, or that order was refused. */
    void person(boolean ordered) {
        person = ordered;
    }

    /** This board follows a primary, or leads: what a person said before is void. */
    void decided() {
        person = false;
        unsureSinceNs = r.nowNs;
        told = false;
    }

    /**
     * A statement of the peer has come: who does not lead, and knows of as much data or more elsewhere, is not the only one to have what was
     * acknowledged.
     */
    void onPeer(boolean leads) {
        if (peer.boot != peerBoot) {
            peerBoot = peer.boot;
            peerMarked = false;
        }
        boolean marked = !peer.leads && !peer.unmarked();
        peerMarkedSinceNs = marked && !peerMarked ? r.nowNs : peerMarkedSinceNs;
        peerMarked = marked;
        if (!leads && peer.recovered && !peer.leads && !peerOlder()) {
            mark.set(JournalPort.MARK_NONE, r.log.lastTerm(), r.log.last());
        }
    }

    /** A heartbeat: the peer is heard, whatever else of it has not arrived yet. */
    void onPeerIndex(boolean leads, long term, int index32) {
        peerHeard(true);
        shown = true;
        shownIndex = index32;
        shownTerm = leads ? term : 0;
    }

    /** Whether a heartbeat shows more, or a newer reign, than the newest statement, which may have been held up on its way. */
    private boolean outrun() {
        return shown && (shownIndex - (int) peer.held > 0 || shownTerm > peer.term);
    }

    private boolean compared(long peerStateNs) {
        return peer.boot != 0 && peer.recovered && !peer.leads && !outrun() && r.nowNs - peerStateNs < 5 * r.config.stateEveryNs;
    }

    private boolean peerOlder() {
        return peer.lastTerm != r.log.lastTerm() ? peer.lastTerm < r.log.lastTerm() : peer.held < r.log.last();
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
            return !peerNewer() && !awaitsPeersMark();
        }
        if (awaitsPeersWord()) {
            return false;
        }
        if (mark.value() != JournalPort.MARK_NONE) {
            return true;
        }
        if (peerHeard && shown && shownIndex - (int) r.log.last() > 0) {
            tell(SyncEvent.PEER_IS_NEWER, r.log.last() + (shownIndex - (int) r.log.last()));
            return false;
        }
        if (!r.journal.durable()) {
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

    private boolean awaitsPeersWord() {
        return peerHeard && r.nowNs - peerHeardSinceNs < r.config.compareWaitNs;
    }

    private boolean awaitsPeersMark() {
        return peerMarked && r.nowNs - peerMarkedSinceNs < r.config.compareWaitNs;
    }

    /** Whether what {@link #byData} says may change by itself shortly: the peer is heard, but has not said yet what it holds, or clears its mark. */
    boolean preparing(long peerStateNs) {
        return peerHeard && !person && (compared(peerStateNs) ? !peerNewer() && awaitsPeersMark() : awaitsPeersWord());
    }
}
