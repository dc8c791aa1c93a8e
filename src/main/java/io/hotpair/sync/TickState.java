package io.hotpair.sync;

/** What a board's ticks come from just now. */
public enum TickState {
    /** None are configured. */
    OFF,
    /** A line is configured; it has shown no regular edges yet, and not been waited for long enough. */
    WAITING,
    /** No line is configured: the ticks come from the board's clock, a standby's from what the primary tells of its own. */
    SOFTWARE,
    /** From the edges of the line. */
    LOCKED,
    /** The line is silent, or shows what is no oscillator: the ticks go on at the period that was measured last. */
    HOLDOVER,
    /** The line is back: the ticks are being slewed to its edges. */
    SLEWING;

    private static final TickState[] VALUES = values();

    /** The state of an ordinal. */
    public static TickState of(int ordinal) {
        return ordinal >= 0 && ordinal < VALUES.length ? VALUES[ordinal] : OFF;
    }
}
