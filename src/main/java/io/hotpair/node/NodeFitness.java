package io.hotpair.node;

import io.hotpair.core.port.Fitness;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What the node knows of its own condition. Written by helper threads, read by the duty cycle.
 *
 * <p>The rehearsal makes a promotion fast, not right. On a machine that is too busy for it, it may take as long as it likes, and a pair that
 * nobody leads meanwhile is worse than a slow first promotion: so it counts as over after the longest settle time.
 */
final class NodeFitness implements Fitness {
    /** Longer than a busy machine has a board take its peer for gone that is not, again and again. */
    private static final long LEADERLESS_NS = 1_000_000_000;

    private final LongSupplier clock;
    private final long sinceNs;
    private volatile int selfTest = SELF_TEST_RUNNING;
    private volatile boolean rehearsed;
    private volatile boolean rehearsalOver;
    private BooleanSupplier placeFree = () -> false;
    private Workload workload;
    private long patienceNs = Long.MAX_VALUE;
    private boolean waitedEnough; // of the duty cycle
    private long ledNs; // of the duty cycle: when the peer was last seen to lead, or the start
    private boolean leadOrdered; // of the duty cycle

    NodeFitness() {
        this(System::nanoTime);
    }

    NodeFitness(LongSupplier clock) {
        this.clock = clock;
        sinceNs = clock.getAsLong();
        ledNs = sinceNs;
    }

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
     * @param patienceNs how long after the start the rehearsal is waited for
     */
    void leadOnlyIf(BooleanSupplier placeFree, long patienceNs) {
        this.placeFree = placeFree;
        this.patienceNs = patienceNs;
    }

    /** Whose data and health count as well. Set before the duty cycle starts. */
    void workload(Workload workload) {
        this.workload = workload;
    }

    /**
     * A person ordered this board to lead, or that order was refused. Whoever decides knows what is in the peer's place and waits for no rehearsal,
     * but for the journal: nobody knows what a board holds that has not read it. Called by the duty cycle.
     */
    void leadOrdered(boolean ordered) {
        leadOrdered = ordered;
    }

    /** The rehearsal has ended, and be it by a failure: it needs the processor no more. */
    void rehearsalOver() {
        rehearsalOver = true;
    }

    /**
     * Whether this board takes part in the replication: when its rehearsal is over; or when it has waited for that long enough, and for a while
     * nobody was seen to lead. Called by the duty cycle, until it is true once.
     */
    boolean takesPart(boolean peerLeads) {
        if (rehearsalOver || leadOrdered) {
            return true;
        }
        long nowNs = clock.getAsLong();
        ledNs = peerLeads ? nowNs : ledNs;
        return nowNs - ledNs >= LEADERLESS_NS && rehearsedOrWaited();
    }

    /** What is less than it should be, for a person, or null. */
    String trouble() {
        return rehearsed || !overdue() ? null
                : "the promotion is still being rehearsed: other work keeps this machine busy; this board may lead all the same, but its first"
                        + " promotion may be slow";
    }

    private boolean overdue() {
        return clock.getAsLong() - sinceNs >= patienceNs;
    }

    @Override
    public int selfTest() {
        return selfTest;
    }

    @Override
    public boolean mayLead() {
        return (leadOrdered || rehearsedOrWaited() && placeFree.getAsBoolean()) && (workload == null || workload.mayLead());
    }

    @Override
    public boolean preparing() {
        return rehearsing() || workload != null && workload.preparing();
    }

    @Override
    public boolean rehearsing() {
        return !(leadOrdered || rehearsedOrWaited());
    }

    private boolean rehearsedOrWaited() {
        if (!rehearsed && !waitedEnough) {
            waitedEnough = overdue();
        }
        return rehearsed || waitedEnough;
    }

    @Override
    public int penalty() {
        return workload == null ? 0 : workload.penalty();
    }
}
