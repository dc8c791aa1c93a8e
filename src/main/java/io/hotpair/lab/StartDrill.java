package io.hotpair.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Starts both boards at once, again and again, and looks who leads: one, and of two starts that can be told apart the earlier. The terms go on
 * from start to start, as they do on real boards.
 */
public final class StartDrill {
    /** Boards whose starts are closer together than this may decide either way. */
    public static final long OBSERVABLE_SKEW_NS = 5_000_000;

    private static final int OUTPUTS = 1 << 17;
    private static final long MAX_SKEW_NS = 50_000_000;
    /** From the start of the later node, by its own account. */
    private static final long PATIENCE_NS = 30_000_000_000L;
    /** For both nodes to start at all: two JVMs, the first of which goes before the second. */
    private static final long START_PATIENCE_NS = 60_000_000_000L;
    /** The roles are clear once they have not changed for this long: time for a second primary to show itself. */
    private static final long STEADY_NS = 100_000_000;
    private static final long LOOK_NS = 2_000_000;
    private static final long COLLECT_NS = 100_000_000;
    private static final int LOG_LINES = 200;

    /**
     * One start of both.
     *
     * @param askedSkewNs from the launch of A to the launch of B
     * @param skewNs how much later B's node started by its own account
     * @param primary who led first, 0 or 1; -1 if nobody did, or the roles did not become clear
     * @param term with which it led
     * @param decidedNs from the launch of the first board until both had the roles that they kept
     * @param moves role changes after that first one; on a machine that is too busy for the lease, stepping down is what a board has to do
     * @param noiseNs the most that a cycle of either board was late while both were joining
     * @param broken what was not as promised, empty if all was
     * @param evidence of a start that was not as promised: what both boards recorded and said
     */
    public record Start(long askedSkewNs, long skewNs, int primary, long term, long decidedNs, int moves, long noiseNs, String broken,
            List<String> evidence) {
        /** Whether anyone could tell which board was earlier. */
        public boolean observable() {
            return Math.abs(skewNs) > OBSERVABLE_SKEW_NS + noiseNs;
        }
    }

    private final NodeKit kit;
    private final int starts;
    private final SplittableRandom random;
    private final StartJudge judge = new StartJudge(RigConfig.SETTLE_NS, RigConfig.SETTLE_MAX_NS, OBSERVABLE_SKEW_NS);
    private final long[] readyNs = new long[2];
    private final List<List<BoardEvent>> collected = List.of(new ArrayList<>(), new ArrayList<>());
    private final Consumer<Start> observer;
    private long highestTerm;

    public StartDrill(NodeKit kit, int starts, long seed, Consumer<Start> observer) {
        this.kit = kit;
        this.starts = starts;
        this.observer = observer;
        random = new SplittableRandom(seed);
    }

    /** All starts, in order; each is also told to the observer as it comes. */
    public List<Start> run() throws IOException, InterruptedException {
        List<Start> outcomes = new ArrayList<>();
        kit.favourProgram();
        try (Workspace workspace = new Workspace();
                PairRig rig = new PairRig(kit, workspace.directory(), workspace.run(), OUTPUTS, true, random.split());
                CountersView a = (CountersView) rig.view(0);
                CountersView b = (CountersView) rig.view(1);
                OnInterrupt interrupt = new OnInterrupt(rig::close, workspace::close)) {
            for (int i = 0; i < starts; i++) {
                Start start = once(rig, new CountersView[] {a, b});
                outcomes.add(start);
                observer.accept(start);
                for (int board = 0; board < 2; board++) {
                    if (!rig.board(board).killAll()) {
                        throw new IOException("a process of board " + "AB".charAt(board) + " cannot be killed");
                    }
                }
                // As after a power cut of both: nothing of the past is left on any path.
                rig.powerOn(0);
                rig.powerOn(1);
            }
        }
        return outcomes;
    }

    private Start once(PairRig rig, CountersView[] views) throws IOException, InterruptedException {
        long skewNs = random.nextLong(-MAX_SKEW_NS, MAX_SKEW_NS + 1);
        int first = skewNs >= 0 ? 0 : 1;
        rig.plant().take(System.nanoTime());
        long launchNs = System.nanoTime();
        rig.start(first);
        LockSupport.parkNanos(Math.abs(skewNs));
        rig.start(1 - first);
        long decidedNs = awaitRoles(views, launchNs);
        long[] startNs = {views[0].startNs(), views[1].startNs()};
        collect(views, launchNs);
        List<List<BoardEvent>> events = List.of(List.copyOf(collected.get(0)), List.copyOf(collected.get(1)));
        List<Output> outputs = rig.plant().take(System.nanoTime());
        long noiseNs = StartJudge.noiseNs(events);
        int leader = -1;
        long term = 0;
        int moves = 0;
        String broken;
        if (decidedNs < 0 || outputs.isEmpty()) {
            broken = "A is " + describe(views[0]) + ", B is " + describe(views[1]) + ", " + outputs.size() + " outputs after "
                    + (System.nanoTime() - launchNs) / 1_000_000 + " ms";
        } else {
            outputs.sort(Comparator.comparingLong(output -> output.sentNs() - launchNs));
            leader = outputs.getFirst().board();
            term = outputs.getFirst().term();
            moves = moves(outputs);
            broken = judgeGates(outputs);
            broken = broken.isEmpty() ? judge.judge(startNs, readyNs, events, leader, noiseNs) : broken;
        }
        return new Start(skewNs, startNs[1] - startNs[0], leader, term, decidedNs, moves, noiseNs, broken,
                broken.isEmpty() ? List.of() : evidence(rig, events, launchNs));
    }

    private static int moves(List<Output> outputs) {
        int moves = 0;
        long newest = outputs.getFirst().term();
        for (Output output : outputs) {
            if (output.term() > newest) {
                moves++;
                newest = output.term();
            }
        }
        return moves;
    }

    /** By what the plant received, in the order in which it was sent: as {@link TakeoverJudge} does it. */
    private String judgeGates(List<Output> outputs) {
        Output newest = outputs.getFirst();
        String broken = newest.term() > highestTerm ? "" : "term " + newest.term() + " is not above " + highestTerm;
        for (Output output : outputs) {
            if (output.board() != newest.board() && output.term() <= newest.term()) {
                broken = "two open gates: board " + name(output.board()) + " sent with term " + output.term() + " after board "
                        + name(newest.board()) + " with term " + newest.term();
            } else if (output.term() > newest.term()) {
                newest = output;
            }
        }
        highestTerm = Math.max(highestTerm, newest.term());
        return broken;
    }

    /** The processes live still; times are from the launch of the first. */
    private static List<String> evidence(PairRig rig, List<List<BoardEvent>> events, long launchNs) {
        List<String> lines = new ArrayList<>();
        for (int board = 0; board < 2; board++) {
            for (BoardEvent event : events.get(board)) {
                lines.add("board %s %10.3f ms  %s %d".formatted(name(board), (event.atNs() - launchNs) / 1e6, event.name(), event.detail()));
            }
            for (String line : rig.board(board).logTail(LOG_LINES)) {
                if (!line.contains("channel ")) {
                    lines.add("board " + name(board) + " said  " + line);
                }
            }
        }
        return lines;
    }

    /** Waits until one board has led and the other followed for a while. @return when that began, from {@code sinceNs}; -1 if it did not */
    private long awaitRoles(CountersView[] views, long sinceNs) {
        int steady = -1;
        long steadySinceNs = 0;
        Arrays.fill(readyNs, Long.MAX_VALUE);
        collected.forEach(List::clear);
        long collectNs = sinceNs;
        long untilNs = sinceNs + START_PATIENCE_NS;
        while (System.nanoTime() - untilNs < 0) {
            int primary = primary(views);
            long nowNs = System.nanoTime();
            for (int board = 0; board < 2; board++) {
                if (readyNs[board] == Long.MAX_VALUE && views[board].startNs() - sinceNs > 0 && views[board].value("self.mayLead") == 1) {
                    readyNs[board] = nowNs;
                }
            }
            if (nowNs - collectNs >= 0) {
                collectNs = nowNs + COLLECT_NS;
                collect(views, sinceNs);
            }
            if (Math.min(views[0].startNs(), views[1].startNs()) - sinceNs > 0) {
                untilNs = Math.max(views[0].startNs(), views[1].startNs()) + PATIENCE_NS;
            }
            if (primary < 0 || primary != steady) {
                steady = primary;
                steadySinceNs = nowNs;
            } else if (nowNs - steadySinceNs >= STEADY_NS) {
                return steadySinceNs - sinceNs;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return -1;
    }

    /** Before the nodes' rings forget it. Of channels that come and go there are thousands on a busy machine, and nobody asks for them. */
    private void collect(CountersView[] views, long sinceNs) {
        for (int board = 0; board < 2; board++) {
            List<BoardEvent> known = collected.get(board);
            long fromNs = known.isEmpty() ? sinceNs : known.getLast().atNs();
            views[board].eventsSince(fromNs).stream()
                    .filter(event -> !event.name().startsWith("CHANNEL_") && !known.contains(event)).forEach(known::add);
        }
    }

    /** The board that leads while the other follows, or -1. */
    private static int primary(CountersView[] views) {
        boolean shown = views[0].refresh() & views[1].refresh();
        for (int board = 0; shown && board < 2; board++) {
            if (views[board].role().equals(BoardView.PRIMARY) && views[1 - board].role().equals(BoardView.STANDBY)) {
                return board;
            }
        }
        return -1;
    }

    private static String name(int board) {
        return board == 0 ? "A" : "B";
    }

    private static String describe(CountersView view) {
        return view.role().isEmpty() ? "not there" : view.role() + " with term " + view.term();
    }
}
