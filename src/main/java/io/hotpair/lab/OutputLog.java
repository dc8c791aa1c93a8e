package io.hotpair.lab;

import java.util.List;

/**
 * Everything that one board sent to the plant, in the order of arrival. Allocated whole at start; one thread appends, any thread
 * reads what was appended before.
 */
public final class OutputLog {
    private final int board;
    private final long[] receivedNs;
    private final int[] bootId;
    private final long[] term;
    private final long[] number;
    private final long[] sentNs;
    private final boolean[] replay;
    private volatile int size;
    private volatile boolean overflowed;

    /** @param capacity outputs that fit; 37 bytes each */
    public OutputLog(int board, int capacity) {
        this.board = board;
        receivedNs = new long[capacity];
        bootId = new int[capacity];
        term = new long[capacity];
        number = new long[capacity];
        sentNs = new long[capacity];
        replay = new boolean[capacity];
    }

    /** Records one output. For the receiving thread only. */
    void append(long receivedAtNs, int boot, long reign, long position, long sentAtNs, boolean repetition) {
        int i = size;
        if (i == receivedNs.length) {
            overflowed = true;
            return;
        }
        receivedNs[i] = receivedAtNs;
        bootId[i] = boot;
        term[i] = reign;
        number[i] = position;
        sentNs[i] = sentAtNs;
        replay[i] = repetition;
        size = i + 1;
    }

    /** Number of outputs recorded so far. */
    public int size() {
        return size;
    }

    /** Whether outputs arrived that had no room: no judgement is possible then. */
    public boolean overflowed() {
        return overflowed;
    }

    /** Receive time of the newest output, or {@code Long.MIN_VALUE} without any. */
    public long newestNs() {
        int n = size;
        return n == 0 ? Long.MIN_VALUE : receivedNs[n - 1];
    }

    /** Whether anything arrived after {@code sinceNs}. */
    public boolean heardSince(long sinceNs) {
        int n = size;
        return n > 0 && receivedNs[n - 1] - sinceNs > 0;
    }

    /** Appends to {@code target} the outputs from index {@code first} that arrived before {@code untilNs}. @return the next index */
    public int copy(int first, long untilNs, List<Output> target) {
        int n = size;
        int i = first;
        for (; i < n && receivedNs[i] - untilNs < 0; i++) {
            target.add(new Output(receivedNs[i], board, bootId[i], term[i], number[i], sentNs[i], replay[i]));
        }
        return i;
    }
}
