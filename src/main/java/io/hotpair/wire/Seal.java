package io.hotpair.wire;

/** What makes a frame trustworthy on its channel: an HMAC on a network, a checksum on the wired line. One instance per thread. */
public interface Seal {
    /** Bytes that {@link #seal} writes behind the message. */
    int lengthBytes();

    /** Writes the seal of {@code buffer[offset, offset + lengthBytes)} right behind it. */
    void seal(byte[] buffer, int offset, int lengthBytes);

    /** Whether the {@link #lengthBytes()} behind the message are its seal. */
    boolean verify(byte[] buffer, int offset, int lengthBytes);
}
