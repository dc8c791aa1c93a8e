package io.hotpair.core;

import io.hotpair.wire.Frame;
import java.util.Arrays;

/**
 * What this board knows of the other one: which boot of it lives, when each channel was last heard, which of the own transmit times came
 * back, and what its newest frame says.
 *
 * <p>A boot of the peer is <em>met</em> by a three-way handshake: its hello, a reply that names it, and a frame that names the own boot and
 * returns a recent own transmit time. So nothing recorded earlier can pass for it. A boot that was replaced is retired for good.
 */
final class PeerView {
    static final long NEVER = Long.MIN_VALUE;
    private static final int RETIRED_BOOTS = 64;
    private static final int NO_BOOT = 0;
    /** Unproven boots that are remembered: more recordings than anybody is likely to have of one pair. */
    private static final int STRANGERS = 64;
    /** Clocks of live boards drift apart by less than one part in so many: ten times what two crystals of 100 ppm make together. */
    private static final int DRIFT_DIVISOR = 500;

    private final CoreConfig config;
    private final long[] heardNs = new long[CoreConfig.CHANNELS];
    private final long[] echoNs = new long[CoreConfig.FRAME_CHANNELS];
    private final long[] peerTxNs = new long[CoreConfig.FRAME_CHANNELS];
    private final int[] retired = new int[RETIRED_BOOTS];
    private final PulseDecoder pulses;
    private final long[] timeoutNs = new long[CoreConfig.CHANNELS];
    private final long[] intervalNs = new long[CoreConfig.CHANNELS];
    private final long[] aloneAfterNs = new long[CoreConfig.CHANNELS];
    private final long settleNs;
    private final long silenceNs;

    // What follows from the times above, renewed by derive() whenever one of them changes: it is asked far more often.
    private long newestHeardNs = NEVER;
    private long newestEchoNs = NEVER;
    private long framesUntilNs = NEVER;
    private long silenceCompleteNs = NEVER;
    private long firstMissNs = NEVER;
    private long aloneNs = NEVER;

    private int bootId = NO_BOOT;
    private int nextRetired;
    private long goneNs = NEVER;
    private long lifeNs;
    private long claimNs;
    private long helloNs = NEVER;
    private long strangerNs = NEVER;
    private final int[] strangers = new int[STRANGERS];
    /** How much older than this board's clock the youngest claim of each was, and when; only differences mean something. */
    private final long[] strangerAgeNs = new long[STRANGERS];
    private final long[] strangerAtNs = new long[STRANGERS];
    private int strangerBootId = NO_BOOT;
    private int nextStranger;

    private long statementTxNs;
    private long statementRxNs = NEVER;
    private long statementEchoNs = NEVER;
    private final Role[] role = {Role.BOOT, Role.BOOT};
    private final Intent[] intent = {Intent.NONE, Intent.NONE};
    private final long[] term = new long[CoreConfig.MAX_GROUPS];
    private final int[] commitIndex = new int[CoreConfig.MAX_GROUPS];
    private final boolean[] inSync = new boolean[CoreConfig.MAX_GROUPS];
    private final int[] verdict = new int[CoreConfig.MAX_GROUPS];
    private long waitingEchoNs = NEVER;
    private int penalty;
    private boolean mayLead;
    private boolean preparing;

    PeerView(CoreConfig config, long startNs) {
        this.config = config;
        lifeNs = startNs;
        claimNs = startNs;
        settleNs = config.settleNs();
        silenceNs = config.silenceNs();
        for (int c = 0; c < CoreConfig.CHANNELS; c++) {
            timeoutNs[c] = config.channelTimeoutNs(c);
            intervalNs[c] = config.channelIntervalNs()[c];
            aloneAfterNs[c] = config.aloneNs(c);
        }
        pulses = new PulseDecoder(config.has(CoreConfig.GPIO) ? config.channelIntervalNs()[CoreConfig.GPIO] : config.intervalNs());
        Arrays.fill(heardNs, NEVER);
        Arrays.fill(echoNs, NEVER);
    }

    // ---- which boot of the peer ----

    /** The boot id of the peer that is met, 0 before the first. */
    int bootId() {
        return bootId;
    }

    boolean met() {
        return bootId != NO_BOOT;
    }

    boolean retired(int id) {
        if (id == bootId) {
            return gone();
        }
        for (int old : retired) {
            if (old == id) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a frame of another boot may replace the one that is met: only if it returns an own transmit time that is recent, and later than any that
     * the met boot has returned; a frame of an earlier boot may have been long on its way.
     */
    boolean mayMeet(long echoAtNs, long nowNs) {
        return echoAtNs != NEVER && nowNs - echoAtNs < settleNs && (statementEchoNs == NEVER || echoAtNs - statementEchoNs > 0);
    }

    /** A new boot of the peer: everything known of the old one is void. */
    void meet(int newBootId) {
        if (bootId != NO_BOOT) {
            retired[nextRetired] = bootId;
            nextRetired = (nextRetired + 1) % RETIRED_BOOTS;
        }
        bootId = newBootId;
        strangerNs = NEVER;
        goneNs = NEVER;
        statementTxNs = 0;
        statementRxNs = NEVER;
        statementEchoNs = NEVER;
        waitingEchoNs = NEVER;
        Arrays.fill(echoNs, NEVER);
        Arrays.fill(peerTxNs, 0);
        Arrays.fill(heardNs, 0, CoreConfig.FRAME_CHANNELS, NEVER);
        Arrays.fill(role, Role.BOOT);
        Arrays.fill(intent, Intent.NONE);
        Arrays.fill(verdict, 0);
        derive();
    }

    private void derive() {
        newestHeardNs = newest(heardNs);
        newestEchoNs = newest(echoNs);
        framesUntilNs = NEVER;
        silenceCompleteNs = NEVER;
        firstMissNs = NEVER;
        aloneNs = NEVER;
        for (int c = 0; c < CoreConfig.CHANNELS; c++) {
            if (heardNs[c] == NEVER) {
                continue;
            }
            boolean frames = c < CoreConfig.FRAME_CHANNELS;
            silenceCompleteNs = Math.max(silenceCompleteNs, heardNs[c] + timeoutNs[c]);
            if (!gone() || !frames) {
                framesUntilNs = frames ? Math.max(framesUntilNs, heardNs[c] + timeoutNs[c]) : framesUntilNs;
                firstMissNs = Math.max(firstMissNs, heardNs[c] + intervalNs[c]);
                aloneNs = Math.max(aloneNs, heardNs[c] + aloneAfterNs[c]);
            }
        }
    }

    private static long newest(long[] timesNs) {
        long newestNs = NEVER;
        for (long at : timesNs) {
            newestNs = Math.max(newestNs, at);
        }
        return newestNs;
    }

    /** The guard or the peer itself said that this boot is gone. */
    void onGone(long nowNs) {
        if (!gone()) {
            goneNs = nowNs;
            strangerNs = strangerBootId == bootId ? NEVER : strangerNs; // what it claimed without naming this board is over too
            derive();
        }
    }

    boolean gone() {
        return goneNs != NEVER;
    }

    long goneNs() {
        return goneNs;
    }

    // ---- what arrives ----

    /** Newest transmit time of the peer that arrived on the channel, in the peer's time; 0 = none. */
    long peerTxNs(int channel) {
        return peerTxNs[channel];
    }

    /**
     * Whether a frame of the met boot is a sign of life: only if the peer has sent nothing since that is newer by a timeout of this channel and was
     * read. Else whoever holds back the frames of one network could make a dead peer seem alive by letting them go one by one.
     */
    boolean inTime(int channel, Frame frame) {
        return statementTxNs - frame.txTimeNs() < timeoutNs[channel];
    }

    /** A believed frame of the met boot that names this boot. Returns whether it is the newest statement. */
    boolean onFrame(int channel, Frame frame, long echoAtNs, long nowNs) {
        if (inTime(channel, frame)) {
            heardNs[channel] = nowNs;
            lifeNs = nowNs;
            claimNs = nowNs;
        }
        peerTxNs[channel] = frame.txTimeNs();
        if (frame.type() != Frame.ANSWER) { // a hello that was answered did not count as heard
            echoNs[channel] = Math.max(echoNs[channel], echoAtNs);
        }
        derive();
        if (frame.txTimeNs() <= statementTxNs) {
            return false;
        }
        statementTxNs = frame.txTimeNs();
        statementRxNs = nowNs;
        statementEchoNs = Math.max(statementEchoNs, echoAtNs); // made after an earlier statement, so after what that one returned
        penalty = frame.penalty();
        mayLead = frame.mayLead();
        preparing = frame.preparing();
        for (int g = 0; g < config.groups(); g++) {
            role[g] = Role.of(frame.role(g));
            intent[g] = Intent.of(frame.intent(g));
            term[g] = frame.term(g);
            commitIndex[g] = frame.commitIndex(g);
            inSync[g] = frame.inSync(g);
            verdict[g] = frame.verdict(g);
        }
        return true;
    }

    /** An authenticated hello: the peer is there now, or somebody replays what it once sent. */
    void onHello(long nowNs) {
        helloNs = nowNs;
    }

    /**
     * A hello that names this very boot, or that claims a group. It is no sign of life, but whoever sends it may be open or about to open, so of two
     * boards the one that hears yields to the one that is deaf, for as long as it claims.
     *
     * <p>It may also be a recording. So its transmit times have to run in step with this board's clock, as those of a live board do: a recorded frame
     * that is replayed out of its order is too old by more than a frame can be on its way. (Two live clocks drift apart, and a claim may last for
     * days: the youngest one ages by one part in {@link #DRIFT_DIVISOR}.) And another boot than the met one that claims soon after
     * the met boot lived is one: it would have had to listen for the settle time first.
     */
    void onStranger(int senderBootId, long txTimeNs, boolean namesThisBoot, long nowNs) {
        if (!namesThisBoot && senderBootId != bootId && metBootLivedLately(nowNs)) {
            return;
        }
        int index = 0;
        while (index < STRANGERS && strangers[index] != senderBootId) {
            index++;
        }
        long ageNs = nowNs - txTimeNs;
        if (index == STRANGERS) {
            index = nextStranger;
            nextStranger = (nextStranger + 1) % STRANGERS;
            strangers[index] = senderBootId;
            strangerAgeNs[index] = ageNs;
            strangerAtNs[index] = nowNs;
        }
        long youngestNs = strangerAgeNs[index] + (nowNs - strangerAtNs[index]) / DRIFT_DIVISOR;
        if (ageNs <= youngestNs) {
            strangerAgeNs[index] = ageNs;
            strangerAtNs[index] = nowNs;
        }
        if (ageNs - youngestNs < settleNs) {
            strangerNs = nowNs;
            strangerBootId = senderBootId;
        }
    }

    /** By the own transmit time that it returned: when its frames were read says nothing, they may have waited through a pause. */
    private boolean metBootLivedLately(long nowNs) {
        return !gone() && statementEchoNs != NEVER && nowNs - statementEchoNs < settleNs;
    }

    /** Whether the last frame that counted came less than this ago. */
    boolean heardByFramesWithin(long durationNs, long nowNs) {
        for (int c = 0; c < CoreConfig.FRAME_CHANNELS; c++) {
            if (heardNs[c] != NEVER && nowNs - heardNs[c] < durationNs) {
                return true;
            }
        }
        return false;
    }

    /** Whether such a hello came within M * I. */
    boolean strangerSpeaks(long nowNs) {
        return strangerNs != NEVER && nowNs - strangerNs < silenceNs;
    }

    /** When the newest such hello will be too old to matter, or {@link #NEVER}. */
    long strangerUntilNs() {
        return strangerNs == NEVER ? NEVER : strangerNs + silenceNs;
    }

    /** An edge on the GPIO line. Returns whether it fits a code. */
    boolean onEdge(long edgeNs, long nowNs) {
        if (!pulses.onEdge(edgeNs)) {
            return false;
        }
        heardNs[CoreConfig.GPIO] = Math.min(edgeNs, nowNs);
        derive();
        lifeNs = nowNs;
        if (pulses.code() != PulseDecoder.OUT) {
            claimNs = nowNs;
        }
        return true;
    }

    /**
     * A frame of a board that rehearses and leads nothing returned this own transmit time; an answer's counts too, for what matters is when that was
     * said, not what it had heard.
     */
    void onWaiting(long echoAtNs) {
        waitingEchoNs = Math.max(waitingEchoNs, echoAtNs);
    }

    /** The newest own transmit time that the peer has returned while it was rehearsing, or {@link #NEVER}. */
    long waitingEchoNs() {
        return waitingEchoNs;
    }

    /** How long after that it silently replaces nobody, by this board's clock. */
    long waitsNs() {
        return settleNs - settleNs / DRIFT_DIVISOR - config.marginNs();
    }

    // ---- alive or silent ----

    boolean fresh(int channel, long nowNs) {
        return heardNs[channel] != NEVER && nowNs - heardNs[channel] < timeoutNs[channel];
    }

    /** Any channel fresh, and not known to be gone. */
    boolean alive(long nowNs) {
        return heardByFrames(nowNs) || fresh(CoreConfig.GPIO, nowNs);
    }

    /** Any channel that carries frames is fresh, and the peer is not known to be gone. */
    boolean heardByFrames(long nowNs) {
        return framesUntilNs != NEVER && nowNs - framesUntilNs < 0;
    }

    /** When the silence of every channel is, or would be, complete; a channel that was never heard does not count. */
    long silenceCompleteNs() {
        return silenceCompleteNs;
    }

    /** When no channel was, or will have been, heard for an interval of its own: the first miss. */
    long firstMissNs() {
        return firstMissNs;
    }

    /** When nothing that was heard on any channel was, or will have been, sent lately enough to keep this board from counting as alone. */
    long aloneNs() {
        return aloneNs;
    }

    /** Last sign of life on the channel, or {@link #NEVER}. */
    long heardNs(int channel) {
        return heardNs[channel];
    }

    /** Last sign of life on any channel, or {@link #NEVER}. */
    long newestHeardNs() {
        return newestHeardNs;
    }

    /** Last sign of life; the own start before the first. */
    long lifeNs() {
        return lifeNs;
    }

    /** Last sign of a life that may lead, which pulses that say "out" are not; the own start before the first. */
    long claimNs() {
        return claimNs;
    }

    /** Last authenticated hello, or {@link #NEVER}. It may be a replay. */
    long helloNs() {
        return helloNs;
    }

    /** Newest own transmit time that came back on the channel, or {@link #NEVER}. */
    long echoNs(int channel) {
        return echoNs[channel];
    }

    /** Newest own transmit time that came back on any channel, or {@link #NEVER}. */
    long newestEchoNs() {
        return newestEchoNs;
    }

    // ---- what it says ----

    /** When the newest statement arrived by frame, or {@link #NEVER}. */
    long statementRxNs() {
        return statementRxNs;
    }

    /**
     * Whether the newest statement was made lately: it returns an own transmit time that is younger than the settle time, and later than
     * {@code sinceNs}. When it arrived says nothing: a frame may have waited in a buffer, or in somebody's recording.
     */
    boolean saidSince(long sinceNs, long nowNs) {
        return statementEchoNs != NEVER && statementEchoNs - sinceNs > 0 && nowNs - statementEchoNs < settleNs;
    }

    /** The peer's age when it sent its newest statement, ns. */
    long statementAgeNs() {
        return statementTxNs;
    }

    Role role(int group) {
        return role[group];
    }

    Intent intent(int group) {
        return intent[group];
    }

    long term(int group) {
        return term[group];
    }

    int commitIndex(int group) {
        return commitIndex[group];
    }

    boolean inSync(int group) {
        return inSync[group];
    }

    int verdict(int group) {
        return verdict[group];
    }

    int penalty() {
        return penalty;
    }

    boolean mayLead() {
        return mayLead;
    }

    boolean preparing() {
        return preparing;
    }

    /** Whether the newest fresh statement claims the group: by frames, or by pulses where no frame is heard. */
    boolean showsPrimary(int group, long nowNs) {
        if (gone()) {
            return false;
        }
        return heardByFrames(nowNs)
                ? role[group] == Role.PRIMARY
                : fresh(CoreConfig.GPIO, nowNs) && pulses.code() == PulseDecoder.PRIMARY;
    }

    /** Whether the peer, heard by frames, says since {@code sinceNs} that it is out of the group. */
    boolean saysOut(int group, long sinceNs, long nowNs) {
        return heardByFrames(nowNs) && saidSince(sinceNs, nowNs) && role[group].out();
    }

    /** Whether pulses that came since {@code wakeNs} may be the peer's, and are too few yet to be believed. */
    boolean pulsesUndecided(long wakeNs, long nowNs) {
        return config.has(CoreConfig.GPIO) && pulses.undecided(wakeNs, nowNs);
    }

    /**
     * Whether the peer, heard by pulses alone, shows since {@code sinceNs} that it is out. Never under {@code hold}: pulses cannot be
     * authenticated, and there one gate is promised unconditionally.
     */
    boolean pulsesOut(long sinceNs, long nowNs) {
        return !gone()
                && !heardByFrames(nowNs)
                && config.onSilence() != OnSilence.HOLD
                && pulses.outHolds(nowNs)
                && heardNs[CoreConfig.GPIO] - sinceNs > 0;
    }
}
