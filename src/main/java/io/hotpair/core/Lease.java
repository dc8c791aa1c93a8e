package io.hotpair.core;

/**
 * Whether this board may be the only one whose output gate is open, judged with the clock at every emission. One of three has to hold:
 *
 * <ul>
 *   <li><b>echo</b>: on some channel the newest own transmit time that came back is younger than {@code M * I - margin}. The peer cannot
 *       open before {@code M * I} after hearing that frame, so the two gates exclude each other by construction, pauses and one-way losses
 *       included.
 *   <li><b>alone</b>: the peer was unheard on every channel for 1.5 intervals, and a checkpoint answered a probe sent within the lease
 *       (once established as alone, i.e. alone for T: within the settle time). Under {@code hold} silence promotes nobody, so no
 *       checkpoint is needed.
 *   <li><b>out</b>: the peer is known to be gone (for the settle time, then "alone" takes over), or its newest fresh statement says that it
 *       is out; a board that is out and claims by silence shows itself for {@code M * I} before its gate opens.
 * </ul>
 *
 * After any lateness only what was sent, or heard, after waking counts.
 */
final class Lease {
    private static final long NEVER = PeerView.NEVER;

    private final CoreConfig config;
    private final PeerView peer;
    private final CheckpointView[] checkpoints;
    private final Lateness lateness;
    private long aloneSinceNs = NEVER;

    Lease(CoreConfig config, PeerView peer, CheckpointView[] checkpoints, Lateness lateness) {
        this.config = config;
        this.peer = peer;
        this.checkpoints = checkpoints;
        this.lateness = lateness;
    }

    /** Once a cycle: how long the board has been alone without a break. */
    void doWork(long nowNs) {
        if (!quiet(nowNs) || !aloneHolds(nowNs)) {
            aloneSinceNs = NEVER;
        } else if (aloneSinceNs == NEVER || aloneSinceNs - lateness.wakeNs() < 0) {
            aloneSinceNs = nowNs;
        }
    }

    /** Whether one of the three reasons holds for the group now. */
    boolean holds(int group, long nowNs) {
        return echoHolds(nowNs) || outHolds(group, nowNs) || aloneHolds(nowNs);
    }

    boolean echoHolds(long nowNs) {
        for (int c = 0; c < CoreConfig.FRAME_CHANNELS; c++) {
            if (config.has(c) && echoYoung(c, nowNs)) {
                return true;
            }
        }
        return false;
    }

    private boolean echoYoung(int channel, long nowNs) {
        long echoNs = peer.echoNs(channel);
        return echoNs != NEVER
                && sentAfterWaking(echoNs)
                && nowNs - echoNs < config.channelTimeoutNs(channel) - config.marginNs();
    }

    private boolean sentAfterWaking(long atNs) {
        return atNs - lateness.wakeNs() >= 0;
    }

    boolean outHolds(int group, long nowNs) {
        return goneHolds(nowNs) || peer.showsOut(group, lateness.wakeNs(), nowNs);
    }

    private boolean goneHolds(long nowNs) {
        return peer.gone() && nowNs - peer.goneNs() < config.settleNs();
    }

    boolean aloneHolds(long nowNs) {
        return quiet(nowNs) && (config.onSilence() == OnSilence.HOLD || checkpointAnswered(nowNs));
    }

    /** Unheard on every channel for 1.5 intervals, and since waking as well. */
    private boolean quiet(long nowNs) {
        long quietNs = peer.quietNs(3);
        return (quietNs == NEVER || nowNs - quietNs >= 0) && nowNs - lateness.wakeNs() >= config.intervalNs() * 3 / 2;
    }

    private boolean checkpointAnswered(long nowNs) {
        long withinNs = established(nowNs) ? config.settleNs() : config.leaseNs();
        return answered(0, nowNs - withinNs) || answered(1, nowNs - withinNs);
    }

    private boolean answered(int network, long sinceNs) {
        return sentAfterWaking(sinceNs)
                ? checkpoints[network].answeredProbeSentAfter(sinceNs)
                : checkpoints[network].answeredProbeSentAfter(lateness.wakeNs());
    }

    /** Alone for T without a break: probes may be slower from here on. */
    boolean established(long nowNs) {
        return aloneSinceNs != NEVER && nowNs - aloneSinceNs >= config.takeoverBoundNs();
    }

    /** When the board would count as alone, for the duty cycle to wake up then. */
    long quietAtNs() {
        return peer.quietNs(3);
    }
}
