package io.hotpair.sim;

import java.util.HashMap;
import java.util.Map;

/**
 * A board that leads and is well answers the inputs that it gets, whatever its peer and the stream do. I5 looks at gates only: behind an open one a
 * primary may wait for ever for a standby that does not come.
 *
 * <p>Well means that its gate has been open without a break, that it was neither paused nor late, that its task has its state and that its disk
 * works.
 * What it gets while it cannot order, over a handover that comes to nothing, may be forgotten, so that an answer is owed only to a client that has
 * repeated its input.
 */
final class AnswerChecker {
    private static final long MS = 1_000_000;
    private static final int COPIES = 3;

    private final World world;
    private final Map<Long, Owed> owed = new HashMap<>();
    private final long[] diskTroubleNs = {Long.MIN_VALUE / 2, Long.MIN_VALUE / 2};
    private final long[] slowestWriteNs = new long[2];
    int answered;
    long longestNs;

    /** An input that a board has got, and not answered: since when, and how often. */
    private static final class Owed {
        long sinceNs;
        int copies;
    }

    AnswerChecker(World world) {
        this.world = world;
    }

    void onTick() {
        for (int i = 0; i < 2; i++) {
            SimDisk disk = world.board(i).disk;
            slowestWriteNs[i] = Math.max(slowestWriteNs[i], disk.writeNs);
            if (world.profile().data.mirror && (disk.stalls || disk.refuses)) {
                diskTroubleNs[i] = world.nowNs();
            }
        }
    }

    private static long key(int board, int group, long client, long number) {
        return (long) board << 62 ^ (long) group << 61 ^ client << 40 ^ number;
    }

    /** A board reads a numbered input. */
    void onInput(Board b, int group, long client, long number) {
        Owed input = owed.computeIfAbsent(key(b.id, group, client, number), key -> new Owed());
        long nowNs = world.nowNs();
        long wellSinceNs = wellSinceNs(b, group);
        if (input.copies == 0 || input.sinceNs < wellSinceNs) {
            input.sinceNs = nowNs;
            input.copies = wellSinceNs <= nowNs ? 1 : 0;
            return;
        }
        input.copies++;
        if (input.copies >= COPIES && nowNs - input.sinceNs > boundNs(b)) {
            throw new Violation("answers", "board " + World.name(b.id) + " group " + group + " leads and is well, and has not answered input "
                    + number + " of client " + client + " for " + (nowNs - input.sinceNs) / MS + " ms, allowed " + boundNs(b) / MS + " ms");
        }
    }

    /** An output left that answers it. */
    void onAnswer(Board b, int group, long client, long number) {
        Owed input = owed.remove(key(b.id, group, client, number));
        owed.remove(key(1 - b.id, group, client, number));
        if (input != null && input.copies > 0 && input.sinceNs >= wellSinceNs(b, group)) {
            answered++;
            longestNs = Math.max(longestNs, world.nowNs() - input.sinceNs);
        }
    }

    /** Since when the board leads and is well; later than now if it does not. */
    private long wellSinceNs(Board b, int group) {
        SimTask task = ((SyncReplica) b.replica).task(group);
        if (!world.judge().open[b.id][group] || !b.running() || !task.ready() || !task.loaded()) {
            return Long.MAX_VALUE;
        }
        return Math.max(Math.max(world.judge().gateSinceNs[b.id][group], b.lastLateNs),
                Math.max(world.judge().contact.runningSinceNs[b.id], diskTroubleNs[b.id]));
    }

    /**
     * A standby may owe an acknowledgement for the configured wait, and one record may begin to wait just before another one is acknowledged. To that
     * come a few heartbeats, handovers that come to nothing, and a few writes of the board's own disk.
     */
    private long boundNs(Board b) {
        return 2 * world.profile().data.standbyWaitNs + 12 * world.profile().takeoverNs() + 100 * MS
                + (world.profile().data.mirror ? 8 * slowestWriteNs[b.id] : 0);
    }
}
