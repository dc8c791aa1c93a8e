package io.hotpair.sync.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the journal reads out of a record; everything else in it is opaque. Buffers are little endian and read at absolute positions. */
public interface RecordFormat {
    /** Term of the reign that ordered the record, u32. */
    long term(ByteBuffer buffer, int offset);

    /** Index of the record, from 1. */
    long index(ByteBuffer buffer, int offset);

    /** Chain digest of the record before it. */
    long previousDigest(ByteBuffer buffer, int offset);

    /** Chain digest of this record, as the next one carries it. */
    long digest(ByteBuffer buffer, int offset, int lengthBytes);

    /** Least length of a record that the calls above may be used on, bytes. */
    int leastBytes();

    /** The index in a record that is still in the caller's array; allocates nothing. */
    long index(byte[] array, int offset);

    /** The term likewise. */
    long term(byte[] array, int offset);

    /** A little-endian buffer of memory outside the heap. */
    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
