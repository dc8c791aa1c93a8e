package io.hotpair.core;

/** Why something that arrived was not believed; each cause has a counter. */
public enum Reject {
    /** Wrong length, or a field that no sender of this version produces. */
    MALFORMED,
    /** Another protocol version. */
    VERSION,
    /** Not from the other board of this pair (an echo of one's own frames included). */
    FOREIGN,
    /** Sent on another channel than it arrived on. */
    MISROUTED,
    /** From a boot of the peer that is known to have ended. */
    OLD_BOOT,
    /** Not newer than what already arrived on this channel. */
    REPLAYED,
    /** Its seal does not fit. */
    FORGED,
    /** A hello beyond the number that is looked at in one interval. */
    FLOOD,
    /** An edge outside the tolerance of every pulse code. */
    NOISE
}
