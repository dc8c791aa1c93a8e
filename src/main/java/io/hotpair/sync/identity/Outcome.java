package io.hotpair.sync.identity;

/** How one attempt at the identity connection ended. Only {@link #VERIFIED} says anything about the peer; the rest are hints. */
public enum Outcome {
    /** The peer has the pair's key, is the other board, and answered just now. */
    VERIFIED,
    /** Nothing came in time: nobody there, or a process that is paused. */
    NO_ANSWER,
    /** The machine is there and declined, or hung up: no node listening, or a busy one. */
    REFUSED,
    /** Whoever answered does not have this pair's key, or repeated what another connection said. */
    WRONG_KEY,
    /** The other end speaks another version of the protocol. */
    OTHER_PROTOCOL,
    /** The other end says that it is this very board: two boards with one id, or an address that leads back here. */
    SAME_BOARD,
    /** What came is not this protocol, or breaks it. */
    MALFORMED,
    /**
     * Connected, but the other end hung up before it said anything. A node does so to everybody but its peer, whom it knows by the address; also
     * a node that is just ending, or something in between that finds no node behind it.
     */
    HUNG_UP;

    /** What a handshake that ended so says, for a person. */
    String text() {
        return switch (this) {
            case VERIFIED -> "verified";
            case SAME_BOARD -> "the other end says it is this board too: same id on both, or an address that leads back here";
            case WRONG_KEY -> "the other end does not have this pair's key";
            default -> "a message that breaks the protocol";
        };
    }

    /** Whether somebody said something at the peer's address without proof, or would not talk at all. */
    boolean hint() {
        return this == WRONG_KEY || this == OTHER_PROTOCOL || this == SAME_BOARD || this == MALFORMED || this == HUNG_UP;
    }
}
