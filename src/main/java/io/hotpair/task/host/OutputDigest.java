package io.hotpair.task.host;

import java.nio.ByteBuffer;

/**
 * The 64-bit digest that both boards must have alike: over index, port and bytes of every output, one after the other, and over the state now and
 * then. Built of the steps of xxHash64 (its form for inputs below 32 bytes, used for any length): fast, and no defence against malice.
 */
final class OutputDigest {
    /** In place of a state that is too large to be looked at. */
    static final long STATE_TOO_LARGE = 0x746F_6F20_6C61_7267L;

    private static final long P1 = 0x9E37_79B1_85EB_CA87L;
    private static final long P2 = 0xC2B2_AE3D_27D4_EB4FL;
    private static final long P3 = 0x1656_67B1_9E37_79F9L;
    private static final long P4 = 0x85EB_CA77_C2B2_AE63L;
    private static final long P5 = 0x27D4_EB2F_1656_67C5L;

    private OutputDigest() {
    }

    /** The digest after one more output, which is {@code data[0..lengthBytes)}, little endian. */
    static long output(long digest, long index, int port, ByteBuffer data, int lengthBytes) {
        long seed = lane(lane(digest + P5, index), port);
        return bytes(seed, data, lengthBytes);
    }

    /** The digest after a state was looked at. */
    static long state(long digest, long index, long stateDigest) {
        return finish(lane(lane(digest + P4, index), stateDigest));
    }

    /** Over {@code data[0..lengthBytes)}, little endian. */
    static long bytes(long seed, ByteBuffer data, int lengthBytes) {
        long hash = seed + P5 + lengthBytes;
        int position = 0;
        for (; position + Long.BYTES <= lengthBytes; position += Long.BYTES) {
            hash = lane(hash, data.getLong(position));
        }
        for (; position < lengthBytes; position++) {
            hash = Long.rotateLeft(hash ^ (data.get(position) & 0xFF) * P5, 11) * P1;
        }
        return finish(hash);
    }

    private static long lane(long hash, long value) {
        return Long.rotateLeft(hash ^ Long.rotateLeft(value * P2, 31) * P1, 27) * P1 + P4;
    }

    private static long finish(long hash) {
        long mixed = (hash ^ hash >>> 33) * P2;
        mixed = (mixed ^ mixed >>> 29) * P3;
        return mixed ^ mixed >>> 32;
    }
}
