package io.hotpair.core;

/** What a board is in one group. The ordinal travels in the heartbeat. */
public enum Role {
    /** The power-on self test is running. */
    BOOT,
    /** Looking for the peer; nobody leads by this board's doing. */
    JOINING,
    /** Follows the primary, ready to replace it. */
    STANDBY,
    /** Leads: its outputs may leave while its lease holds. */
    PRIMARY,
    /** Cut off: neither the peer nor a checkpoint can be heard. */
    ISOLATED,
    /** The self test failed: never leads until repaired. */
    FAULT;

    private static final Role[] BY_ORDINAL = values(); // values() copies on each call

    /** The role with this ordinal, 0..5. */
    public static Role of(int ordinal) {
        return BY_ORDINAL[ordinal];
    }

    /** A board that shows this role has its gate shut and does not open it by silence before the settle time is over. */
    public boolean out() {
        return this != STANDBY && this != PRIMARY;
    }
}
