package io.hotpair.sync.stream;

import io.hotpair.sync.identity.Outcome;
import java.util.Locale;

/** What is wrong on one network, for a person. Written by the network loop, which makes no text where something can go on at line rate. */
final class StreamTrouble {
    /** What looks like an attack or a faulty device is told for this long. */
    private static final long SUSPICION_NS = 60_000_000_000L;

    private final int network;
    private final StreamCounters counters;
    private volatile String standing;
    private volatile StreamCount suspicion;
    private volatile long suspicionNs;
    private volatile Enum<?> last;

    StreamTrouble(int network, StreamCounters counters) {
        this.network = network;
        this.counters = counters;
    }

    void attempt(Outcome outcome, String detail) {
        if (last == outcome || outcome == Outcome.VERIFIED) {
            return; // what became of a verified one is still to come
        }
        last = outcome;
        standing = switch (outcome) {
            case VERIFIED, NO_ANSWER, REFUSED, HUNG_UP -> null; // ordinary while the peer is down; whom it hangs up on, the identity tells
            case WRONG_KEY, OTHER_PROTOCOL, SAME_BOARD, MALFORMED -> "no stream over network " + name() + ": " + detail;
        };
    }

    void refused(StreamCount cause, String detail) {
        if (last != cause) {
            last = cause;
            standing = "no stream over network " + name() + ": " + detail;
        }
    }

    void ended(StreamCount cause) {
        last = cause;
        if (cause.suspicious()) {
            suspicionNs = System.nanoTime();
            suspicion = cause;
        }
    }

    void heard() {
        if (standing != null) {
            standing = null;
        }
    }

    /** One line, or null. */
    String text() {
        String stands = standing;
        if (stands != null) {
            return stands;
        }
        StreamCount cause = suspicion;
        if (cause == null || System.nanoTime() - suspicionNs > SUSPICION_NS) {
            return null;
        }
        return "the stream over network " + name() + " was closed because of " + switch (cause) {
            case FORGED -> "a message with a wrong seal";
            case REPLAYED -> "a message that had come before";
            case GAP -> "a missing message";
            default -> "a message that cannot be one";
        } + " (" + counters.count(cause) + " times since the start): something between the boards changes bytes, or somebody does";
    }

    /** How the last connection ended or the last attempt failed, in words, or null. */
    String lastEnd() {
        Enum<?> end = last;
        return end == null ? null : end.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    int network() {
        return network;
    }

    String name() {
        return network == 0 ? "A" : "B";
    }
}
