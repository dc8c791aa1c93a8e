package io.hotpair.lab;

import java.io.IOException;
import java.util.ArrayList;
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
    private static final long PATIENCE_NS = 30_000_000_000L;
    /** The roles are clear once they have not changed for this long: time for a second primary to show itself. */
    private static final long STEADY_NS = 100_000_000;
    private static final long LOOK_NS = 2_000_000;

    /**
     * One start of both.
     *
     * @param askedSkewNs from the launch of A to the launch of B
     * @param skewNs how much later B's node started by its own account
     * @param primary who led first, 0 or 1; -1 if nobody did, or the roles did not become clear
     * @param term with which it led
     * @param decidedNs from the launch of the first board until both had the roles that they kept
     * @param moves role changes after that first one; on a machine that is too busy for the lease, stepping down is what a board has to do
     * @param broken what was not as promised, empty if all was
     */
    public record Start(long askedSkewNs, long skewNs, int primary, long term, long decidedNs, int moves,
            String broken) {
        /** Whether anyone could tell which board was earlier. */
        public boolean observable() {
            return Math.abs(skewNs) > OBSERVABLE_SKEW_NS;
        }
    }

    private final NodeKit kit;
    private final int starts;
    private final SplittableRandom random;
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
        try (Workspace workspace = new Workspace();
                PairRig rig = new PairRig(kit, workspace.directory(), workspace.run(), OUTPUTS, true, random.split());
                CountersView a = (CountersView) rig.view(0);
                CountersView b = (CountersView) rig.view(1)) {
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
        long ownSkewNs = views[1].startNs() - views[0].startNs();
        List<Output> outputs = rig.plant().take(System.nanoTime());
        if (decidedNs < 0 || outputs.isEmpty()) {
            return new Start(skewNs, ownSkewNs, -1, 0, 0, 0, "A is " + describe(views[0]) + ", B is " + describe(views[1]) + ", "
                    + outputs.size() + " outputs after " + (System.nanoTime() - launchNs) / 1_000_000 + " ms");
        }
        return judge(outputs, skewNs, ownSkewNs, decidedNs);
    }

    /** By what the plant received, in the order in which it was sent: as {@link TakeoverJudge} does it. */
    private Start judge(List<Output> outputs, long askedSkewNs, long ownSkewNs, long decidedNs) {
        outputs.sort(Comparator.comparingLong(output -> output.sentNs() - outputs.getFirst().sentNs()));
        Output leader = outputs.getFirst();
        Output newest = leader;
        int moves = 0;
        String broken = leader.term() > highestTerm ? "" : "term " + leader.term() + " is not above " + highestTerm;
        for (Output output : outputs) {
            if (output.board() != newest.board() && output.term() <= newest.term()) {
                broken = "two open gates: board " + name(output.board()) + " sent with term " + output.term() + " after board "
                        + name(newest.board()) + " with term " + newest.term();
            } else if (output.term() > newest.term()) {
                moves++;
                newest = output;
            }
        }
        if (Math.abs(ownSkewNs) > OBSERVABLE_SKEW_NS && leader.board() != (ownSkewNs > 0 ? 0 : 1)) {
            broken = "the later start led";
        }
        highestTerm = Math.max(highestTerm, newest.term());
        return new Start(askedSkewNs, ownSkewNs, leader.board(), leader.term(), decidedNs, moves, broken);
    }

    /** Waits until one board has led and the other followed for a while. @return when that began, from {@code sinceNs}; -1 if it did not */
    private static long awaitRoles(CountersView[] views, long sinceNs) {
        int steady = -1;
        long steadySinceNs = 0;
        while (System.nanoTime() - sinceNs < PATIENCE_NS) {
            int primary = primary(views);
            long nowNs = System.nanoTime();
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
