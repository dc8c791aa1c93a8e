package io.hotpair.core.port;

/** Orders from a person or a service manager, taken one at a time by the duty cycle. */
public interface Operator {
    /** No order waits. */
    int NONE = 0;
    /** Hand group 0 over to the peer, or ask the peer for it: the board that leads acts. */
    int SWITCHOVER_GROUP_0 = 1;
    /** As {@link #SWITCHOVER_GROUP_0} for group 1. */
    int SWITCHOVER_GROUP_1 = 2;
    /** No voluntary role change until {@link #RELEASE}. */
    int HOLD = 3;
    /** Ends {@link #HOLD}. */
    int RELEASE = 4;
    /** Leave the pair in good order: hand over or release, then {@code PairCore.stopped()} turns true. */
    int STOP = 5;
    /** Lead although it is not known whether the peer lives: only a person can say that it does not. */
    int REPAIR_LEAD = 6;
    /** Leave FAULT after a repair. */
    int REPAIR_FAULT = 7;

    /** The next order, or {@link #NONE}. */
    int poll();

    /** The order was taken ({@code accepted}) or refused, with an {@code EventCode} that says why. */
    void answer(int order, boolean accepted, int eventCode);
}
