package io.hotpair.core.port;

/** The hardware watchdog, fed by the deciding loop only. */
public interface Watchdog {
    /** Postpones the board's reset. Must not block. */
    void feed(long nowNs);
}
