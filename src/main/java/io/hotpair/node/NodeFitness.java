package io.hotpair.node;

import io.hotpair.core.port.Fitness;

/** What the node knows of its own condition. Written by helper threads, read by the duty cycle. */
final class NodeFitness implements Fitness {
    private volatile int selfTest = SELF_TEST_RUNNING;
    private volatile boolean rehearsed;

    void selfTest(int verdict) {
        selfTest = verdict;
    }

    /** The promotion has been rehearsed: a real one runs compiled code. */
    void rehearsed() {
        rehearsed = true;
    }

    @Override
    public int selfTest() {
        return selfTest;
    }

    @Override
    public boolean mayLead() {
        return rehearsed;
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
