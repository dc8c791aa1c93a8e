package io.hotpair.lab;

import java.nio.ByteBuffer;

/**
 * How long the frames of one direction waited for the relay, which is what a busy machine does to a path: told from each frame's transmit time, by
 * the shortest way that a frame of the same boot ever took. Kept are the newest {@value #KEPT} that waited longer than {@value #LONG_NS} ns.
 *
 * <p>One writing thread; {@link #longestNs} from any.
 */
final class HeldFrames {
    private static final int KEPT = 8192;
    private static final long LONG_NS = 500_000;
    /** Of {@link io.hotpair.wire.Frame}. */
    private static final int BOOT_ID_OFFSET = 4;
    private static final int TX_TIME_OFFSET = 8;
    private static final int FRAME_BYTES = 48;

    private final long[] atNs = new long[KEPT];
    private final long[] heldNs = new long[KEPT];
    private int bootId;
    private long shortestNs;
    private volatile long count;

    /** A frame is passed on now. */
    void see(ByteBuffer frame, long nowNs) {
        if (frame.remaining() < FRAME_BYTES) {
            return;
        }
        int boot = Integer.reverseBytes(frame.getInt(frame.position() + BOOT_ID_OFFSET));
        long wayNs = nowNs - Long.reverseBytes(frame.getLong(frame.position() + TX_TIME_OFFSET));
        if (boot != bootId) {
            bootId = boot;
            shortestNs = wayNs;
        }
        shortestNs = Math.min(shortestNs, wayNs);
        if (wayNs - shortestNs > LONG_NS) {
            int slot = (int) (count % KEPT);
            atNs[slot] = nowNs;
            heldNs[slot] = wayNs - shortestNs;
            count++;
        }
    }

    /** The longest wait of a frame that was under way at some time within the span; 0 if none was long. */
    long longestNs(long fromNs, long toNs) {
        long seen = count;
        long longest = 0;
        for (long i = Math.max(0, seen - KEPT); i < seen; i++) {
            int slot = (int) (i % KEPT);
            if (atNs[slot] - fromNs >= 0 && atNs[slot] - heldNs[slot] - toNs <= 0) {
                longest = Math.max(longest, heldNs[slot]);
            }
        }
        return longest;
    }
}
