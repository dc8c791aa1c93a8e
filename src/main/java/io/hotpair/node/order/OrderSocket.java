package io.hotpair.node.order;

import io.hotpair.core.port.Operator;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.LockSupport;
import org.tinylog.Logger;

/**
 * The node's end of the orders: a Unix-domain stream socket in the run-dir. A socket and not a shared file: whoever may give orders can send bytes
 * here, but has no memory of the node in his hands that he could truncate under it.
 *
 * <pre>
 * request   HOTPAIR 1 ORDER DEADLINE_NS\n     ORDER as in {@link io.hotpair.core.port.Operator}, DEADLINE_NS by the monotonic clock
 * answer    OUTCOME EVENT_CODE\n              an {@link Answer}; a request that is none of these is answered by the end of the connection.
 *                                            STOP is refused: that order comes by a signal, from the node's own user
 * </pre>
 *
 * <p>Its mode is 0660: whoever is in its group may give orders. Connections are served one after another; one that does not send its line within
 * half a second is closed.
 */
public final class OrderSocket implements AutoCloseable {
    static final String PREFIX = "HOTPAIR 1 ";
    static final int LINE_BYTES = 64;
    /** Of {@code sun_path} in unix(7), without the closing zero. */
    private static final int PATH_BYTES = 107;
    private static final long LINE_PATIENCE_NS = 500_000_000L;
    private static final long LONGEST_WAIT_NS = 5_000_000_000L;
    private static final long LOOK_NS = 500_000;

    private final Path path;
    private final Mailbox mailbox;
    private final ServerSocketChannel server;
    private volatile boolean closing;

    /** Binds; {@link #serve} answers. The caller has made sure that no other node has this run-dir. */
    public OrderSocket(Path path, Mailbox mailbox) throws IOException {
        this.path = path;
        this.mailbox = mailbox;
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > PATH_BYTES) {
            throw new IOException(path + ": " + length + " bytes are too long for a local socket (at most " + PATH_BYTES
                    + "): name a shorter run-dir");
        }
        Files.deleteIfExists(path);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException e) {
            server.close();
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Takes orders until {@link #close}; for a helper thread. */
    public void serve() {
        while (!closing) {
            try (SocketChannel client = server.accept()) {
                serve(client);
            } catch (IOException e) {
                if (!closing) {
                    Logger.debug("an order was cut off: {}", e.getMessage());
                    LockSupport.parkNanos(LOOK_NS); // whatever it is, no busy loop
                }
            }
        }
    }

    private void serve(SocketChannel client) throws IOException {
        client.configureBlocking(false);
        String line = readLine(client, System.nanoTime() + LINE_PATIENCE_NS);
        Answer answer = line == null ? null : answer(line);
        if (answer != null) {
            client.write(ByteBuffer.wrap((answer.outcome() + " " + answer.eventCode() + "\n").getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /** Null if the line is none. */
    private Answer answer(String line) {
        try {
            String[] words = line.startsWith(PREFIX) ? line.substring(PREFIX.length()).split(" ") : new String[0];
            if (words.length != 2) {
                return null;
            }
            int order = Integer.parseInt(words[0]);
            long deadlineNs = Math.max(0, Math.min(Long.parseLong(words[1]), System.nanoTime() + LONGEST_WAIT_NS));
            return order == Operator.STOP ? Answer.of(Answer.Outcome.REFUSED) : mailbox.order(order, deadlineNs);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A line without its end; null if it does not come in time or is longer than {@link #LINE_BYTES}. */
    static String readLine(SocketChannel channel, long deadlineNs) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(LINE_BYTES);
        while (System.nanoTime() - deadlineNs < 0 && line.hasRemaining()) {
            int count = channel.read(line);
            if (line.position() > 0 && line.get(line.position() - 1) == '\n') {
                return new String(line.array(), 0, line.position() - 1, StandardCharsets.US_ASCII);
            }
            if (count < 0) {
                return null;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return null;
    }

    /** No call may follow. */
    @Override
    public void close() throws IOException {
        closing = true;
        server.close();
        Files.deleteIfExists(path);
    }
}
