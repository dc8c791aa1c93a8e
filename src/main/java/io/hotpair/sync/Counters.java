package io.hotpair.sync;

/** One number for each {@link SyncCounter}. */
final class Counters {
    private final long[] values = new long[SyncCounter.values().length];

    void count(SyncCounter counter) {
        values[counter.ordinal()]++;
    }

    void count(SyncCounter counter, long by) {
        values[counter.ordinal()] += by;
    }

    long get(SyncCounter counter) {
        return values[counter.ordinal()];
    }
}
