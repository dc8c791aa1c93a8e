package io.hotpair.sync.stream;

/** What is counted for each network. */
public enum StreamCount {
    /** Connections that became the stream. */
    CONNECTIONS,
    /** Messages sent, keep-alives not counted. */
    SENT,
    /** Bytes sent, all in. */
    SENT_BYTES,
    /** Writes to the socket: what many messages share. */
    WRITES,
    /** Messages received and found right, keep-alives not counted. */
    RECEIVED,
    /** Bytes received, all in. */
    RECEIVED_BYTES,
    /** Messages refused because the buffer towards the peer was full. */
    REFUSED_FULL,

    // Why a connection ended.
    /** The peer closed it, between two messages. */
    CLOSED_BY_PEER,
    /** It was closed in the middle of a message. */
    CUT,
    /** It was reset, or TCP gave it up. */
    BROKEN,
    /** Nothing came for too long: the peer has no power, hangs, or the network is cut. */
    SILENCE,
    /** The peer made a newer one over the same network. */
    REPLACED,
    /** The peer has started anew, and spoken over the other network; nothing more of this one is delivered. */
    PEER_RESTARTED,
    /** This board closed the stream. */
    CLOSED_HERE,
    /** The seal of a message is wrong. */
    FORGED,
    /** A message that came before. */
    REPLAYED,
    /** A message is missing. */
    GAP,
    /** An impossible length or type. */
    MALFORMED,

    // Why a verified connection did not become the stream.
    /** The peer runs another version of the software. */
    OTHER_VERSION,
    /** The peer runs another configuration. */
    OTHER_CONFIGURATION,
    /** What proved itself may have been an earlier boot of the peer, which said so before the present one did. */
    STALE_BOOT;

    private static final StreamCount[] VALUES = values();

    static int size() {
        return VALUES.length;
    }

    /** Whether nobody who means well causes it. */
    boolean suspicious() {
        return this == FORGED || this == REPLAYED || this == GAP || this == MALFORMED;
    }
}
