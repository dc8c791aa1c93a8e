package io.hotpair.core.port;

/**
 * A path to the peer that carries frames: an Ethernet network or the UART.
 *
 * <p>What arrives is handed to {@code PairCore.onFrame} by whoever drains the channel. Implementations must not block, must not
 * throw and must not allocate; a channel that is missing or broken answers {@code false} and may come back later.
 */
public interface FrameChannel {
    /**
     * Sends one sealed frame.
     *
     * @param buffer holds the frame; valid only during the call
     * @param offset first byte of the frame
     * @param lengthBytes length of the frame with its seal
     * @return whether the channel took the whole frame
     */
    boolean send(byte[] buffer, int offset, int lengthBytes);
}
