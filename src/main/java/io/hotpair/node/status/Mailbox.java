package io.hotpair.node.status;

import static io.hotpair.node.status.StatusLayout.LONG;
import static io.hotpair.node.status.StatusLayout.MAILBOX_OFFSET;

import io.hotpair.core.port.Operator;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * One order at a time from the command line to the node, and its answer back.
 *
 * <p>Everything is in one 64-bit word that only changes by compare-and-set, so a client may die at any point without leaving
 * half an order behind or a lock held:
 *
 * <pre>
 * bits  0-3   state        bits 16-30  event code of the answer
 * bits  4-15  order        bit  31     accepted
 *                          bits 32-63  request id, rises by one per order
 *
 *         post (client)            poll (node)           answer (node)
 * FREE ─────────────────▶ POSTED ─────────────▶ TAKEN ───────────────▶ ANSWERED
 *  ▲                        │                                             │
 *  ├── withdraw (client) ───┘                                             │
 *  └── collect (client), or the next client after a pause ────────────────┘
 * </pre>
 *
 * <p>An order withdrawn in time is never carried out: taking and withdrawing are the same compare-and-set.
 */
public final class Mailbox {
    private static final int FREE = 0;
    private static final int POSTED = 1;
    private static final int TAKEN = 2;
    private static final int ANSWERED = 3;

    private static final int MAX_ORDER = 0xFFF;
    private static final int MAX_CODE = 0x7FFF;
    private static final long ACCEPTED_BIT = 1L << 31;

    private static final long POLL_NS = 1_000_000;
    /** How long an answer is left for the client that asked; one that polls every {@link #POLL_NS} has long collected it. */
    private static final long UNCOLLECTED_NS = 100_000_000;

    private Mailbox() {}

    private static long word(MemorySegment file) {
        return (long) LONG.getAcquire(file, (long) MAILBOX_OFFSET);
    }

    private static boolean change(MemorySegment file, long from, long to) {
        return LONG.compareAndSet(file, (long) MAILBOX_OFFSET, from, to);
    }

    private static int state(long word) {
        return (int) (word & 0xF);
    }

    private static int order(long word) {
        return (int) (word >>> 4) & MAX_ORDER;
    }

    private static long requestId(long word) {
        return word >>> 32;
    }

    /** The node's end: read by the duty cycle, one opaque load when nothing waits, 0 B. */
    public static final class NodeEnd implements Operator {
        private final MemorySegment file;
        private long taken;

        NodeEnd(MemorySegment file) {
            this.file = file;
        }

        /** The next order, or {@link Operator#NONE}; none while an order that was taken has no answer. */
        @Override
        public int poll() {
            long word = (long) LONG.getOpaque(file, (long) MAILBOX_OFFSET);
            if (state(word) != POSTED) {
                return NONE;
            }
            long next = (word & ~0xFL) | TAKEN;
            if (!change(file, word, next)) {
                return NONE; // withdrawn just now
            }
            taken = next;
            return order(next);
        }

        /** Answers the order taken last; ignored if there is none or it is not {@code order}. */
        @Override
        public void answer(int order, boolean accepted, int eventCode) {
            if (state(taken) != TAKEN || order(taken) != order) {
                return;
            }
            long answered = (taken & ~0xFL) | ANSWERED | (accepted ? ACCEPTED_BIT : 0) | (long) (eventCode & MAX_CODE) << 16;
            change(file, taken, answered);
            taken = 0;
        }
    }

    /** What became of an order. */
    public enum Outcome {
        /** The node carries it out. */
        ACCEPTED,
        /** The node declined; the code says why. */
        REFUSED,
        /** Another client's order was in the way all the time; nothing was posted. */
        BUSY,
        /** The node did not look; the order was withdrawn and will never be carried out. */
        NOT_TAKEN,
        /** The node took the order but did not answer in time: it may yet be carried out. */
        UNANSWERED
    }

    /**
     * An order's outcome.
     *
     * @param eventCode ordinal of the event code given with ACCEPTED or REFUSED, else 0
     */
    public record Answer(Outcome outcome, int eventCode) {}

    /** A client's end: needs the file mapped for writing. May block; not for the duty cycle. */
    public static final class Client {
        private final MemorySegment file;

        Client(MemorySegment file) {
            this.file = file;
        }

        /**
         * Posts an order and waits for the node's answer.
         *
         * @param order one of the {@link Operator} orders, 1 to 4095
         * @param timeoutNs at most this long altogether
         */
        public Answer order(int order, long timeoutNs) {
            if (order < 1 || order > MAX_ORDER) {
                throw new IllegalArgumentException("order " + order + " is not within 1.." + MAX_ORDER);
            }
            long deadlineNs = System.nanoTime() + timeoutNs;
            long posted = post(order, deadlineNs);
            return posted == 0 ? new Answer(Outcome.BUSY, 0) : await(posted, deadlineNs);
        }

        /** The word as posted, or 0 if others were in the way until the deadline. */
        private long post(int order, long deadlineNs) {
            long seen = word(file);
            long seenSinceNs = System.nanoTime();
            for (;;) {
                long nowNs = System.nanoTime();
                long word = word(file);
                if (word != seen) {
                    seen = word;
                    seenSinceNs = nowNs;
                }
                // An answer nobody collects belongs to a client that died.
                if (state(word) == FREE || state(word) == ANSWERED && nowNs - seenSinceNs >= UNCOLLECTED_NS) {
                    long posted = (requestId(word) + 1) << 32 | (long) order << 4 | POSTED;
                    if (change(file, word, posted)) {
                        return posted;
                    }
                    continue;
                }
                if (nowNs - deadlineNs >= 0) {
                    return 0;
                }
                LockSupport.parkNanos(POLL_NS);
            }
        }

        private Answer await(long posted, long deadlineNs) {
            for (;;) {
                long word = word(file);
                if (requestId(word) != requestId(posted)) {
                    return new Answer(Outcome.UNANSWERED, 0); // we were asleep so long that the next client came
                }
                if (state(word) == ANSWERED) {
                    change(file, word, free(word));
                    boolean accepted = (word & ACCEPTED_BIT) != 0;
                    return new Answer(accepted ? Outcome.ACCEPTED : Outcome.REFUSED, (int) (word >>> 16) & MAX_CODE);
                }
                if (System.nanoTime() - deadlineNs >= 0) {
                    if (state(word) != POSTED) {
                        return new Answer(Outcome.UNANSWERED, 0);
                    }
                    if (change(file, word, free(word))) {
                        return new Answer(Outcome.NOT_TAKEN, 0);
                    }
                    continue; // taken at the last moment
                }
                LockSupport.parkNanos(POLL_NS);
            }
        }

        /** The request id stays, so the next order gets a new one. */
        private static long free(long word) {
            return word & 0xFFFF_FFFF_0000_0000L | FREE;
        }
    }
}
