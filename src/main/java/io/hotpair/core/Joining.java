package io.hotpair.core;

/**
 * "First started is primary", made safe. Nobody heard: the settle time decides. Both joining: the lower id computes the verdict from one pair
 * of ages, the other echoes it before a gate opens.
 */
final class Joining {
    /** What joining comes to in this cycle. */
    enum Outcome { WAIT, FOLLOW, LEAD_BY_VERDICT, LEAD_PEER_CANNOT, LEAD_NOBODY_THERE, CUT_OFF }

    /** Verdict of the heartbeat: none yet. */
    static final int NO_VERDICT = 0;
    /** Verdict of the heartbeat: board A leads; {@code A_LEADS + board} names the leader. */
    static final int A_LEADS = 2;

    private final Board board;
    private final int group;
    private long sinceNs;
    private long readySinceNs;
    private boolean everReady;
    private boolean extended;
    private int verdict;

    Joining(Board board, int group) {
        this.board = board;
        this.group = group;
    }

    /** The group enters JOINING. */
    void enter(long nowNs) {
        sinceNs = nowNs;
        everReady = false;
        extended = false;
        verdict = NO_VERDICT;
    }

    /** What this board says in its heartbeat. */
    int verdict() {
        return verdict;
    }

    /** A new boot of the peer: what was agreed with the old one is void. */
    void onPeerMet() {
        verdict = NO_VERDICT;
    }

    Outcome judge(long nowNs) {
        PeerView peer = board.peer;
        trackReadiness(nowNs);
        if (peer.heardByFrames(nowNs)) {
            return withPeer(nowNs);
        }
        verdict = NO_VERDICT;
        if (peer.alive(nowNs)) {
            return pulsesLetLead(nowNs) ? Outcome.LEAD_PEER_CANNOT : Outcome.WAIT;
        }
        return settled(nowNs) ? nobodyThere(nowNs) : Outcome.WAIT;
    }

    /** Pulses alone, and they say that the peer is out: it is cut off, or joins as this board does; then the lower id claims first. */
    private boolean pulsesLetLead(long nowNs) {
        return board.peer.pulsesOut(board.lateness.wakeNs(), nowNs)
                && board.mayLead()
                && !board.waits(nowNs)
                && settledSince(board.peer.claimNs(), nowNs)
                && nowNs - settledAtNs(board.peer.claimNs()) >= board.config.board() * board.config.settleNs()
                && board.someCheckpointAnswers(nowNs);
    }

    private Outcome withPeer(long nowNs) {
        PeerView peer = board.peer;
        return switch (peer.role(group)) {
            case PRIMARY -> Outcome.FOLLOW;
            case JOINING -> verdictReached(nowNs) && board.mayLead() ? Outcome.LEAD_BY_VERDICT : Outcome.WAIT;
            case FAULT -> board.mayLead() && saidLately(nowNs) ? Outcome.LEAD_PEER_CANNOT : Outcome.WAIT;
            // It sees this board joining, so it takes over if it may, or joins as well.
            case STANDBY, ISOLATED -> Outcome.WAIT;
            // Its self test may take long, and it cannot claim before that has passed.
            case BOOT -> board.mayLead() && saidLately(nowNs) && everReady && nowNs - readySinceNs >= board.config.settleNs()
                    ? Outcome.LEAD_PEER_CANNOT
                    : Outcome.WAIT;
        };
    }

    private boolean saidLately(long nowNs) {
        return board.peer.saidSince(board.lateness.wakeNs(), nowNs);
    }

    /** Both are joining, on frames that come and go. Whether it is settled that this board leads. */
    private boolean verdictReached(long nowNs) {
        PeerView peer = board.peer;
        if (!board.lease.echoHolds(nowNs) || !saidLately(nowNs)) {
            return false;
        }
        int own = A_LEADS + board.config.board();
        if (board.config.board() == 0) {
            decideOnce(nowNs);
            return verdict == own && peer.verdict(group) == verdict;
        }
        say(peer.verdict(group));
        return verdict == own;
    }

    private void say(int newVerdict) {
        board.urgent |= verdict != newVerdict;
        verdict = newVerdict;
    }

    /**
     * Computed once; again only if the chosen one may not lead any more. A board that is still getting ready is waited for, up to the stated maximum:
     * it may be the one that started first.
     */
    private void decideOnce(long nowNs) {
        boolean ownMay = board.mayLead();
        boolean peerMay = board.peer.mayLead();
        boolean stands = verdict == A_LEADS ? ownMay : verdict == A_LEADS + 1 && peerMay;
        boolean preparing = board.preparing() || board.peer.preparing();
        if (stands || (preparing && nowNs - sinceNs < board.config.settleMaxNs())) {
            return;
        }
        int decided = !ownMay && !peerMay ? NO_VERDICT : !peerMay ? A_LEADS : !ownMay ? A_LEADS + 1 : earlier();
        say(decided);
    }

    /** The earlier start leads. The peer's age is as old as its frame's way here, so a skew below that cannot be seen. */
    private int earlier() {
        long ownAgeNs = board.peer.statementRxNs() - board.startNs;
        return ownAgeNs >= board.peer.statementAgeNs() ? A_LEADS : A_LEADS + 1;
    }

    /** The settle time starts once each network has a carrier and its checkpoint answered, at the latest after the stated maximum. */
    private void trackReadiness(long nowNs) {
        if (board.everyNetworkReady()) {
            if (!everReady) {
                everReady = true;
                readySinceNs = nowNs;
            }
        } else if (nowNs - sinceNs >= board.config.settleMaxNs() - board.config.settleNs()) {
            if (!extended && !everReady) {
                extended = true;
                everReady = true;
                readySinceNs = nowNs;
                board.event(EventCode.SETTLE_EXTENDED, group, 0, 0, nowNs);
            }
        } else {
            everReady = false;
        }
    }

    boolean settled(long nowNs) {
        return settledSince(board.peer.lifeNs(), nowNs);
    }

    private boolean settledSince(long lifeNs, long nowNs) {
        return everReady && board.lateness.mayJudge(nowNs) && !board.peer.strangerSpeaks(nowNs) && nowNs - settledAtNs(lifeNs) >= 0;
    }

    private long settledAtNs(long lifeNs) {
        long heardNs = Math.max(Math.max(lifeNs, helloNs()), board.ports.identity().newestAnswerNs());
        return Math.max(Math.max(Math.max(readySinceNs, heardNs), sinceNs) + board.config.settleNs(), listenedAtNs());
    }

    /**
     * When this board has listened long enough since it woke late: for the settle time. A board that is late all the time would never lead, so after
     * the stated maximum for what a standby listens before it judges silence.
     */
    private long listenedAtNs() {
        long wakeNs = board.lateness.wakeNs();
        return Math.min(wakeNs + board.config.settleNs(), Math.max(wakeNs + board.config.silenceNs(), sinceNs + board.config.settleMaxNs()));
    }

    /** A hello may be a replay, so it keeps this board waiting up to the stated maximum and no longer. */
    private long helloNs() {
        long helloNs = board.peer.helloNs();
        return helloNs == PeerView.NEVER ? helloNs : Math.min(helloNs, sinceNs + board.config.settleMaxNs() - board.config.settleNs());
    }

    private Outcome nobodyThere(long nowNs) {
        if (board.config.onSilence() == OnSilence.HOLD) {
            return Outcome.WAIT; // silence makes no primary; the group tells that a person has to decide
        }
        if (!board.someCheckpointAnswers(nowNs)) {
            return Outcome.CUT_OFF;
        }
        return board.mayLead() && !board.waits(nowNs) ? Outcome.LEAD_NOBODY_THERE : Outcome.WAIT;
    }
}
