package io.hotpair.sync;

/** What the replication of a group records. The index is the one it is about; the detail is said here. */
public enum SyncEvent {
    /** A reign begins with this record. */
    REIGN,
    /** The peer goes on from this index of the log. */
    PEER_STREAMS,
    /** The peer needs a snapshot; the index is what it holds. */
    PEER_NEEDS_BASE,
    /** The peer was granted HOT; detail: the count of cold requests so far. */
    GRANTED,
    /** The peer was asked to be COLD; detail: the count of cold requests. */
    COLD_REQUESTED,
    /** The peer has acknowledged that it is COLD: from here on outputs leave uncommitted. */
    COLD_ACKNOWLEDGED,
    /** Committed without the peer from this index on: it is away. */
    ALONE,
    /** A snapshot was taken over. */
    BASE_LOADED,
    /** A snapshot was refused; detail: its length. */
    BASE_REFUSED,
    /** The state is larger than the configured bound. */
    STATE_TOO_LARGE,
    /** The two boards' results differ at this index; detail: the last index at which they agreed. */
    RESULTS_DIFFER,
    /** They differed three times in a row: this board stays COLD. */
    STAYS_COLD,
    /** The journal was read back up to this index. */
    RECOVERED,
    /** Records after this index go to a file of their own: they are not what the pair agreed on. */
    DIVERTED,
    /** This board holds older data than the peer and does not lead; detail: the peer's index. */
    PEER_IS_NEWER,
    /** This board does not lead unaccompanied: it does not know whether the peer has newer data. */
    UNSURE,
    /** The tasks of both boards are to begin with a tick; the index is its number. */
    START_ANNOUNCED,
    /** The first tick of all was ordered, or taken from the stream; the index is its number. */
    TICKS_STARTED,
    /** The ticks are those of the line; the index is the number of the newest. */
    TICKS_LOCKED,
    /** The line was lost: the ticks go on by the board's clock; the index is the number of the newest. */
    TICKS_HOLDOVER,
    /** The ticks of this board got the numbers that the primary gives them; index: of the newest, detail: by how much it was changed. */
    TICKS_NUMBERED;

    private static final SyncEvent[] VALUES = values();

    /** The event of a code, or null. */
    public static SyncEvent of(int code) {
        return code >= 0 && code < VALUES.length ? VALUES[code] : null;
    }
}
