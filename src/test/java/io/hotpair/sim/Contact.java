package io.hotpair.sim;

import io.hotpair.wire.Seal;

/**
 * What really got through between the boards, from the simulator's own knowledge: a frame counts that the other board's present boot sent
 * to this board's present boot, unaltered and for the first time, once the two boots have met; an edge counts that the other board made and that is
 * the third in a row at a distance that means something.
 */
final class Contact {
    private static final int RUN = 3;
    /** Half intervals for which every channel is cut. */
    private static final int CUT_TICKS = 3;

    private final World world;
    /** When the board last got a sign of life. */
    final long[] heardNs = {Long.MIN_VALUE / 2, Long.MIN_VALUE / 2};
    /** When its process last read one, or had an edge to take. */
    final long[] readNs = {Long.MIN_VALUE / 2, Long.MIN_VALUE / 2};
    /** From when on the board has been able to run without a break. */
    final long[] runningSinceNs = {Long.MAX_VALUE, Long.MAX_VALUE};
    /** Send time of the newest probe that a checkpoint answered to the board. */
    final long[] probedNs = {Long.MIN_VALUE / 2, Long.MIN_VALUE / 2};
    /** The boot of the other board that each board has met: it read a frame that names it and returns a recent time of its own. */
    private final int[] metBoot = new int[2];
    /** When the board last read a frame that it has to take for a sign of life: newer than all that its channel brought of that boot. */
    final long[] frameReadNs = {Long.MIN_VALUE / 2, Long.MIN_VALUE / 2};
    /** When the newest frame that the board has read was sent, and by which boot; likewise of the boot before. */
    private final long[] readSentNs = new long[2];
    private final int[] readSentBoot = new int[2];
    private final long[] earlierSentNs = new long[2];
    private final int[] earlierSentBoot = new int[2];
    /** The newest frame of the other board that arrived on each channel, whoever carried it. */
    private final int[][] arrivedBoot = new int[2][Net.GPIO];
    private final long[][] arrivedTxNs = new long[2][Net.GPIO];
    /** The boot of the other board whose farewell each board has read. */
    private final int[] leftBoot = new int[2];
    private final long[] edgeNs = new long[2];
    private final int[] run = new int[2];
    private final int[] outRun = new int[2];
    private final boolean[] falseEdgesSeen = new boolean[2];
    /** Frames that each board has read since the channels last all failed at once. */
    private final int[] readSinceFailure = new int[2];
    private int cutTicks;
    /** Whether both boards ran at some moment of that: one that stops later has been failed by its channels like the other. */
    private boolean cutWhileRunning;
    private boolean failed;
    /** Last sign of life either way before the channels failed. */
    long failedSinceNs;
    int failures;
    /** The newest boot of each board that was truly said to be dead. */
    final int[] deadSaidBoot = new int[2];

    Contact(World world) {
        this.world = world;
    }

    void onStart(Board b) {
        metBoot[b.id] = 0;
        runningSinceNs[b.id] = world.nowNs();
        run[b.id] = 0;
        outRun[b.id] = 0;
    }

    /** Called before the process goes. */
    void beforeEnd() {
        noticeFailure();
    }

    void onEnd(Board b) {
        runningSinceNs[b.id] = Long.MAX_VALUE;
    }

    /** Called before the board stands still. */
    void onPause() {
        noticeFailure();
    }

    void onResume(Board b) {
        runningSinceNs[b.id] = world.nowNs();
    }

    void onArrive(Board b, int slot) {
        if (firstArrival(b, slot)) {
            int channel = world.net().slotChannel[slot];
            arrivedBoot[b.id][channel] = world.board(1 - b.id).bootId;
            arrivedTxNs[b.id][channel] = WireView.txTimeNs(world.net().arena, slot * Net.SLOT_BYTES);
            world.net().slotGenuine[slot] = true;
        } else {
            world.net().slotGenuine[slot] = false;
        }
        if (lifeSign(b, slot)) {
            noticeFailure();
            heardNs[b.id] = world.nowNs();
        }
    }

    /** An edge that the other board did not make. */
    void onFalseEdge(Board b) {
        falseEdgesSeen[b.id] = true;
    }

    void onEdge(Board b) {
        long distanceNs = world.nowNs() - edgeNs[b.id];
        long intervalNs = world.profile().intervalNs;
        edgeNs[b.id] = world.nowNs();
        boolean falseEdges = falseEdgesSeen[b.id];
        falseEdgesSeen[b.id] = false;
        if (falseEdges || world.noiseGapNs[b.id] != 0) { // false edges lie between, so a run begins anew when they end
            run[b.id] = 0;
            outRun[b.id] = 0;
            edgeNs[b.id] = Long.MIN_VALUE / 2;
            return;
        }
        run[b.id] = distanceNs * 10 >= intervalNs * 3 && distanceNs * 10 <= intervalNs * 15 ? run[b.id] + 1 : 0;
        outRun[b.id] = distanceNs * 100 >= intervalNs * 28 && distanceNs * 100 <= intervalNs * 57 ? outRun[b.id] + 1 : 0;
        if (run[b.id] >= RUN) {
            noticeFailure();
            heardNs[b.id] = world.nowNs();
            readNs[b.id] = world.nowNs();
        }
    }

    /** Whether the other board's own edges, and no noise, just now said that it is out. */
    boolean pulsesSayOut(Board b) {
        return outRun[b.id] >= RUN && world.nowNs() - edgeNs[b.id] < world.profile().intervalNs;
    }

    void onRead(Board b, int slot) {
        if (lifeSign(b, slot) && !longOvertaken(b, slot)) {
            frameReadNs[b.id] = world.nowNs();
            Board sender = world.board(1 - b.id);
            long txNs = WireView.txTimeNs(world.net().arena, slot * Net.SLOT_BYTES);
            if (readSentBoot[b.id] != sender.bootId) {
                earlierSentBoot[b.id] = readSentBoot[b.id];
                earlierSentNs[b.id] = readSentNs[b.id];
                readSentBoot[b.id] = sender.bootId;
                readSentNs[b.id] = 0;
            }
            readSentNs[b.id] = Math.max(readSentNs[b.id], sender.clock.world(sender.clock.local(sender.startedNs) + txNs));
            readSinceFailure[b.id]++;
            readNs[b.id] = saidFarewell(b, slot) ? readNs[b.id] : world.nowNs();
            metBoot[b.id] = world.board(1 - b.id).bootId;
        }
    }

    /** Whether the board has read before what the other one sent later by all but the time that it takes to count as silent. */
    private boolean longOvertaken(Board b, int slot) {
        Board sender = world.board(1 - b.id);
        long txNs = WireView.txTimeNs(world.net().arena, slot * Net.SLOT_BYTES);
        long sentNs = sender.clock.world(sender.clock.local(sender.startedNs) + txNs);
        return readSentBoot[b.id] == sender.bootId && readSentNs[b.id] - sentNs >= world.profile().silenceNs() * 98 / 100;
    }

    /** Whether a board has read a frame that a boot of the other one sent after a time. */
    boolean readSentAfter(int reader, int boot, long ns) {
        return readSentBoot[reader] == boot && readSentNs[reader] > ns || earlierSentBoot[reader] == boot && earlierSentNs[reader] > ns;
    }

    /** Whether the boot of this frame has said before that it is leaving: what it still sends is no news. */
    private boolean saidFarewell(Board b, int slot) {
        Net net = world.net();
        int at = slot * Net.SLOT_BYTES;
        int boot = WireView.bootId(net.arena, at);
        boolean said = leftBoot[b.id] == boot;
        leftBoot[b.id] = WireView.leaving(net.arena, at) ? boot : leftBoot[b.id];
        return said;
    }

    /**
     * Whether this is news of the other board: what its present boot sent on this channel not long ago, unaltered, and nothing later or equal came
     * before it. A copy that overtakes its original is the news, and the original is none any more; a recording of long ago is not, lost though
     * its original was.
     */
    private boolean firstArrival(Board b, int slot) {
        Net net = world.net();
        int at = slot * Net.SLOT_BYTES;
        int channel = net.slotChannel[slot];
        Board peer = world.board(1 - b.id);
        if (net.slotLength[slot] < WireView.MESSAGE_BYTES || WireView.bootId(net.arena, at) != peer.bootId
                || WireView.channel(net.arena, at) != channel) {
            return false;
        }
        long txNs = WireView.txTimeNs(net.arena, at);
        if (arrivedBoot[b.id][channel] == peer.bootId && txNs <= arrivedTxNs[b.id][channel]) {
            return false;
        }
        return net.slotGenuine[slot] || young(peer, txNs) && unaltered(slot);
    }

    /** Whether a board that has the key sealed what is in this slot for the channel that it came on. */
    boolean unaltered(int slot) {
        Net net = world.net();
        Seal seal = world.seal(net.slotChannel[slot]);
        return net.slotLength[slot] == WireView.MESSAGE_BYTES + seal.lengthBytes()
                && seal.verify(net.arena, slot * Net.SLOT_BYTES, WireView.MESSAGE_BYTES);
    }

    private boolean young(Board sender, long txNs) {
        return world.nowNs() - sender.clock.world(sender.clock.local(sender.startedNs) + txNs)
                < world.net().worstDelayNs(sender.id) + world.profile().intervalNs;
    }

    void onCheckpointAnswer(Board b, long sentNs) {
        probedNs[b.id] = Math.max(probedNs[b.id], sentNs);
    }

    void onDeadSaid(int board, int bootId) {
        deadSaidBoot[board] = bootId;
    }

    /** Whether a frame is one that the board can believe: from a boot that it has met, or one by which it meets it. */
    boolean lifeSign(Board b, int slot) {
        Net net = world.net();
        if (!net.slotGenuine[slot] || net.slotLength[slot] < WireView.MESSAGE_BYTES) {
            return false;
        }
        int at = slot * Net.SLOT_BYTES;
        Board peer = world.board(1 - b.id);
        if (peer.node == null || WireView.type(net.arena, at) == WireView.DEAD || WireView.bootId(net.arena, at) != peer.bootId
                || WireView.peerBootId(net.arena, at) != b.bootId) {
            return false;
        }
        if (metBoot[b.id] == peer.bootId) {
            // an answer serves to meet, and to meet again
            return WireView.type(net.arena, at) != WireView.ANSWER || world.nowNs() - frameReadNs[b.id] >= world.profile().intervalNs * 21 / 10;
        }
        long ageNs = b.localNs() - b.clock.local(b.startedNs);
        long echoNs = WireView.echoTimeNs(net.arena, at);
        return echoNs > 0 && ageNs - echoNs < world.profile().settleNs();
    }

    /**
     * How long nothing at all has come through in either direction although both boards could run all the time: neither paused, nor late
     * by an interval, nor down.
     */
    long bothSilentNs() {
        long sinceNs = Math.max(heardNs[0], heardNs[1]);
        for (int i = 0; i < 2; i++) {
            Board b = world.board(i);
            if (!b.running()) {
                return 0;
            }
            sinceNs = Math.max(sinceNs, Math.max(runningSinceNs[i], b.lastLateNs));
        }
        return world.nowNs() - sinceNs;
    }

    /** Called every half interval. */
    void onTick() {
        cutTicks = allCut() ? cutTicks + 1 : 0;
        cutWhileRunning = cutTicks > 0 && (cutWhileRunning || (world.board(0).running() && world.board(1).running()));
        noticeFailure();
    }

    private boolean allCut() {
        boolean anyPasses = false;
        for (int c = 0; c < Net.CHANNELS; c++) {
            anyPasses |= world.net().passes(c, 0) || world.net().passes(c, 1);
        }
        return !anyPasses;
    }

    /**
     * All channels failed at once while both boards lived: every one is cut, for an interval at least, or a silence both ways lasts as long as a
     * primary needs to count as alone.
     */
    private void noticeFailure() {
        boolean cut = cutTicks >= CUT_TICKS && allCut() && cutWhileRunning && world.board(0).node != null && world.board(1).node != null;
        if (cut || bothSilentNs() >= world.profile().aloneNs() * 99 / 100) {
            if (!failed) {
                failures++;
                failedSinceNs = Math.max(heardNs[0], heardNs[1]); // somebody else's copies may still get through
            }
            failed = true;
            readSinceFailure[0] = 0;
            readSinceFailure[1] = 0;
        }
    }

    /** Whether all channels have failed at once, and not yet {@code frames} frames been read on each side since. */
    boolean allFailed(int frames) {
        noticeFailure();
        if (failed && readSinceFailure[0] >= frames && readSinceFailure[1] >= frames) {
            failed = false;
        }
        return failed;
    }
}
