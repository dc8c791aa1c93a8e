package io.hotpair.sim;

import java.io.PrintStream;

/** A running hash over all that happens in a seed and, if wanted, a line of text for each. */
final class Trace {
    private long hash;
    private PrintStream out;

    void clear(PrintStream out) {
        hash = 0;
        this.out = out;
    }

    /** Where text goes; null while nobody reads it, so that no text is built. */
    boolean on() {
        return out != null;
    }

    void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 32;
    }

    long hash() {
        return hash;
    }

    void line(long nowNs, String text) {
        if (out != null) {
            out.printf("%12.6f ms  %s%n", nowNs / 1e6, text);
        }
    }
}
