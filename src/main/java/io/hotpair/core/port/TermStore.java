package io.hotpair.core.port;

/**
 * Where a board's terms are reserved durably before they are used (I3). Writing happens elsewhere; both calls return at once.
 */
public interface TermStore {
    /** {@link #durableTerm()} while nothing is known: still loading, or unreadable. A board without a durable bound never claims a term. */
    long UNKNOWN = -1;

    /** The bound at start, as found on disk: every term up to it may have been used by an earlier boot. {@link #UNKNOWN} if not known. */
    long usedTerm();

    /** The highest term that is known to be reserved durably: terms in ({@link #usedTerm()}, durableTerm] may be used. {@link #UNKNOWN} if not known. */
    long durableTerm();

    /** Asks for terms up to {@code term} to be reserved; a later {@link #durableTerm()} shows success. Repeating a request is harmless. */
    void reserve(long term);
}
