package io.hotpair.lab;

import io.hotpair.core.EventCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Kills the standby of a pair whose task has a large state, and starts it again, so that it needs the whole state; again and again, with inputs that
 * come steadily. No cycle of either board may be later than the lease while the state is transferred, and with a state of up to
 * {@link #PROMPT_STATE_BYTES} no input may be answered later than {@link #LATE_NS}.
 */
public final class SnapshotDrill {
    /** The lease of the rig: a cycle that is later than this has had the primary's gate shut. */
    public static final long LEASE_NS = 2_500_000;
    /** The standard {@code task.deadline}: an input that takes longer counts against the board's health. */
    public static final long LATE_NS = 10_000_000;
    /** A task saves a state up to this size within that deadline. */
    public static final int PROMPT_STATE_BYTES = 1 << 20;
    /** After the transfer: answers that are late come, and what is published now and then. */
    private static final long AFTER_MS = 300;
    /** Inputs that were under way when the transfer began. */
    private static final long BEFORE_NS = 10_000_000;
    /** Two minutes at 2,000 inputs a second. */
    private static final int WINDOW = 1 << 18;
    /** More than a board's log holds: a standby that starts with nothing would else be brought into step by records alone. */
    private static final int FIRST_RECORDS = 40_000;
    private static final int FIRST_RATE = 5_000;

    /**
     * What is to be done.
     *
     * @param count transfers of each size
     * @param rate inputs a second, at most 2,000
     * @param stateBytes sizes of the state
     * @param taskClass a task that answers as {@link BulkTask} does
     * @param inProcess runs it in the node's process
     * @param keep leaves configuration, state and logs where they are
     */
    public record Plan(int count, int rate, List<Integer> stateBytes, Class<?> taskClass, boolean inProcess, boolean keep) {}

    /** Cycles later than the core takes note of, and later than the lease, and the latest. */
    public record Cycles(int late, int tooLate, long worstNs) {
        private static final Cycles NONE = new Cycles(0, 0, 0);

        private Cycles plus(Transfer.Cycles other) {
            return new Cycles(late + other.late(), tooLate + other.tooLate(), Math.max(worstNs, other.worstNs()));
        }
    }

    /** Inputs sent, answered later than {@link #LATE_NS} or never, never answered, and the longest that an answer took. */
    public record Answers(long inputs, long late, long unanswered, long worstNs) {
        private static final Answers NONE = new Answers(0, 0, 0, 0);

        private Answers plus(AnswerTimes.Lateness other) {
            return new Answers(inputs + other.inputs(), late + other.late(), unanswered + other.unanswered(), Math.max(worstNs, other.worstNs()));
        }
    }

    /**
     * A while, all transfers of a size together.
     *
     * @param primary cycles of the board that leads
     * @param standby cycles of the other one
     */
    public record Figures(Cycles primary, Cycles standby, Answers answers) {
        private static final Figures NONE = new Figures(Cycles.NONE, Cycles.NONE, Answers.NONE);

        private Figures plus(Transfer.Cycles ofPrimary, Transfer.Cycles ofStandby, AnswerTimes.Lateness lateness) {
            return new Figures(primary.plus(ofPrimary), standby.plus(ofStandby), answers.plus(lateness));
        }
    }

    /**
     * What came of a size.
     *
     * @param transfers carried out
     * @param snapshots taken over by standbys; more than one a transfer if records were gone before it was there
     * @param during from when the primary found that the state is needed until the standby was in step
     * @param calm as long again, once the pair was whole and nothing was transferred: what the machine does to any pair
     * @param lengthNs of either
     * @param transferNs from that moment until the standby had the state
     * @param inStepNs from that moment until it was in step
     * @param hotNs from the start of the killed board until it was in step
     * @param roleChanges nobody asked for
     */
    public record Size(int stateBytes, int transfers, int snapshots, Figures during, Figures calm, long lengthNs, Distribution transferNs,
            Distribution inStepNs, Distribution hotNs, int roleChanges) {}

    /** What came of it. @param broken what was not as promised */
    public record Result(List<Size> sizes, List<String> broken) {
        /** Whether every promise was kept. */
        public boolean kept() {
            return broken.isEmpty();
        }
    }

    private final NodeKit kit;
    private final Plan plan;
    private final Consumer<String> progress;
    private final List<String> broken = new ArrayList<>();

    public SnapshotDrill(NodeKit kit, Plan plan, Consumer<String> progress) {
        this.kit = kit;
        this.plan = plan;
        this.progress = progress;
    }

    /** Runs it. @throws IOException if the machine does not let a pair run at all */
    public Result run() throws IOException, InterruptedException {
        kit.favourProgram();
        List<Size> sizes = new ArrayList<>();
        for (int stateBytes : plan.stateBytes()) {
            sizes.add(run(stateBytes));
        }
        return new Result(List.copyOf(sizes), List.copyOf(broken));
    }

    private Size run(int stateBytes) throws IOException, InterruptedException {
        AnswerTimes times = new AnswerTimes(WINDOW);
        try (Workspace workspace = new Workspace(); TaskRig rig = new TaskRig(kit, workspace.directory(), workspace.run(), "load");
                SteadyClient client = new SteadyClient(new InetSocketAddress(rig.world(), 0), rig.inputs(), plan.rate(), times, kit.threadSetup())) {
            if (plan.keep()) {
                workspace.keep();
                progress.accept("everything is kept in " + workspace.directory() + " and " + workspace.run());
            }
            rig.set("task", "class", plan.taskClass().getName()).set("task", "state-max", (stateBytes + 1023) / 1024 + " KiB")
                    .setRaw("task", "in-process", Boolean.toString(plan.inProcess())).set("task.settings", "bytes", stateBytes)
                    .set("output.answers", "to", RigAddresses.text(client.address()));
            rig.write();
            try (CountersView a = rig.view(0); CountersView b = rig.view(1); OnInterrupt interrupt = new OnInterrupt(rig::close, workspace::close)) {
                try {
                    return new Sizing(stateBytes, rig, new CountersView[] {a, b}, client, times).run();
                } catch (IOException e) {
                    throw new IOException(e.getMessage() + rig.logs(), e);
                }
            }
        }
    }

    /** The transfers of one size. */
    private final class Sizing {
        private final int stateBytes;
        private final TaskRig rig;
        private final CountersView[] views;
        private final SteadyClient client;
        private final AnswerTimes times;
        private final List<Long> transferNs = new ArrayList<>();
        private final List<Long> inStepNs = new ArrayList<>();
        private final List<Long> hotNs = new ArrayList<>();
        private Figures during = Figures.NONE;
        private Figures calm = Figures.NONE;
        private int transfers;
        private int snapshots;
        private int roleChanges;

        Sizing(int stateBytes, TaskRig rig, CountersView[] views, SteadyClient client, AnswerTimes times) {
            this.stateBytes = stateBytes;
            this.rig = rig;
            this.views = views;
            this.client = client;
            this.times = times;
        }

        Size run() throws IOException, InterruptedException {
            progress.accept("starting a pair whose task has a state of " + mib());
            rig.start(0);
            TaskRig.await("board A did not become primary", () -> TaskRig.is(views[0], BoardView.PRIMARY));
            rig.start(1);
            int primary = TaskRig.awaitWhole(views);
            client.rate(FIRST_RATE);
            TaskRig.await("the pair did not execute the first inputs", () -> views[primary].refresh()
                    && views[primary].value("group0.executedIndex") > FIRST_RECORDS);
            client.rate(plan.rate());
            for (int number = 1; number <= plan.count(); number++) {
                transfer(number);
            }
            long lengthNs = inStepNs.stream().mapToLong(Long::longValue).sum();
            return new Size(stateBytes, transfers, snapshots, during, calm, lengthNs, distribution(transferNs), distribution(inStepNs),
                    distribution(hotNs), roleChanges);
        }

        private void transfer(int number) throws IOException, InterruptedException {
            int primary = TaskRig.awaitWhole(views);
            int standby = 1 - primary;
            long killedNs = rig.kill(standby);
            if (!rig.awaitGone(standby)) {
                broken.add("what board " + name(standby) + " had started did not end with it");
            }
            long startNs = System.nanoTime();
            rig.start(standby);
            TaskRig.await("the killed board did not come back", () -> views[standby].refresh() && views[standby].startNs() - killedNs > 0);
            TaskRig.awaitWhole(views);
            TimeUnit.MILLISECONDS.sleep(AFTER_MS);
            List<BoardEvent> ofPrimary = views[primary].eventsSince(killedNs);
            List<BoardEvent> ofStandby = views[standby].eventsSince(startNs);
            roleChanges += (int) ofPrimary.stream().filter(SnapshotDrill::changesRole).count();
            Optional<Transfer> transfer = Transfer.of(ofPrimary, ofStandby, LEASE_NS);
            if (transfer.isEmpty()) {
                broken.add("no transfer of the state is recorded after start " + number + " of board " + name(standby) + rig.logs());
                return;
            }
            account(number, transfer.get(), startNs);
            lookAtNothing(transfer.get().hotNs() - transfer.get().fromNs());
        }

        /** The same pair as long again. */
        private void lookAtNothing(long lengthNs) throws IOException, InterruptedException {
            TaskRig.awaitWhole(views);
            TimeUnit.MILLISECONDS.sleep(AFTER_MS);
            long fromNs = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(lengthNs);
            long toNs = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep(AFTER_MS);
            int primary = TaskRig.awaitWhole(views);
            calm = calm.plus(cycles(primary, fromNs, toNs), cycles(1 - primary, fromNs, toNs), times.between(fromNs - BEFORE_NS, toNs, LATE_NS));
        }

        private Transfer.Cycles cycles(int board, long fromNs, long toNs) {
            return Transfer.Cycles.of(views[board].eventsSince(fromNs), fromNs, toNs, LEASE_NS);
        }

        private void account(int number, Transfer transfer, long startNs) {
            transfers++;
            snapshots += transfer.snapshots();
            AnswerTimes.Lateness lateness = times.between(transfer.fromNs() - BEFORE_NS, transfer.hotNs(), LATE_NS);
            during = during.plus(transfer.primary(), transfer.standby(), lateness);
            transferNs.add(transfer.loadedNs() - transfer.fromNs());
            inStepNs.add(transfer.hotNs() - transfer.fromNs());
            hotNs.add(transfer.hotNs() - startNs);
            judge(number, "primary", transfer.primary());
            judge(number, "standby", transfer.standby());
            if (stateBytes <= PROMPT_STATE_BYTES && lateness.late() > 0) {
                broken.add(String.format("%s, transfer %d: %d inputs answered later than %.0f ms, the latest after %.1f ms, or never", mib(), number,
                        lateness.late(), LATE_NS / 1e6, lateness.worstNs() / 1e6));
            }
            progress.accept(String.format("%s, transfer %d of %d: there after %.0f ms, in step after %.0f ms, %.1f s from its start; latest cycle %.1f "
                    + "and %.1f ms; longest answer %.1f ms", mib(), number, plan.count(), transferNs.getLast() / 1e6, inStepNs.getLast() / 1e6,
                    hotNs.getLast() / 1e9, transfer.primary().worstNs() / 1e6, transfer.standby().worstNs() / 1e6, lateness.worstNs() / 1e6));
        }

        private void judge(int number, String role, Transfer.Cycles cycles) {
            if (cycles.tooLate() > 0) {
                broken.add(String.format("%s, transfer %d: %d cycles of the %s later than the lease, the latest by %.1f ms", mib(), number,
                        cycles.tooLate(), role, cycles.worstNs() / 1e6));
            }
        }

        private String mib() {
            return String.format("%.0f MiB", stateBytes / 1048576.0);
        }
    }

    /** Of those that the survivor may have none of while the other board starts. */
    private static boolean changesRole(BoardEvent event) {
        for (EventCode code : EventCode.values()) {
            if (code.name().equals(event.name())) {
                return code.roleChange();
            }
        }
        return false;
    }

    private static Distribution distribution(List<Long> ns) {
        return new Distribution(ns.stream().mapToLong(Long::longValue).toArray());
    }

    private static String name(int board) {
        return board == 0 ? "A" : "B";
    }
}
