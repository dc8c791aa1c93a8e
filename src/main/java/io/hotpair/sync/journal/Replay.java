package io.hotpair.sync.journal;

/** Takes what was recovered, in order: a base in parts if there is one, then records. Each call says whether it was taken; if not, the same comes again. */
public interface Replay {
    /** A state follows, as of this record. */
    boolean base(long term, long index, long digest, long lengthBytes);

    /** A part of it. */
    boolean part(byte[] buffer, int offset, int lengthBytes);

    /** The next record. */
    boolean record(byte[] buffer, int offset, int lengthBytes);
}
