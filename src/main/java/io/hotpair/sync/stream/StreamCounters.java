package io.hotpair.sync.stream;

import io.hotpair.sync.identity.Outcome;
import java.util.concurrent.atomic.AtomicLongArray;

/** One network's counters; any thread counts, anybody reads. */
final class StreamCounters {
    private static final int OUTCOMES = Outcome.values().length;

    private final AtomicLongArray counts = new AtomicLongArray(StreamCount.size());
    private final AtomicLongArray attempts = new AtomicLongArray(OUTCOMES);

    void add(StreamCount count, long amount) {
        counts.getAndAdd(count.ordinal(), amount);
    }

    void attempt(Outcome outcome) {
        attempts.incrementAndGet(outcome.ordinal());
    }

    long count(StreamCount count) {
        return counts.get(count.ordinal());
    }

    long attempts(Outcome outcome) {
        return attempts.get(outcome.ordinal());
    }
}
