package io.hotpair.sync.stream;

import io.hotpair.sync.port.StreamPort;

/**
 * How the stream behaves.
 *
 * @param outboundBytes what may wait for a network, a power of two; a full one refuses more
 * @param inboundBytes what may wait for the duty cycle from a network, a power of two; a full one makes the peer's full
 * @param keepAliveNs something is said at least this often
 * @param silenceNs a connection on which nothing was heard, or nothing acknowledged by TCP, for this long is given up; at least four keep-alives
 * @param shortestRetryNs from a failed attempt to the next; doubled each time
 * @param longestRetryNs but no more than this
 */
public record StreamSettings(int outboundBytes, int inboundBytes, long keepAliveNs, long silenceNs, long shortestRetryNs, long longestRetryNs) {
    private static final int SMALLEST_RING_BYTES = 64 * 1024;
    private static final long MS = 1_000_000;

    /** Checks the ranges. */
    public StreamSettings {
        checkRing("outbound", outboundBytes);
        checkRing("inbound", inboundBytes);
        if (keepAliveNs < MS || silenceNs < 4 * keepAliveNs || shortestRetryNs < MS || longestRetryNs < shortestRetryNs) {
            throw new IllegalArgumentException("stream settings out of range: keep-alive " + keepAliveNs + " ns, silence " + silenceNs
                    + " ns (at least four keep-alives), retry " + shortestRetryNs + " to " + longestRetryNs + " ns (at least 1 ms)");
        }
    }

    /** 4 MiB each way, a keep-alive each 100 ms, silence of 1 s, retries after 10 to 100 ms. */
    public static StreamSettings defaults() {
        return new StreamSettings(4 << 20, 4 << 20, 100 * MS, 1_000 * MS, 10 * MS, 100 * MS);
    }

    private static void checkRing(String name, int bytes) {
        if (Integer.bitCount(bytes) != 1 || bytes < SMALLEST_RING_BYTES) {
            throw new IllegalArgumentException("the stream's " + name + " buffer of " + bytes + " bytes: not a power of two of at least "
                    + SMALLEST_RING_BYTES + ", which holds a few messages of " + StreamPort.MESSAGE_MAX_BYTES);
        }
    }
}
