package io.hotpair.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Kills the primary of a pair that runs a task under load, again and again at random moments, and starts it again: no input that was acknowledged
 * may be lost, none may be executed twice, and both boards must have computed the same in the end.
 *
 * <p>A kill that meets a pair whose standby is out of step at that very moment is a second fault on top of the first, which no pair of two survives.
 * Such a kill is told apart by what the killed board itself had said last, counted, and not judged: the pair starts again from nothing.
 */
public final class KillDrill {
    private static final long LOOK_NS = 2_000_000;
    private static final long TAKEOVER_WITHIN_NS = 10_000_000_000L;
    private static final long SETTLE_MS = 300;
    /** The moment of a kill within the load. */
    private static final long PHASE_NS = 200_000_000;
    /** How long the load goes on as it was after a takeover. */
    private static final long AFTER_MS = 200;
    private static final long LAST_ANSWERS_NS = 3_000_000_000L;
    /** Boards that restart this often are what damping is for; here it would have the drill wait. */
    private static final String DAMPING_WINDOW = "1 s";
    private static final String DAMPING_CHANGES = "100";
    /** On a machine that is short of time the tasks of both boards are late in turn, and the role would go to and fro between the kills. */
    private static final String NO_HANDOVER = "200";
    /**
     * Kills in a row of what a drill may lose to standbys that were out of step, beside a quarter of all: beyond that it says nothing about the pair.
     */
    private static final int DOUBLE_FAULTS_BORNE = 3;

    /**
     * What is to be done.
     *
     * @param count kills that are judged
     * @param rate inputs a second around each kill: from when the pair is whole until the other board has taken over
     * @param restRate inputs a second while the killed board starts again: on two cores a full load keeps it from its rehearsal for long
     * @param rehearse whether a board that starts rehearses first, which is most of a kill's time; without that takeovers are slower
     * @param inProcess whether the task runs in the node's process
     * @param storage kind and commit as the configuration writes them
     * @param keep leaves configuration, state and logs where they are
     * @param taskClass a task that answers as {@link CountingTask} does
     */
    public record Plan(int count, int rate, int restRate, boolean rehearse, boolean inProcess, String storage, String commit, Class<?> taskClass, boolean keep,
            long seed) {}

    /**
     * What came of it.
     *
     * @param kills carried out, double faults among them
     * @param doubleFaults kills at which the standby was not in step; what they cost is in no other figure
     * @param outOfStep moments chosen for a kill at which the pair was not whole, so that another one was chosen
     * @param takeoversNs from each kill to the first answer of the new primary
     * @param rehearsedNs from each start of a killed board to the end of its rehearsal
     * @param wholeNs from each start of a killed board until it was in step again
     * @param neverExecuted inputs that reached no board in time, or were dropped
     * @param unanswered inputs that no answer came for
     * @param losses where the copies of A and B went since the pair last started anew
     * @param digests of A and B at the end, at the same index; equal, or it is in {@code broken}
     * @param broken what was not as promised
     */
    public record Result(int kills, int doubleFaults, int outOfStep, Distribution takeoversNs, Distribution rehearsedNs, Distribution wholeNs,
            long sent, long answered, long unanswered, long neverExecuted, long acknowledgedLost, long executedTwice, long repeated, InputLosses[] losses,
            long index, long[] digests, long longestGapNs, long seed, List<String> broken) {
        /** Whether every promise was kept. */
        public boolean kept() {
            return broken.isEmpty();
        }
    }

    private final NodeKit kit;
    private final Plan plan;
    private final Consumer<String> progress;
    private final BeforeKill beforeKill;
    private final SplittableRandom random;
    private final List<String> broken = new ArrayList<>();
    private final List<Long> takeoversNs = new ArrayList<>();
    private final List<Long> rehearsedNs = new ArrayList<>();
    private final List<Long> wholeNs = new ArrayList<>();
    private final InputLosses[] losses = {InputLosses.NONE, InputLosses.NONE};
    private int kills;
    private int doubleFaults;
    private int outOfStep;
    private long earlierSent; // in what a double fault ended
    private long earlierAnswered;
    private long earlierRepeated;

    /** Done to the pair right before a kill. */
    interface BeforeKill {
        /** @param primary board that is about to be killed */
        void accept(TaskRig rig, CountersView[] views, int primary) throws IOException;
    }

    public KillDrill(NodeKit kit, Plan plan, Consumer<String> progress) {
        this(kit, plan, progress, (rig, views, primary) -> { });
    }

    KillDrill(NodeKit kit, Plan plan, Consumer<String> progress, BeforeKill beforeKill) {
        this.kit = kit;
        this.plan = plan;
        this.progress = progress;
        this.beforeKill = beforeKill;
        random = new SplittableRandom(plan.seed());
    }

    /** Runs it. @throws IOException if the machine does not let a pair run at all */
    public Result run() throws IOException, InterruptedException {
        kit.favourProgram();
        try (Workspace workspace = new Workspace();
                TaskRig rig = new TaskRig(kit, workspace.directory(), workspace.run(), "load");
                LoadClient client = new LoadClient(new InetSocketAddress(rig.world(), 0), rig.inputs(), plan.restRate(), kit.threadSetup())) {
            if (plan.keep()) {
                workspace.keep();
                progress.accept("everything is kept in " + workspace.directory() + " and " + workspace.run());
            }
            rig.set("damping", "window", DAMPING_WINDOW).setRaw("damping", "voluntary-changes", DAMPING_CHANGES)
                    .setRaw("damping", "handover-threshold", NO_HANDOVER)
                    .setRaw("realtime", "rehearse", Boolean.toString(plan.rehearse()))
                    .set("task", "class", plan.taskClass().getName()).setRaw("task", "in-process", Boolean.toString(plan.inProcess()))
                    .set("output.answers", "to", RigAddresses.text(client.address()))
                    .set("storage", "kind", plan.storage()).set("storage", "commit", plan.commit());
            rig.write();
            try (CountersView a = rig.view(0); CountersView b = rig.view(1); OnInterrupt interrupt = new OnInterrupt(rig::close, workspace::close)) {
                CountersView[] views = {a, b};
                try {
                    return run(rig, client, views);
                } catch (IOException e) {
                    throw new IOException(e.getMessage() + rig.logs(), e);
                }
            }
        }
    }

    private Result run(TaskRig rig, LoadClient client, CountersView[] views) throws IOException, InterruptedException {
        progress.accept("starting a pair");
        startPair(rig, views);
        client.start();
        while (kills - doubleFaults < plan.count() && broken.isEmpty()) {
            TaskRig.awaitWhole(views);
            client.rate(plan.rate());
            int primary = awaitMoment(rig, client, views);
            if (!broken.isEmpty()) {
                break;
            }
            beforeKill.accept(rig, views, primary);
            KillOutcome outcome = kill(rig, client, views, primary);
            kills++;
            switch (outcome) {
                case TAKEN_OVER -> goOn(rig, client, views, primary);
                case DOUBLE_FAULT -> beginAnew(rig, client, views, primary);
                case NOT_TAKEN_OVER -> broken.add("no answer of a new primary within " + TAKEOVER_WITHIN_NS / 1_000_000_000
                        + " s after the kill of board "
                        + name(primary) + rig.logs());
            }
        }
        return finish(client, views);
    }

    /**
     * A random moment under the full load at which the pair is whole; returns who leads. On a machine that is short of time a standby may be left
     * behind now and then: that moment is not one for a kill, nor is the one at which it has just caught up any better than others.
     */
    private int awaitMoment(TaskRig rig, LoadClient client, CountersView[] views) throws IOException, InterruptedException {
        int primary = -1;
        while (primary < 0) {
            TaskRig.awaitWhole(views);
            TimeUnit.NANOSECONDS.sleep(SETTLE_MS * 1_000_000 + random.nextLong(PHASE_NS));
            rig.prepareKill();
            look(client.view()); // what shows before a kill is not that kill's doing
            primary = TaskRig.primaryOfWhole(views);
            outOfStep += primary < 0 ? 1 : 0;
        }
        return primary;
    }

    private void startPair(TaskRig rig, CountersView[] views) throws IOException {
        rig.start(0);
        // one rehearsal after the other; with a journal, a board that is new does not lead before it has met its peer
        TaskRig.await("board A did not end its rehearsal", () -> TaskRig.rehearsed(views[0]));
        if (plan.storage().equals("none")) {
            TaskRig.await("board A did not become primary", () -> TaskRig.is(views[0], BoardView.PRIMARY));
        }
        rig.start(1);
        TaskRig.awaitWhole(views);
    }

    private KillOutcome kill(TaskRig rig, LoadClient client, CountersView[] views, int primary) throws IOException {
        int term = client.term();
        boolean standbySaidHot = TaskRig.saysHot(views[1 - primary]);
        client.watch(true);
        long killedNs = rig.killPrepared(primary);
        while (rig.board(primary).running()) {
            LockSupport.parkNanos(LOOK_NS);
        }
        count(views, primary);
        boolean primarySaidHot = TaskRig.saysHot(views[primary]); // it is dead, and its file says what it said last until it starts again
        while (primarySaidHot && client.term() == term && System.nanoTime() - killedNs < TAKEOVER_WITHIN_NS) {
            LockSupport.parkNanos(LOOK_NS);
        }
        client.watch(false);
        KillOutcome outcome = KillOutcome.of(primarySaidHot, standbySaidHot, client.term() != term);
        if (outcome == KillOutcome.TAKEN_OVER) {
            takeoversNs.add(client.newTermNs() - killedNs);
        }
        return outcome;
    }

    private void count(CountersView[] views, int board) {
        losses[board] = losses[board].plus(InputLosses.of(views[board]::value));
    }

    private void goOn(TaskRig rig, LoadClient client, CountersView[] views, int primary) throws IOException, InterruptedException {
        if (!rig.awaitGone(primary)) {
            broken.add("what board " + name(primary) + " had started did not end with it");
        }
        TimeUnit.MILLISECONDS.sleep(AFTER_MS);
        client.rate(plan.restRate());
        long startNs = System.nanoTime();
        rig.start(primary);
        look(client.view());
        TaskRig.await("the killed board did not come back", () -> views[primary].refresh() && views[primary].value("node.rehearsed") == 0);
        TaskRig.await("the killed board did not end its rehearsal", () -> TaskRig.rehearsed(views[primary]));
        rehearsedNs.add(System.nanoTime() - startNs);
        TaskRig.awaitWhole(views);
        wholeNs.add(System.nanoTime() - startNs);
        progress.accept(String.format(
                "kill %d of %d: board %s, first answer of the other after %.1f ms; back in step after %.1f s; %d inputs acknowledged", kills,
                plan.count() + doubleFaults, name(primary), takeoversNs.getLast() / 1e6, wholeNs.getLast() / 1e9, client.view().answered()));
    }

    /** After a double fault: what it left is nobody's promise. */
    private void beginAnew(TaskRig rig, LoadClient client, CountersView[] views, int primary) throws IOException, InterruptedException {
        doubleFaults++;
        progress.accept("kill " + kills + ": board " + name(primary)
                + " while the other was not in step: a double fault, not judged; the pair starts anew");
        if (doubleFaults > DOUBLE_FAULTS_BORNE + plan.count() / 4) {
            broken.add(doubleFaults + " of " + kills
                    + " kills met a standby that was not in step: the machine is too busy, or the standby never keeps up"
                    + rig.logs());
            return;
        }
        client.stopSending();
        client.rate(plan.restRate());
        rig.reset();
        LoadClient.View past = client.view();
        earlierSent += past.sent();
        earlierAnswered += past.answered();
        earlierRepeated += past.repeated();
        Arrays.fill(losses, InputLosses.NONE);
        startPair(rig, views);
        client.beginAnew();
    }

    private void look(LoadClient.View view) {
        if (view.acknowledgedLost() > 0) {
            broken.add(view.acknowledgedLost() + " acknowledged inputs lost");
        }
        if (view.executedTwice() > 0) {
            broken.add(view.executedTwice() + " inputs executed twice");
        }
        if (view.malformed() > 0) {
            broken.add(view.malformed() + " answers that are none");
        }
    }

    private Result finish(LoadClient client, CountersView[] views) throws IOException {
        boolean whole = broken.isEmpty();
        if (whole) {
            TaskRig.awaitWhole(views);
        }
        client.stopSending();
        long sinceNs = System.nanoTime();
        while ((client.view().unanswered() > 0 || whole && executed(views[0]) != executed(views[1])) && System.nanoTime() - sinceNs < LAST_ANSWERS_NS) {
            LockSupport.parkNanos(LOOK_NS);
        }
        LoadClient.View view = client.view();
        if (whole) {
            look(view);
            if (!view.sumsAgree()) {
                broken.add("the task's sum is not that over the inputs it answered");
            }
            if (view.executed() < view.answered()) {
                broken.add("the task has counted " + view.executed() + " inputs, of " + view.answered() + " that it answered");
            }
        }
        long[] index = {executed(views[0]), executed(views[1])};
        long[] digests = {views[0].value("group0.digest"), views[1].value("group0.digest")};
        for (int board = 0; board < 2; board++) {
            if (views[board].refresh()) { // one that is dead was counted when it was killed
                count(views, board);
            }
        }
        if (whole && (index[0] != index[1] || digests[0] != digests[1])) {
            broken.add(String.format("in the end A has executed %d records with digest %016x, B %d with %016x", index[0], digests[0], index[1],
                    digests[1]));
        }
        return new Result(kills, doubleFaults, outOfStep, distribution(takeoversNs), distribution(rehearsedNs), distribution(wholeNs), earlierSent + view.sent(),
                earlierAnswered + view.answered(), view.unanswered(), Math.max(0, view.sent() - view.executed()), view.acknowledgedLost(),
                view.executedTwice(), earlierRepeated + view.repeated(), losses.clone(), index[0], digests,
                view.longestGapNs(), plan.seed(), List.copyOf(broken));
    }

    private static Distribution distribution(List<Long> ns) {
        return new Distribution(ns.stream().mapToLong(Long::longValue).toArray());
    }

    /** Newest record that the board's task has executed: one that has just come into step may hold more than that. */
    private static long executed(CountersView view) {
        view.refresh();
        return view.value("group0.executedIndex");
    }

    private static String name(int board) {
        return board == 0 ? "A" : "B";
    }
}
