package io.hotpair.sync.stream;

import io.hotpair.sync.identity.IdentityMessage;
import io.hotpair.sync.identity.IdentityService;
import io.hotpair.sync.identity.NetworkLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One board's stream with all that belongs to it; the test's thread is its duty cycle. */
final class StreamBoard implements AutoCloseable {
    static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes();
    /** Longer than anything a test does while a handshake is held. */
    private static final long STEP_NS = 20_000_000_000L;
    private static final long RETRY_NS = 100_000_000;
    private static final int INBOUND = 4;
    static final int A = 0;
    static final int B = 1;

    /** A message that arrived. */
    record Arrival(int network, long connection, byte[] bytes) {
        long number() {
            return ByteBuffer.wrap(bytes).getLong();
        }
    }

    /** What a board is made of. */
    record Plan(int board, int bootId, byte[] key, List<InetSocketAddress> own, List<InetSocketAddress> peer, String version, byte[] digest,
            StreamSettings settings) {
        static Plan of(int board, List<InetSocketAddress> own, List<InetSocketAddress> peer) {
            return new Plan(board, 0xB00 + board, KEY, own, peer, "0.1.0", new byte[32], StreamSettings.defaults());
        }

        Plan boot(int id) {
            return new Plan(board, id, key, own, peer, version, digest, settings);
        }

        Plan key(byte[] other) {
            return new Plan(board, bootId, other, own, peer, version, digest, settings);
        }

        Plan version(String other) {
            return new Plan(board, bootId, key, own, peer, other, digest, settings);
        }

        Plan digest(byte[] other) {
            return new Plan(board, bootId, key, own, peer, version, other, settings);
        }

        Plan settings(StreamSettings other) {
            return new Plan(board, bootId, key, own, peer, version, digest, other);
        }
    }

    final NetworkLoop loop;
    final IdentityService identity;
    final StreamService stream;
    final List<Arrival> arrivals = new ArrayList<>();
    final AtomicLong wakes = new AtomicLong();

    StreamBoard(Plan plan) throws IOException {
        this(plan, null);
    }

    /** @param wake instead of counting, or null */
    StreamBoard(Plan plan, Runnable wake) throws IOException {
        loop = new NetworkLoop(NetworkLoop.NO_PRIORITY);
        List<IdentityService.Network> networks = new ArrayList<>();
        for (int network = 0; network < plan.own().size(); network++) {
            networks.add(new IdentityService.Network(plan.own().get(network), plan.peer().get(network)));
        }
        identity = new IdentityService(loop, new IdentityService.Settings(plan.board(), plan.bootId(), plan.key(), networks, STEP_NS, RETRY_NS,
                INBOUND),
                () -> new IdentityMessage.Statement(plan.version(), plan.digest(), 0, 0, 0, 0, 0, 0), result -> { });
        stream = new StreamService(plan.settings(), plan.board(), loop, identity, networks.size(), plan.version(), plan.digest(),
                wake == null ? wakes::incrementAndGet : wake);
    }

    /** A cycle; returns how many messages have arrived. */
    int poll() {
        int before = arrivals.size();
        stream.receive(this::take, false, System.nanoTime());
        stream.flush(System.nanoTime());
        return arrivals.size() - before;
    }

    private void take(int network, byte[] buffer, int offset, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        System.arraycopy(buffer, offset, bytes, 0, lengthBytes);
        arrivals.add(new Arrival(network, stream.connection(network), bytes));
    }

    boolean connected(int network) {
        return stream.connection(network) != 0;
    }

    boolean offer(int network, byte[] message) {
        boolean taken = stream.offer(network, message, 0, message.length);
        stream.flush(System.nanoTime());
        return taken;
    }

    long count(int network, StreamCount count) {
        return stream.count(network, count);
    }

    static byte[] message(long number, int lengthBytes) {
        byte[] message = new byte[lengthBytes];
        ByteBuffer.wrap(message).putLong(number);
        for (int i = Long.BYTES; i < lengthBytes; i++) {
            message[i] = (byte) (number + i);
        }
        return message;
    }

    @Override
    public void close() {
        stream.close();
        identity.close();
        loop.close();
    }
}
