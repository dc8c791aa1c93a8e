package io.hotpair.sync.stream;

/** Takes what the peer sent. */
@FunctionalInterface
public interface StreamReceiver {
    /**
     * One message, authenticated, in order on its network. The bytes are valid during the call only.
     *
     * @param network 0 or 1
     */
    void onMessage(int network, byte[] buffer, int offset, int lengthBytes);
}
