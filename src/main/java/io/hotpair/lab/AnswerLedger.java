package io.hotpair.lab;

/**
 * Keeps account of numbered inputs and of their answers by a {@link CountingTask}. What is older than the window is settled: memory stays the same
 * however long a drill goes on. One thread.
 */
final class AnswerLedger {
    private final int mask;
    private final long[] placeOf; // by number of the input
    private final long[] numberAt; // by place
    private final long[] placeTag;
    private long answered;
    private long answeredSum;
    private long repeated;
    private long executedTwice;
    private long acknowledgedLost;
    private long sent;
    private long newestPlace;
    private long newestSum;

    /** @param window inputs that may be without an answer, a power of two */
    AnswerLedger(int window) {
        mask = window - 1;
        placeOf = new long[window];
        numberAt = new long[window];
        placeTag = new long[window];
    }

    /** Inputs up to this number, from 1, are sent or about to be. */
    void sentUpTo(long number) {
        for (; sent < number; sent++) {
            placeOf[(int) (sent + 1) & mask] = 0; // that of a window before is settled
        }
    }

    /** An answer came. */
    void answer(long number, long place, long sum) {
        if (number > sent || number <= sent - mask || number < 1) {
            executedTwice += number > sent || number < 1 ? 1 : 0; // never sent
            repeated += number <= sent - mask && number >= 1 ? 1 : 0;
            return;
        }
        int slot = (int) number & mask;
        if (placeOf[slot] == 0) {
            placeOf[slot] = place;
            answered++;
            answeredSum += CountingTask.share(number);
        } else if (placeOf[slot] == place) {
            repeated++;
        } else {
            executedTwice++;
        }
        int at = (int) place & mask;
        if (placeTag[at] == place && numberAt[at] != number) {
            acknowledgedLost++; // whose place this was before
        } else if (placeTag[at] < place) {
            placeTag[at] = place;
            numberAt[at] = number;
        }
        if (place > newestPlace) {
            newestPlace = place;
            newestSum = sum;
        }
    }

    /** Inputs sent. */
    long sent() {
        return sent;
    }

    /** Inputs with an answer. */
    long answered() {
        return answered;
    }

    /** Inputs without one so far. */
    long unanswered() {
        return sent - answered;
    }

    /** Answers that came more than once, the same each time. */
    long repeated() {
        return repeated;
    }

    /** Inputs that were given two places. */
    long executedTwice() {
        return executedTwice;
    }

    /** Places given to two inputs: the first of them was acknowledged, and lost. */
    long acknowledgedLost() {
        return acknowledgedLost;
    }

    /** Inputs that the task has executed, by its own count. */
    long executed() {
        return newestPlace;
    }

    /** Whether the task's sum is that over exactly the inputs with an answer; only known when each that it executed has one. */
    boolean sumsAgree() {
        return newestPlace != answered || newestSum == answeredSum;
    }
}
