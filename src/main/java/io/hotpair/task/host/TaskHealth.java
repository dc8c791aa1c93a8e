package io.hotpair.task.host;

/** Whether a task keeps its deadline, and whether it lives at all. Pure: time comes in by {@link #watch}, once a cycle. */
final class TaskHealth {
    /** Records that may be under way; a power of two. */
    static final int IN_FLIGHT_MAX = 8192;
    /** Penalty while no task runs: worse than any lateness. */
    static final int PENALTY_DOWN = 100;
    /** Penalty while records are late: twice the usual handover threshold. */
    static final int PENALTY_LATE = 20;
    /** How long a late record counts: one a second keeps the penalty up. */
    static final long LATE_COUNTS_NS = 1_000_000_000L;

    /** A task hangs after so many looks at least. */
    private static final int LOOKS = 4;

    private final long deadlineNs;
    private final long hangNs;
    private final long[] offeredNs = new long[IN_FLIGHT_MAX];
    private long offered;
    private long executed;
    private long nowNs;
    private long silentNs;
    private boolean progress;
    private long excusedNs;
    private long lateNs;
    private boolean everLate;
    private boolean running;
    private boolean begun;
    private long seenBeat;
    private long late;
    private long worstNs;

    TaskHealth(long deadlineNs, long hangNs) {
        this.deadlineNs = deadlineNs;
        this.hangNs = hangNs;
    }

    /** Begins anew behind a record: a state was loaded, or the process ended. */
    void reset(long index) {
        offered = index;
        executed = index;
    }

    boolean hasRoom() {
        return offered - executed < IN_FLIGHT_MAX;
    }

    void onOffer(long index) {
        offered = index;
        offeredNs[(int) index & IN_FLIGHT_MAX - 1] = nowNs;
    }

    void onExecuted(long index) {
        executed = index;
        progress = true;
        long ageNs = age(index);
        worstNs = Math.max(worstNs, ageNs);
        if (ageNs > deadlineNs) {
            late++;
            markLate();
        }
    }

    private long age(long index) {
        long sinceNs = offeredNs[(int) index & IN_FLIGHT_MAX - 1];
        return Math.min(nowNs - sinceNs, nowNs - excusedNs);
    }

    private void markLate() {
        lateNs = nowNs;
        everLate = true;
    }

    /**
     * At the begin of a cycle.
     *
     * @param running whether a task is attached
     * @param blocked whether it waits for the node to take its outputs
     * @param beat its heartbeat
     * @return whether it has shown no life for longer than the configured time
     */
    boolean watch(long nowNs, boolean running, boolean blocked, long beat) {
        long gapNs = begun ? nowNs - this.nowNs : 0;
        this.nowNs = nowNs;
        if (!begun || gapNs > deadlineNs || blocked) { // what this thread missed is no fault of the task
            excusedNs = nowNs;
        }
        // Time counts as silence only as far as it was looked at: a pause of the node, however long, is one look.
        boolean alive = progress || blocked || !running || !this.running || beat != seenBeat;
        silentNs = alive ? 0 : silentNs + Math.min(gapNs, hangNs / LOOKS);
        progress = false;
        begun = true;
        this.running = running;
        seenBeat = beat;
        if (running && offered != executed && age(executed + 1) > deadlineNs) {
            markLate();
        }
        return silentNs > hangNs;
    }

    /** Penalty points for {@code core.port.Fitness}. */
    int penalty() {
        if (!running) {
            return PENALTY_DOWN;
        }
        return everLate && nowNs - lateNs < LATE_COUNTS_NS ? PENALTY_LATE : 0;
    }

    /** Records that were executed after their deadline. */
    long late() {
        return late;
    }

    /** The longest that a record took, from the cycle that offered it to the one that saw it executed. */
    long worstNs() {
        return worstNs;
    }
}
