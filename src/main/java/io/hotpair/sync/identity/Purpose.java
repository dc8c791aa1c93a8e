package io.hotpair.sync.identity;

/** What a connection to the peer is for; said in the hello, so the code covers it. The order is the number on the wire. */
public enum Purpose {
    /** To say who is there and what it runs; closed afterwards. */
    IDENTITY,
    /** To stay and carry the stream, once both have proved who they are. */
    STREAM
}
