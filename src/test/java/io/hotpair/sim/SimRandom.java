package io.hotpair.sim;

/** xoshiro256++ seeded through SplitMix64 (Blackman and Vigna, 2019): the same numbers on every machine and every Java. */
final class SimRandom {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long s0;
    private long s1;
    private long s2;
    private long s3;

    SimRandom(long seed) {
        s0 = mix(seed + GOLDEN);
        s1 = mix(seed + 2 * GOLDEN);
        s2 = mix(seed + 3 * GOLDEN);
        s3 = mix(seed + 4 * GOLDEN);
    }

    /** The finalizer of SplitMix64. */
    static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    long next() {
        long result = Long.rotateLeft(s0 + s3, 23) + s0;
        long t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }

    /** Uniform in [0, bound), bound up to 2^31 (multiply-shift; its bias of 2^-32 does not matter here). */
    int below(int bound) {
        return (int) ((next() >>> 32) * bound >>> 32);
    }

    /** Uniform in [low, high], for spans below 2^31 x 1000 ns. */
    long between(long low, long high) {
        long span = high - low;
        if (span <= 0) {
            return low;
        }
        return span < Integer.MAX_VALUE ? low + below((int) span + 1) : low + Long.remainderUnsigned(next(), span + 1);
    }

    /** Uniform in the logarithm between low and high: as many short ones as long ones. */
    long logBetween(long low, long high) {
        int lowBits = 64 - Long.numberOfLeadingZeros(low);
        int highBits = 64 - Long.numberOfLeadingZeros(high);
        int bits = lowBits + below(highBits - lowBits + 1);
        long from = Math.max(low, 1L << bits - 1);
        long to = Math.min(high, (1L << bits) - 1);
        return between(from, Math.max(from, to));
    }

    /** True with a probability of permille / 1000. */
    boolean permille(int permille) {
        return permille > 0 && below(1000) < permille;
    }

    boolean oneIn(int n) {
        return below(n) == 0;
    }
}
