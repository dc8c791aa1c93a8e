package io.hotpair.core;

import io.hotpair.core.port.Fitness;
import io.hotpair.wire.Frame;

/** What the groups of one board share: the view of the peer and the networks, the lease, the terms, and the board's own condition. */
final class Board {
    /** Penalty points of a network that is down. */
    static final int NETWORK_PENALTY = 10;
    private static final int MAX_PENALTY = 255;

    final CoreConfig config;
    final CorePorts ports;
    final long startNs;
    final PeerView peer;
    final CheckpointView[] checkpoints = new CheckpointView[CoreConfig.NETWORKS];
    final Lateness lateness;
    final Terms terms;
    final Lease lease;
    final Arbitration arbitration;
    final Damping damping;

    /** The process ends on purpose: every gate is shut for good. */
    boolean leaving;
    /** An operator holds voluntary changes. */
    boolean held;
    /** Something changed that the peer should know before the next heartbeat is due. */
    boolean urgent;
    /** Whether a cycle has been run. Before that this board has looked at nothing, and would tell the peer that its self test is not over. */
    boolean cycled;

    /** Whether the peer was there when that was told last: a farewell is followed by silence, which is the same loss. */
    private boolean peerThere;

    /** A frame of the present cycle says that this board rehearses and leads nothing. */
    boolean saysWaiting;
    /** The first cycle after the newest such frame. */
    long saidWaitingNs = PeerView.NEVER;

    Board(CoreConfig config, CorePorts ports, long startNs) {
        this.config = config;
        this.ports = ports;
        this.startNs = startNs;
        peer = new PeerView(config, startNs);
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            checkpoints[n] = new CheckpointView(config, ports.checkpoints()[n]);
        }
        lateness = new Lateness(config, startNs);
        terms = new Terms(config.board(), ports.termStore());
        lease = new Lease(config, peer, checkpoints, lateness);
        arbitration = new Arbitration(config, peer, checkpoints, lateness);
        damping = new Damping(config.voluntaryChanges(), config.dampingWindowNs());
    }

    /** Whether this board may claim the primary role: tested, rehearsed, not leaving, and with a term at hand. */
    boolean mayLead() {
        return !leaving
                && ports.fitness().selfTest() == Fitness.SELF_TEST_PASSED
                && ports.fitness().mayLead()
                && terms.available();
    }

    /** Records that the peer comes or goes, once. */
    void tellPeer(boolean there, EventCode how, long nowNs) {
        if (there != peerThere) {
            peerThere = there;
            event(how, -1, 0, peer.bootId() & 0xFFFF_FFFFL, nowNs);
        }
    }

    /** Whether this board will be able to claim the primary role shortly: it rehearses, or its terms are on their way to the disk. */
    boolean preparing() {
        return !leaving && !mayLead() && ports.fitness().selfTest() == Fitness.SELF_TEST_PASSED
                && (ports.fitness().mayLead() || ports.fitness().preparing());
    }

    /** Once a cycle, before anything is decided: a cycle's frames leave after its judgements. */
    void beginCycle(long nowNs) {
        if (saysWaiting) {
            saysWaiting = false;
            saidWaitingNs = nowNs;
        }
    }

    /**
     * Whether the peer may count on it that this board leads only by what the peer itself says now: it said that it was rehearsing less than the
     * settle time ago.
     */
    boolean waits(long nowNs) {
        return saysWaiting || saidWaitingNs != PeerView.NEVER && nowNs - saidWaitingNs < config.settleNs();
    }

    /** The board's penalty: its networks and what its fitness reports. */
    int penalty() {
        int sum = ports.fitness().penalty();
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            if (networkDown(n)) {
                sum += NETWORK_PENALTY;
            }
        }
        return Math.min(sum, MAX_PENALTY);
    }

    /** How much later the peer may notice that a network went, or came back, than this board does, ns. */
    long noticedWithinNs() {
        long ns = 0;
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            ns = config.has(n) ? Math.max(ns, checkpoints[n].noticedWithinNs()) : ns;
        }
        return ns;
    }

    boolean networkDown(int network) {
        return config.has(network) && checkpoints[network].state() == Frame.CHECKPOINT_DOWN;
    }

    /** Whether no network with a checkpoint reaches it. */
    boolean cutOffFromCheckpoints() {
        boolean any = false;
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            if (checkpoints[n].configured()) {
                any = true;
                if (!networkDown(n)) {
                    return false;
                }
            }
        }
        return any;
    }

    /** Whether a checkpoint of some network answered a probe of the last settle time. */
    boolean someCheckpointAnswers(long nowNs) {
        return someCheckpointAnswersSince(nowNs - config.settleNs());
    }

    /** Whether a checkpoint of some network answered a probe sent after {@code sinceNs}. */
    boolean someCheckpointAnswersSince(long sinceNs) {
        for (CheckpointView checkpoint : checkpoints) {
            if (checkpoint.answeredProbeSentAfter(sinceNs)) {
                return true;
            }
        }
        return false;
    }

    /** Whether every configured network has a carrier and its checkpoint answers. */
    boolean everyNetworkReady() {
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            if (config.has(n) && !checkpoints[n].ready()) {
                return false;
            }
        }
        return true;
    }

    void event(EventCode code, int group, long term, long detail, long nowNs) {
        ports.events().onEvent(code.ordinal(), group, term, detail, nowNs);
    }
}
