package io.hotpair.drivers.port;

/** Where the outputs of one port go. One thread, the duty cycle, which has asked the gate; no call blocks or allocates. */
public interface OutputDriver extends AutoCloseable {
    /**
     * Whether an output that a dead primary may not have sent is sent again, marked where the way out allows: right for a set point, wrong for a
     * dose. If not, it is sent at most once.
     */
    boolean replays();

    /**
     * Sends one output.
     *
     * @param number among all outputs of the group, from 1
     * @param term of the reign that emits it, u32
     * @param repetition whether the primary before may have sent it already
     * @return {@code EMITTED} or {@code BUSY} of {@link io.hotpair.sync.port.OutputPort}. What nobody can receive counts as emitted and is counted
     *     as lost: a missing receiver must not hold up the other ports
     */
    int emit(long number, long term, boolean repetition, byte[] buffer, int offset, int lengthBytes);

    /** The gate opened or shut. */
    default void onGate(boolean open, long nowNs) { }

    /** What time brings about. Once a cycle; returns when it is due next, {@code Long.MAX_VALUE} for never. */
    default long doWork(long nowNs) {
        return Long.MAX_VALUE;
    }

    /** Outputs that could not leave and will not. */
    long lost();

    @Override
    void close();
}
