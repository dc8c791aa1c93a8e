package io.hotpair.core;

/**
 * Total silence: is the peer gone, or am I cut off? The network on which the peer was heard last decides, unless its checkpoint was already
 * down before the silence; then the other one does. Only an answer to a probe counts that was sent after the last heartbeat, and within the last
 * interval and arbitration budget.
 */
final class Arbitration {
    /** What the checkpoint says. */
    enum Verdict { PENDING, PEER_GONE, CUT_OFF }

    private static final int NO_NETWORK = -1;

    private final CoreConfig config;
    private final PeerView peer;
    private final CheckpointView[] checkpoints;
    private final Lateness lateness;

    Arbitration(CoreConfig config, PeerView peer, CheckpointView[] checkpoints, Lateness lateness) {
        this.config = config;
        this.peer = peer;
        this.checkpoints = checkpoints;
        this.lateness = lateness;
    }

    /** Judges a silence that is complete. */
    Verdict judge(long nowNs) {
        int network = decisiveNetwork();
        if (network != NO_NETWORK && answeredSinceSilence(network, nowNs)) {
            return Verdict.PEER_GONE;
        }
        return nowNs - deadlineNs() >= 0 ? Verdict.CUT_OFF : Verdict.PENDING;
    }

    /**
     * How things stand now is what counts: the burst sends a probe every half interval, so an answer that is older than this was followed by probes
     * that were not answered. (A silence may also be judged long after it was complete, by a board that could not lead until then.)
     */
    private boolean answeredSinceSilence(int network, long nowNs) {
        long sinceNs = Math.max(peer.newestHeardNs(), nowNs - config.intervalNs() - config.arbitrationNs());
        return checkpoints[network].answeredProbeSentAfter(Math.max(sinceNs, lateness.wakeNs()));
    }

    /** When the budget ends, counted from when the silence was complete and could be judged. */
    long deadlineNs() {
        return Math.max(peer.silenceCompleteNs(), lateness.judgeNs()) + config.arbitrationNs();
    }

    private int decisiveNetwork() {
        long heardA = peer.heardNs(CoreConfig.ETHERNET_A);
        long heardB = peer.heardNs(CoreConfig.ETHERNET_B);
        int last = heardB > heardA ? 1 : 0;
        return usable(last) ? last : usable(1 - last) ? 1 - last : NO_NETWORK;
    }

    private boolean usable(int network) {
        return checkpoints[network].configured() && !checkpoints[network].downSinceBefore(peer.newestHeardNs());
    }
}
