package io.hotpair.wire;

/**
 * Frames on a byte stream: consistent overhead byte stuffing (Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM
 * Transactions on Networking 7(2), 1999), with a zero byte on both sides of each frame.
 *
 * <p>A stuffed frame holds no zero, so a receiver that lost its place is back in step at the next one. The leading zero costs one
 * byte of time and saves the first frame after noise on an idle line, or after a frame that was cut short. Whether the bytes of a
 * frame are right is for its seal to say.
 *
 * <p>One instance per direction of reception; no method allocates.
 */
public final class UartFraming {
    /** Takes the frames that {@link #feed} finds. Must not throw. */
    @FunctionalInterface
    public interface FrameHandler {
        /** One frame in {@code buffer[0, lengthBytes)}; valid only during the call. */
        void onFrame(byte[] buffer, int lengthBytes);
    }

    private static final int MAX_RUN = 0xFE;

    private final byte[] frame;
    private int length;
    /** Bytes that still belong to the current run; at 0 the next byte starts a run. */
    private int runLeft;
    /** Whether the run before ended with a zero that is still owed: it is only there if another run follows. */
    private boolean zeroOwed;
    private boolean begun;
    private boolean skipping;
    private long frames;
    private long malformed;
    private long overruns;

    /** @param maxFrameBytes longer frames are dropped and counted */
    public UartFraming(int maxFrameBytes) {
        frame = new byte[maxFrameBytes];
    }

    /** The most bytes that {@link #encode} makes of a frame. */
    public static int encodedLengthMax(int lengthBytes) {
        return lengthBytes + lengthBytes / MAX_RUN + 3; // one byte per run, and the two zeros
    }

    /**
     * Encodes {@code src[offset, offset + lengthBytes)} into {@code dst}, from its start.
     *
     * @param dst at least {@link #encodedLengthMax} bytes, not {@code src}
     * @return the encoded length
     */
    public static int encode(byte[] src, int offset, int lengthBytes, byte[] dst) {
        int end = offset + lengthBytes;
        dst[0] = 0;
        int codeAt = 1;
        int out = 2;
        for (int in = offset; in < end; in++) {
            byte b = src[in];
            if (b != 0) {
                dst[out++] = b;
                if (out - codeAt <= MAX_RUN) {
                    continue;
                }
                dst[codeAt] = (byte) 0xFF; // a full run stands for its bytes alone, without a zero
                if (in + 1 == end) {
                    dst[out++] = 0;
                    return out;
                }
            } else {
                dst[codeAt] = (byte) (out - codeAt);
            }
            codeAt = out++;
        }
        dst[codeAt] = (byte) (out - codeAt);
        dst[out++] = 0;
        return out;
    }

    /** Takes the next bytes of the stream, in chunks of any size, and hands on each frame that they complete. */
    public void feed(byte[] chunk, int lengthBytes, FrameHandler handler) {
        for (int i = 0; i < lengthBytes; i++) {
            byte b = chunk[i];
            if (b == 0) {
                endFrame(handler);
            } else if (skipping) {
                continue;
            } else if (runLeft > 0) {
                runLeft--;
                append(b);
            } else {
                begun = true;
                if (zeroOwed) {
                    append((byte) 0);
                }
                int code = Byte.toUnsignedInt(b);
                runLeft = code - 1;
                zeroOwed = code != 0xFF;
            }
        }
    }

    private void append(byte b) {
        if (length == frame.length) {
            skipping = true; // to the next zero
            overruns++;
        } else if (!skipping) {
            frame[length++] = b;
        }
    }

    private void endFrame(FrameHandler handler) {
        if (begun && !skipping) {
            if (runLeft > 0 || length == 0) {
                malformed++;
            } else {
                frames++;
                handler.onFrame(frame, length);
            }
        }
        reset();
    }

    /** Forgets a frame begun, as after a gap in the stream. */
    public void reset() {
        length = 0;
        runLeft = 0;
        zeroOwed = false;
        begun = false;
        skipping = false;
    }

    /** Drops what comes before the next zero, as where the stream is joined at no known place. */
    public void skip() {
        reset();
        skipping = true;
    }

    /** Frames handed on. */
    public long frames() {
        return frames;
    }

    /** Frames cut short or empty. */
    public long malformed() {
        return malformed;
    }

    /** Frames longer than fits, noise without zeros among them. */
    public long overruns() {
        return overruns;
    }
}
