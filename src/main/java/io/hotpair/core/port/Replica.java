package io.hotpair.core.port;

/**
 * What the core needs to know of the replicated task of one group, and tells it.
 */
public interface Replica {
    /**
     * Newest index that this board holds, on a primary the newest that it has committed: a standby that holds less is not HOT. A primary shows more
     * than any standby can hold as long as it asks for a standby that is not. Only the low 32 bits travel in a heartbeat.
     */
    long commitIndex(int group);

    /** Whether this board holds everything needed to go on from the primary's state (HOT). */
    boolean hot(int group);

    /** The peer's newest heartbeat named this index (32 bits, serial number arithmetic of RFC 1982). */
    void onPeerCommitIndex(int group, boolean peerIsPrimary, long term, int peerIndex);

    /**
     * The peer's newest heartbeat says that the peer is not HOT. When it was made, {@link #onPeerCommitIndex} had been called there for a heartbeat
     * that this board sent at {@code heardNs}, or for a later one.
     *
     * @param heardNs this board's clock
     */
    void onPeerCold(int group, long heardNs);

    /** Planned handover: order no further inputs while {@code on}. */
    void freeze(int group, boolean on);

    /** Whether everything that was ordered is committed, so that nothing is left behind when the group is released at this index. */
    boolean drained(int group);

    /** This board's role in the group changed. */
    void onRole(int group, boolean primary, long term);
}
