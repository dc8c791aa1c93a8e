package io.hotpair.node;

/** What a board knows of the node at its peer's address; the ordinal is the gauge {@code peer.identity}, and of two networks the greater one counts. */
public enum PeerVerdict {
    /** Nothing said so far. */
    UNKNOWN(null),
    /** The pair's other board, with the same configuration and version. */
    SAME(null),
    OTHER_CONFIGURATION("the peer runs ANOTHER CONFIGURATION: a standby does not become hot; copy the file of one board to the other"),
    OTHER_VERSION("the peer runs ANOTHER VERSION: a standby does not become hot; install the same version on both"),
    OTHER_KEY("the peer has ANOTHER KEY: not believed, and a board that starts beside it does not lead; copy the key file of one board to the"
            + " other"),
    OTHER_PROTOCOL("the peer speaks ANOTHER PROTOCOL: a board that starts beside it does not lead; install the same version on both"),
    SAME_BOARD("the peer's address leads to a board that says it is THIS BOARD; see board selection and addresses"),
    NO_NODE("SOMETHING ELSE than a node listens at the peer's port");

    private static final PeerVerdict[] ALL = values();

    private final String told;

    PeerVerdict(String told) {
        this.told = told;
    }

    /** For a person; null where all is well or nothing is known. */
    public String told() {
        return told;
    }

    /** By its ordinal; {@link #UNKNOWN} for one of another version. */
    public static PeerVerdict of(int ordinal) {
        return ordinal >= 0 && ordinal < ALL.length ? ALL[ordinal] : UNKNOWN;
    }
}
