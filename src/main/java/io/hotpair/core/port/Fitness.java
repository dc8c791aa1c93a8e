package io.hotpair.core.port;

/** The board's own condition, apart from its networks, which the core watches itself. */
public interface Fitness {
    /** The power-on self test has not finished. */
    int SELF_TEST_RUNNING = 0;
    /** The power-on self test passed. */
    int SELF_TEST_PASSED = 1;
    /** The power-on self test failed: the board never claims primary. */
    int SELF_TEST_FAILED = 2;

    /** One of the SELF_TEST constants. */
    int selfTest();

    /** Whether the board may lead as far as the node knows: promotion rehearsed, same configuration and version as the peer. */
    boolean mayLead();

    /** Whether {@link #mayLead} will come true by itself shortly: the promotion is being rehearsed, or the data is being looked through. */
    boolean preparing();

    /**
     * Whether the promotion is being rehearsed, so that the board is busy with itself and its cycles are late; a part of {@link #preparing}. The peer's
     * lease may rest on it, so it is said of nothing that can come again later.
     */
    boolean rehearsing();

    /** Penalty points for trouble that the core cannot see (task, temperature, storage); 0 is healthy, at most 200. */
    int penalty();
}
