package io.hotpair.lab;

import java.nio.ByteBuffer;

/** Flips bits as {@link PathFaults} asks. One instance per thread; the same seed corrupts alike. */
final class Corruption {
    private long state;

    Corruption(long seed) {
        // xorshift stays at zero for ever.
        state = seed == 0 ? 1 : seed;
    }

    /** Flips at most one bit of {@code buffer[0, lengthBytes)}. */
    void apply(PathFaults faults, ByteBuffer buffer, int lengthBytes) {
        int perMillion = faults.corruptPerMillion();
        if (perMillion == 0 || lengthBytes == 0 || next(1_000_000) >= perMillion) {
            return;
        }
        int bit = next(lengthBytes * 8);
        buffer.put(bit >> 3, (byte) (buffer.get(bit >> 3) ^ 1 << (bit & 7)));
        faults.countCorrupted();
    }

    /** xorshift64 (Marsaglia 2003). */
    private int next(int bound) {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return (int) Long.remainderUnsigned(state, bound);
    }
}
