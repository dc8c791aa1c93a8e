package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.CorePorts;
import io.hotpair.core.PairCore;
import io.hotpair.core.Role;
import io.hotpair.core.port.Checkpoint;
import io.hotpair.core.port.Fitness;
import io.hotpair.core.port.FrameChannel;
import io.hotpair.core.port.IdentityPort;
import io.hotpair.core.port.PulseChannel;
import io.hotpair.core.port.TermStore;
import io.hotpair.drivers.ethernet.UdpChannel;
import io.hotpair.drivers.guard.Guard;
import io.hotpair.drivers.linux.EventFd;
import io.hotpair.drivers.linux.NativeHmacSeal;
import io.hotpair.node.order.Mailbox;
import io.hotpair.node.status.CountersFile;
import io.hotpair.wire.Crc32cSeal;
import io.hotpair.wire.Frame;
import io.hotpair.wire.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.SingleWriterRecorder;

/** One of the two boards of a {@link Rehearsal}: a node without threads, guard process, disk and network. */
final class RehearsalBoard implements AutoCloseable, Checkpoint, TermStore, Fitness, PulseChannel {
    private static final int FRAME_BYTES = 2048;
    private static final int LAST_WORD_BYTES = 80;

    /** What a board runs in place of the numbered stream. */
    interface Workloads {
        /**
         * A board starts.
         *
         * @param plant where outputs go
         * @param closing takes what ends with this start
         */
        ReplicatedTask boot(int board, int bootId, UdpChannel plant, Resources closing);
    }

    private final CoreConfig config;
    private final byte[] key;
    private final Path folder;
    private final NumberedStream.Clock clock;
    private final Resources resources = new Resources();
    private final EventFd wake;
    private final Guard guard;
    private final CountersFile counters;
    private final NodeCounters nodeCounters;
    private final Orders orders;
    private final FrameChannel[] frames = new FrameChannel[CoreConfig.FRAME_CHANNELS];
    private final int[] guardIndex = new int[CoreConfig.FRAME_CHANNELS];
    private final List<DutyCycle.Source> sources = new ArrayList<>();
    private final UdpChannel plant;
    private final UdpChannel plantInlet;
    private final byte[] output = new byte[FRAME_BYTES];
    private final SingleWriterRecorder lateness = DutyCycle.newLatenessRecorder();
    private RehearsalBoard peer;
    private DutyCycle dutyCycle;
    private PairCore core;
    private Workload workload;
    private Workloads task;
    private Resources boot = new Resources();
    private long dueNs;
    private long edgeNs = NO_EDGE;
    private long probedNs = NEVER;
    private boolean signalled;
    private long reserved;

    RehearsalBoard(CoreConfig config, byte[] key, Path folder, NumberedStream.Clock clock) throws IOException {
        this.config = config;
        this.key = key;
        this.folder = Files.createDirectories(folder);
        this.clock = clock;
        try {
            wake = resources.add(new EventFd());
            guard = resources.add(new Guard(folder.resolve("guard")));
            Files.deleteIfExists(folder.resolve("counters"));
            counters = resources.add(CountersFile.create(folder.resolve("counters"),
                    new CountersFile.Owner("rehearsal", config.board(), 1, "", clock.nowNs())));
            orders = new Orders(new Mailbox(), ordered -> { }, ordered -> { });
            nodeCounters = new NodeCounters(counters, config);
            counters.seal();
            UdpChannel[] ends = UdpChannel.pair();
            plant = resources.add(ends[0]);
            plantInlet = resources.add(ends[1]);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Joins the two boards by every channel of their configuration. */
    void connect(RehearsalBoard other) throws IOException {
        peer = other;
        other.peer = this;
        for (int c = 0; c < CoreConfig.FRAME_CHANNELS; c++) {
            guardIndex[c] = -1;
            other.guardIndex[c] = -1;
            if (config.has(c)) {
                UdpChannel[] ends = UdpChannel.pair();
                attach(c, ends[0]);
                other.attach(c, ends[1]);
            }
        }
    }

    private void attach(int channel, UdpChannel end) {
        frames[channel] = resources.add(end);
        sources.add(new DutyCycle.Source(channel, new UdpInbox(end), end.fd()));
        guardIndex[channel] = guard.addSocket(end.fd());
    }

    /** Runs a replicated task instead of the numbered stream. */
    void run(Workloads task) {
        this.task = task;
    }

    /** Starts, or ends without a word and starts again. */
    void boot(int bootId, long nowNs) {
        if (dutyCycle != null) {
            dutyCycle.discard();
        }
        boot.close();
        boot = new Resources();
        workload = task == null ? new NumberedStream(config.board(), bootId, config.groups(), config.intervalNs(), plant, clock)
                : task.boot(config.board(), bootId, plant, boot);
        Seal[] seals = {NativeHmacSeal.of(key, Frame.LENGTH_BYTES), NativeHmacSeal.of(key, Frame.LENGTH_BYTES), new Crc32cSeal()};
        Workload told = workload;
        CorePorts ports = new CorePorts(frames, seals, config.has(CoreConfig.GPIO) ? this : null, new Checkpoint[] {this, this}, this,
                (group, open, term, at) -> {
                    if (open) {
                        told.onGateOpen(group, at);
                    }
                }, workload, this, orders, () -> true, at -> { }, () -> IdentityPort.NEVER, counters.events());
        core = new PairCore(config, ports, bootId, nowNs);
        workload.attach(core);
        dutyCycle = new DutyCycle(Rehearsal.realtime(), clock, config, core, workload, nodeCounters, sources, wake, guard, guardIndex,
                lateness);
        dueNs = nowNs;
    }

    void cycle() {
        signalled = !signalled;
        if (signalled) {
            wake.signal(); // as a helper thread does with an answer: too rare by itself for that path to be compiled
        }
        dueNs = dutyCycle.cycle(dueNs);
        seldom();
        while (plantInlet.receive(output) >= 0) {
            // nobody listens; but a full queue would be another path through the code
        }
    }

    /** What a board does at a change of roles only: a real one would reach the number of calls that the compiler waits for in the midst of some takeover. */
    private void seldom() {
        for (int index : guardIndex) {
            if (index >= 0) {
                guard.updateDead(index, output, 0, LAST_WORD_BYTES);
            }
        }
        counters.events().onEvent(0, 0, 0, 0, dueNs);
        lateness.recordValue(1);
    }

    long dueNs() {
        return dueNs;
    }

    Role role() {
        return core.role(0);
    }

    /** Of this boot. */
    long outputs() {
        return workload.emitted(0);
    }

    @Override
    public void close() throws IOException {
        if (dutyCycle != null) {
            dutyCycle.discard();
        }
        boot.close();
        resources.close();
        Files.deleteIfExists(folder.resolve("counters"));
        Files.deleteIfExists(folder);
    }

    @Override
    public boolean configured() {
        return true;
    }

    @Override
    public boolean carrier() {
        return true;
    }

    @Override
    public void probe(long at) {
        probedNs = at;
    }

    @Override
    public long newestAnsweredProbeNs() {
        return probedNs;
    }

    @Override
    public long usedTerm() {
        return 0;
    }

    @Override
    public long durableTerm() {
        return reserved;
    }

    @Override
    public void reserve(long term) {
        reserved = term;
    }

    @Override
    public int selfTest() {
        return SELF_TEST_PASSED;
    }

    @Override
    public boolean mayLead() {
        return workload.mayLead();
    }

    @Override
    public boolean preparing() {
        return workload.preparing();
    }

    @Override
    public boolean rehearsing() {
        return false; // these two stand for boards that have it behind them
    }

    @Override
    public int penalty() {
        return 0;
    }

    @Override
    public void toggle() {
        peer.edgeNs = clock.nowNs();
    }

    @Override
    public long pollEdgeNs() {
        long taken = edgeNs;
        edgeNs = NO_EDGE;
        return taken;
    }
}
