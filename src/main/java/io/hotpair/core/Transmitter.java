package io.hotpair.core;

import io.hotpair.core.port.FrameChannel;
import io.hotpair.wire.Frame;
import io.hotpair.wire.Seal;

/**
 * Sends the heartbeats: one frame per channel and interval, staggered over the channels, one edge per pulse period, and an answer or an
 * urgent frame in between.
 */
final class Transmitter {
    private static final int MAX_SEAL_BYTES = 32;
    /** The two fast channels lie furthest apart, so that the newest echo is at most half an interval and a round trip old. */
    private static final int[] PHASE_QUARTERS = {0, 2, 1};

    private final Board board;
    private final Group[] groups;
    private final int bootId;
    private final Frame frame = new Frame();
    private final byte[] buffer = new byte[Frame.LENGTH_BYTES + MAX_SEAL_BYTES];
    private final long[] nextSendNs = new long[CoreConfig.FRAME_CHANNELS];
    private final long[] sentNs = new long[CoreConfig.FRAME_CHANNELS];
    private final int[] sequence = new int[CoreConfig.FRAME_CHANNELS];
    private final long[] sentFrames = new long[CoreConfig.CHANNELS];
    private final long[] refusedFrames = new long[CoreConfig.CHANNELS];
    private long newestTxNs;
    private long toggledNs;

    Transmitter(Board board, Group[] groups, int bootId) {
        this.board = board;
        this.groups = groups;
        this.bootId = bootId;
        for (int c = 0; c < CoreConfig.FRAME_CHANNELS; c++) {
            long everyNs = board.config.channelIntervalNs()[c];
            nextSendNs[c] = board.startNs + everyNs * PHASE_QUARTERS[c] / 4;
            sentNs[c] = board.startNs - everyNs;
        }
        toggledNs = board.startNs;
    }

    /** Sends what is due. */
    void doWork(long nowNs) {
        boolean urgent = board.urgent;
        board.urgent = false;
        for (int c = 0; c < CoreConfig.FRAME_CHANNELS; c++) {
            if (exists(c) && (urgent || nowNs - nextSendNs[c] >= 0)) {
                beat(c, nowNs);
                schedule(c, nowNs);
            }
        }
        if (board.ports.pulse() != null && nowNs - toggleNs() >= 0) {
            toggledNs = nowNs; // from the real edge on: lateness may stretch a distance, never shorten one
            sentFrames[CoreConfig.GPIO]++;
            board.ports.pulse().toggle();
        }
    }

    private boolean exists(int channel) {
        return board.config.has(channel) && board.ports.frameChannels()[channel] != null;
    }

    /** The first time of the channel's own rhythm that is at least half an interval away, so that the channels stay staggered. */
    private void schedule(int channel, long nowNs) {
        long everyNs = board.config.channelIntervalNs()[channel];
        long behindNs = nowNs + everyNs / 2 - nextSendNs[channel];
        if (behindNs > 0) {
            nextSendNs[channel] += (behindNs / everyNs + 1) * everyNs;
        }
    }

    /** The standby answers a primary's frame at once, which keeps the primary's echo young; at most twice an interval. */
    void answer(int channel, long nowNs) {
        if (board.lateness.late(nowNs)) {
            return; // what is being read lay waiting; the newest of it is answered when all is read
        }
        long everyNs = board.config.channelIntervalNs()[channel];
        if (nowNs - sentNs[channel] >= everyNs / 2) {
            beat(channel, nowNs);
        }
        nextSendNs[channel] = nowNs + everyNs + everyNs / 4; // the next answer makes the regular frame needless
    }

    /** Answers a hello: names the sender and returns its transmit time, so that it can prove itself. In addition to the regular frames. */
    void answerHello(int channel, int senderBootId, long senderTxNs, long nowNs) {
        send(Frame.ANSWER, channel, senderBootId, senderTxNs, nowNs);
    }

    /** The sealed frame by which the guard says that this boot is gone; returns its length. */
    int writeDead(int channel, byte[] destination, long nowNs) {
        Seal seal = board.ports.seals()[channel];
        frame.wrap(destination, 0)
                .header(Frame.DEAD, board.config.board(), channel, false, true)
                .penalty(0).checkpoints(0, 0)
                .bootId(bootId).txTimeNs(Math.max(1, nowNs - board.startNs))
                .echoTimeNs(0).peerBootId(board.peer.bootId())
                .sequence(0);
        for (int g = 0; g < CoreConfig.MAX_GROUPS; g++) {
            frame.term(g, g < groups.length ? groups[g].shownTerm() : 0).commitIndex(g, 0).groupState(g, 0, 0, false, 0);
        }
        seal.seal(destination, 0, Frame.LENGTH_BYTES);
        return Frame.LENGTH_BYTES + seal.lengthBytes();
    }

    private void beat(int channel, long nowNs) {
        sentNs[channel] = nowNs;
        send(Frame.HEARTBEAT, channel, lost(nowNs) ? 0 : board.peer.bootId(), board.peer.peerTxNs(channel), nowNs);
    }

    /**
     * A board that is out and hears nobody names nobody: its frames are hellos, no signs of life. A healthy peer that hears them is not kept from
     * counting as alone, nor from replacing it.
     */
    private boolean lost(long nowNs) {
        return Group.allOut(groups) && !board.peer.heardByFrames(nowNs);
    }

    private void send(int type, int channel, int peerBootId, long echoTxNs, long nowNs) {
        // Strictly rising, for it is the sequence that the peer tells old frames by.
        newestTxNs = Math.max(newestTxNs + 1, nowNs - board.startNs);
        boolean waiting = board.ports.fitness().rehearsing() && !leads();
        board.saysWaiting |= waiting;
        frame.wrap(buffer, 0)
                .header(type, board.config.board(), channel, board.mayLead(), board.leaving).preparing(board.preparing()).waiting(waiting)
                .penalty(board.penalty())
                .checkpoints(board.checkpoints[0].state(), board.checkpoints[1].state())
                .bootId(bootId).txTimeNs(newestTxNs)
                .echoTimeNs(echoTxNs).peerBootId(peerBootId)
                .sequence(type == Frame.HEARTBEAT ? sequence[channel]++ : 0);
        for (int g = 0; g < CoreConfig.MAX_GROUPS; g++) {
            fillGroup(g);
        }
        Seal seal = board.ports.seals()[channel];
        seal.seal(buffer, 0, Frame.LENGTH_BYTES);
        FrameChannel port = board.ports.frameChannels()[channel];
        if (port.send(buffer, 0, Frame.LENGTH_BYTES + seal.lengthBytes())) {
            sentFrames[channel]++;
        } else {
            refusedFrames[channel]++;
        }
    }

    private boolean leads() {
        for (Group group : groups) {
            if (group.role() == Role.PRIMARY) {
                return true;
            }
        }
        return false;
    }

    private void fillGroup(int g) {
        if (g >= groups.length) {
            frame.term(g, 0).commitIndex(g, 0).groupState(g, 0, 0, false, 0);
            return;
        }
        Group group = groups[g];
        frame.term(g, group.shownTerm())
                .commitIndex(g, (int) board.ports.replica().commitIndex(g))
                .groupState(g, group.role().ordinal(), group.intent().ordinal(), group.inSync(), group.verdict());
    }

    /** The code for the whole board: the strongest role of its groups. */
    private int pulseCode() {
        int code = PulseDecoder.OUT;
        for (Group group : groups) {
            if (!board.leaving && group.role() == Role.PRIMARY) {
                return PulseDecoder.PRIMARY;
            }
            if (!board.leaving && group.role() == Role.STANDBY) {
                code = PulseDecoder.STANDBY;
            }
        }
        return code;
    }

    private long toggleNs() {
        return toggledNs + PulseDecoder.periodNs(pulseCode(), board.config.channelIntervalNs()[CoreConfig.GPIO]);
    }

    /** When something is due next. */
    long nextNs(long nowNs) {
        long nextNs = nowNs + board.config.intervalNs();
        for (int c = 0; c < CoreConfig.FRAME_CHANNELS; c++) {
            if (exists(c)) {
                nextNs = Math.min(nextNs, nextSendNs[c]);
            }
        }
        return board.ports.pulse() == null ? nextNs : Math.min(nextNs, toggleNs());
    }

    long sentFrames(int channel) {
        return sentFrames[channel];
    }

    long refusedFrames(int channel) {
        return refusedFrames[channel];
    }
}
