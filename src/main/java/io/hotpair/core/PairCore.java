package io.hotpair.core;

import io.hotpair.core.port.Operator;
import io.hotpair.wire.Frame;

/**
 * One board's half of the pair. The simulator, the lab and the boards run this same class through the same two calls, {@link #doWork} and
 * {@link #onFrame}, both from one thread; {@link #gateOpen} is asked by that thread at every emission, with the clock read anew.
 *
 * <p>Nothing here allocates after construction, blocks, reads a clock or throws for anything that arrives.
 */
public final class PairCore {
    /** Role changes that one cycle follows up; more are left to the next cycle. */
    private static final int STEPS_PER_CYCLE = 4;
    /** A leaving board says so for this many intervals. */
    private static final int FAREWELL_INTERVALS = 3;
    /** A leaving primary tries for this many takeover bounds to hand over first. */
    private static final int HANDOVER_BOUNDS = 6;
    private static final long NEVER = PeerView.NEVER;

    private final Board board;
    private final Group[] groups;
    private final Transmitter transmitter;
    private final Receiver receiver;
    private final boolean[] channelFresh = new boolean[CoreConfig.CHANNELS];
    private long stopDeadlineNs = NEVER;
    private long leavingSinceNs = NEVER;

    /**
     * @param bootId this boot of the board, never 0 and never used by an earlier one
     * @param startNs when this boot started (monotonic clock): its age decides who was first
     */
    public PairCore(CoreConfig config, CorePorts ports, int bootId, long startNs) {
        if (bootId == 0) {
            throw new IllegalArgumentException("boot id 0 means none");
        }
        board = new Board(config, ports, startNs);
        groups = new Group[config.groups()];
        for (int g = 0; g < groups.length; g++) {
            groups[g] = new Group(board, g);
        }
        transmitter = new Transmitter(board, groups, bootId);
        receiver = new Receiver(board, bootId, groups, transmitter);
    }

    /**
     * Takes one frame that arrived on a channel.
     *
     * @param channel 0 Ethernet A, 1 Ethernet B, 2 UART
     * @param buffer {@code buffer[offset, offset + lengthBytes)} is the frame with its seal; read during the call only
     * @param nowNs the clock when it was read
     */
    public void onFrame(int channel, byte[] buffer, int offset, int lengthBytes, long nowNs) {
        receiver.onFrame(channel, buffer, offset, lengthBytes, nowNs);
    }

    /**
     * One duty cycle. Everything that has arrived must have been handed to {@link #onFrame} before.
     *
     * @param nowNs the clock, read once for the whole cycle
     * @return when the next cycle is due at the latest; sooner whenever something arrives
     */
    public long doWork(long nowNs) {
        long lateNs = board.lateness.onCycle(nowNs);
        if (lateNs > 0) {
            board.event(EventCode.LATE, -1, 0, lateNs, nowNs);
            board.urgent = true; // the peer waits for a young echo
        }
        board.beginCycle(nowNs);
        receiver.takeEdges(nowNs);
        takeCheckpointAnswers(nowNs);
        board.terms.maintain();
        takeOrder(nowNs);
        board.lease.doWork(serving(), nowNs);
        decide(nowNs);
        board.cycled = true;
        for (Group group : groups) {
            group.updateGate(lateNs > 0, nowNs);
        }
        leave(nowNs);
        transmitter.doWork(nowNs);
        tellChannels(nowNs);
        board.ports.watchdog().feed(nowNs);
        long deadlineNs = nextDeadlineNs(nowNs);
        board.lateness.nextDeadline(deadlineNs);
        return deadlineNs;
    }

    private void decide(long nowNs) {
        for (Group group : groups) {
            for (int i = 0; i < STEPS_PER_CYCLE && group.doWork(nowNs); i++) {
                board.lease.doWork(serving(), nowNs);
            }
            group.considerHealth(nowNs);
        }
    }

    private boolean serving() {
        for (Group group : groups) {
            if (group.serving()) {
                return true;
            }
        }
        return false;
    }

    // ---- checkpoints ----

    private void takeCheckpointAnswers(long nowNs) {
        CheckpointView.Pace pace = paceOfBoth(nowNs);
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            if (board.config.has(n) && board.checkpoints[n].doWork(pace(pace, n, nowNs), nowNs)) {
                int state = board.checkpoints[n].state();
                EventCode code = state == Frame.CHECKPOINT_DOWN ? EventCode.CHECKPOINT_DOWN : EventCode.CHECKPOINT_UP;
                board.event(code, -1, 0, n, nowNs);
                board.urgent = true;
            }
        }
    }

    /** The pace that the board's state asks of both networks, {@code null} if each one's own state decides. */
    private CheckpointView.Pace paceOfBoth(long nowNs) {
        if (Group.allOut(groups)) {
            return CheckpointView.Pace.WATCHING;
        }
        if (firstMissNs() == NEVER || nowNs - firstMissNs() >= 0) {
            return board.lease.established(nowNs) && !takeoverPending() ? CheckpointView.Pace.WATCHING : CheckpointView.Pace.BURST;
        }
        return null;
    }

    /** Whether a standby would replace the silent peer, and cannot yet. */
    private boolean takeoverPending() {
        boolean standby = false;
        for (Group group : groups) {
            standby |= group.role() == Role.STANDBY;
        }
        return standby && board.config.onSilence() != OnSilence.HOLD;
    }

    private CheckpointView.Pace pace(CheckpointView.Pace ofBoth, int network, long nowNs) {
        if (ofBoth != null) {
            return ofBoth;
        }
        return board.peer.fresh(network, nowNs) ? CheckpointView.Pace.BACKGROUND : CheckpointView.Pace.DOUBTFUL;
    }

    /** The first missed interval starts a burst, so that the answer is there when the silence is complete. */
    private long firstMissNs() {
        return board.peer.firstMissNs();
    }

    // ---- orders ----

    private void takeOrder(long nowNs) {
        Operator operator = board.ports.operator();
        int order = operator.poll();
        if (order == Operator.NONE) {
            return;
        }
        EventCode answer = carryOut(order, nowNs);
        operator.answer(order, answer == EventCode.ORDER_TAKEN, answer.ordinal());
    }

    private EventCode carryOut(int order, long nowNs) {
        return switch (order) {
            case Operator.SWITCHOVER_GROUP_0 -> groups[0].orderSwitchover(nowNs);
            case Operator.SWITCHOVER_GROUP_1 -> groups.length > 1 ? groups[1].orderSwitchover(nowNs) : EventCode.WRONG_STATE;
            case Operator.HOLD -> hold(true, nowNs);
            case Operator.RELEASE -> hold(false, nowNs);
            case Operator.STOP -> stop(nowNs);
            case Operator.REPAIR_LEAD -> all(Group::orderLead, nowNs);
            case Operator.REPAIR_FAULT -> all(Group::orderRepair, nowNs);
            default -> EventCode.WRONG_STATE;
        };
    }

    private EventCode hold(boolean on, long nowNs) {
        if (board.held != on) {
            board.held = on;
            board.event(on ? EventCode.HELD : EventCode.HOLD_ENDED, -1, 0, 0, nowNs);
        }
        return EventCode.ORDER_TAKEN;
    }

    private interface GroupOrder {
        EventCode give(Group group, long nowNs);
    }

    /** Taken if any group takes it, else the first group's reason. */
    private EventCode all(GroupOrder order, long nowNs) {
        EventCode first = null;
        boolean taken = false;
        for (Group group : groups) {
            EventCode answer = order.give(group, nowNs);
            taken |= answer == EventCode.ORDER_TAKEN;
            first = first == null ? answer : first;
        }
        return taken ? EventCode.ORDER_TAKEN : first;
    }

    private EventCode stop(long nowNs) {
        if (stopDeadlineNs == NEVER) {
            stopDeadlineNs = nowNs + HANDOVER_BOUNDS * board.config.takeoverBoundNs();
        }
        return EventCode.ORDER_TAKEN;
    }

    private void leave(long nowNs) {
        if (stopDeadlineNs == NEVER || board.leaving) {
            return;
        }
        boolean handingOver = false;
        for (Group group : groups) {
            handingOver |= group.handOverBeforeLeaving(nowNs);
            handingOver |= group.intent() == Intent.RELEASED && board.peer.heardByFrames(nowNs);
        }
        if (!handingOver || nowNs - stopDeadlineNs >= 0) {
            board.leaving = true;
            board.urgent = true;
            leavingSinceNs = nowNs;
            for (Group group : groups) {
                group.leave(nowNs);
            }
        }
    }

    // ---- what changed ----

    private void tellChannels(long nowNs) {
        for (int c = 0; c < CoreConfig.CHANNELS; c++) {
            boolean fresh = board.peer.fresh(c, nowNs);
            if (fresh != channelFresh[c]) {
                channelFresh[c] = fresh;
                board.event(fresh ? EventCode.CHANNEL_BACK : EventCode.CHANNEL_LOST, -1, 0, c, nowNs);
            }
        }
        boolean there = board.peer.alive(nowNs) && !board.peer.gone();
        board.tellPeer(there, there ? EventCode.PEER_BACK : EventCode.PEER_LOST, nowNs);
    }

    private long nextDeadlineNs(long nowNs) {
        long nextNs = transmitter.nextNs(nowNs);
        nextNs = soonerIfAhead(nextNs, board.peer.silenceCompleteNs(), nowNs);
        nextNs = soonerIfAhead(nextNs, firstMissNs(), nowNs);
        nextNs = soonerIfAhead(nextNs, board.lease.quietAtNs(), nowNs);
        nextNs = soonerIfAhead(nextNs, board.peer.strangerUntilNs(), nowNs);
        nextNs = soonerIfAhead(nextNs, board.lateness.judgeNs(), nowNs);
        CheckpointView.Pace pace = paceOfBoth(nowNs);
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            if (board.config.has(n) && board.checkpoints[n].configured()) {
                nextNs = soonerIfAhead(nextNs, board.checkpoints[n].nextProbeNs(pace(pace, n, nowNs)), nowNs);
            }
        }
        return nextNs;
    }

    private static long soonerIfAhead(long nextNs, long candidateNs, long nowNs) {
        return candidateNs != NEVER && candidateNs - nowNs > 0 && candidateNs - nextNs < 0 ? candidateNs : nextNs;
    }

    /**
     * Writes the sealed frame by which the guard tells the peer that this boot is gone. To be renewed when the peer's boot or a term changes.
     *
     * @param destination takes the frame from index 0; 80 bytes are enough
     * @return its length in bytes
     */
    public int writeDead(int channel, byte[] destination, long nowNs) {
        return transmitter.writeDead(channel, destination, nowNs);
    }

    // ---- what others may ask ----

    /** Whether this board is out of every group and still getting ready to lead. */
    public boolean unready() {
        return board.preparing() && Group.allOut(groups);
    }

    /** Whether the peer says that it is out of every group: no gate is open, and no lease rests on what this board says. */
    public boolean peerOut(long nowNs) {
        boolean out = board.peer.heardByFrames(nowNs);
        for (int g = 0; g < groups.length; g++) {
            out &= board.peer.role(g).out();
        }
        return out;
    }

    /** Whether an output of the group may leave at {@code nowNs}; ask with the clock read immediately before the emission. */
    public boolean gateOpen(int group, long nowNs) {
        return groups[group].gateOpen(nowNs);
    }

    /** This board's role in the group. */
    public Role role(int group) {
        return groups[group].role();
    }

    /** The term of the group's reign as this board knows it; the own one while it leads. */
    public long term(int group) {
        return groups[group].term();
    }

    /** Where this board stands in a planned handover of the group. */
    public Intent intent(int group) {
        return groups[group].intent();
    }

    /** Whether this board holds the group's whole state. */
    public boolean inSync(int group) {
        return groups[group].inSync();
    }

    /** The board's penalty points, 0 = healthy. */
    public int penalty() {
        return board.penalty();
    }

    /** Whether this board would claim the primary role if the peer fell silent now. */
    public boolean mayLead(long nowNs) {
        return board.mayLead() && !board.waits(nowNs);
    }

    /** Whether voluntary changes are held by an operator. */
    public boolean held() {
        return board.held;
    }

    /** Whether the farewell of a stopped board has been said: the process may end. */
    public boolean stopped(long nowNs) {
        return leavingSinceNs != NEVER && nowNs - leavingSinceNs >= FAREWELL_INTERVALS * board.config.intervalNs();
    }

    /** Whether this board may count on being without its peer: away, gone, or out by its own word. A primary may then commit by itself. */
    public boolean alone(long nowNs) {
        return board.lease.withoutPeer(nowNs);
    }

    /** Whether the peer is alive: some channel fresh, and not known to be gone. */
    public boolean peerAlive(long nowNs) {
        return board.peer.alive(nowNs);
    }

    /** Boot id of the peer, 0 before it was met. */
    public int peerBootId() {
        return board.peer.bootId();
    }

    /** The role that the peer's newest statement shows. */
    public Role peerRole(int group) {
        return board.peer.role(group);
    }

    /** The term that the peer's newest statement shows. */
    public long peerTerm(int group) {
        return board.peer.term(group);
    }

    /** Whether the peer says that it holds the group's whole state. */
    public boolean peerInSync(int group) {
        return board.peer.inSync(group);
    }

    /** The peer's penalty points. */
    public int peerPenalty() {
        return board.peer.penalty();
    }

    /** Whether the channel was heard within its timeout. */
    public boolean channelFresh(int channel, long nowNs) {
        return board.peer.fresh(channel, nowNs);
    }

    /** Time since the newest own transmit time that came back on the channel, ns; -1 if none. */
    public long echoAgeNs(int channel, long nowNs) {
        long echoNs = board.peer.echoNs(channel);
        return echoNs == NEVER ? -1 : nowNs - echoNs;
    }

    /** Checkpoint state of a network: one of the CHECKPOINT constants of {@link Frame}. */
    public int checkpoint(int network) {
        return board.checkpoints[network].state();
    }

    /** Frames or edges sent on a channel. */
    public long sentFrames(int channel) {
        return transmitter.sentFrames(channel);
    }

    /** Frames that the channel did not take. */
    public long refusedFrames(int channel) {
        return transmitter.refusedFrames(channel);
    }

    /** Believed frames or edges of a channel. */
    public long receivedFrames(int channel) {
        return receiver.received(channel);
    }

    /** Frames of the peer that never arrived on a frame channel, by its sequence. */
    public long missedFrames(int channel) {
        return receiver.missed(channel);
    }

    /** What was rejected for this cause, on all channels. */
    public long rejected(Reject cause) {
        return receiver.rejected(cause);
    }
}
