package io.hotpair.sync.stream;

import io.hotpair.sync.port.StreamPort;

/**
 * How the stream behaves.
 *
 * @param outboundBytes what may wait for a network, at least 64 KiB; a full buffer refuses more
 * @param keepAliveNs something is said at least this often
 * @param silenceNs a connection on which nothing was heard, or nothing acknowledged by TCP, for this long is given up; at least four keep-alives
 * @param shortestRetryNs from a failed attempt to the next; doubled each time
 * @param longestRetryNs but no more than this
 */
public record StreamSettings(int outboundBytes, long keepAliveNs, long silenceNs, long shortestRetryNs, long longestRetryNs) {
    private static final int SMALLEST_BYTES = 64 * 1024;
    private static final long MS = 1_000_000;

    /** Checks the ranges. */
    public StreamSettings {
        if (outboundBytes < SMALLEST_BYTES) {
            throw new IllegalArgumentException("the stream's buffer of " + outboundBytes + " bytes: not at least " + SMALLEST_BYTES
                    + ", which holds a few messages of " + StreamPort.MESSAGE_MAX_BYTES);
        }
        if (keepAliveNs < MS || silenceNs < 4 * keepAliveNs || shortestRetryNs < MS || longestRetryNs < shortestRetryNs) {
            throw new IllegalArgumentException("stream settings out of range: keep-alive " + keepAliveNs + " ns, silence " + silenceNs
                    + " ns (at least four keep-alives), retry " + shortestRetryNs + " to " + longestRetryNs + " ns (at least 1 ms)");
        }
    }

    /** 4 MiB, a keep-alive each 100 ms, silence of 1 s, retries after 10 to 100 ms. */
    public static StreamSettings defaults() {
        return new StreamSettings(4 << 20, 100 * MS, 1_000 * MS, 10 * MS, 100 * MS);
    }
}
