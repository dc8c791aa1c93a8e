package io.hotpair.lab;

/** What the kill of a primary came to. */
enum KillOutcome {
    /** The standby leads; everything that was acknowledged counts. */
    TAKEN_OVER,
    /** The standby was out of step when its primary was killed: nothing was promised. */
    DOUBLE_FAULT,
    /** The standby was in step, and does not lead. */
    NOT_TAKEN_OVER;

    /**
     * The killed board's word counts: only it knows whether it acknowledged anything without its standby.
     *
     * @param primarySaidHot whether the killed board had said last that its standby is in step
     * @param standbySaidHot whether the other board said so of itself right before
     * @param answered whether a new primary has answered in time
     */
    static KillOutcome of(boolean primarySaidHot, boolean standbySaidHot, boolean answered) {
        if (!primarySaidHot) {
            return DOUBLE_FAULT; // whoever answers now
        }
        return answered ? TAKEN_OVER : standbySaidHot ? NOT_TAKEN_OVER : DOUBLE_FAULT;
    }
}
