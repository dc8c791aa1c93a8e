package io.hotpair.core.port;

/**
 * What the core needs to know of the replicated task of one group, and tells it.
 */
public interface Replica {
    /** Newest index that this board holds; only the low 32 bits travel in a heartbeat. */
    long commitIndex(int group);

    /** Whether this board holds everything needed to go on from the primary's state (HOT). */
    boolean hot(int group);

    /** The peer's newest heartbeat named this index (32 bits, serial number arithmetic of RFC 1982). */
    void onPeerCommitIndex(int group, boolean peerIsPrimary, long term, int peerIndex);

    /** Planned handover: order no further inputs while {@code on}. */
    void freeze(int group, boolean on);

    /** Whether everything that was ordered is committed, so that nothing is left behind when the group is released at this index. */
    boolean drained(int group);

    /** This board's role in the group changed. */
    void onRole(int group, boolean primary, long term);
}
