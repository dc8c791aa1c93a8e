package io.hotpair.core;

/**
 * Takes the board's own lateness out of its judgement of the peer: silence that a board caused itself by not listening is not evidence.
 *
 * <p>After a cycle that was late ({@link CoreConfig#latenessNs}) everything that arrived is read first, then silence is judged after one further
 * full interval; but at most {@code misses} times in one silence, so that a board that is late all the time still replaces a dead peer.
 */
final class Lateness {
    private final long intervalNs;
    private final long latenessNs;
    private final int patience;
    private long deadlineNs;
    private long cycleNs;
    private long wakeNs;
    private long judgeNs;
    private int postponed;

    Lateness(CoreConfig config, long startNs) {
        intervalNs = config.intervalNs();
        latenessNs = config.latenessNs();
        patience = config.misses();
        deadlineNs = startNs;
        cycleNs = startNs;
        wakeNs = startNs;
        judgeNs = startNs;
    }

    /** The cycle begins. Returns by how much it is late if that counts as late, else 0. */
    long onCycle(long nowNs) {
        cycleNs = nowNs;
        if (!late(nowNs)) {
            return 0;
        }
        long lateNs = nowNs - deadlineNs;
        wakeNs = nowNs;
        if (postponed < patience) {
            postponed++;
            judgeNs = nowNs + intervalNs;
        }
        return lateNs;
    }

    /** Whether a cycle that begins now is late. */
    boolean late(long nowNs) {
        return nowNs - deadlineNs > latenessNs;
    }

    /** When the newest cycle began: up to then everything that had arrived was read. */
    long cycleNs() {
        return cycleNs;
    }

    /** The cycle ends; the next one is due then. */
    void nextDeadline(long deadlineNs) {
        this.deadlineNs = deadlineNs;
    }

    /** The peer was heard: a new silence may be postponed again. */
    void onPeerHeard() {
        postponed = 0;
    }

    /** Whether silence may be judged now. */
    boolean mayJudge(long nowNs) {
        return nowNs - judgeNs >= 0;
    }

    /** From when silence may be judged. */
    long judgeNs() {
        return judgeNs;
    }

    /** When the board last woke late; its start if never. What was sent or heard up to then proves nothing about now. */
    long wakeNs() {
        return wakeNs;
    }
}
