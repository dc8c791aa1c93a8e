package io.hotpair.core;

import io.hotpair.core.port.Checkpoint;
import io.hotpair.wire.Frame;

/**
 * One network's checkpoint as this board sees it. Probes are slow in the background, faster while the answer is doubtful, and a burst while
 * the peer is silent, so that the answer is there by the time it is needed.
 */
final class CheckpointView {
    /** How urgently an answer is wanted. */
    enum Pace { BACKGROUND, DOUBTFUL, WATCHING, BURST }

    private static final long NEVER = Checkpoint.NEVER;
    /** Answers in a row that bring a checkpoint that was down back up. */
    private static final int ANSWERS_TO_RETURN = 2;

    private final Checkpoint port;
    private final long backgroundNs;
    private final long doubtfulNs;
    private final long watchingNs;
    private final long burstNs;
    private final long downAfterNs;

    private int state = Frame.CHECKPOINT_UNKNOWN;
    private long downSinceNs = NEVER;
    private long answeredNs = NEVER;
    private long probedNs = NEVER;
    private long unansweredNs = NEVER;
    private int answersWhileDown;

    CheckpointView(CoreConfig config, Checkpoint port) {
        this.port = port;
        backgroundNs = config.checkpointIntervalNs();
        doubtfulNs = Math.max(backgroundNs / 10, config.intervalNs());
        watchingNs = Math.min(config.settleNs() / 4, backgroundNs);
        burstNs = config.intervalNs() / 2;
        downAfterNs = 3 * doubtfulNs;
    }

    /** Takes answers, probes if it is time, and says whether the state changed. */
    boolean doWork(Pace pace, long nowNs) {
        int before = state;
        if (!port.configured()) {
            setState(port.carrier() ? Frame.CHECKPOINT_UNKNOWN : Frame.CHECKPOINT_DOWN, nowNs);
            return state != before;
        }
        takeAnswers(nowNs);
        if (!port.carrier()) {
            setState(Frame.CHECKPOINT_DOWN, nowNs);
            answersWhileDown = 0;
        } else if (unansweredNs != NEVER && nowNs - unansweredNs >= downAfterNs) {
            setState(Frame.CHECKPOINT_DOWN, nowNs);
        }
        if (probedNs == NEVER || nowNs - nextProbeNs(pace) >= 0) {
            probe(nowNs);
        }
        return state != before;
    }

    private void takeAnswers(long nowNs) {
        long newestNs = port.newestAnsweredProbeNs();
        if (newestNs == NEVER || (answeredNs != NEVER && newestNs - answeredNs <= 0)) {
            return;
        }
        answeredNs = newestNs;
        unansweredNs = answeredNs == probedNs ? NEVER : Math.max(unansweredNs, answeredNs + 1);
        if (!port.carrier()) {
            return;
        }
        if (state == Frame.CHECKPOINT_DOWN && ++answersWhileDown < ANSWERS_TO_RETURN) {
            return;
        }
        setState(Frame.CHECKPOINT_UP, nowNs);
    }

    private void probe(long nowNs) {
        if (unansweredNs == NEVER) {
            unansweredNs = nowNs;
        }
        probedNs = nowNs;
        port.probe(nowNs);
    }

    private void setState(int newState, long nowNs) {
        if (newState != state) {
            state = newState;
            answersWhileDown = 0;
            downSinceNs = newState == Frame.CHECKPOINT_DOWN ? nowNs : NEVER;
        }
    }

    private long probeEveryNs(Pace pace) {
        return switch (pace) {
            case BURST -> burstNs;
            case WATCHING -> watchingNs;
            case DOUBTFUL -> doubtfulNs;
            case BACKGROUND -> state == Frame.CHECKPOINT_UP ? backgroundNs : doubtfulNs;
        };
    }

    /** When the next probe is due at this pace. */
    long nextProbeNs(Pace pace) {
        long everyNs = probeEveryNs(pace);
        // While the newest probe waits for its answer, doubt begins after the shorter time.
        return probedNs + (pace == Pace.BACKGROUND && unansweredNs != NEVER ? Math.min(everyNs, doubtfulNs) : everyNs);
    }

    boolean configured() {
        return port.configured();
    }

    /** One of the CHECKPOINT constants of {@link Frame}. */
    int state() {
        return state;
    }

    /** Carrier there and, where a checkpoint is configured, answering. */
    boolean ready() {
        return port.carrier() && (!port.configured() || state == Frame.CHECKPOINT_UP);
    }

    /**
     * How much later the other board may notice what this one has noticed, ns: each sees a carrier when it next looks, an answer that does not come
     * or comes again by its own next probe. 0 while nothing is down.
     */
    long noticedWithinNs() {
        return state != Frame.CHECKPOINT_DOWN ? 0 : port.carrier() ? backgroundNs + downAfterNs : doubtfulNs;
    }

    boolean downSinceBefore(long whenNs) {
        return state == Frame.CHECKPOINT_DOWN && downSinceNs - whenNs <= 0;
    }

    /** Whether a probe sent after {@code sinceNs} was answered. */
    boolean answeredProbeSentAfter(long sinceNs) {
        return port.configured() && answeredNs != NEVER && answeredNs - sinceNs > 0;
    }
}
