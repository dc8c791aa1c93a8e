package io.hotpair.node.order;

import io.hotpair.node.order.Answer.Outcome;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The command line's end of an {@link OrderSocket}. */
public final class OrderClient {
    /** The node says itself that an order came to nothing; this is how much later that is heard at most. */
    private static final long ANSWER_PATIENCE_NS = 300_000_000L;

    private OrderClient() {
    }

    /**
     * Gives an order and waits for what becomes of it.
     *
     * @param order one of the {@link io.hotpair.core.port.Operator} orders
     * @param timeoutNs after this the node no longer takes it
     * @throws IOException if nobody listens there, or this user may not give orders
     */
    public static Answer order(Path socket, int order, long timeoutNs) throws IOException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        try (SocketChannel node = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            node.configureBlocking(false);
            node.write(ByteBuffer.wrap((OrderSocket.PREFIX + order + " " + deadlineNs + "\n").getBytes(StandardCharsets.US_ASCII)));
            String line = OrderSocket.readLine(node, deadlineNs + ANSWER_PATIENCE_NS);
            return line == null ? Answer.of(Outcome.UNANSWERED) : parsed(line);
        }
    }

    private static Answer parsed(String line) throws IOException {
        String[] words = line.split(" ");
        try {
            return new Answer(Outcome.valueOf(words[0]), Integer.parseInt(words[1]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("answered what is no answer: " + line, e);
        }
    }
}
