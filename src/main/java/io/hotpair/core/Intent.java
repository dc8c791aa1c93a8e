package io.hotpair.core;

/** Where a board stands in a planned handover: a state in every heartbeat, not a message that can be lost. */
public enum Intent {
    /** No handover under way. */
    NONE,
    /** Shown by a primary: inputs are frozen, take over at this index. Shown by a standby: please hand over to me. */
    PREPARE,
    /** Shown by a standby: I hold that index; the term that I show is the one I would lead with. */
    READY,
    /** Shown by the former primary: my gate is shut. */
    RELEASED;

    private static final Intent[] BY_ORDINAL = values(); // values() copies on each call

    /** The intent with this ordinal, 0..3. */
    public static Intent of(int ordinal) {
        return BY_ORDINAL[ordinal];
    }
}
