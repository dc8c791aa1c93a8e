package io.hotpair.core;

/** What a board may conclude when every channel is silent. */
public enum OnSilence {
    /** Ask the checkpoint; reachable means that the peer is gone. One gate only as long as not all channels fail at once. */
    TAKEOVER,
    /** Nothing: silence never promotes anybody. One gate, unconditionally. */
    HOLD,
    /** As TAKEOVER, but a wired latch grants the outputs to one board only. One gate, unconditionally. */
    INTERLOCK
}
