package io.hotpair.node.order;

import io.hotpair.core.port.Operator;
import io.hotpair.node.order.Answer.Outcome;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One order at a time from a helper thread to the duty cycle, and its answer back.
 *
 * <p>The state is one 64-bit word that only changes by compare-and-set, so neither side ever waits for a lock of the other:
 *
 * <pre>
 * bits  0-3   state        bits 16-30  event code of the answer
 * bits  4-15  order        bit  31     accepted
 *                          bits 32-63  request id, rises by one per order
 *
 *         post                  poll (duty cycle)     answer (duty cycle)
 * FREE ─────────────────▶ POSTED ─────────────▶ TAKEN ───────────────▶ ANSWERED
 *  ▲                        │                                             │
 *  ├── withdraw ────────────┘                                             │
 *  └── collect, or the next order if nobody collected ────────────────────┘
 * </pre>
 *
 * <p>An order withdrawn in time is never carried out: taking and withdrawing are the same compare-and-set. Nor is one whose deadline passed
 * while the whole process stood still: the duty cycle looks at the clock before it takes.
 */
public final class Mailbox implements Operator {
    private static final int FREE = 0;
    private static final int POSTED = 1;
    private static final int TAKEN = 2;
    private static final int ANSWERED = 3;

    private static final int MAX_ORDER = 0xFFF;
    private static final int MAX_CODE = 0x7FFF;
    private static final long ACCEPTED_BIT = 1L << 31;
    private static final long POLL_NS = 500_000;

    private final AtomicLong word = new AtomicLong();
    private volatile long deadlineNs;
    private long taken;

    private static int state(long word) {
        return (int) (word & 0xF);
    }

    private static int orderOf(long word) {
        return (int) (word >>> 4) & MAX_ORDER;
    }

    /** The request id stays, so the next order gets a new one. */
    private static long free(long word) {
        return word & 0xFFFF_FFFF_0000_0000L | FREE;
    }

    /** The next order, or {@link Operator#NONE}: for the duty cycle, one opaque load when nothing waits, 0 B. */
    @Override
    public int poll() {
        long seen = word.getOpaque();
        if (state(seen) != POSTED || System.nanoTime() - deadlineNs >= 0) {
            return NONE;
        }
        long next = (seen & ~0xFL) | TAKEN;
        if (!word.compareAndSet(seen, next)) {
            return NONE; // withdrawn just now
        }
        taken = next;
        return orderOf(next);
    }

    /** Answers the order taken last; ignored if there is none or it is not {@code order}. For the duty cycle. */
    @Override
    public void answer(int order, boolean accepted, int eventCode) {
        if (state(taken) != TAKEN || orderOf(taken) != order) {
            return;
        }
        word.compareAndSet(taken, (taken & ~0xFL) | ANSWERED | (accepted ? ACCEPTED_BIT : 0) | (long) (eventCode & MAX_CODE) << 16);
        taken = 0;
    }

    /**
     * Posts an order and waits for the answer; not for the duty cycle. One caller after another.
     *
     * @param order one of the {@link Operator} orders, 1 to 4095
     * @param deadlineNs monotonic; not taken after this
     */
    public synchronized Answer order(int order, long deadlineNs) {
        if (order < 1 || order > MAX_ORDER) {
            throw new IllegalArgumentException("order " + order + " is not within 1.." + MAX_ORDER);
        }
        long seen = word.get();
        while (state(seen) == TAKEN) { // an earlier order that the core still owes an answer
            if (System.nanoTime() - deadlineNs >= 0) {
                return Answer.of(Outcome.BUSY);
            }
            LockSupport.parkNanos(POLL_NS);
            seen = word.get();
        }
        this.deadlineNs = deadlineNs;
        long posted = (seen >>> 32) + 1 << 32 | (long) order << 4 | POSTED;
        word.set(posted); // nobody else posts, and the duty cycle changes only what is posted or taken
        return await(deadlineNs);
    }

    private Answer await(long deadlineNs) {
        for (;;) {
            long seen = word.get();
            if (state(seen) == ANSWERED) {
                word.set(free(seen));
                return new Answer((seen & ACCEPTED_BIT) != 0 ? Outcome.ACCEPTED : Outcome.REFUSED, (int) (seen >>> 16) & MAX_CODE);
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                if (state(seen) == TAKEN) {
                    return Answer.of(Outcome.UNANSWERED);
                }
                if (word.compareAndSet(seen, free(seen))) {
                    return Answer.of(Outcome.NOT_TAKEN);
                }
                continue; // taken at the last moment
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }
}
