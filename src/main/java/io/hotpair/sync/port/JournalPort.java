package io.hotpair.sync.port;

/**
 * What one group keeps on disk: records, a snapshot now and then, and a mark that tells whether this board may lead unaccompanied. Written by
 * another thread; all calls return at once. With storage {@code none} everything is durable at once and nothing is recovered.
 */
public interface JournalPort {
    /** No mark: the board may lead only beside its peer, or when a person says so. */
    int MARK_NONE = 0;
    /** Since (term, index) this board has been alone: nobody has newer data. */
    int MARK_ALONE = 1;
    /** The pair stopped together at (term, index). */
    int MARK_CLEAN = 2;

    /** Whether there is anything that outlives the process. */
    boolean durable();

    /** Whether recovery is over and the calls below tell something. */
    boolean recovered();

    /** Term of the last good record found at the start, 0 if none. */
    long recoveredTerm();

    /** Index of the last good record found at the start, 0 if none. */
    long recoveredIndex();

    /** Chain digest of the last good record found at the start. */
    long recoveredDigest();

    /** The mark found at the start. */
    int recoveredMark();

    /** Length of the base found at the start, bytes; 0 if there is none and the records begin with index 1. */
    long recoveredBaseLengthBytes();

    /** Index of the base found at the start: the records that {@link #nextRecovered} hands out begin behind it. */
    long recoveredBaseIndex();

    /** Copies a part of the base found at the start. */
    void copyRecoveredBase(long position, byte[] destination, int offset, int lengthBytes);

    /**
     * Copies the next record behind the base, in order, to {@code destination[offset...]}.
     *
     * @return its length; 0 when all have been handed out; -1 while the next has not been read from the disk yet
     */
    int nextRecovered(byte[] destination, int offset);

    /**
     * Appends a record of {@code io.hotpair.sync.Record}'s layout.
     *
     * @return whether it was taken; if not, the disk is behind by more than the configured bound and it is to be offered again
     */
    boolean append(byte[] buffer, int offset, int lengthBytes);

    /** Whether a base is wanted, of a record that is committed: records are missing here, or there are too many since the last base. */
    boolean wantsBase();

    /** Index up to which all records are on disk. */
    long durableIndex();

    /**
     * The state at an index, as the base from which later records go on; parts come in order and may be refused like records. A base replaces what
     * was before it once it is whole and on disk. A record that is appended before it is whole, or another base that begins, abandons it: then what
     * was there before stays.
     */
    boolean beginBase(long term, long index, long digest, long lengthBytes);

    /** A part of the base; returns whether it was taken. */
    boolean base(byte[] buffer, int offset, int lengthBytes);

    /** Records after {@code index} are not part of what the pair agreed on: they go to a file of their own for a person to look at. */
    void divert(long index);

    /** Writes a mark in place of the one before, after everything that was appended. */
    void mark(int mark, long term, long index);

    /** Whether the newest mark asked for is on disk. */
    boolean markDurable();

    /** Whether the disk refuses, is full or hangs: the board goes on, with an alarm. */
    boolean failing();
}
