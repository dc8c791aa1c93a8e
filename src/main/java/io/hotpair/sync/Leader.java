package io.hotpair.sync;

import io.hotpair.sync.port.StreamPort;
import io.hotpair.sync.port.TaskPort;
import java.util.Arrays;

/**
 * This board while it leads: begins the reign, orders inputs, brings the peer up to date and keeps it so.
 *
 * <pre>
 *   the peer:   UNKNOWN ──it holds a record of this log──▶ STREAMS
 *                  └──it does not, or its records have left the ring──▶ NEEDS_BASE ──it holds the snapshot──▶ STREAMS
 * </pre>
 */
final class Leader {
    private enum Attach { UNKNOWN, NEEDS_BASE, STREAMS }

    private static final byte[] NOTHING = new byte[0];
    private static final long RESEND_MAX_NS = 1_000_000_000;
    /** A snapshot in haste goes in portions that are so many times larger, and come so many times as often. */
    private static final int HASTE = 2;
    private final Replicated r;
    private final State peer;
    private final Inputs inputs;
    final Committer committer;
    final Emitter emitter;
    private final BaseSource base;
    private final JournalKeeper keeper;
    private final Reigns reigns = new Reigns();
    private final byte[] message = new byte[StreamPort.MESSAGE_MAX_BYTES];
    private final byte[] tickNumber = new byte[Long.BYTES];

    private long term;
    private boolean pending;
    private boolean begun;
    private boolean frozen;
    private long timeOffsetNs;
    private Attach attach = Attach.UNKNOWN;
    private final long[] cursor = new long[2];
    private final long[] basePosition = new long[2];
    private final long[] baseDueNs = new long[2];
    private long baseIndex;
    private long progressNs;
    private long progressOf;
    private long resendNs;

    Leader(Replicated r, State peer, Inputs inputs, Committer committer, Emitter emitter, BaseSource base, JournalKeeper keeper) {
        this.r = r;
        this.peer = peer;
        this.inputs = inputs;
        this.committer = committer;
        this.emitter = emitter;
        this.base = base;
        this.keeper = keeper;
        Arrays.fill(baseDueNs, r.nowNs);
    }

    long term() {
        return term;
    }

    boolean begun() {
        return begun;
    }

    boolean frozen() {
        return frozen;
    }

    void freeze(boolean on) {
        frozen = on;
    }

    /** The board leads in this term; the reign begins with its first record. */
    void lead(long newTerm) {
        term = newTerm;
        pending = true;
        begun = false;
        frozen = false;
        detach();
        r.keepsOutputs = true;
    }

    /** The board leads no more. */
    void stop() {
        pending = false;
        begun = false;
        frozen = false;
        detach();
        keeper.abandon();
        r.neededByPeer = Long.MAX_VALUE;
        r.keepsOutputs = false;
    }

    void detach() {
        attach = Attach.UNKNOWN;
        r.neededByPeer = Long.MAX_VALUE;
    }

    private void begin() {
        emitter.onReign(r.log.last() + 1);
        timeOffsetNs = r.timeNs + 1 - r.nowNs;
        if (inputs.order(term, timeOffsetNs, emitter.emitted(), TaskPort.REIGN, 0, 0, 0, 0, NOTHING, 0, 0, true)) {
            pending = false;
            begun = true;
            committer.onReign(term);
            reigns.add(term, r.log.last());
            r.event(SyncEvent.REIGN, term, r.log.last(), 0);
        }
    }

    private boolean mayOrder() {
        return begun && !frozen && !base.pausesOrdering();
    }

    /** Orders a tick, unless that or a later one was ordered before; returns whether it was. */
    boolean onTick(long tick) {
        if (!mayOrder() || !later(tick)) {
            return false;
        }
        Bytes.putLong(tickNumber, 0, tick);
        return inputs.order(term, timeOffsetNs, emitter.emitted(), TaskPort.TICK, 0, 0, tick, 0, tickNumber, 0, tickNumber.length, true);
    }

    /** Whatever a board that begins to lead believes of the number: the order of all records is what both have in common. */
    private boolean later(long tick) {
        return tick > r.lastTick;
    }

    void onForward(byte[] buffer, int offset, int length) {
        if (!mayOrder() || inputs.rejects(buffer, offset, length)) {
            r.counters.count(SyncCounter.FORWARDS_REJECTED);
        } else {
            inputs.orderForwarded(term, timeOffsetNs, emitter.emitted(), buffer, offset, length);
        }
    }

    void order() {
        if (pending) {
            begin();
        }
        if (mayOrder()) {
            inputs.order(term, timeOffsetNs, emitter.emitted());
        }
    }

    // ---- the peer ----

    /** Where the peer stands, in answer to this reign. */
    void onPeer(boolean follows) {
        if (!follows) {
            if (attach != Attach.UNKNOWN) {
                detach();
            }
            return;
        }
        boolean fits = !peer.needsBase && r.log.continues(peer.held) && fits();
        if (fits && attach != Attach.STREAMS) {
            attach = Attach.STREAMS;
            cursor[0] = peer.held + 1;
            cursor[1] = peer.held + 1;
            progress(peer.held);
            r.event(SyncEvent.PEER_STREAMS, term, peer.held, 0);
            if (base.ready() && !keeper.busy()) {
                r.counters.count(SyncCounter.BASES_SENT);
                base.release();
            }
        } else if (!fits && attach != Attach.NEEDS_BASE) {
            attach = Attach.NEEDS_BASE;
            basePosition[0] = 0;
            basePosition[1] = 0;
            progress(0);
            r.event(SyncEvent.PEER_NEEDS_BASE, term, peer.held, 0);
        }
        long now = attach == Attach.STREAMS ? peer.held : peer.baseIndex == base.index() ? peer.baseBytes : 0;
        if (now > progressOf || attach == Attach.NEEDS_BASE && now < progressOf) {
            progress(now);
        }
    }

    /** Whether the peer's log and this one are the same up to what the peer holds. */
    private boolean fits() {
        return r.log.digestAt(peer.held) == peer.heldDigest;
    }

    private void progress(long of) {
        progressOf = of;
        progressNs = r.nowNs;
        resendNs = r.config.resendAfterNs;
    }

    boolean streams() {
        return attach == Attach.STREAMS;
    }

    /** The last index that the peer has in common with this log, -1 if unknown. */
    long fork() {
        return attach == Attach.NEEDS_BASE ? reigns.fork(peer.lastTerm, peer.held) : -1;
    }

    /** A new connection: sending goes on from what the peer last said it has. */
    void onConnection(int network) {
        cursor[network] = peer.held + 1;
        basePosition[network] = peer.baseIndex == base.index() ? peer.baseBytes : 0;
    }

    /** Snapshots and what has to be sent again. */
    void doWork() {
        if (attach == Attach.STREAMS && !r.log.continues(peer.held)) {
            detach();
        }
        r.neededByPeer = attach == Attach.STREAMS && committer.needsPeer() ? peer.held + 1 : Long.MAX_VALUE;
        if (attach == Attach.NEEDS_BASE && begun) {
            sendable();
        }
        boolean owed = attach == Attach.STREAMS ? peer.held < committer.sendable() : attach == Attach.NEEDS_BASE && base.ready();
        if (!owed) {
            progressNs = r.nowNs;
        } else if (r.nowNs - progressNs >= resendNs && peer.echoNs - progressNs > resendNs / 2) {
            again(); // the peer has heard what was said after it, and does not have it: one that is only slow is not sent more
        }
    }

    /** A snapshot whose records behind it have left the ring is of no use any more. */
    private void sendable() {
        if (base.ready() && !keeper.busy() && !r.log.continues(base.index())) {
            base.release();
        }
        base.want();
    }

    private void again() {
        for (int n = 0; n < 2; n++) {
            cursor[n] = Math.min(cursor[n], peer.held + 1);
            basePosition[n] = Math.min(basePosition[n], peer.baseIndex == base.index() ? peer.baseBytes : 0);
        }
        progressNs = r.nowNs;
        resendNs = Math.min(2 * resendNs, RESEND_MAX_NS);
        r.counters.count(SyncCounter.RESENDS);
    }

    /** Sends what the peer lacks over one network, within the bounds of a cycle. Returns whether all was taken. */
    boolean send(int network, StreamPort stream, int boot) {
        return switch (attach) {
            case STREAMS -> sendRecords(network, stream, boot);
            case NEEDS_BASE -> !base.mayShare(Math.min(committer.committed(), committer.sendable()), emitter.emitted())
                    || sendBase(network, stream, boot);
            case UNKNOWN -> true;
        };
    }

    private boolean sendRecords(int network, StreamPort stream, int boot) {
        long last = committer.sendable();
        for (int i = 0; i < r.config.messagesPerCycle && cursor[network] <= last; i++) {
            if (!r.log.holds(cursor[network])) {
                cursor[network] = Math.max(peer.held + 1, r.log.first());
            }
            Messages.header(message, Messages.RECORDS, r.config.group, boot, term);
            int length = Messages.HEADER_BYTES;
            long next = cursor[network];
            while (next <= last && r.log.holds(next) && length + r.log.lengthBytes(next) <= message.length) {
                System.arraycopy(r.log.buffer(), r.log.offset(next), message, length, r.log.lengthBytes(next));
                length += r.log.lengthBytes(next);
                next++;
            }
            if (!stream.offer(network, message, 0, length)) {
                return false;
            }
            cursor[network] = next;
        }
        return true;
    }

    /** Whether the peer waits for a snapshot. */
    boolean peerNeedsBase() {
        return attach == Attach.NEEDS_BASE;
    }

    private boolean sendBase(int network, StreamPort stream, int boot) {
        if (base.index() != baseIndex) { // another one than before, to be sent from its beginning
            baseIndex = base.index();
            basePosition[0] = 0;
            basePosition[1] = 0;
            progress(0);
        }
        if (r.nowNs - baseDueNs[network] >= 0) {
            int faster = inHaste(network) ? HASTE : 1;
            baseDueNs[network] = r.nowNs + r.config.baseSendEveryNs / faster;
            sendParts(network, basePosition[network] + faster * r.config.baseSendBytes, stream, boot);
        }
        return basePosition[network] >= base.totalBytes();
    }

    /** Whether the records behind the snapshot have taken more than half of what they may in the time that was needed so far. */
    private boolean inHaste(int network) {
        return 2L * r.log.takenBehind(base.index()) * base.totalBytes() > 1000L * basePosition[network];
    }

    private void sendParts(int network, long end, StreamPort stream, int boot) {
        while (basePosition[network] < base.totalBytes() && basePosition[network] < end) {
            long position = basePosition[network];
            int length = base.partBytes(position);
            Messages.header(message, Messages.BASE, r.config.group, boot, term);
            Bytes.putLong(message, 16, base.index());
            Bytes.putLong(message, 24, base.totalBytes());
            Bytes.putLong(message, 32, position);
            Bytes.putLong(message, 40, base.digestThrough(position));
            base.copy(position, message, Messages.BASE_HEADER_BYTES);
            if (!stream.offer(network, message, 0, Messages.BASE_HEADER_BYTES + length)) {
                return;
            }
            basePosition[network] = position + length;
        }
    }
}
