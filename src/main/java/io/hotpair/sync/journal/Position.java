package io.hotpair.sync.journal;

/** A record as the one after it refers to it: term u32, index u64, chain digest. */
record Position(long term, long index, long digest) {
    /** Before the first record. */
    static final Position NOTHING = new Position(0, 0, 0);

    /** Whether this is further on: last term first, then index. */
    boolean newerThan(Position other) {
        return term != other.term ? term > other.term : index > other.index;
    }
}
