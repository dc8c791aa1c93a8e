package io.hotpair.sync.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Records that begin with a fixed prefix (little endian), the one of the replication's records:
 *
 * <pre>
 *  offset size field
 *       0    4 anything
 *       4    4 term
 *       8    8 index
 *      16    8 chain digest of the record before
 *      24    . anything
 * </pre>
 *
 * The chain digest of a record is a 64-bit multiply-and-rotate hash over the whole of it, in words of 8 bytes; the prefix makes it depend on all
 * records before. It guards against mistakes, not against an attacker.
 */
public final class PrefixFormat implements RecordFormat {
    public static final int TERM_OFFSET = 4;
    public static final int INDEX_OFFSET = 8;
    public static final int PREVIOUS_DIGEST_OFFSET = 16;
    public static final int PREFIX_BYTES = 24;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;

    @Override
    public long term(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + TERM_OFFSET) & 0xFFFF_FFFFL;
    }

    @Override
    public long index(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + INDEX_OFFSET);
    }

    @Override
    public long previousDigest(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + PREVIOUS_DIGEST_OFFSET);
    }

    @Override
    public long digest(ByteBuffer buffer, int offset, int lengthBytes) {
        long hash = PRIME_1 + lengthBytes;
        int i = offset;
        int end = offset + lengthBytes;
        for (; i + 8 <= end; i += 8) {
            hash = Long.rotateLeft((hash ^ buffer.getLong(i)) * PRIME_1, 29) * PRIME_2;
        }
        for (; i < end; i++) {
            hash = Long.rotateLeft((hash ^ (buffer.get(i) & 0xFF)) * PRIME_2, 11) * PRIME_1;
        }
        hash ^= hash >>> 33;
        hash *= PRIME_2;
        return hash ^ hash >>> 29;
    }

    @Override
    public int leastBytes() {
        return PREFIX_BYTES;
    }

    @Override
    public long index(byte[] array, int offset) {
        return (long) LONG.get(array, offset + INDEX_OFFSET);
    }

    @Override
    public long term(byte[] array, int offset) {
        return (int) INT.get(array, offset + TERM_OFFSET) & 0xFFFF_FFFFL;
    }
}
