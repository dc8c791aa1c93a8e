package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.CorePorts;
import io.hotpair.core.PairCore;
import io.hotpair.core.port.Checkpoint;
import io.hotpair.core.port.Fitness;
import io.hotpair.core.port.FrameChannel;
import io.hotpair.core.port.IdentityPort;
import io.hotpair.drivers.checkpoint.CheckpointSpec;
import io.hotpair.drivers.checkpoint.ProbeThread;
import io.hotpair.drivers.ethernet.UdpChannel;
import io.hotpair.drivers.guard.Guard;
import io.hotpair.drivers.linux.EventFd;
import io.hotpair.drivers.linux.NativeHmacSeal;
import io.hotpair.drivers.linux.RealTime;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.PairKey;
import io.hotpair.node.config.TaskConfig;
import io.hotpair.node.order.Mailbox;
import io.hotpair.node.order.OrderSocket;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.CountersFileException;
import io.hotpair.sync.port.JournalPort;
import io.hotpair.sync.stream.StreamService;
import io.hotpair.wire.Crc32cSeal;
import io.hotpair.wire.Frame;
import io.hotpair.wire.Seal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.tinylog.Logger;

/** One board at work: opens what the configuration names, starts the duty cycle and its helpers, and takes it all down again. */
public final class Node implements AutoCloseable {
    private static final int NICE = -15;
    private static final int GUARD_ABOVE_DUTY_CYCLE = 1;
    private static final int HELPERS_BELOW_DUTY_CYCLE = 1;

    private final Config config;
    private final Config.Board board;
    private final String softwareVersion;
    private final long startNs;
    private final int bootId;
    private final byte[] key;
    private final CoreConfig coreConfig;
    private final FutureTask<String> locking;
    private final FutureTask<Rehearsal> acquainting;
    private final Resources resources = new Resources();
    private final List<Supplier<String>> troubles = new ArrayList<>();
    private final NodeFitness fitness = new NodeFitness();
    private final EventFd wake;
    private final Guard guard;
    private final DutyCycle dutyCycle;
    private final Thread dutyThread;
    private final Workload workload;
    private final Runnable onRehearsed;
    private final Orders orders;
    private final OrderSocket orderSocket;
    private final TermFile terms;
    private final ProbeThread probes;
    private final NodeIdentity identity;
    private final Housekeeping housekeeping;
    private final Thread housekeepingThread;

    /**
     * Opens everything; nothing is sent yet.
     *
     * @throws StartException naming what is missing or in use, and the cure
     */
    public Node(Config config, BoardId boardId, String softwareVersion) throws StartException {
        this.config = config;
        this.softwareVersion = softwareVersion;
        board = config.board(boardId);
        startNs = System.nanoTime();
        bootId = newBootId();
        key = readKey();
        Path runDir = Folder.make("run-dir", config.runDir(boardId));
        Path stateDir = Folder.make("state-dir", config.stateDir(boardId));
        coreConfig = CoreSettings.of(config, board);
        locking = meanwhile("lock", () -> config.realtime().lockMemory() ? RealTime.lockMemory() : null);
        acquainting = meanwhile("acquaint", this::acquaint);
        try {
            wake = resources.add(new EventFd());
            CountersFile counters = resources.add(CountersFile.create(countersPath(config, boardId),
                    new CountersFile.Owner(config.pair().name(), boardId.id(), bootId, softwareVersion, startNs),
                    CountersFile.DEFAULT_COUNTER_CAPACITY + PortOpener.figures(config.task()), CountersFile.DEFAULT_EVENT_CAPACITY));
            terms = resources.add(new TermFile(stateDir.resolve("terms"), wake::signal));
            troubles.add(terms::trouble);
            guard = resources.add(new Guard(runDir.resolve("guard")));
            Figures figures = new Figures(counters);
            Channels channels = new Channels(resources, guard, troubles, figures);
            channels.open(config, board, wake);
            probes = resources.add(new ProbeThread(wake, Math.max(0, config.realtime().priority() - HELPERS_BELOW_DUTY_CYCLE)));
            Checkpoint[] checkpoints = {checkpoint(0), checkpoint(1)};
            NodeCounters nodeCounters = new NodeCounters(counters, coreConfig);
            PeerMatch match = new PeerMatch();
            identity = resources.add(new NodeIdentity(config, board, key, bootId, startNs, softwareVersion, counters, match));
            workload = config.task().isPresent() ? task(config.task().get(), counters, figures, match) : numberedStream();
            fitness.workload(workload);
            fitness.leadOnlyIf(identity::placeFree, config.timing().settleMaxNs());
            troubles.add(fitness::trouble);
            Mailbox mailbox = new Mailbox();
            orderSocket = resources.add(new OrderSocket(ordersPath(config, boardId), mailbox));
            orders = new Orders(mailbox, fitness::leadOrdered, workload::lead);
            troubles.add(identity::trouble);
            troubles.add(identity::hint);
            int rehearsed = counters.register("node.rehearsed", CountersFile.Kind.GAUGE);
            onRehearsed = () -> counters.set(rehearsed, 1);
            identity.count(figures);
            counters.seal(); // puts the file in its place
            troubles.add(filesOf(runDir)::trouble);
            Seal[] seals = {NativeHmacSeal.of(key, Frame.LENGTH_BYTES), NativeHmacSeal.of(key, Frame.LENGTH_BYTES), new Crc32cSeal()};
            PairCore core = new PairCore(coreConfig, new CorePorts(channels.frames, seals, channels.pulse, checkpoints, terms, this::onGate,
                    workload, fitness, orders, () -> true, nowNs -> { }, identity, counters.events()), bootId, startNs);
            workload.attach(core);
            if (workload instanceof NumberedStream stream) {
                stream.hotOnlyIf(() -> match.same(core.peerBootId()));
            }
            dutyCycle = new DutyCycle(config.realtime(), System::nanoTime, coreConfig, core, workload, nodeCounters, channels.sources, wake, guard,
                    channels.guardIndex, DutyCycle.newLatenessRecorder());
            dutyThread = Thread.ofPlatform().name("hotpair-duty-cycle").daemon().unstarted(dutyCycle);
            housekeeping = new Housekeeping(counters, nodeCounters, dutyCycle, dutyThread.threadId(), guard,
                    identity, troubles, figures, new EventLog(counters::wallNs, ZoneId.systemDefault(), config.pair().groups()));
            housekeepingThread = Thread.ofPlatform().name("hotpair-housekeeping").daemon().unstarted(housekeeping);
        } catch (IOException | StartException e) {
            abandon();
            throw refusal(e);
        } catch (RuntimeException e) {
            abandon();
            throw e;
        }
    }

    /** A port may be in use by what this board's last node left; whoever reads that another node has it looks in vain for one. */
    private StartException refusal(Exception e) {
        Path runDir = config.runDir(board.id());
        long guard = e instanceof CountersFileException ? -1 : Guard.leftOver(runDir.resolve("guard")); // its node lives: it says so
        return guard < 0 ? new StartException(Folder.withCure(e.getMessage()), e)
                : new StartException("the guard of an earlier node with the run-dir " + runDir + " is still there (process " + guard
                        + ") and keeps that node's ports in use; it ends at once unless it was stopped: kill -KILL " + guard, e);
    }

    /** What takes a while and needs nothing else runs beside the rest of the start. */
    private static <T> FutureTask<T> meanwhile(String name, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().name("hotpair-" + name).daemon().start(task);
        return task;
    }

    private void abandon() {
        try {
            acquainting.get().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            // There is no rehearsal to close; why the node does not start is told by whoever calls this.
        }
        resources.close();
    }

    /** Where a board's counters file is. */
    public static Path countersPath(Config config, BoardId board) {
        return config.runDir(board).resolve("counters");
    }

    /** Where a board takes orders. */
    public static Path ordersPath(Config config, BoardId board) {
        return config.runDir(board).resolve("orders");
    }

    /** What commands find this node by. */
    private NamedFiles filesOf(Path runDir) {
        String trouble = "this node's files in " + runDir + " were removed, replaced or cut short while it runs: status and orders do not reach it; restart it (kill "
                + ProcessHandle.current().pid() + ")";
        return new NamedFiles(Arena.global(), trouble, countersPath(config, board.id()), ordersPath(config, board.id()));
    }

    /** Starts the board. Returns once the duty cycle runs. */
    public void start(Path guardBinary) throws InterruptedException {
        Logger.info("board {} of pair {}, boot {}, version {}", board.id().letter(), config.pair().name(),
                String.format("%08x", bootId), softwareVersion);
        warn(join(locking));
        int priority = config.realtime().priority();
        if (priority > 0) {
            warn(RealTime.favour(NICE));
        }
        try {
            guard.start(guardBinary, priority > 0 ? priority + GUARD_ABOVE_DUTY_CYCLE : 0);
        } catch (IOException e) {
            warn(e.getMessage());
        }
        selfTest();
        if (priority > 1) {
            warn(RealTime.fifoForSafepoints(priority - HELPERS_BELOW_DUTY_CYCLE));
        }
        Rehearsal rehearsal = acquainted();
        // Now, while nobody hears this board. A pause of some 15 ms later, be it on the standby, costs the primary its lease.
        System.gc();
        terms.start();
        probes.start();
        dutyThread.start();
        dutyCycle.awaitRunning().forEach(this::warn);
        housekeepingThread.start();
        Thread.ofPlatform().name("hotpair-orders").daemon().start(orderSocket::serve);
        Thread.ofPlatform().name("hotpair-rehearsal").daemon().start(() -> rehearse(rehearsal));
    }

    private void selfTest() {
        String failure = StartTest.firstFailure();
        if (failure != null) {
            Logger.error("ALARM: self test: {}; this board never leads", failure);
        }
        fitness.selfTest(failure == null ? Fitness.SELF_TEST_PASSED : Fitness.SELF_TEST_FAILED);
    }

    /** Loads what the duty cycle runs before it runs: a board that speaks, but is busy with itself, makes the peer's gate flap. */
    private Rehearsal acquaint() throws IOException {
        Rehearsal rehearsal = new Rehearsal(coreConfig, key, config.runDir(board.id()).resolve("rehearsal"), config.task().isPresent());
        rehearsal.acquaint();
        return rehearsal;
    }

    /** Null if there is none; then this board never leads. */
    private Rehearsal acquainted() throws InterruptedException {
        try {
            return acquainting.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                warn("cannot rehearse a promotion: " + Folder.withCure(io.getMessage()) + "; this board never leads");
                return null;
            }
            throw new IllegalStateException("a part of the start broke", e.getCause());
        }
    }

    private static <T> T join(FutureTask<T> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part of the start broke", e.getCause());
        }
    }

    private void rehearse(Rehearsal rehearsal) {
        if (rehearsal == null) {
            fitness.rehearsalOver();
            return;
        }
        long beforeNs = System.nanoTime();
        try (rehearsal) {
            if (config.realtime().rehearse()) {
                terms.rehearse();
                Rehearsal.Result result = rehearsal.run();
                Logger.info("promotion rehearsed: {} reigns, {} outputs to nowhere, in {} ms{}", result.reigns(), result.outputs(),
                        (System.nanoTime() - beforeNs) / 1_000_000, result.compiled() ? "" : "; not everything is compiled yet");
            }
        } catch (IOException e) {
            warn("the rehearsal of a promotion ended: " + e.getMessage() + "; this board never leads");
            return;
        } finally {
            fitness.rehearsalOver();
        }
        fitness.rehearsed();
        onRehearsed.run();
        wake.signal();
    }

    private void onGate(int group, boolean open, long term, long nowNs) {
        if (open) {
            workload.onGateOpen(group, nowNs);
        }
    }

    private Workload numberedStream() throws IOException, StartException {
        return new NumberedStream(board.id().id(), bootId, coreConfig.groups(), config.stream().intervalNs(), plant(), System::nanoTime);
    }

    /** The user's task with everything that it is run in step by. */
    private Workload task(TaskConfig task, CountersFile counters, Figures figures, PeerMatch match) throws IOException, StartException {
        TaskOpener opener = new TaskOpener(config, board.id(), task, resources, troubles);
        JournalPort journal = opener.journal(); // first, for it takes a while to be read
        HostedTask hosted = opener.host();
        StreamService stream = resources.add(identity.openStream(TaskOpener.streamSettings(), board.id().id(), wake::signal));
        troubles.add(stream::trouble);
        PortOpener ports = new PortOpener(task, board.id(), resources, troubles, figures, guard, wake::signal,
                Math.max(0, config.realtime().priority() - HELPERS_BELOW_DUTY_CYCLE));
        TickFeed ticks = TickFeed.open(config.ticks(), board.id(), resources);
        troubles.add(ticks::trouble);
        ReplicatedTask replicated = new ReplicatedTask(new ReplicatedTask.Parts(opener.syncConfig(), hosted, stream, journal, ports.inputs(),
                ports.outputs(), TaskOpener.events(counters.events()), bootId, match::same, fitness::takesPart, ticks), System::nanoTime);
        ticks.publishIn(counters);
        replicated.publishIn(new SyncCounters(counters, journal, board.networks().size()));
        return replicated;
    }

    private Checkpoint checkpoint(int network) throws IOException {
        Config.Network own = board.network(network).orElse(null);
        return own == null ? probes.add(CheckpointSpec.NONE, null) : probes.add(own.checkpoint(), own.interfaceName().orElse(null));
    }

    private FrameChannel plant() throws IOException, StartException {
        if (board.streamTo().isEmpty()) {
            return null;
        }
        return resources.add(new UdpChannel(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0), board.streamTo().get(), null));
    }

    private byte[] readKey() throws StartException {
        try {
            return PairKey.read(config.pair().keyFile());
        } catch (PairKey.UnusableKeyException e) {
            throw new StartException("pair.key-file: " + e.getMessage(), e);
        }
    }

    private static int newBootId() {
        int id;
        do {
            id = new SecureRandom().nextInt();
        } while (id == 0);
        return id;
    }

    private void warn(String warning) {
        if (warning != null) {
            Logger.warn(warning);
        }
    }

    /** Leave the pair in good order: hand over or release, then end. Returns at once. */
    public void stop() {
        workload.stopping();
        orders.stop();
        wake.signal();
    }

    /**
     * Waits until the duty cycle has ended.
     *
     * @return what ended it, or null for a {@link #stop}
     */
    public Throwable awaitEnd() throws InterruptedException {
        dutyThread.join();
        return dutyCycle.failure();
    }

    /** After the duty cycle has ended. */
    @Override
    public void close() {
        housekeeping.close();
        try {
            housekeepingThread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        resources.close();
    }
}
