package io.hotpair.core;

/**
 * Whether this board may be the only one whose output gate is open, judged with the clock at every emission. One of four has to hold:
 *
 * <ul>
 *   <li><b>echo</b>: on some channel the newest own transmit time that came back is younger than {@code M * I - margin}. The peer cannot
 *       open before {@code M * I} after hearing that frame, so the two gates exclude each other by construction, pauses and one-way losses
 *       included.
 *   <li><b>waiting</b>: the peer returned a transmit time of this very reign while it was still rehearsing. It takes nothing over for
 *       the settle time after that, so this keeps a gate open, and opens none. (A board that starts is busy with itself, and late.)
 *   <li><b>alone</b>: at its newest cycle the board had not heard the peer on any channel for {@code max(1.5, M - 1) * I}, and a checkpoint answered a
 *       probe sent within the lease (once established as alone, i.e. alone for T: within the settle time). Under {@code hold} silence
 *       promotes nobody, so no checkpoint is needed. Where the last frame showed that the peer hardly hears this board, it may be about to
 *       complete its own silence: then, and after any lateness, alone takes {@code M * I}.
 *   <li><b>out</b>: the peer is known to be gone (for the settle time, then "alone" takes over), or is heard by pulses alone that say that it
 *       is out; a board that is out and claims by silence shows itself for {@code M * I} before its gate opens. (Frames need no such rule:
 *       one that is fresh beyond doubt returns a young transmit time, which is "echo".)
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
    private final long silenceNs;
    private final long takeoverBoundNs;
    private final long heardLatelyNs;
    private final long[] echoYoungNs = new long[CoreConfig.FRAME_CHANNELS];
    private long aloneSinceNs = NEVER;

    Lease(CoreConfig config, PeerView peer, CheckpointView[] checkpoints, Lateness lateness) {
        this.config = config;
        this.peer = peer;
        this.checkpoints = checkpoints;
        this.lateness = lateness;
        silenceNs = config.silenceNs();
        takeoverBoundNs = config.takeoverBoundNs();
        heardLatelyNs = config.misses() * config.intervalNs() - config.intervalNs() * 3 / 2 - config.marginNs();
        for (int c = 0; c < CoreConfig.FRAME_CHANNELS; c++) {
            echoYoungNs[c] = config.channelTimeoutNs(c) - config.marginNs();
        }
    }

    /**
     * Once a cycle: how long the board has served alone without a break.
     *
     * @param serving whether a gate is open: to open one takes a fresh answer, however long the silence has been
     */
    void doWork(boolean serving, long nowNs) {
        if (!serving || !aloneHolds(nowNs)) {
            aloneSinceNs = NEVER;
        } else if (aloneSinceNs == NEVER || aloneSinceNs - lateness.wakeNs() < 0) {
            aloneSinceNs = nowNs;
        }
    }

    /** Whether one of the reasons that may open a gate holds now. */
    boolean holds(long nowNs) {
        return echoHolds(nowNs) || withoutPeer(nowNs);
    }

    /** Whether a reason holds that does without the peer: it is away, gone, or says itself that it is out. */
    boolean withoutPeer(long nowNs) {
        return goneHolds(nowNs) || (readRecently(nowNs) && (pulsesOut(nowNs) || aloneHolds(nowNs)));
    }

    /**
     * What the peer does not say can be trusted only while it cannot have said otherwise unread: its next frame lands within I, and it opens
     * at {@code M * I}.
     */
    private boolean readRecently(long nowNs) {
        return nowNs - lateness.cycleNs() < (config.misses() - 1) * config.intervalNs() - config.marginNs();
    }

    boolean echoHolds(long nowNs) {
        for (int c = 0; c < CoreConfig.FRAME_CHANNELS; c++) {
            if (config.has(c) && echoYoung(c, nowNs)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the peer, rehearsing when it was last heard, replaces nobody yet who led before {@code sinceNs}, ns. */
    boolean waitingHolds(long sinceNs, long nowNs) {
        long echoNs = peer.waitingEchoNs();
        return echoNs != NEVER
                && echoNs - sinceNs > config.marginNs()
                && sentAfterWaking(echoNs)
                && nowNs - echoNs < peer.waitsNs();
    }

    private boolean echoYoung(int channel, long nowNs) {
        long echoNs = peer.echoNs(channel);
        return echoNs != NEVER
                && sentAfterWaking(echoNs)
                && nowNs - echoNs < echoYoungNs[channel];
    }

    private boolean sentAfterWaking(long atNs) {
        return atNs - lateness.wakeNs() >= 0;
    }

    private boolean pulsesOut(long nowNs) {
        return peer.pulsesOut(lateness.wakeNs(), nowNs);
    }

    /** What is read soon after a lateness may have been said long before; a new boot of the peer that leads meanwhile is heard within M * I. */
    private boolean goneHolds(long nowNs) {
        return peer.gone()
                && peer.goneNs() - lateness.wakeNs() > 0
                && nowNs - lateness.wakeNs() >= silenceNs
                && nowNs - peer.goneNs() < config.settleNs()
                && !peer.strangerSpeaks(nowNs);
    }

    boolean aloneHolds(long nowNs) {
        return quiet() && (config.onSilence() == OnSilence.HOLD || checkpointAnswered(nowNs));
    }

    /**
     * Unheard for long enough, judged at the newest cycle: what arrived since has not been read, and may be a heartbeat.
     */
    private boolean quiet() {
        long cycleNs = lateness.cycleNs();
        return cycleNs - quietAtNs() >= 0
                && cycleNs - lateness.wakeNs() >= silenceNs
                && !peer.strangerSpeaks(cycleNs)
                && !peer.pulsesUndecided(lateness.wakeNs(), cycleNs);
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

    /** Serving alone for T without a break: probes may be slower from here on. */
    boolean established(long nowNs) {
        return aloneSinceNs != NEVER && nowNs - aloneSinceNs >= takeoverBoundNs;
    }

    /** From when on the board counts as not hearing anybody; its start if it never heard anybody. */
    long quietAtNs() {
        if (peer.newestHeardNs() == NEVER) {
            return lateness.wakeNs();
        }
        return peer.gone() || peerHeardUs(peer.newestHeardNs()) ? Math.max(peer.aloneNs(), lateness.wakeNs()) : peer.silenceCompleteNs();
    }

    /**
     * Whether, when it was last heard, the peer had heard this board so recently that its silence was not about to be complete. As long
     * as one direction works the peer, which is not heard now, hears this board's next frame, within an interval and a half.
     */
    private boolean peerHeardUs(long heardNs) {
        long newestEchoNs = peer.newestEchoNs();
        return newestEchoNs != NEVER && heardNs - newestEchoNs <= heardLatelyNs;
    }
}
