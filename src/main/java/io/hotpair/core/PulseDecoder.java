package io.hotpair.core;

/**
 * Tells from the distance of two edges what the peer says on the GPIO line, in parts of the heartbeat interval I:
 *
 * <pre>
 *   code      edge every   read as that code
 *   out         0.40 I       0.30 .. 0.55 I
 *   standby     0.70 I       0.55 .. 0.85 I
 *   primary     1.00 I       0.85 .. 1.50 I
 * </pre>
 *
 * A late sender only stretches a distance (the next edge is counted from the last real one), so the code that permits most, "out", is the
 * shortest and cannot arise from lateness. A stuck line has no edges, a noisy one no run of valid distances.
 */
final class PulseDecoder {
    /** No valid code at present. */
    static final int NONE = 0;
    /** The peer's gate is shut and stays shut for the settle time at least. */
    static final int OUT = 1;
    /** The peer follows. */
    static final int STANDBY = 2;
    /** The peer leads. */
    static final int PRIMARY = 3;

    /** Valid distances in a row before the line counts as alive. */
    private static final int RUN = 3;
    /** Distances of {@link #OUT} in a row before it is believed: noise makes three of them easily, and this code permits most. */
    private static final int OUT_RUN = 8;
    private static final int SHORTEST_PERCENT = 30;
    /** Edges of a spike. */
    private static final int GLITCH_EDGES = 2;
    /** Valid distances between two spikes that are passed over. */
    private static final int GLITCH_EVERY = 12;

    private final long intervalNs;
    private long lastEdgeNs;
    private boolean edgeSeen;
    private int run;
    private int outRun;
    private int falseEdges;
    private int code = NONE;

    PulseDecoder(long intervalNs) {
        this.intervalNs = intervalNs;
    }

    /** Distance of two edges of a code, ns. */
    static long periodNs(int code, long intervalNs) {
        return switch (code) {
            case OUT -> intervalNs * 40 / 100;
            case STANDBY -> intervalNs * 70 / 100;
            default -> intervalNs;
        };
    }

    /** An edge came; returns whether it is a sign of life. */
    boolean onEdge(long edgeNs) {
        long distanceNs = edgeNs - lastEdgeNs;
        int read = edgeSeen ? classify(distanceNs) : NONE;
        if (read == NONE && isGlitch(distanceNs)) {
            outRun = 0;
            code = code == OUT ? NONE : code;
            return false;
        }
        edgeSeen = true;
        lastEdgeNs = edgeNs;
        run = read == NONE ? 0 : Math.min(run + 1, GLITCH_EVERY);
        falseEdges = 0;
        outRun = read == OUT ? Math.min(outRun + 1, OUT_RUN) : 0;
        code = run < RUN || (read == OUT && outRun < OUT_RUN) ? NONE : read;
        return run >= RUN;
    }

    /**
     * A spike on a line that has been good for a while is two edges too many: they are passed over, and the run goes on from the edge before. (Where this
     * line is the only one left, a single spike would otherwise be a silence.) A line that has more of them is noisy.
     */
    private boolean isGlitch(long distanceNs) {
        boolean early = edgeSeen && distanceNs * 100 < intervalNs * SHORTEST_PERCENT;
        if (!early || falseEdges == GLITCH_EDGES || (falseEdges == 0 && run < GLITCH_EVERY)) {
            return false;
        }
        falseEdges++;
        run = RUN; // the next spike has to wait
        return true;
    }

    /** The code of the newest distance, {@link #NONE} while the line is not alive. */
    int code() {
        return code;
    }

    /**
     * Whether an edge since {@code wakeNs} may be the first of a run. A board that slept so long that its queue of edges is full counts anew, which takes
     * {@code RUN} distances after the first edge, and one more until that comes.
     */
    boolean undecided(long wakeNs, long nowNs) {
        return edgeSeen && lastEdgeNs - wakeNs >= 0 && nowNs - wakeNs < (RUN + 2) * intervalNs;
    }

    /** Whether an {@link #OUT} statement is still the newest that can have been meant: a slower code would not have shown another edge yet. */
    boolean outHolds(long nowNs) {
        return code == OUT && nowNs - lastEdgeNs < intervalNs * 85 / 100;
    }

    private int classify(long distanceNs) {
        long percent = distanceNs * 100 / intervalNs;
        if (percent < SHORTEST_PERCENT || percent >= 150) {
            return NONE;
        }
        return percent < 55 ? OUT : percent < 85 ? STANDBY : PRIMARY;
    }
}
