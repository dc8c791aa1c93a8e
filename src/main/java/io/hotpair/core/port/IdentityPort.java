package io.hotpair.core.port;

/**
 * The identity connection: a starting board connects to the peer's port; what counts is the authenticated answer, not the accepted
 * connection (a paused process accepts too).
 */
public interface IdentityPort {
    /** No authenticated answer so far. */
    long NEVER = Long.MIN_VALUE;

    /** When the newest authenticated answer of the peer arrived (monotonic clock, ns), or {@link #NEVER}. */
    long newestAnswerNs();
}
