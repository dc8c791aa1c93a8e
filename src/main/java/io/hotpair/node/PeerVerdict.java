package io.hotpair.node;

/**
 * What a board knows of the node at its peer's address. What a peer proved is the gauge {@code peer.identity}, by its ordinal; of two networks the
 * greater one counts. What was said without proof is the gauge {@code networkN.identityHint}, and {@link #UNKNOWN} again a minute later.
 */
public enum PeerVerdict {
    /** Nothing said so far. */
    UNKNOWN(null),
    /** The pair's other board, with the same configuration and version. */
    SAME(null),
    OTHER_CONFIGURATION("runs ANOTHER CONFIGURATION: a standby does not become hot; copy the file of one board to the other"),
    OTHER_VERSION("runs ANOTHER VERSION: a standby does not become hot; install the same version on both"),
    OTHER_KEY("has ANOTHER KEY: not believed, and a board that starts beside it does not lead; copy the key file of one board to the"
            + " other"),
    OTHER_PROTOCOL("speaks ANOTHER PROTOCOL: a board that starts beside it does not lead; install the same version on both"),
    SAME_BOARD("says that it is THIS BOARD; see board selection and addresses"),
    NO_NODE("is SOMETHING ELSE than a node"),
    HANGS_UP("HANGS UP before its hello: it may not know this board's address; compare the addresses on both boards");

    private static final PeerVerdict[] ALL = values();

    private final String told;

    PeerVerdict(String told) {
        this.told = told;
    }

    /** For a person, of the node at the peer's address; null where all is well or nothing is known. */
    public String told() {
        return told;
    }

    /** By its ordinal; {@link #UNKNOWN} for one of another version. */
    public static PeerVerdict of(int ordinal) {
        return ordinal >= 0 && ordinal < ALL.length ? ALL[ordinal] : UNKNOWN;
    }
}
