package io.hotpair.sync.port;

/**
 * The two connections to the peer, one over each network. Each carries whole messages in order, authenticated, from one boot of this board to
 * one boot of the peer, until it breaks; what a broken one had under way may be lost. Once a message of one boot of the peer has been delivered, on
 * either network, none of an earlier boot is. All calls return at once.
 */
public interface StreamPort {
    /** Largest message, bytes. */
    int MESSAGE_MAX_BYTES = 8192;

    /**
     * Hands over one message for the connection that {@link #connection} told last, so that nothing meant for one goes out on the next.
     *
     * @param network 0 or 1
     * @param lengthBytes 1 to {@link #MESSAGE_MAX_BYTES}
     * @return whether it was taken; if not, that connection is gone, or there is no room, and it is to be offered again later
     */
    boolean offer(int network, byte[] buffer, int offset, int lengthBytes);

    /**
     * Number of the present connection on the network, different from all earlier ones of this boot; 0 while there is none. Messages of an earlier
     * connection are never delivered after those of a later one, nor after the later one was told here; while a message is delivered, this is the
     * number of the connection that it came on.
     */
    long connection(int network);
}
