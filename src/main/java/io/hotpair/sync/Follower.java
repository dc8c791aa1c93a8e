package io.hotpair.sync;

import io.hotpair.sync.port.JournalPort;
import io.hotpair.sync.port.TaskPort;

/**
 * This board while the other leads.
 *
 * <pre>
 *            a primary of a newer term is heard
 *   ───────────────────────────────▶ COLD ──records fit, or a snapshot comes──▶ SYNCING ──granted, nothing missing──▶ HOT
 *                                     ▲                                                                             │
 *                                     └── asked to be COLD, results differ, a newer term is heard ──────────────────┘
 *   HOT is asked anew each time: granted by the newest primary heard, confirmed since this board last was out of touch with it, and nothing heard to be
 *   committed that is not held here.
 * </pre>
 */
final class Follower {
    private static final int DIFFERENCES_BORNE = 3;
    private final Replicated r;
    private final Inputs inputs;
    private final Mark mark;
    final BaseReceiver receiver;
    private final Record record = new Record();

    private long term;
    private boolean follows;
    private boolean joined;
    private boolean granted;
    private boolean confirmed;
    private long unconfirmedNs;
    private int cold;
    private boolean needsBase;
    private boolean staysCold;
    private int differences;
    private long heardTerm;
    /**
     * Newest index that the primary of that term has said to be committed, in its statements and in its heartbeats: each in the order it made
     * them.
     */
    private long statedCommit;
    private long shownCommit;
    private boolean peerAhead;
    private long fork = -1;

    Follower(Replicated r, Inputs inputs, Mark mark) {
        this.r = r;
        this.inputs = inputs;
        this.mark = mark;
        receiver = new BaseReceiver(r);
    }

    /** Term of the reign that this board follows, 0 if it follows none. */
    long term() {
        return term;
    }

    /** Whether this board's log is known to be the primary's. */
    boolean joined() {
        return joined || granted;
    }

    /** Newest index of this board's log that the primary is known to have committed, 0 if none. */
    long heardCommitted() {
        long shown = shownCommit <= r.log.last() ? shownCommit : 0; // one that asks this board to be COLD shows more than there is
        return joined() && heardTerm == term ? Math.max(statedCommit, shown) : 0;
    }

    /** Whether this board has followed a primary since it last led. */
    boolean follows() {
        return follows;
    }

    int cold() {
        return cold;
    }

    boolean needsBase() {
        return needsBase || r.taskLost();
    }

    boolean staysCold() {
        return staysCold;
    }

    /**
     * What the primary says of itself, of all statements of its present boot the newest; returns whether it is to be answered at once. Who leads is
     * the core's affair: its term may be below one in which this board has led unheard.
     */
    boolean onPrimary(State peer, int boot) {
        boolean changed = peer.term != term || peer.cold != cold || !follows;
        if (peer.term != term || !follows) {
            follow(peer.term);
        }
        cold = peer.cold;
        confirmed |= peer.peerBoot == boot && peer.echoNs - unconfirmedNs > 0;
        granted = peer.granted && peer.peerBoot == boot;
        fork = peer.peerBoot == boot ? peer.fork : -1;
        if (peer.term >= heardTerm) {
            shownCommit = peer.term > heardTerm ? 0 : shownCommit;
            statedCommit = peer.committed;
            heardTerm = peer.term;
        }
        if (joined()) {
            r.told = Math.max(r.told, peer.emitted);
            compareResults(peer);
        }
        return changed;
    }

    private void follow(long newTerm) {
        term = newTerm;
        follows = true;
        joined = false;
        granted = false;
        cold = 0;
        receiver.abandon();
        r.results.clear();
        mark.set(JournalPort.MARK_NONE, newTerm, r.log.last());
    }

    /**
     * Contact with the primary was lost and is back, or this board stood still or aside for a while: the primary may have gone on alone. What was
     * granted before is void until a statement of the primary answers one made after this; a heartbeat will not do, for it may be an old one that
     * somebody kept.
     */
    void doubt() {
        confirmed = false;
        unconfirmedNs = r.nowNs;
    }

    /** This board leads from now on. */
    void stop() {
        follows = false;
        granted = false;
        joined = false;
        receiver.abandon();
        r.results.clear(); // what the old primary did beyond this point is another history
    }

    private void compareResults(State peer) {
        r.results.peer(peer.executed, peer.result);
        checkResults();
    }

    /** Whether the two boards' results are the same as far as both are known. */
    void checkResults() {
        if (r.results.differs() != 0 && !needsBase) {
            r.counters.count(SyncCounter.DIFFERENCES);
            r.event(SyncEvent.RESULTS_DIFFER, term, r.results.differs(), r.results.agreed());
            needsBase = true;
            differences++;
            if (differences == DIFFERENCES_BORNE) {
                staysCold = true;
                r.event(SyncEvent.STAYS_COLD, term, r.log.last(), differences);
            }
        } else if (r.results.agreed() > 0 && r.results.differs() == 0 && !needsBase) {
            differences = 0;
        }
    }

    void onRecords(byte[] message, int offset, int length) {
        int at = offset + Messages.HEADER_BYTES;
        int end = offset + length;
        while (at < end) {
            if (!Record.wellFormed(message, at, end - at)) {
                r.counters.count(SyncCounter.MALFORMED);
                return;
            }
            record.wrap(message, at);
            at += record.lengthBytes();
            if (!onRecord()) {
                return;
            }
        }
    }

    /** Takes a record; returns whether the ones behind it can be taken. */
    private boolean onRecord() {
        long wanted = r.log.last() + 1;
        if (record.index() < wanted) {
            r.counters.count(SyncCounter.DUPLICATE_RECORDS);
            return true;
        }
        if (record.index() > wanted) {
            r.counters.count(SyncCounter.GAPS);
            return false;
        }
        if (!fits() || needsBase()) {
            r.counters.count(SyncCounter.BROKEN_CHAINS);
            return false;
        }
        if (r.makeRoom(record.lengthBytes()) < 0) {
            r.counters.count(SyncCounter.NO_ROOM);
            return false;
        }
        if (record.kind() == TaskPort.TICK && r.lastTick == Replicated.NO_TICK) {
            r.event(SyncEvent.TICKS_STARTED, term, record.sequence(), record.index());
        }
        r.append(record, inputs.take(record));
        r.counters.count(SyncCounter.RECORDS_TAKEN);
        joined = true;
        receiver.abandon();
        return true;
    }

    private boolean fits() {
        return record.digestBefore() == r.log.lastDigest();
    }

    /** Whether a part of a snapshot is of any use, and not of the one that came over the other network before. */
    boolean wantsBase(byte[] message, int offset) {
        return !staysCold && (needsBase() || !joined || Bytes.getLong(message, offset + 16) > r.log.last());
    }

    /** Takes a part of a snapshot that {@link #wantsBase} wants. */
    void onBase(byte[] message, int offset, int length) {
        boolean replaced = receiver.part(Bytes.getLong(message, offset + 16), Bytes.getLong(message, offset + 24),
                Bytes.getLong(message, offset + 32),
                Bytes.getLong(message, offset + 40), message, offset + Messages.BASE_HEADER_BYTES, length - Messages.BASE_HEADER_BYTES, fork, true);
        if (replaced) {
            joined = true;
            needsBase = false;
        }
    }

    /**
     * The peer's newest heartbeat, whatever role it shows. A primary shows less than before once it has this board's word, over the stream, that it
     * knows to be COLD: whatever was granted earlier has been read by then.
     */
    void onPeerIndex(boolean leads, long ofTerm, int index32) {
        long index = r.log.last() + (index32 - (int) r.log.last());
        if (!leads) {
            peerAhead = index > r.log.last();
            return;
        }
        peerAhead = false;
        if (ofTerm > heardTerm) {
            heardTerm = ofTerm;
            statedCommit = 0;
        }
        shownCommit = ofTerm == heardTerm ? index : shownCommit;
    }

    boolean hot() {
        return granted && confirmed && heardTerm == term && r.log.last() >= Math.max(statedCommit, shownCommit) && !peerAhead && !needsBase()
                && !staysCold && r.taskServes();
    }
}
