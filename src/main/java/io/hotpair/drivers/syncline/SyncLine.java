package io.hotpair.drivers.syncline;

import java.io.IOException;

/**
 * One board's end of the line that a common oscillator drives: the only information is when a rising edge happened.
 *
 * <p>For the kernel's GPIO character device that is the time stamp of each line event, and {@link #fd} is the descriptor of the line request. Calls
 * of {@link #pollEdgeNs} come from the duty cycle: they must not block, throw or allocate.
 */
public interface SyncLine extends AutoCloseable {
    /** Returned by {@link #pollEdgeNs()} when no edge is waiting. */
    long NO_EDGE = Long.MIN_VALUE;

    /** The descriptor that becomes readable when an edge waits, or -1 for a line that wakes nobody and is looked at when an edge is due. */
    int fd();

    /** When the oldest edge was that has not been taken yet, monotonic clock, ns; or {@link #NO_EDGE}. */
    long pollEdgeNs();

    @Override
    void close() throws IOException;
}
