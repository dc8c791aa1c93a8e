package io.hotpair.sync;

import java.nio.ByteBuffer;

/**
 * A 64-bit digest in the manner of xxHash64 (Yann Collet), one lane instead of four. It finds what differs by mistake; an attacker is kept out by
 * the seal of the stream, not by this.
 */
public final class Digest64 {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;

    private Digest64() {
    }

    /** Digest of {@code buffer[offset, offset + lengthBytes)} that goes on from {@code seed}. */
    public static long of(long seed, byte[] buffer, int offset, int lengthBytes) {
        long h = seed + P3 + lengthBytes;
        int i = offset;
        int end = offset + lengthBytes;
        for (; i + 8 <= end; i += 8) {
            h = lane(h, Bytes.getLong(buffer, i));
        }
        for (; i < end; i++) {
            h = lane(h, buffer[i] & 0xFFL);
        }
        return finish(h);
    }

    /** Digest of all bytes of a record, its predecessor's digest among them: the chain. */
    public static long of(byte[] buffer, int offset, int lengthBytes) {
        return of(0, buffer, offset, lengthBytes);
    }

    /** The same as {@link #of(byte[], int, int)} of a little-endian buffer, read at absolute positions. */
    public static long of(ByteBuffer buffer, int offset, int lengthBytes) {
        long h = P3 + lengthBytes;
        int i = offset;
        int end = offset + lengthBytes;
        for (; i + 8 <= end; i += 8) {
            h = lane(h, buffer.getLong(i));
        }
        for (; i < end; i++) {
            h = lane(h, buffer.get(i) & 0xFFL);
        }
        return finish(h);
    }

    /** Digest of one number that goes on from {@code seed}. */
    static long mix(long seed, long value) {
        return finish(lane(seed + P3, value));
    }

    private static long lane(long h, long value) {
        return Long.rotateLeft(h ^ Long.rotateLeft(value * P2, 31) * P1, 27) * P1 + P4;
    }

    private static long finish(long hash) {
        long h = (hash ^ hash >>> 33) * P2;
        h = (h ^ h >>> 29) * P3;
        return h ^ h >>> 32;
    }
}
