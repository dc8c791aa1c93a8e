package io.hotpair.lab;

import java.io.IOException;

/** A way from a client to two boards or servers and back: takes inputs, and says of each that both hold it. One thread. */
interface CommitPath extends AutoCloseable {
    /** Longest payload of an input. */
    int PAYLOAD_MAX_BYTES = 1024;
    /** Inputs that are sent at once at most. */
    int BURST = 64;

    /** Sends so many inputs at once, numbered from {@code first} on. */
    void send(long first, int count, int payloadBytes) throws IOException;

    /** Sleeps until answers come, or for a while, and tells {@code window} of each. */
    void receive(InFlight window) throws IOException;

    @Override
    void close() throws IOException;
}
