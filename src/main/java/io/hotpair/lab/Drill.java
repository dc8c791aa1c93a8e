package io.hotpair.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Starts a pair, then takes the primary away, again and again, and has each takeover judged.
 *
 * <p>After each fault the board is brought back, and the next fault waits until it is standby again, in sync and heard on every
 * channel. So the roles change with each fault and both boards are hit alike.
 */
public final class Drill {
    /** Undisturbed operation before a fault: enough for every lease, freshness and rate limit to have settled. */
    private static final long REST_MS = 200;
    /** The fault comes at a random point of this many cycles. */
    private static final long PHASE_NS = 5_000_000;
    /** How long the plant goes on listening for a second voice after a takeover. */
    private static final long LISTEN_MS = 50;
    /** How long a guard may live on after its node. */
    private static final long GUARD_ENDS_WITHIN_MS = 2_000;
    /** What was sent before a power cut and lies in the relays' sockets is lost; this long, and it has been. */
    private static final long DRAIN_MS = 20;

    private static final long POLL_MS = 2;

    private final PairRig rig;
    private final DrillPlan plan;
    private final DrillObserver observer;
    private final TakeoverJudge judge;
    private final SplittableRandom random;
    private final BoardView[] views = new BoardView[2];
    private final List<DrillRun> runs = new ArrayList<>();
    private final List<Long> gapsNs = new ArrayList<>();
    private final List<Long> deliveriesNs = new ArrayList<>();

    public Drill(PairRig rig, DrillPlan plan, DrillObserver observer) {
        this.rig = rig;
        this.plan = plan;
        this.observer = observer;
        judge = new TakeoverJudge(TimeUnit.MILLISECONDS.toNanos(plan.boundMs()));
        random = new SplittableRandom(plan.seed());
    }

    /** The drill could not go on. */
    private static final class Aborted extends Exception {
        private static final long serialVersionUID = 1;

        Aborted(String message) {
            super(message);
        }
    }

    /** Runs the whole plan, or up to the point where the pair did not come back. */
    public DrillResult run() throws IOException, InterruptedException {
        String aborted = "";
        views[0] = rig.view(0);
        views[1] = rig.view(1);
        try {
            int primary = assemble();
            for (int i = 0; i < plan.runs(); i++) {
                for (FaultKind kind : plan.faults()) {
                    primary = once(kind, i + 1, primary);
                }
            }
        } catch (Aborted e) {
            aborted = e.getMessage();
        } finally {
            views[0].close();
            views[1].close();
        }
        if (rig.plant().overflowed()) {
            aborted = "more outputs than the plant can record: nothing is judged";
        }
        return new DrillResult(List.copyOf(runs), aborted, rig.plant().total(), rig.plant().malformed(),
                distribution(gapsNs), distribution(deliveriesNs));
    }

    /** Starts A, then B: the first started leads. */
    private int assemble() throws IOException, InterruptedException, Aborted {
        say("starting board A: first, so it will lead");
        rig.start(0);
        await("board A did not become primary", () -> leads(0) && rig.plant().log(0).count() > 0);
        say("starting board B: it finds a primary and stands by");
        rig.start(1);
        await("board B did not become standby", () -> whole(0));
        return 0;
    }

    /** One fault, its judgement and the way back. @return who leads then */
    private int once(FaultKind kind, int run, int expected) throws IOException, InterruptedException, Aborted {
        say("undisturbed operation");
        int primary = rest(expected);
        int survivor = 1 - primary;
        String name = name(primary);
        say(kind.title() + " of board " + name + ", " + run + " of " + plan.runs());
        TimeUnit.NANOSECONDS.sleep(random.nextLong(PHASE_NS));

        long atNs = switch (kind) {
            case KILL -> rig.kill(primary);
            case HANG -> rig.stop(primary);
            case POWER -> rig.powerOff(primary);
        };
        long wokenNs = Fault.NEVER;
        if (kind == FaultKind.HANG) {
            Thread.sleep(plan.hangMs());
            wokenNs = rig.resume(primary);
        }
        awaitFirstOutput(survivor, atNs);
        Thread.sleep(LISTEN_MS);
        List<BoardEvent> events = eventsSince(survivor, atNs);
        Fault fault = new Fault(kind, run, primary, atNs, wokenNs);
        List<Output> window = rig.plant().take(System.nanoTime());
        tell(fault, window);

        String trouble = "";
        try {
            bringBack(kind, primary);
            await("board " + name + " did not come back as standby", () -> whole(survivor) || whole(primary));
        } catch (Aborted e) {
            trouble = e.getMessage();
        }
        long nowNs = System.nanoTime();
        window.addAll(rig.plant().take(nowNs));
        measureUndisturbed(window, atNs);
        Verdict verdict = judge.judge(fault, window);
        events = events.stream().filter(event -> event.atNs() - atNs <= verdict.firstSentNs()).toList();
        DrillRun judged = new DrillRun(verdict, events, nowNs - atNs);
        runs.add(judged);
        observer.judged(judged);
        if (!trouble.isEmpty()) {
            throw new Aborted(trouble);
        }
        return leads(survivor) ? survivor : primary;
    }

    /** Bringing the board back takes seconds; what was seen is told before, by a judge of its own: the other one keeps books over all faults. */
    private void tell(Fault fault, List<Output> window) {
        observer.seen(new TakeoverJudge(TimeUnit.MILLISECONDS.toNanos(plan.boundMs())).judge(fault, window));
    }

    /**
     * Waits until the pair has been whole for a while. Usually the expected board leads; on a machine that is too busy the role may
     * have moved since. @return who leads
     */
    private int rest(int expected) throws InterruptedException, Aborted {
        int primary = expected;
        while (true) {
            Thread.sleep(REST_MS);
            if (whole(primary)) {
                return primary;
            }
            await("the pair did not become whole", () -> whole(0) || whole(1));
            primary = leads(primary) ? primary : 1 - primary;
        }
    }

    private void bringBack(FaultKind kind, int board) throws IOException, InterruptedException, Aborted {
        String name = name(board);
        switch (kind) {
            case HANG -> say("board " + name + " goes on: it has to step down");
            case KILL -> {
                say("starting board " + name + " again");
                if (!rig.board(board).awaitGone(GUARD_ENDS_WITHIN_MS)) {
                    rig.board(board).killAll();
                    throw new Aborted("the guard of board " + name + " did not end after its node");
                }
                rig.start(board);
            }
            case POWER -> {
                say("power is back for board " + name);
                if (!rig.board(board).killAll()) {
                    throw new Aborted("a process of board " + name + " cannot be killed");
                }
                Thread.sleep(DRAIN_MS);
                rig.powerOn(board);
                rig.start(board);
            }
        }
    }

    private void awaitFirstOutput(int survivor, long atNs) throws InterruptedException {
        long deadlineNs = atNs + TimeUnit.MILLISECONDS.toNanos(plan.boundMs());
        while (!rig.plant().log(survivor).heardSince(atNs) && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(POLL_MS);
        }
    }

    private List<BoardEvent> eventsSince(int board, long sinceNs) {
        return views[board].refresh() ? List.copyOf(views[board].eventsSince(sinceNs)) : List.of();
    }

    private interface Condition {
        boolean holds();
    }

    private void await(String otherwise, Condition condition) throws InterruptedException, Aborted {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(plan.recoveryMs());
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new Aborted(otherwise + " within " + plan.recoveryMs() / 1000 + " s (A: " + describe(0) + "; B: " + describe(1) + ")");
            }
            Thread.sleep(POLL_MS);
        }
    }

    private boolean leads(int board) {
        return rig.board(board).running() && views[board].refresh() && views[board].role().equals(BoardView.PRIMARY);
    }

    /** Whether the given board leads, the other stands by in sync, and both hear each other on every channel. */
    private boolean whole(int primary) {
        int other = 1 - primary;
        if (!leads(primary) || !rig.board(other).running() || !views[other].refresh()) {
            return false;
        }
        for (int channel = 0; channel < 4; channel++) {
            if (!views[0].channelFresh(channel) || !views[1].channelFresh(channel)) {
                return false;
            }
        }
        return views[other].role().equals(BoardView.STANDBY) && views[other].inSync();
    }

    private String describe(int board) {
        if (!rig.board(board).running()) {
            return "not running";
        }
        if (!views[board].refresh()) {
            return "shows nothing";
        }
        StringBuilder text = new StringBuilder(views[board].role()).append(", term ").append(views[board].term());
        text.append(views[board].inSync() ? ", in sync" : ", not in sync").append(", hears ");
        for (int channel = 0; channel < 4; channel++) {
            text.append(views[board].channelFresh(channel) ? "ABUG".charAt(channel) : '-');
        }
        return text.toString();
    }

    /** What the pair and the machine do when left alone: the noise that every figure contains. */
    private void measureUndisturbed(List<Output> window, long atNs) {
        Output before = null;
        long sinceNs = atNs - TimeUnit.MILLISECONDS.toNanos(REST_MS);
        for (Output output : window) {
            if (output.receivedNs() - atNs >= 0) {
                return;
            }
            if (output.receivedNs() - sinceNs >= 0) {
                deliveriesNs.add(output.receivedNs() - output.sentNs());
                if (before != null) {
                    gapsNs.add(output.receivedNs() - before.receivedNs());
                }
                before = output;
            }
        }
    }

    private static Distribution distribution(List<Long> values) {
        return new Distribution(values.stream().mapToLong(Long::longValue).toArray());
    }

    private void say(String what) {
        observer.step(what, runs.size(), plan.total());
    }

    private static String name(int board) {
        return board == 0 ? "A" : "B";
    }
}
