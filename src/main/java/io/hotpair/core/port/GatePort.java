package io.hotpair.core.port;

/**
 * Told when a group's output gate opens or shuts, for outputs that the kernel holds (virtual addresses, lines).
 *
 * <p>Outputs that the process itself sends ask {@code PairCore.gateOpen} at every emission instead.
 */
public interface GatePort {
    /** The gate of {@code group} changed. Called only from {@code doWork}; must not block. */
    void onGate(int group, boolean open, long term, long nowNs);
}
