package io.hotpair.lab;

import java.util.concurrent.atomic.AtomicLongArray;

/** When numbered inputs were sent and when each was answered first. Two threads: one that sends, one that takes answers; anybody may look. */
final class AnswerTimes {
    private final AtomicLongArray sentNs;
    private final AtomicLongArray answeredNs;
    private final int mask;
    private volatile long sent;

    /**
     * What became of the inputs of a while.
     *
     * @param inputs sent in it
     * @param late of them, answered later than the limit or not at all
     * @param unanswered of them
     * @param worstNs the longest that an answer took, 0 without any
     */
    record Lateness(long inputs, long late, long unanswered, long worstNs) {}

    /** @param window inputs that are remembered, a power of two */
    AnswerTimes(int window) {
        mask = window - 1;
        sentNs = new AtomicLongArray(window);
        answeredNs = new AtomicLongArray(window);
    }

    /** The next input is about to be sent; returns its number, from 1. */
    long sending(long nowNs) {
        long number = sent + 1;
        int slot = (int) number & mask;
        answeredNs.set(slot, 0);
        sentNs.set(slot, nowNs);
        sent = number;
        return number;
    }

    /** An answer came. */
    void answer(long number, long nowNs) {
        if (number >= 1 && number <= sent && number > sent - mask) {
            answeredNs.compareAndSet((int) number & mask, 0, nowNs);
        }
    }

    /** The inputs sent from {@code fromNs} on and before {@code toNs}, of those that are remembered. */
    Lateness between(long fromNs, long toNs, long limitNs) {
        long inputs = 0;
        long late = 0;
        long unanswered = 0;
        long worstNs = 0;
        long last = sent;
        for (long number = Math.max(1, last - mask + 1); number <= last; number++) {
            int slot = (int) number & mask;
            long atNs = sentNs.get(slot);
            if (atNs - fromNs < 0 || atNs - toNs >= 0) {
                continue;
            }
            inputs++;
            long answered = answeredNs.get(slot);
            unanswered += answered == 0 ? 1 : 0;
            late += answered == 0 || answered - atNs > limitNs ? 1 : 0;
            worstNs = answered == 0 ? worstNs : Math.max(worstNs, answered - atNs);
        }
        return new Lateness(inputs, late, unanswered, worstNs);
    }
}
