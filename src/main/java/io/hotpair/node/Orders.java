package io.hotpair.node;

import io.hotpair.core.port.Operator;

/** Orders from the command line, through the mailbox in the counters file, and the order to stop, from a signal. */
final class Orders implements Operator {
    private final Operator mailbox;
    private volatile boolean stopWanted;
    private boolean stopGiven;

    Orders(Operator mailbox) {
        this.mailbox = mailbox;
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
        return mailbox.poll();
    }

    @Override
    public void answer(int order, boolean accepted, int eventCode) {
        if (order != STOP) {
            mailbox.answer(order, accepted, eventCode);
        }
    }
}
