package io.hotpair.node.order;

/**
 * What became of an order.
 *
 * @param eventCode ordinal of the event code given with ACCEPTED or REFUSED, else 0
 */
public record Answer(Outcome outcome, int eventCode) {
    /** How an order ended. */
    public enum Outcome {
        /** The node carries it out. */
        ACCEPTED,
        /** The node declined; the code says why. */
        REFUSED,
        /** Another client's order was in the way all the time; this one will never be carried out. */
        BUSY,
        /** The duty cycle did not look in time; the order was withdrawn and will never be carried out. */
        NOT_TAKEN,
        /** Nothing was heard of it in time: it may have been carried out, or may yet be if the duty cycle took it already. */
        UNANSWERED
    }

    static Answer of(Outcome outcome) {
        return new Answer(outcome, 0);
    }
}
