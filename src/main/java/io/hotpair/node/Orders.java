package io.hotpair.node;

import io.hotpair.core.port.Operator;
import java.util.function.Consumer;

/** Orders from the command line, through the mailbox, and the order to stop, from a signal. */
final class Orders implements Operator {
    private final Operator mailbox;
    private final Consumer<Boolean> leadOrdered;
    private final Consumer<Boolean> leadWithItsData;
    private volatile boolean stopWanted;
    private boolean stopGiven;
    private boolean leadTaken;

    /**
     * @param leadOrdered told true before the core takes {@link #REPAIR_LEAD}, and after it whether such an order was ever taken: what a person
     *     decided is not undone by a later order that is refused. Called by the duty cycle.
     * @param leadWithItsData told true likewise, and after it whether this very order was taken: data that a person preferred once may be the older
     *     next time
     */
    Orders(Operator mailbox, Consumer<Boolean> leadOrdered, Consumer<Boolean> leadWithItsData) {
        this.mailbox = mailbox;
        this.leadOrdered = leadOrdered;
        this.leadWithItsData = leadWithItsData;
    }

    /** Leave the pair in good order. */
    void stop() {
        stopWanted = true;
    }

    @Override
    public int poll() {
        if (stopWanted && !stopGiven) {
            stopGiven = true;
            return STOP;
        }
        int order = mailbox.poll();
        if (order == REPAIR_LEAD) {
            leadOrdered.accept(true);
            leadWithItsData.accept(true);
        }
        return order;
    }

    @Override
    public void answer(int order, boolean accepted, int eventCode) {
        if (order == REPAIR_LEAD) {
            leadTaken |= accepted;
            leadOrdered.accept(leadTaken);
            leadWithItsData.accept(accepted);
        }
        if (order != STOP) {
            mailbox.answer(order, accepted, eventCode);
        }
    }
}
