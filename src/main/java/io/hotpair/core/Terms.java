package io.hotpair.core;

import io.hotpair.core.port.TermStore;

/**
 * The numbers of reigns (I3). They rise strictly, and the lowest bit is the board's id, so that two boards never use the same one. They are
 * reserved durably in batches ahead of need: a takeover waits for no disk, and a board that cannot store a term cannot claim one. (One exception:
 * a primary that is back before its silence is complete may have used all of its batch, so its successor reserves anew above that first.)
 */
final class Terms {
    /** No term can be used now. */
    static final long NONE = -1;

    /** Terms reserved at once; a boot burns what it did not use of its batch. */
    private static final long BATCH = 64;
    private static final long HIGHEST = 0xFFFF_FFFFL;

    private final int board;
    private final TermStore store;
    private long newest;

    Terms(int board, TermStore store) {
        this.board = board;
        this.store = store;
        newest = Math.max(0, store.usedTerm());
    }

    /** A term was seen in an authenticated frame: whatever this board uses next is above it. */
    void heard(long term) {
        newest = Math.max(newest, term);
    }

    /** The newest term that this board knows to have been used, or that may have been. */
    long newest() {
        return newest;
    }

    /** Keeps at least half a batch reserved ahead of the newest term. */
    void maintain() {
        long durable = store.durableTerm();
        if (durable != TermStore.UNKNOWN) {
            newest = Math.max(newest, store.usedTerm());
            if (durable - newest < BATCH / 2) {
                store.reserve(Math.min(newest + BATCH, HIGHEST));
            }
        }
    }

    /** Whether {@link #take()} would give a term. */
    boolean available() {
        return usable(next());
    }

    /** Uses up the next term, or {@link #NONE}. A term once taken is burnt, whether a reign came of it or not. */
    long take() {
        long term = next();
        if (!usable(term)) {
            return NONE;
        }
        newest = term;
        return term;
    }

    private long next() {
        long term = newest + 1;
        return ownBit(term) ? term : term + 1;
    }

    private boolean ownBit(long term) {
        return (term & 1) == board;
    }

    private boolean usable(long term) {
        long durable = store.durableTerm();
        return durable != TermStore.UNKNOWN && term > store.usedTerm() && term <= durable;
    }
}
