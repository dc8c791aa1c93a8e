package io.hotpair.core;

/**
 * The settings that the core decides by. All durations in ns.
 *
 * @param board 0 = A, 1 = B
 * @param groups 1 or 2
 * @param onSilence what silence permits
 * @param intervalNs heartbeat interval I
 * @param misses M: a channel is silent after M intervals without a valid frame, 2..10
 * @param leaseNs oldest own cycle that still allows an emission; at most M * I - margin
 * @param marginNs by how much a lease ends before the peer could open; covers clock drift within M * I
 * @param arbitrationNs how long a checkpoint may take to decide a silence
 * @param settleNs how long a joining board listens before it believes that nobody is there; more than 2 T
 * @param settleMaxNs how long it waits for every network and checkpoint to come up
 * @param checkpointIntervalNs between two background probes
 * @param channelIntervalNs heartbeat interval of Ethernet A, Ethernet B, UART, GPIO; 0 where the channel is absent
 * @param handoverThreshold hand over when the own penalty exceeds the peer's by this much; 10 is one network
 * @param voluntaryChanges at most so many voluntary role changes within the window
 * @param dampingWindowNs the window
 */
public record CoreConfig(
        int board,
        int groups,
        OnSilence onSilence,
        long intervalNs,
        int misses,
        long leaseNs,
        long marginNs,
        long arbitrationNs,
        long settleNs,
        long settleMaxNs,
        long checkpointIntervalNs,
        long[] channelIntervalNs,
        int handoverThreshold,
        int voluntaryChanges,
        long dampingWindowNs) {

    /** Ethernet A. */
    public static final int ETHERNET_A = 0;
    /** Ethernet B. */
    public static final int ETHERNET_B = 1;
    /** The UART line. */
    public static final int UART = 2;
    /** The GPIO line: pulses, no frames. */
    public static final int GPIO = 3;
    /** Number of channels. */
    public static final int CHANNELS = 4;
    /** Channels 0..FRAME_CHANNELS-1 carry frames. */
    public static final int FRAME_CHANNELS = 3;
    /** Number of networks; network n carries channel n and has checkpoint n. */
    public static final int NETWORKS = 2;
    /** Groups that a frame has room for. */
    public static final int MAX_GROUPS = 2;

    /** Checks what the core's safety rests on. @throws IllegalArgumentException naming the relation that does not hold */
    public CoreConfig {
        require(board == 0 || board == 1, "board is 0 or 1");
        require(groups == 1 || groups == MAX_GROUPS, "1 or 2 groups");
        require(misses >= 2 && misses <= 10, "misses is 2 to 10");
        require(intervalNs > 0 && marginNs > 0 && marginNs < intervalNs, "0 < margin < interval");
        require(Math.max(3, 2 * (misses - 1)) * intervalNs / 2 - intervalNs > marginNs, "margin < max(1.5, misses - 1) * interval - interval");
        require(leaseNs > 0 && leaseNs <= misses * intervalNs - marginNs, "lease <= misses * interval - margin");
        require(channelIntervalNs.length == CHANNELS, "four channel intervals");
        boolean frames = false;
        for (int c = 0; c < CHANNELS; c++) {
            require(channelIntervalNs[c] == 0 || channelIntervalNs[c] >= intervalNs, "no channel is faster than the interval");
            frames |= c < FRAME_CHANNELS && channelIntervalNs[c] > 0;
        }
        require(frames, "at least one channel that carries frames");
        channelIntervalNs = channelIntervalNs.clone();
        long slowestNs = 0;
        for (long channelNs : channelIntervalNs) {
            slowestNs = Math.max(slowestNs, channelNs);
        }
        require(settleNs > 2 * (misses * slowestNs + arbitrationNs), "settle > 2 * T");
        require(settleMaxNs >= settleNs, "settle-max >= settle");
    }

    private static void require(boolean holds, String relation) {
        if (!holds) {
            throw new IllegalArgumentException("core settings: " + relation);
        }
    }

    /** Silence on a channel is complete after this long, ns. */
    public long channelTimeoutNs(int channel) {
        return misses * channelIntervalNs[channel];
    }

    /** How long the slowest channel's silence takes to be complete, ns. */
    public long silenceNs() {
        long slowestNs = 0;
        for (long channelNs : channelIntervalNs) {
            slowestNs = Math.max(slowestNs, channelNs);
        }
        return misses * slowestNs;
    }

    /**
     * A board counts as alone when nothing came for this long, ns: {@code max(1.5, M - 1)} intervals, so that it mostly does while its echo still
     * holds. What was under way on a slow line when the peer died prolongs it by so much.
     */
    public long aloneNs(int channel) {
        return aloneHalves() * channelIntervalNs[channel] / 2;
    }

    private int aloneHalves() {
        return Math.max(3, 2 * (misses - 1));
    }

    /**
     * A cycle that is later than this counts as late, ns: an interval at most, and less than would let the peer count as alone while this
     * board does not know that it was mute.
     */
    public long latenessNs() {
        return Math.min(intervalNs, aloneHalves() * intervalNs / 2 - intervalNs - marginNs);
    }

    /** T: the takeover bound, ns: the slowest channel's silence and the arbitration. */
    public long takeoverBoundNs() {
        return silenceNs() + arbitrationNs;
    }

    /** Whether the channel exists. */
    public boolean has(int channel) {
        return channelIntervalNs[channel] > 0;
    }
}
