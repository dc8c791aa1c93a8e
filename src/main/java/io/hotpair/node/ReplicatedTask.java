package io.hotpair.node;

import io.hotpair.core.PairCore;
import io.hotpair.core.Role;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.port.GroupOutputs;
import io.hotpair.drivers.port.InputDriver;
import io.hotpair.drivers.port.OutputDriver;
import io.hotpair.sync.GroupSync;
import io.hotpair.sync.SyncConfig;
import io.hotpair.sync.SyncCounter;
import io.hotpair.sync.port.JournalPort;
import io.hotpair.sync.port.SyncEvents;
import io.hotpair.sync.stream.StreamReceiver;
import io.hotpair.sync.stream.StreamService;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A user's task, run in step on both boards: the duty cycle's side of it.
 *
 * <pre>
 *   sockets ──▶ GroupSync.onInput ┐                       ┌──▶ task, journal, stream
 *   stream  ──▶ GroupSync.onMessage ┼─▶ core ─▶ GroupSync ┤
 *                                 ┘   (role, gate)        └──▶ GroupOutputs: the gate, the drivers
 * </pre>
 *
 * <p>A board that is still rehearsing says where it stands, and takes no inputs and no records: code that is not compiled could not keep up with a
 * load, the peer would send it one snapshot after the other, and the rehearsal would lack the processor that all this takes.
 */
final class ReplicatedTask implements Workload, StreamReceiver {
    private static final int GROUP = 0;
    /** Inputs taken from a port in a cycle: what its intake of copies holds, so that a flood on one port leaves the cycle short. */
    private static final int INPUTS_PER_CYCLE = 1024;
    private static final int NOT_WATCHED = -1;

    /**
     * What it is put together from.
     *
     * @param inputs by port number
     * @param outputs by port number
     * @param bootId of this boot of the board
     * @param sameConfiguration whether this boot of the peer is known to run the same; must only look
     * @param ready when it takes part
     * @param ticks what the task is to execute at regular intervals
     */
    record Parts(SyncConfig config, HostedTask task, StreamService stream, JournalPort journal, List<? extends InputDriver> inputs,
            List<? extends OutputDriver> outputs, SyncEvents events, int bootId, IntPredicate sameConfiguration, Readiness ready,
            TickFeed ticks) {}

    /** When this board is ready to take part. */
    interface Readiness {
        /**
         * Asked until it is true once; must only look.
         *
         * @param peerLeads whether the peer is heard and leads, so that it can do without this board for a while
         */
        boolean test(boolean peerLeads);
    }


    private final GroupSync sync;
    private final HostedTask task;
    private final StreamService stream;
    private final InputDriver[] inputs;
    private final int[] inputIndex;
    private final GroupOutputs outputs;
    private final IntPredicate sameConfiguration;
    private final Readiness ready;
    private final TickFeed ticks;
    private final byte[] input = new byte[InputDriver.PAYLOAD_MAX_BYTES];
    private final InputPace pace;
    private final NumberedStream.Clock clock;
    private SyncCounters counters;
    private Poller poller;
    private PairCore core;
    private long nowNs;
    private boolean more;
    private boolean moreMessages;
    private boolean looked;
    private boolean watched;
    private boolean takesPart;
    private volatile boolean stopping;
    private boolean stopTold;

    /** @param clock read anew for every output */
    ReplicatedTask(Parts parts, NumberedStream.Clock clock) {
        this.clock = clock;
        pace = new InputPace(clock.nowNs());
        task = parts.task();
        stream = parts.stream();
        inputs = parts.inputs().toArray(new InputDriver[0]);
        inputIndex = new int[inputs.length];
        sameConfiguration = parts.sameConfiguration();
        ready = parts.ready();
        ticks = parts.ticks();
        outputs = new GroupOutputs(this::gateOpen, clock::nowNs, this::term, parts.outputs());
        sync = new GroupSync(ticks.configure(parts.config()), stream, task.port(), parts.journal(), outputs, parts.events(), parts.bootId(),
                clock.nowNs());
    }

    private boolean gateOpen(long atNs) {
        return core.gateOpen(GROUP, atNs);
    }

    private long term() {
        return core.term(GROUP);
    }

    @Override
    public void attach(PairCore core) {
        this.core = core;
    }

    /** Where its figures are published; nowhere unless set. */
    void publishIn(SyncCounters counters) {
        this.counters = counters;
    }

    GroupSync sync() {
        return sync;
    }

    @Override
    public int descriptors() {
        return inputs.length + task.descriptors() + stream.descriptors() + ticks.descriptors();
    }

    @Override
    public void watch(Poller poller) {
        this.poller = poller;
        for (int i = 0; i < inputs.length; i++) {
            inputIndex[i] = inputs[i].fd() < 0 ? NOT_WATCHED : poller.add(NOT_WATCHED);
        }
        task.watch(poller);
        stream.watch(poller);
        ticks.watch(poller);
    }

    private boolean takesPart() {
        if (!takesPart && ready.test(core.peerAlive(nowNs) && core.peerRole(GROUP) == Role.PRIMARY)) {
            takesPart = true;
            wakeByInputs(true);
            sync.ready(true);
        }
        return takesPart;
    }

    private void wakeByInputs(boolean on) {
        if (watched != on) {
            watched = on;
            for (int i = 0; i < inputs.length; i++) {
                if (inputIndex[i] != NOT_WATCHED) {
                    poller.set(inputIndex[i], on ? inputs[i].fd() : NOT_WATCHED);
                }
            }
        }
    }

    @Override
    public void receive(long nowNs) {
        this.nowNs = nowNs;
        more = false;
        task.look(nowNs);
        ticks.receive(sync, nowNs);
        boolean open = takesPart();
        sync.ready(open);
        looked = pace.due(nowNs);
        if (looked && open) {
            pace.onInputs(drain(watched), nowNs);
        }
        moreMessages = stream.receive(this, true, nowNs);
    }

    /** @param onlyReady only ports that woke this board, not all */
    private int drain(boolean onlyReady) {
        int taken = 0;
        for (int port = 0; port < inputs.length; port++) {
            if (!onlyReady || inputIndex[port] == NOT_WATCHED || poller.ready(inputIndex[port])) {
                taken += drain(port, inputs[port]);
            }
        }
        return taken;
    }

    private int drain(int port, InputDriver from) {
        for (int i = 0; i < INPUTS_PER_CYCLE; i++) {
            int lengthBytes = from.receive(input, 0);
            if (lengthBytes < 0) {
                return i;
            }
            sync.onInput(port, from.source(), from.numbered() ? from.sequence() : GroupSync.NO_SEQUENCE, input, 0, lengthBytes, from.arrivedNs(),
                    nowNs);
        }
        more = true;
        return INPUTS_PER_CYCLE;
    }

    @Override
    public void onMessage(int network, byte[] buffer, int offset, int lengthBytes) {
        sync.onMessage(network, buffer, offset, lengthBytes, nowNs);
    }

    @Override
    public long doWork(long nowNs) {
        sync.alone(core.alone(nowNs));
        sync.peerHeard(core.peerAlive(nowNs));
        sync.compatible(sameConfiguration.test(core.peerBootId()));
        if (stopping && !stopTold) {
            stopTold = true;
            sync.stopping(true);
        }
        long syncNs = sync.doWork(nowNs);
        moreMessages |= stream.flush(nowNs);
        long outputsNs = outputs.doWork(nowNs);
        long dueNs = outputsNs != Long.MAX_VALUE && outputsNs - syncNs < 0 ? outputsNs : syncNs;
        // A standby has nothing to do with an input before the primary has ordered it: it reads them when it is awake anyway.
        wakeByInputs(takesPart && !pace.paced() && core.role(GROUP) == Role.PRIMARY);
        if (pace.paced() && looked) {
            pace.onWorked(nowNs, clock.nowNs());
        }
        if (moreMessages) {
            return nowNs;
        }
        if (pace.paced()) {
            return pace.dueNs() - dueNs < 0 ? pace.dueNs() : dueNs;
        }
        return more || !task.mayNodeSleep() ? nowNs : dueNs;
    }

    /** What waits for the gate leaves in the same cycle, with everything else. */
    @Override
    public void onGateOpen(int group, long nowNs) { }

    @Override
    public long emitted(int group) {
        return sync.counter(SyncCounter.EMITTED);
    }

    @Override
    public boolean mayLead() {
        return takesPart() && sync.mayLead();
    }

    @Override
    public boolean preparing() {
        return !takesPart() || sync.preparing();
    }

    @Override
    public int penalty() {
        return task.penalty();
    }

    @Override
    public void lead(boolean ordered) {
        sync.lead(ordered);
    }

    @Override
    public void stopping() {
        stopping = true;
    }

    @Override
    public void publish(long nowNs) {
        if (counters != null) {
            counters.publish(sync, task, stream, inputs);
        }
        ticks.publish(sync.ticks());
    }

    // ---- the core's

    @Override
    public long commitIndex(int group) {
        return sync.commitIndex(group);
    }

    @Override
    public boolean hot(int group) {
        return sync.hot(group);
    }

    @Override
    public void onPeerCommitIndex(int group, boolean peerIsPrimary, long term, int peerIndex) {
        sync.onPeerCommitIndex(group, peerIsPrimary, term, peerIndex);
    }

    @Override
    public void onPeerCold(int group, long heardNs) {
        sync.onPeerCold(group, heardNs);
    }

    @Override
    public void freeze(int group, boolean on) {
        sync.freeze(group, on);
    }

    @Override
    public boolean drained(int group) {
        return sync.drained(group);
    }

    @Override
    public void onRole(int group, boolean primary, long term) {
        sync.onRole(group, primary, term);
    }
}
