package io.hotpair.core.port;

/**
 * A GPIO heartbeat line in each direction: the only information is when an edge happened.
 *
 * <p>Calls must not block, throw or allocate.
 */
public interface PulseChannel {
    /** Returned by {@link #pollEdgeNs()} when no edge is waiting. */
    long NO_EDGE = Long.MIN_VALUE;

    /** Inverts the level of the outgoing line. */
    void toggle();

    /** The time stamp (monotonic clock, ns) of the oldest edge seen on the incoming line and not yet taken, or {@link #NO_EDGE}. */
    long pollEdgeNs();
}
