package io.hotpair.core.port;

/**
 * The remote checkpoint of one network: a device or port that tells a board whether that network still reaches the world.
 *
 * <p>Calls return at once; a probe is carried out elsewhere.
 */
public interface Checkpoint {
    /** {@link #newestAnsweredProbeNs()} before the first answer. */
    long NEVER = Long.MIN_VALUE;

    /** Whether the configuration names a checkpoint for this network at all. */
    boolean configured();

    /** Whether the network's link has a carrier. */
    boolean carrier();

    /** Sends one probe, stamped {@code nowNs}. */
    void probe(long nowNs);

    /** The send time (the {@code nowNs} of {@link #probe}) of the newest probe that was answered, or {@link #NEVER}. */
    long newestAnsweredProbeNs();
}
