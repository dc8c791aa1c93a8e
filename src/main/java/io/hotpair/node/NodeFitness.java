package io.hotpair.node;

import io.hotpair.core.port.Fitness;
import java.util.function.BooleanSupplier;

/** What the node knows of its own condition. Written by helper threads, read by the duty cycle. */
final class NodeFitness implements Fitness {
    private volatile int selfTest = SELF_TEST_RUNNING;
    private volatile boolean rehearsed;
    private BooleanSupplier placeFree = () -> false;

    void selfTest(int verdict) {
        selfTest = verdict;
    }

    /** The promotion has been rehearsed: a real one runs compiled code. */
    void rehearsed() {
        rehearsed = true;
    }

    /**
     * Set before the duty cycle starts; until then this board may not lead.
     *
     * @param placeFree whether a node that cannot be paired with in the peer's place leaves this board the right to lead; asked by the duty
     *     cycle, must only look
     */
    void leadOnlyIf(BooleanSupplier placeFree) {
        this.placeFree = placeFree;
    }

    @Override
    public int selfTest() {
        return selfTest;
    }

    @Override
    public boolean mayLead() {
        return rehearsed && placeFree.getAsBoolean();
    }

    @Override
    public boolean preparing() {
        return !rehearsed;
    }

    @Override
    public int penalty() {
        return 0;
    }
}
