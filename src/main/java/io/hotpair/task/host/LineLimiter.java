package io.hotpair.task.host;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Passes lines on, at most {@link #LINES} a second; how many were dropped is told once there is room again. One thread. */
final class LineLimiter {
    /** Most lines in a second. */
    static final int LINES = 50;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Consumer<String> log;
    private final LongSupplier clock;
    private long secondNs;
    private int passed;
    private long dropped;

    LineLimiter(Consumer<String> log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
        secondNs = clock.getAsLong();
    }

    void line(String text) {
        long nowNs = clock.getAsLong();
        if (nowNs - secondNs >= SECOND_NS) {
            secondNs = nowNs;
            passed = 0;
            tellDropped();
        }
        if (passed < LINES) {
            passed++;
            log.accept(text);
        } else {
            dropped++;
        }
    }

    /** Tells what was dropped last; no line comes any more. */
    void end() {
        tellDropped();
    }

    private void tellDropped() {
        if (dropped > 0) {
            log.accept("(" + dropped + " more lines within a second: dropped)");
            dropped = 0;
        }
    }
}
