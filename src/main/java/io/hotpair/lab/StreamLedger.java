package io.hotpair.lab;

import java.util.BitSet;

/**
 * Keeps the books of a numbered stream: which numbers are missing and which came twice.
 *
 * <p>A number is lost if a later one arrived and it had not arrived itself when the books were closed.
 */
public final class StreamLedger {
    /** A jump beyond this is booked as a loss without a bit for each number: 1000 s at one number per ms. */
    private static final long JUMP_MAX = 1_000_000;

    private final BitSet seen = new BitSet();
    private long base;
    private long highest;
    private boolean started;
    private long closedUpTo;
    private long lost;
    private long doubled;
    private long replays;

    /** Books one output. */
    public void accept(long number, boolean replay) {
        if (!started || number - highest > JUMP_MAX) {
            if (started) {
                closeUpToHighest();
                lost += number - highest - 1;
            }
            started = true;
            seen.clear();
            base = number;
            highest = number;
            closedUpTo = number - 1;
            seen.set(0);
            return;
        }
        long index = number - base;
        if (index < 0 || seen.get((int) index)) {
            if (replay) {
                replays++;
            } else {
                doubled++;
            }
            return;
        }
        seen.set((int) index);
        highest = Math.max(highest, number);
    }

    /** Closes the books for all numbers up to the highest so far and says what happened since they were closed last. */
    public Balance close() {
        closeUpToHighest();
        Balance balance = new Balance(lost, doubled, replays);
        lost = 0;
        doubled = 0;
        replays = 0;
        return balance;
    }

    private void closeUpToHighest() {
        if (!started) {
            return;
        }
        int from = (int) (closedUpTo + 1 - base);
        int to = (int) (highest + 1 - base);
        lost += to - from - seen.get(from, to).cardinality();
        closedUpTo = highest;
    }

    /**
     * What the books say.
     *
     * @param lost numbers that never arrived
     * @param doubled numbers that arrived again without a warning
     * @param replays numbers that arrived again and were marked as possible repetitions
     */
    public record Balance(long lost, long doubled, long replays) {}
}
