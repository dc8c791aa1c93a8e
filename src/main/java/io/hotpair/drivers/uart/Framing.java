package io.hotpair.drivers.uart;

import io.hotpair.wire.UartFraming;

/** How messages lie on a line. One instance per line: the sender uses {@link #encode}, the reader the rest. No method allocates. */
interface Framing {
    /** The most bytes that {@link #encode} makes of a message. */
    int encodedLengthMax(int lengthBytes);

    /** Encodes into {@code dst}, from its start; returns the length. */
    int encode(byte[] src, int offset, int lengthBytes, byte[] dst);

    /** The device took only a part of what was encoded last. */
    default void onCut() { }

    /** Takes the next bytes received and hands on each message that they complete. */
    void feed(byte[] chunk, int lengthBytes, UartFraming.FrameHandler handler);

    /** Forgets a message begun: the device was opened anew. */
    void reset();

    /** Messages cut short, or with bytes in them that no message has. */
    long malformed();

    /** Messages longer than fits. */
    long overruns();

    /** Messages whose checksum was wrong or missing. */
    default long wrongChecksums() {
        return 0;
    }
}
