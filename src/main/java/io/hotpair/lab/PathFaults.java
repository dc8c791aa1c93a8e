package io.hotpair.lab;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The condition of one direction of one path. May be changed at any time from any thread and takes effect with the next message.
 */
public final class PathFaults {
    /** Upper bound of {@link #delay}: what the delay line holds at the rates of a pair. */
    public static final long DELAY_MAX_NS = 500_000_000;

    private final BoardPower from;
    private final BoardPower to;
    private volatile boolean cut;
    private volatile long delayNs;
    private volatile int corruptPerMillion;

    private final AtomicLong forwarded = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong corrupted = new AtomicLong();

    /** A healthy direction that depends on the power of the board at either end. */
    public PathFaults(BoardPower from, BoardPower to) {
        this.from = from;
        this.to = to;
    }

    /** Cuts or mends this direction. */
    public void cut(boolean cut) {
        this.cut = cut;
    }

    /** Holds every message back for {@code delayNs}, 0 to {@link #DELAY_MAX_NS}; the order stays. */
    public void delay(long delayNs) {
        if (delayNs < 0 || delayNs > DELAY_MAX_NS) {
            throw new IllegalArgumentException("delay of " + delayNs + " ns, allowed 0 to " + DELAY_MAX_NS);
        }
        this.delayNs = delayNs;
    }

    /** Flips one bit in so many of a million messages, 0 to 1,000,000. */
    public void corrupt(int perMillion) {
        if (perMillion < 0 || perMillion > 1_000_000) {
            throw new IllegalArgumentException("corruption of " + perMillion + " in a million");
        }
        this.corruptPerMillion = perMillion;
    }

    /** Whether a message gets through at this moment. */
    public boolean passes() {
        return !cut && from.on() && to.on();
    }

    /** See {@link #delay}. */
    public long delayNs() {
        return delayNs;
    }

    /** See {@link #corrupt}. */
    public int corruptPerMillion() {
        return corruptPerMillion;
    }

    /** Messages passed on. */
    public long forwarded() {
        return forwarded.get();
    }

    /** Messages lost to a cut, to a missing power or to a full buffer. */
    public long dropped() {
        return dropped.get();
    }

    /** Messages that had a bit flipped. */
    public long corrupted() {
        return corrupted.get();
    }

    void countForwarded() {
        forwarded.lazySet(forwarded.get() + 1);
    }

    void countDropped() {
        dropped.incrementAndGet();
    }

    void countCorrupted() {
        corrupted.incrementAndGet();
    }
}
