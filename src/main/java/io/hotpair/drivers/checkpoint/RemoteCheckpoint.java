package io.hotpair.drivers.checkpoint;

import io.hotpair.core.port.Checkpoint;
import io.hotpair.drivers.linux.EventFd;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One network's checkpoint as the duty cycle sees it. Its calls only store, load and write to an eventfd; probing is the work of
 * {@link ProbeThread}.
 *
 * <p>Probes coalesce: if two are asked for before the helper thread gets to run, only the newer one is sent.
 */
public final class RemoteCheckpoint implements Checkpoint {
    private static final VarHandle REQUESTED;
    private static final VarHandle ANSWERED;
    private static final VarHandle CARRIER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REQUESTED = lookup.findVarHandle(RemoteCheckpoint.class, "requestedNs", long.class);
            ANSWERED = lookup.findVarHandle(RemoteCheckpoint.class, "answeredNs", long.class);
            CARRIER = lookup.findVarHandle(RemoteCheckpoint.class, "carrierUp", boolean.class);
        } catch (ReflectiveOperationException cause) {
            throw new ExceptionInInitializerError(cause);
        }
    }

    private final CheckpointSpec spec;
    private final EventFd helper;
    private long requestedNs = NEVER;
    private long answeredNs = NEVER;
    private boolean carrierUp;

    // written by the helper thread only, read by whoever shows them
    private volatile long sent;
    private volatile long answered;
    private volatile long refused;
    private volatile long failed;
    private volatile long newestRoundTripNs = -1;

    RemoteCheckpoint(CheckpointSpec spec, EventFd helper) {
        this.spec = spec;
        this.helper = helper;
    }

    @Override
    public boolean configured() {
        return spec.configured();
    }

    @Override
    public boolean carrier() {
        return (boolean) CARRIER.getAcquire(this);
    }

    @Override
    public void probe(long nowNs) {
        if (spec.configured()) {
            REQUESTED.setRelease(this, nowNs);
            helper.signal();
        }
    }

    @Override
    public long newestAnsweredProbeNs() {
        return (long) ANSWERED.getAcquire(this);
    }

    /** What is probed. */
    public CheckpointSpec spec() {
        return spec;
    }

    /** Probes that left. */
    public long sent() {
        return sent;
    }

    public long answered() {
        return answered;
    }

    /** The host answered that nobody listens: proof of a kernel, but not of the checkpoint that was configured, so it counts for nothing. */
    public long refused() {
        return refused;
    }

    /** Probes that could not be sent, or to which an error came back. */
    public long failed() {
        return failed;
    }

    /** From the duty cycle's request to the answer, as {@code check} compares with the arbitration budget; -1 before the first. */
    public long newestRoundTripNs() {
        return newestRoundTripNs;
    }

    long requestedNs() {
        return (long) REQUESTED.getAcquire(this);
    }

    void onSent() {
        sent++;
    }

    void onRefused() {
        refused++;
    }

    void onFailed() {
        failed++;
    }

    /** Whether this is news: answers may overtake each other. */
    boolean onAnswer(long probeNs) {
        answered++;
        long newestNs = answeredNs;
        if (newestNs != NEVER && probeNs - newestNs <= 0) {
            return false;
        }
        newestRoundTripNs = System.nanoTime() - probeNs;
        ANSWERED.setRelease(this, probeNs);
        return true;
    }

    /** Whether it changed. */
    boolean onCarrier(boolean up) {
        if (up == carrierUp) {
            return false;
        }
        CARRIER.setRelease(this, up);
        return true;
    }
}
