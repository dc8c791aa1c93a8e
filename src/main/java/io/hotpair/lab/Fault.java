package io.hotpair.lab;

/**
 * One fault that was brought about.
 *
 * @param kind what was done
 * @param run number within its kind, from 1
 * @param board the primary that it hit, 0 or 1
 * @param atNs the instant right before it was done
 * @param wokenNs for a hang, the instant right before the board was allowed to go on; {@link #NEVER} otherwise
 */
public record Fault(FaultKind kind, int run, int board, long atNs, long wokenNs) {
    /** {@link #wokenNs()} of a board that does not wake. */
    public static final long NEVER = Long.MAX_VALUE;
}
