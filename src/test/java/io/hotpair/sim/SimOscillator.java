package io.hotpair.sim;

import io.hotpair.sync.GroupSync;
import java.util.Arrays;
import java.util.PriorityQueue;

/** The common oscillator and its line to each board, with what may go wrong with them. */
final class SimOscillator {
    /** What a line may suffer from. */
    enum Fault { CUT, LOSES, BOUNCES, NOISY, JITTERS }

    private static final Fault[] FAULTS = Fault.values();
    private static final long MS = 1_000_000;
    private static final int QUEUE = 64;

    private final World world;
    private final SimRandom random;
    private final DataProfile profile;
    private final PriorityQueue<Long>[][] edges;
    private final long[][] faultEndsNs = new long[FAULTS.length][2];
    private final int[][] strength = new int[FAULTS.length][2];
    private long nextEdge;
    private long nextFaultNs;
    private boolean healed;

    @SuppressWarnings("unchecked")
    SimOscillator(World world, SimRandom random) {
        this.world = world;
        this.random = random;
        profile = world.profile().data;
        edges = new PriorityQueue[2][2];
        for (int b = 0; b < 2; b++) {
            for (int g = 0; g < 2; g++) {
                edges[b][g] = new PriorityQueue<>();
            }
        }
        nextFaultNs = random.logBetween(MS, 1000 * MS);
    }

    private boolean fitted() {
        return profile.tickNs > 0 && profile.tickLine;
    }

    /** When an edge is, world time. */
    long edgeNs(long edge) {
        return profile.tickPhaseNs + edge * profile.tickNs + edge * profile.tickNs / 1_000_000 * profile.tickPpm;
    }

    /** The edge that is nearest. */
    long nearest(long atNs) {
        long guess = (atNs - profile.tickPhaseNs) / profile.tickNs;
        long best = guess - 2;
        for (long edge = guess - 1; edge <= guess + 2; edge++) {
            best = Math.abs(edgeNs(edge) - atNs) < Math.abs(edgeNs(best) - atNs) ? edge : best;
        }
        return best;
    }

    /** A line suffers for a while; how much, is 0 to 1000. */
    void suffer(Fault fault, int board, int howMuch, long spanNs) {
        faultEndsNs[fault.ordinal()][board] = spanNs == Long.MAX_VALUE ? spanNs : world.nowNs() + spanNs;
        strength[fault.ordinal()][board] = howMuch;
        world.log("line of " + World.name(board) + ": " + fault + " " + howMuch);
    }

    void heal() {
        healed = true;
        for (long[] ends : faultEndsNs) {
            Arrays.fill(ends, 0);
        }
    }

    private boolean suffers(Fault fault, int board) {
        return faultEndsNs[fault.ordinal()][board] > world.nowNs();
    }

    private boolean struck(Fault fault, int board) {
        return suffers(fault, board) && random.permille(strength[fault.ordinal()][board]);
    }

    /** Lets the edges be that are due; returns when the next thing is. */
    long doWork() {
        if (!fitted()) {
            return Long.MAX_VALUE;
        }
        long nowNs = world.nowNs();
        while (profile.tickFaults && !healed && nextFaultNs <= nowNs) {
            nextFaultNs += random.logBetween(MS, 1500 * MS);
            Fault fault = FAULTS[random.below(FAULTS.length)];
            int board = random.below(3);
            long spanNs = random.logBetween(MS, 1000 * MS);
            for (int b = 0; b < 2; b++) {
                if (board == b || board == 2) {
                    suffer(fault, b, 1 + random.below(900), spanNs);
                }
            }
        }
        while (edgeNs(nextEdge) <= nowNs) {
            long atNs = edgeNs(nextEdge++);
            for (int b = 0; b < 2; b++) {
                edge(b, atNs);
            }
        }
        return edgeNs(nextEdge);
    }

    private void edge(int board, long atNs) {
        long jitterNs = suffers(Fault.JITTERS, board) ? random.below((int) profile.tickNs / 20) : 0;
        if (!suffers(Fault.CUT, board) && !struck(Fault.LOSES, board)) {
            add(board, atNs + jitterNs);
            for (int i = 0; i < 3 && struck(Fault.BOUNCES, board); i++) {
                add(board, atNs + jitterNs + random.below((int) profile.tickNs / 8));
            }
        }
        for (int i = 0; i < 4 && struck(Fault.NOISY, board); i++) {
            add(board, atNs + random.below((int) profile.tickNs));
        }
    }

    private void add(int board, long atNs) {
        for (PriorityQueue<Long> queue : edges[board]) {
            if (world.board(board).node != null && queue.size() < QUEUE) {
                queue.add(atNs);
            }
        }
    }

    /** A process that is gone has no edges. */
    void onProcessEnd(int board) {
        edges[board][0].clear();
        edges[board][1].clear();
    }

    /** Hands a board what its line has shown. */
    void deliver(Board board, int group, GroupSync sync, long localNs) {
        PriorityQueue<Long> queue = edges[board.id][group];
        while (!queue.isEmpty() && queue.peek() <= world.nowNs()) {
            sync.onEdge(board.clock.local(queue.poll()), localNs);
        }
    }
}
