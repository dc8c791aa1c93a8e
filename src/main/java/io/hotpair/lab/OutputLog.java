package io.hotpair.lab;

import java.util.List;

/**
 * What one board sent to the plant, in the order of arrival, until it is taken for a judgement. A ring that is allocated whole at
 * start; one thread appends, one takes, any thread may ask how much and how recently.
 */
public final class OutputLog {
    private final int board;
    private final int mask;
    private final long[] receivedNs;
    private final int[] bootId;
    private final long[] term;
    private final long[] number;
    private final long[] sentNs;
    private final boolean[] replay;
    private volatile long count;
    private volatile long taken;
    private volatile boolean overflowed;

    /** @param capacity outputs that fit between two judgements, a power of two; 37 bytes each */
    public OutputLog(int board, int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is no power of two");
        }
        this.board = board;
        mask = capacity - 1;
        receivedNs = new long[capacity];
        bootId = new int[capacity];
        term = new long[capacity];
        number = new long[capacity];
        sentNs = new long[capacity];
        replay = new boolean[capacity];
    }

    /** Records one output. For the receiving thread only. */
    void append(long receivedAtNs, int boot, long reign, long position, long sentAtNs, boolean repetition) {
        long index = count;
        if (index - taken > mask) {
            overflowed = true;
            return;
        }
        int i = (int) index & mask;
        receivedNs[i] = receivedAtNs;
        bootId[i] = boot;
        term[i] = reign;
        number[i] = position;
        sentNs[i] = sentAtNs;
        replay[i] = repetition;
        count = index + 1;
    }

    /** Number of outputs recorded since the start. */
    public long count() {
        return count;
    }

    /** Whether outputs arrived that had no room: no judgement is possible then. */
    public boolean overflowed() {
        return overflowed;
    }

    /** Whether anything arrived after {@code sinceNs}. */
    public boolean heardSince(long sinceNs) {
        long n = count;
        return n > 0 && receivedNs[(int) (n - 1) & mask] - sinceNs > 0;
    }

    /** Moves what arrived before {@code untilNs} to {@code target}. For one thread only. */
    void take(long untilNs, List<Output> target) {
        long n = count;
        long index = taken;
        for (; index < n; index++) {
            int i = (int) index & mask;
            if (receivedNs[i] - untilNs >= 0) {
                break;
            }
            target.add(new Output(receivedNs[i], board, bootId[i], term[i], number[i], sentNs[i], replay[i]));
        }
        taken = index;
    }
}
