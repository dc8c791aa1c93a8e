package io.hotpair.sim;

/** A board's monotonic clock: an arbitrary epoch and a rate that is off by a few parts per million. */
final class Clock {
    private final long epochNs;
    private final long ppm;

    Clock(long epochNs, long ppm) {
        this.epochNs = epochNs;
        this.ppm = ppm;
    }

    /** What the board's clock shows at a world time. */
    long local(long worldNs) {
        return epochNs + worldNs + worldNs * ppm / 1_000_000;
    }

    /** The first world time, give or take a nanosecond, at which the board's clock has reached {@code localNs}. */
    long world(long localNs) {
        long elapsed = localNs - epochNs;
        long worldNs = elapsed - (long) ((double) (elapsed * ppm) / (1_000_000 + ppm)); // exact below 2^53, and quicker than a division of longs
        return worldNs + (local(worldNs) < localNs ? 1 : 0);
    }
}
