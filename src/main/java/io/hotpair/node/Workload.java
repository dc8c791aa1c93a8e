package io.hotpair.node;

import io.hotpair.core.PairCore;
import io.hotpair.core.port.Replica;
import io.hotpair.drivers.linux.Poller;

/** What the pair is there for: the built-in numbered stream, or a user's task. All calls come from the duty cycle. */
interface Workload extends Replica {
    /** Gives the gate to ask; once, before anything else. */
    void attach(PairCore core);

    /** How many descriptors {@link #watch} will add. */
    default int descriptors() {
        return 0;
    }

    /** Adds the descriptors that the duty cycle is to be woken by. */
    default void watch(Poller poller) { }

    /** Before the core: takes in what has arrived. */
    default void receive(long nowNs) { }

    /** After the core; returns when it is due next, {@code Long.MAX_VALUE} for never. */
    long doWork(long nowNs);

    /** A group's gate opened, within the core's work. */
    void onGateOpen(int group, long nowNs);

    /** Outputs of the group that left. */
    long emitted(int group);

    /** Whether its data lets this board lead. */
    default boolean mayLead() {
        return true;
    }

    /** Whether {@link #mayLead} may come true by itself shortly. */
    default boolean preparing() {
        return false;
    }

    /** Penalty points for {@code Fitness}. */
    default int penalty() {
        return 0;
    }

    /** A person said that this board shall lead with the data that it has, or that order was refused. */
    default void lead(boolean ordered) { }

    /** The node is about to end on purpose. From any thread. */
    default void stopping() { }

    /** Publishes its counters; once an interval. */
    default void publish(long nowNs) { }
}
