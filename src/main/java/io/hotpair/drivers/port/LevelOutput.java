package io.hotpair.drivers.port;

import io.hotpair.sync.port.OutputPort;
import java.util.function.LongSupplier;

/**
 * A line with two levels. It has a safe level, which it has without a reign, and it never has the other one for longer than the maximum hold after
 * the output that asked for it: a task that stops asking, for whatever cause, lets go. After Klipper, where every output expires unless it is
 * refreshed.
 *
 * <p>An output is one byte, 0 low or 1 high. When the gate shuts the line is safe at once, for the peer may already drive its own; when it opens
 * again within the hold, the level comes back.
 */
public final class LevelOutput implements OutputDriver {
    /** For {@link Line#holdUntil}: the line is safe. */
    public static final long NOT_HELD = 0;

    /** The hardware. */
    public interface Line extends AutoCloseable {
        /** Drives the level; false if the hardware does not take it. Must not block, allocate or throw. */
        boolean drive(boolean high);

        /**
         * Called before the level that is not safe is driven: when it has to end, monotonic ns, also should this process not be able to see to it.
         * Called with {@link #NOT_HELD} after the safe level was driven.
         */
        default void holdUntil(long expiresNs) { }

        @Override
        void close();
    }

    private final Line line;
    private final boolean safeHigh;
    private final long maxHoldNs;
    private final boolean replays;
    private final LongSupplier clock;
    private boolean open;
    private boolean held;
    private long expiresNs;
    private long expired;
    private long malformed;
    private long lost;

    /**
     * Drives the safe level.
     *
     * @param maxHoldNs above 0
     * @param replays see {@link OutputDriver#replays}: a level is a set point, right to be sent again after a takeover, unless it is a pulse
     * @param clock monotonic, ns
     */
    public LevelOutput(Line line, boolean safeHigh, long maxHoldNs, boolean replays, LongSupplier clock) {
        if (maxHoldNs <= 0) {
            throw new IllegalArgumentException("a maximum hold of " + maxHoldNs + " ns is not above 0");
        }
        this.line = line;
        this.safeHigh = safeHigh;
        this.maxHoldNs = maxHoldNs;
        this.replays = replays;
        this.clock = clock;
        drive(safeHigh);
    }

    @Override
    public boolean replays() {
        return replays;
    }

    @Override
    public int emit(long number, long term, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
        if (lengthBytes != 1 || buffer[offset] < 0 || buffer[offset] > 1) {
            malformed++;
            return OutputPort.EMITTED;
        }
        open = true;
        held = buffer[offset] == 1 != safeHigh;
        expiresNs = clock.getAsLong() + maxHoldNs;
        drive(safeHigh ^ held);
        return OutputPort.EMITTED;
    }

    @Override
    public void onGate(boolean open, long nowNs) {
        this.open = open;
        doWork(nowNs);
        drive(safeHigh ^ (held && open));
    }

    @Override
    public long doWork(long nowNs) {
        if (held && nowNs - expiresNs >= 0) {
            held = false;
            expired++;
            drive(safeHigh);
        }
        return held ? expiresNs : Long.MAX_VALUE;
    }

    private void drive(boolean high) {
        boolean safe = high == safeHigh;
        if (!safe) {
            line.holdUntil(expiresNs);
        }
        lost += line.drive(high) ? 0 : 1;
        if (safe) {
            line.holdUntil(NOT_HELD);
        }
    }

    /** Whether the line is at the level that is not safe. */
    public boolean held() {
        return held && open;
    }

    /** How often the hold ran out. */
    public long expired() {
        return expired;
    }

    /** Outputs that were no level. */
    public long malformed() {
        return malformed;
    }

    /** Levels that the hardware did not take. */
    @Override
    public long lost() {
        return lost;
    }

    /** Safe, then closed. */
    @Override
    public void close() {
        drive(safeHigh);
        line.close();
    }
}
