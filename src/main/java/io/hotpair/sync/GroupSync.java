package io.hotpair.sync;

import io.hotpair.core.port.Replica;
import io.hotpair.sync.port.JournalPort;
import io.hotpair.sync.port.OutputPort;
import io.hotpair.sync.port.StreamPort;
import io.hotpair.sync.port.SyncEvents;
import io.hotpair.sync.port.TaskPort;

/**
 * The replication of one group on one board: the same inputs in the same order to the task on both, and outputs from one of them.
 *
 * <pre>
 *   inputs ──▶ Inputs ──ordered──▶ Replicated: log, task, journal ──▶ Outputs ──released──▶ Emitter
 *                │                    │    ▲                                      ▲
 *                │ forwarded          ▼    │                                      │
 *                └────────────▶ stream to and from the peer ──held by it──▶ Committer
 *
 *   RECOVERING ──journal read──▶ FOLLOWER ──the core's role: primary──▶ LEADER
 *                                    ▲─────────any other role────────────┘
 * </pre>
 *
 * Called by the duty-cycle thread only. Nothing here allocates after construction, blocks, reads a clock or throws for anything that arrives.
 */
public final class GroupSync implements Replica {
    /** Sequence of an input whose source does not number them. */
    public static final long NO_SEQUENCE = -1;
    private static final int NETWORKS = 2;
    /** What was refused is offered again after this. */
    private static final long AGAIN_NS = 500_000;

    private final SyncConfig config;
    private final StreamPort stream;
    private final Replicated r;
    private final Inputs inputs;
    private final Mark mark;
    private final Recovery recovery;
    private final BaseSource base;
    private final JournalKeeper keeper;
    private final Leader leader;
    private final Committer committer;
    private final Emitter emitter;
    private final Follower follower;
    private final LeadRight right;
    private final Ticks ticks;
    private final State own = new State();
    private final State peer = new State();
    private final byte[] message = new byte[StreamPort.MESSAGE_MAX_BYTES];
    private final int boot;
    private final long[] connection = new long[NETWORKS];
    private final boolean[] statePending = new boolean[NETWORKS];

    private boolean leads;
    private boolean alone;
    private boolean peerHeard;
    private boolean compatible = true;
    private boolean stopping;
    private boolean ready = true;
    private long sequence;
    private long cycleNs;
    /** When this board, leading, found last that it had stood still. */
    private long doubtNs;
    private long peerStateNs;
    private long nextStateNs;
    private long toldHeld = -1;
    private long toldDurable = -1;
    private long toldControl = -1;

    /**
     * @param boot this boot of the board, not 0 and never used by an earlier one
     * @param nowNs monotonic clock
     */
    public GroupSync(SyncConfig config, StreamPort stream, TaskPort task, JournalPort journal, OutputPort output, SyncEvents events, int boot,
            long nowNs) {
        this.config = config.conclude();
        this.stream = stream;
        this.boot = boot;
        r = new Replicated(config, task, journal, events, nowNs);
        inputs = new Inputs(r);
        mark = new Mark(journal);
        follower = new Follower(r, inputs, mark);
        recovery = new Recovery(r, follower.receiver);
        committer = new Committer(r, peer, mark);
        emitter = new Emitter(r, output);
        base = new BaseSource(r);
        keeper = new JournalKeeper(r, base);
        leader = new Leader(r, peer, inputs, committer, emitter, base, keeper);
        right = new LeadRight(r, peer, mark);
        ticks = new Ticks(r, boot);
        nextStateNs = nowNs;
        peerStateNs = nowNs;
        cycleNs = nowNs;
        doubtNs = nowNs;
    }

    // ---- what arrives ----

    /**
     * An input, as this board received it; both boards receive every input.
     *
     * @param port input port, 0 to 255
     * @param source who sent it
     * @param sequence the source's own number of it, 0 or more, or {@link #NO_SEQUENCE}
     * @param length at most 1400 bytes
     * @param arrivedNs when the kernel received it: what waited over a pause is as old as it is
     */
    public void onInput(int port, long source, long sequence, byte[] buffer, int offset, int length, long arrivedNs, long nowNs) {
        r.nowNs = nowNs;
        inputs.onInput(port, source, sequence, buffer, offset, length, arrivedNs);
    }

    /**
     * An edge of the sync line, which both boards see, in the order in which they were; only where ticks of a line are configured. Of which tick it
     * is this board finds out, and the primary orders the tick.
     *
     * @param edgeNs when it was, monotonic clock
     */
    public void onEdge(long edgeNs, long nowNs) {
        r.nowNs = nowNs;
        ticks.onEdge(edgeNs);
    }

    /** An authenticated message of the peer; of another group it is ignored. */
    public void onMessage(int network, byte[] buffer, int offset, int length, long nowNs) {
        r.nowNs = nowNs;
        if (!Messages.wellFormed(buffer, offset, length)) {
            r.counters.count(SyncCounter.MALFORMED);
        } else if (Messages.group(buffer, offset) == config.group && recovery.over()) {
            if (Messages.type(buffer, offset) == Messages.STATE) {
                onState(buffer, offset);
            } else {
                onData(buffer, offset, length);
            }
        }
    }

    private void onState(byte[] buffer, int offset) {
        boolean newBoot = Messages.boot(buffer, offset) != peer.boot;
        if (!newBoot && State.sequence(buffer, offset) <= peer.sequence) {
            return; // over the slower network
        }
        peer.read(buffer, offset);
        peerStateNs = r.nowNs;
        right.onPeer(leads);
        if (newBoot) {
            leader.detach();
            stateToAll();
        }
        onStanding();
        ticks.onPeer(peer, leads, follower.follows());
    }

    /** Where the peer stands, by its newest statement. */
    private void onStanding() {
        if (leads) {
            if (committer.granted() && !peer.hot) {
                stateToAll(); // it may wait for an answer
            }
            leader.onPeer(peer.term == leader.term() && peer.peerBoot == boot && !peer.leads && peer.recovered && peer.ready && leader.begun());
            if (leader.streams() && peer.echoNs - doubtNs >= 0) {
                committer.followed();
            }
        } else if (peer.leads) {
            if (follower.onPrimary(peer, boot)) {
                right.decided();
                stateToAll();
            }
            ticks.hear(peer);
        }
    }

    private void onData(byte[] buffer, int offset, int length) {
        if (!ready) {
            return;
        }
        int type = Messages.type(buffer, offset);
        long reign = leads ? leader.term() : follower.term();
        if (Messages.boot(buffer, offset) != peer.boot || Messages.term(buffer, offset) != reign || leads != (type == Messages.FORWARD)) {
            r.counters.count(SyncCounter.FOREIGN_TERMS);
            return;
        }
        switch (type) {
            case Messages.RECORDS -> follower.onRecords(buffer, offset, length);
            case Messages.BASE -> onBase(buffer, offset, length);
            default -> leader.onForward(buffer, offset, length);
        }
    }

    private void onBase(byte[] buffer, int offset, int length) {
        if (follower.wantsBase(buffer, offset)) {
            keeper.abandon(); // to load a state ends the snapshot that may be on its way into the journal
            follower.onBase(buffer, offset, length);
        }
    }

    // ---- the core ----

    @Override
    public long commitIndex(int group) {
        return leads && leader.begun() ? committer.shown() : spokenFor();
    }

    /** Who led last and has not followed since speaks for what may have left, not for what it has beyond that. */
    private long spokenFor() {
        return leads || leader.term() != 0 && !follower.follows() ? committer.committed() : r.log.last();
    }

    @Override
    public boolean hot(int group) {
        return !leads && compatible && recovery.over() && follower.hot();
    }

    @Override
    public void onPeerCommitIndex(int group, boolean peerIsPrimary, long term, int peerIndex) {
        if (!leads) {
            follower.onPeerIndex(peerIsPrimary, term, peerIndex);
            right.onPeerIndex(peerIsPrimary, term, peerIndex);
        }
    }

    @Override
    public void onPeerCold(int group, long heardNs) {
        if (leads && leader.begun()) {
            committer.onPeerCold(heardNs);
        }
    }

    @Override
    public void freeze(int group, boolean on) {
        leader.freeze(on);
        stateToAll();
    }

    @Override
    public boolean drained(int group) {
        return leads && leader.begun() && committer.committed() == r.log.last() && r.task.executedIndex() == r.log.last()
                && r.outputs.isEmpty() && !r.task.outputWaits() && peer.held == r.log.last() && peer.emitted == emitter.emitted();
    }

    @Override
    public void onRole(int group, boolean primary, long term) {
        if (primary && (!leads || term != leader.term())) {
            committer.inherit(leader.term() != 0 && !follower.follows() ? committer.committed() : follower.heardCommitted());
            ticks.lead(follower.follows() ? follower.term() : 0);
            follower.stop();
            leader.lead(term);
            right.decided();
            leads = true;
        } else if (!primary && leads) {
            leader.stop();
            leads = false;
        }
        follower.doubt();
        stateToAll();
    }

    /** Whether the core's rule (b) holds, or the peer is known to be gone. */
    public void alone(boolean on) {
        alone = on;
    }

    /** Whether the peer is heard on any channel. */
    public void peerHeard(boolean on) {
        if (on && !peerHeard) {
            follower.doubt();
            stateToAll();
        }
        peerHeard = on;
        right.peerHeard(on);
    }

    /** Whether the peer runs the same configuration and version: one that does not is not made HOT. */
    public void compatible(boolean on) {
        compatible = on;
    }

    /**
     * A person said that this board shall lead with the data that it has, or that order was refused. It is good for the one decision: void once this
     * board leads, or follows a primary.
     */
    public void lead(boolean ordered) {
        right.person(ordered && !leads);
    }

    /**
     * Whether this board takes records and snapshots; true from the start. One that does not says where it stands all the same, so that its peer
     * knows it to be COLD and waits for nothing, and who may lead can be told. Inputs are not to be handed in meanwhile.
     */
    public void ready(boolean on) {
        ready = on;
    }

    /** This board stops on purpose. */
    public void stopping(boolean on) {
        stopping = on;
        stateToAll();
    }

    /** Whether this board's data lets it lead: see {@link io.hotpair.core.port.Fitness#mayLead}. */
    public boolean mayLead() {
        return recovery.over() && (leads || hot(config.group) || right.byData(peerStateNs));
    }

    /** Whether {@link #mayLead} may come true by itself shortly. */
    public boolean preparing() {
        return !recovery.over() || !leads && right.preparing(peerStateNs);
    }

    // ---- the cycle ----

    /**
     * One cycle; everything that has arrived must have been handed in before, and the core have had its own. Returns when the next is due at the
     * latest.
     */
    public long doWork(long nowNs) {
        r.nowNs = nowNs;
        if (leads && leader.begun() && nowNs - cycleNs >= config.silenceNs) {
            emitter.doubt(r.log.last());
            committer.doubt();
            doubtNs = nowNs;
            stateToAll();
        } else if (!leads && nowNs - cycleNs >= config.silenceNs / 2) {
            follower.doubt(); // who was not heard for long enough may have been given up by the primary
            stateToAll();
        }
        cycleNs = nowNs;
        ticks.doWork(leads ? leader.term() : follower.term());
        if (!recovery.over()) {
            recover();
            return nowNs + AGAIN_NS;
        }
        r.journalBusy = keeper.busy() || follower.receiver.storing();
        boolean all = true;
        connections();
        if (leads) {
            ticks.order(leader, peer, committer.granted());
            leader.order();
            r.pump();
            serve();
        } else {
            all = forward();
            r.pump();
            follower.checkResults();
            emitter.forgetTold();
            keepJournal();
        }
        all &= send();
        return nextNs(all);
    }

    private void recover() {
        recovery.doWork();
        r.pump();
        emitter.forgetTold();
        if (recovery.over()) {
            mark.recovered();
        }
    }

    private void serve() {
        leader.doWork();
        if (leader.begun()) {
            boolean usable = compatible && peer.recovered && peer.ready && !peer.needsBase && peer.unmarked();
            committer.doWork(alone, leader.streams(), usable);
            emitter.emit(committer.released());
            keeper.doWork(leader.peerNeedsBase(), committer.committed(), emitter.emitted(), leader.term());
            stopTogether();
        }
    }

    /** A standby has its own journal to keep, as long as no state of the primary is on its way. */
    private void keepJournal() {
        if (follower.receiver.index() != 0 || !follower.joined()) {
            keeper.abandon();
        } else {
            keeper.doWork(false, follower.heardCommitted(), r.told, follower.term());
        }
    }

    /** Both stop and hold the same: either may lead next time. */
    private void stopTogether() {
        if (stopping && peer.stops && leader.streams() && peer.held == r.log.last() && committer.committed() == r.log.last()) {
            mark.set(JournalPort.MARK_CLEAN, leader.term(), r.log.last());
        }
    }

    private boolean forward() {
        if (!follower.joined() || peer.boot == 0 || r.log.last() < peer.held) {
            inputs.nextToForward(); // only forgets what is done with
            return true;
        }
        for (int copy = inputs.nextToForward(); copy != Copies.NONE; copy = inputs.nextToForward()) {
            if (r.copies.arrivedNs[copy] - peer.echoNs >= 0) {
                return true; // its record may be on the way: a standby that is behind would forward everything, and be behind for it
            }
            Messages.header(message, Messages.FORWARD, config.group, boot, follower.term());
            int length = inputs.write(copy, message, peer.sentNs);
            boolean taken = false;
            for (int n = 0; n < NETWORKS; n++) {
                taken |= connection[n] != 0 && stream.offer(n, message, 0, length);
            }
            if (!taken) {
                return false;
            }
            r.copies.onForwarded(copy, r.nowNs);
            r.counters.count(SyncCounter.FORWARDED);
        }
        return true;
    }

    private long nextNs(boolean all) {
        boolean behind = !all || r.offered < r.log.last() || r.journaled < r.log.last() || emitter.refused() || leads && base.pausesOrdering()
                || leads && (!leader.begun() || r.copies.size() > 0);
        long usualNs = Math.min(nextStateNs, ticks.dueNs());
        long nextNs = behind ? Math.min(usualNs, r.nowNs + AGAIN_NS) : usualNs;
        return leads || !follower.joined() ? nextNs : Math.min(nextNs, Math.max(r.nowNs + AGAIN_NS, inputs.dueNs()));
    }

    // ---- the stream ----

    private void connections() {
        for (int n = 0; n < NETWORKS; n++) {
            long now = stream.connection(n);
            if (now != connection[n]) {
                connection[n] = now;
                statePending[n] = now != 0;
                leader.onConnection(n);
            }
        }
    }

    private void stateToAll() {
        statePending[0] = true;
        statePending[1] = true;
    }

    private boolean send() {
        long durable = r.durable();
        long control = control();
        boolean acknowledges = !leads && (r.log.last() != toldHeld || config.commit == Commit.DURABLE && durable != toldDurable);
        if (acknowledges || control != toldControl || r.nowNs - nextStateNs >= 0) {
            stateToAll();
            nextStateNs = r.nowNs + config.stateEveryNs;
        }
        boolean all = true;
        if (connection[0] != 0 && statePending[0] || connection[1] != 0 && statePending[1]) {
            toldHeld = r.log.last();
            toldDurable = durable;
            toldControl = control;
            describe();
        }
        for (int n = 0; n < NETWORKS; n++) {
            if (connection[n] == 0) {
                continue;
            }
            // no record overtakes a statement: a standby that was asked to be COLD knows it before it gets another record
            boolean told = !statePending[n] || sendState(n);
            all &= told && (!leads || leader.send(n, stream, boot));
        }
        return all;
    }

    /** A number that changes whenever something is said that must not wait. */
    private long control() {
        long flags = (committer.granted() ? 1 : 0) | (leads ? 2 : 0) | (hot(config.group) ? 4 : 0)
                | (follower.needsBase() ? 8 : 0) | mark.value() << 4
                | (mark.onDisk() ? 64 : 0) | (stopping ? 128 : 0) | (ready ? 256 : 0);
        long counts = leads ? committer.cold() : follower.cold();
        long emitted = leads ? leader.frozen() ? emitter.emitted() : 0 : r.told;
        long bases = leads ? leader.fork() : follower.receiver.received();
        return Digest64.mix(Digest64.mix(Digest64.mix(flags, counts), bases), emitted ^ ticks.startTick());
    }

    private boolean sendState(int network) {
        own.write(message, config.group);
        if (!stream.offer(network, message, 0, State.LENGTH_BYTES)) {
            return false;
        }
        statePending[network] = false;
        return true;
    }

    private void describe() {
        own.boot = boot;
        own.sequence = ++sequence;
        own.sentNs = r.nowNs;
        own.echoNs = peer.sentNs;
        own.echoAgeNs = r.nowNs - peerStateNs;
        own.peerBoot = peer.boot;
        own.term = leads ? leader.term() : follower.term();
        own.leads = leads && leader.begun();
        own.granted = leads && committer.granted();
        own.hot = hot(config.group);
        own.needsBase = !leads && follower.needsBase();
        own.recovered = true;
        own.journal = r.journal.durable();
        own.stops = stopping;
        own.ready = ready;
        own.mark = mark.value();
        own.markDurable = mark.onDisk();
        own.lastTerm = r.log.lastTerm();
        own.held = r.log.last();
        own.heldDigest = r.log.lastDigest();
        own.durable = r.durable();
        own.executed = r.task.executedIndex();
        own.result = r.task.digest();
        own.emitted = leads ? emitter.emitted() : r.told;
        own.committed = spokenFor();
        own.cold = leads ? committer.cold() : follower.cold();
        own.baseIndex = follower.receiver.index();
        own.baseBytes = follower.receiver.received();
        own.fork = leads ? leader.fork() : -1;
        ticks.describe(own);
    }

    // ---- what a node shows ----

    /** How often something happened. */
    public long counter(SyncCounter counter) {
        return counter == SyncCounter.FORGOTTEN_SOURCES ? r.sources.forgotten() : r.counters.get(counter);
    }

    /** The ticks of the common clock, as this board has them. */
    public Ticks ticks() {
        return ticks;
    }

    /** Newest index in the log. */
    public long heldIndex() {
        return r.log.last();
    }

    /** Whether the standby of this primary is HOT as far as it has been granted that. */
    public boolean granted() {
        return leads && committer.granted();
    }

    /** Whether this standby's log is known to be the primary's, so that it is being brought into step if it is not HOT yet. */
    public boolean joined() {
        return !leads && follower.joined();
    }

    /** Newest index that the peer has said it holds. */
    public long peerHeldIndex() {
        return peer.held;
    }

    /** Whether this board's and its peer's results differed too often: it stays COLD until it is started anew. */
    public boolean staysCold() {
        return follower.staysCold();
    }
}
