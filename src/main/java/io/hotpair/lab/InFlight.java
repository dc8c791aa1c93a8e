package io.hotpair.lab;

import java.util.Arrays;

/**
 * The numbered inputs that a client has sent and not heard of, and how long the others took. Whoever sends asks for {@link #free} room first; an
 * input that is given up makes room again, and is counted.
 */
final class InFlight {
    /** Far more than the inputs that are out: only one that was forgotten meets its own place again. */
    private static final int PLACES = 1 << 16;
    private static final int FIRST_TIMES = 1 << 16;
    private static final long NOT_OUT = 0;

    private final long[] number = new long[PLACES];
    private final long[] sentNs = new long[PLACES];
    private final int depth;
    private final long firstNumber;
    private long[] tookNs = new long[FIRST_TIMES];
    private long nextNumber;
    private long oldest;
    private int out;
    private int committed;
    private long unanswered;

    /**
     * @param depth inputs that may be out at a time
     * @param firstNumber of the first input, above 0
     */
    InFlight(int depth, long firstNumber) {
        this.depth = depth;
        this.firstNumber = firstNumber;
        nextNumber = firstNumber;
        oldest = firstNumber;
    }

    /** How many inputs may be sent now. */
    int free() {
        return depth - out;
    }

    /** Inputs that are out. */
    int out() {
        return out;
    }

    /** The number of the input that is sent next. */
    long nextNumber() {
        return nextNumber;
    }

    /** So many are sent now, numbered from {@link #nextNumber} on. */
    void sent(int count, long nowNs) {
        if (count > free()) {
            throw new IllegalStateException(count + " sent, with room for " + free());
        }
        for (int i = 0; i < count; i++, nextNumber++) {
            giveUp(place(nextNumber));
            number[place(nextNumber)] = nextNumber;
            sentNs[place(nextNumber)] = nowNs;
            out++;
        }
    }

    /** This one is committed, as the client hears now; nothing if it is not out. */
    void committed(long one, long nowNs) {
        int place = place(one);
        if (one < firstNumber || number[place] != one) {
            return; // an answer that came again, or after it was given up
        }
        number[place] = NOT_OUT;
        out--;
        if (committed == tookNs.length) {
            tookNs = Arrays.copyOf(tookNs, 2 * committed);
        }
        tookNs[committed++] = nowNs - sentNs[place];
    }

    /** Gives up what was sent before this moment. */
    void giveUp(long beforeNs) {
        for (; oldest < nextNumber; oldest++) {
            int place = place(oldest);
            if (number[place] == oldest) {
                if (sentNs[place] - beforeNs >= 0) {
                    return;
                }
                giveUp(place);
            }
        }
    }

    private void giveUp(int place) {
        if (number[place] != NOT_OUT) {
            number[place] = NOT_OUT;
            out--;
            unanswered++;
        }
    }

    private static int place(long one) {
        return (int) (one & PLACES - 1);
    }

    /** How many are committed. */
    int committed() {
        return committed;
    }

    /** How many were given up. */
    long unanswered() {
        return unanswered;
    }

    /** From sending to commit, ns, of all that are committed. */
    Distribution tookNs() {
        return new Distribution(Arrays.copyOf(tookNs, committed));
    }
}
