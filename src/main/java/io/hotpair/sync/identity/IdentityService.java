package io.hotpair.sync.identity;

import io.hotpair.core.port.IdentityPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Finds out over each network whether the peer is there, and what it runs: listens for the peer, and while seeking connects to it.
 *
 * <p>With a network loop all work is done on it, and connections for the stream can be handed over; without one by helper threads of its own, and
 * there is no stream. The duty cycle only reads {@link #newestAnswerNs} and sets {@link #setSeeking}, which are a load and a store.
 */
public final class IdentityService implements IdentityPort, AutoCloseable {
    /**
     * One network.
     *
     * @param own where this board listens, and from where it connects
     * @param peer where the peer listens; only its address may connect
     */
    public record Network(InetSocketAddress own, InetSocketAddress peer) {}

    /**
     * @param board 0 = A, 1 = B
     * @param bootId names this run, not 0
     * @param key the pair's key, at least 16 bytes; copied
     * @param networks one or two
     * @param stepTimeoutNs for connecting and for each message, at least 1 ms
     * @param retryNs from the end of one attempt to the next while seeking
     * @param maxInbound inbound exchanges at once on each network
     */
    public record Settings(int board, int bootId, byte[] key, List<Network> networks, long stepTimeoutNs, long retryNs, int maxInbound) {
        /** Checks the ranges. */
        public Settings {
            if (board < 0 || board > 1 || bootId == 0 || networks.isEmpty() || networks.size() > 2 || stepTimeoutNs < 1_000_000
                    || retryNs < 1_000_000 || maxInbound < 1) {
                throw new IllegalArgumentException("identity settings out of range: board " + board + ", boot id " + bootId + ", "
                        + networks.size() + " networks, step " + stepTimeoutNs + " ns, retry " + retryNs + " ns, inbound " + maxInbound);
            }
            if (key.length < 16) {
                throw new IllegalArgumentException("a pair key of " + key.length + " bytes is too short; at least 16");
            }
            key = key.clone();
            networks = List.copyOf(networks);
        }

        /** Half a second per step, ten attempts a second, four inbound exchanges at once. */
        public static Settings of(int board, int bootId, byte[] key, List<Network> networks) {
            return new Settings(board, bootId, key, networks, 500_000_000, 100_000_000, 4);
        }
    }

    /** Told what is new. Called on the network loop, or by helper threads, several at once perhaps; must not throw or wait. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The outcome on this network and in this direction differs from the one before, or a verified peer says another boot id,
         * version or configuration than before. Attempts that only repeat the last are counted, not told; but what was said without proof is
         * told each time, for what counts there is how recent it is.
         */
        void onResult(IdentityResult result);
    }

    /** Takes over verified connections for the stream. Called on the network loop. */
    @FunctionalInterface
    public interface Streams {
        /** Puts its own handler in the place of {@link Verified#handler} before it returns, or closes the connection. */
        void onVerified(int network, Verified connection);
    }

    /**
     * A connection whose other end has proved to be the peer.
     *
     * @param handler to be replaced by the stream's own
     * @param openedNs the peer was alive after this instant of the monotonic clock
     */
    public record Verified(Channel channel, ChannelHandler handler, IdentityHandshake handshake, long openedNs) {}

    /** Told how an attempt to connect for the stream ended; called on the network loop. */
    @FunctionalInterface
    public interface StreamAttempt {
        /** {@link Streams#onVerified} follows if the outcome is {@link Outcome#VERIFIED}. */
        void onEnd(Outcome outcome, String detail);
    }

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final Streams NO_STREAMS = (network, connection) -> connection.channel().close();

    private final Settings settings;
    private final Supplier<IdentityMessage.Statement> statement;
    private final Listener listener;
    private final List<IdentityLine> lines = new ArrayList<>();
    private final AtomicLongArray outbound = new AtomicLongArray(OUTCOMES.length);
    private final AtomicLongArray inbound = new AtomicLongArray(OUTCOMES.length);
    private final AtomicLong strangers = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();

    private volatile boolean seeking;
    private volatile boolean closing;
    private volatile Streams streams = NO_STREAMS;
    private volatile long newestAnswerNs = NEVER;
    private volatile IdentityResult newestAnswer;

    /**
     * With threads of its own.
     *
     * @param statement what this board says of itself; called by helper threads
     * @throws IOException if an address to listen on is taken; the message names it. An address that this board does not have yet is
     *     no error: it is tried again every second, see {@link #trouble}
     */
    public IdentityService(Settings settings, Supplier<IdentityMessage.Statement> statement, Listener listener) throws IOException {
        this.settings = settings;
        this.statement = statement;
        this.listener = listener;
        for (int network = 0; network < settings.networks().size(); network++) {
            lines.add(new BlockingLine(this, network));
        }
        open();
    }

    /**
     * On a network loop.
     *
     * @param loop serves all connections; stays the caller's, to be closed after this
     * @param statement what this board says of itself; called on the network loop
     * @throws IOException as for threads of its own
     */
    public IdentityService(NetworkLoop loop, Settings settings, Supplier<IdentityMessage.Statement> statement, Listener listener)
            throws IOException {
        this.settings = settings;
        this.statement = statement;
        this.listener = listener;
        for (int network = 0; network < settings.networks().size(); network++) {
            lines.add(new LoopLine(this, loop, network));
        }
        open();
    }

    private void open() throws IOException {
        try {
            for (IdentityLine line : lines) {
                line.listen();
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        for (IdentityLine line : lines) {
            line.start();
        }
    }

    void finish(IdentityLine line, boolean isInbound, Outcome outcome, String detail, IdentityHandshake handshake) {
        if (closing) {
            return;
        }
        boolean verified = outcome == Outcome.VERIFIED;
        IdentityResult result = new IdentityResult(line.network, isInbound, outcome, detail, verified ? handshake.peerBootId() : 0,
                verified ? handshake.peerStatement() : null, System.nanoTime());
        (isInbound ? inbound : outbound).incrementAndGet(outcome.ordinal());
        if (verified) {
            line.foreignNs = NEVER;
            note(result);
        } else if (outcome == Outcome.WRONG_KEY || outcome == Outcome.OTHER_PROTOCOL) {
            line.foreignNs = result.atNs();
        }
        int direction = isInbound ? 1 : 0;
        boolean tell;
        synchronized (line.told) {
            tell = differs(line.told[direction], result);
            line.told[direction] = result;
        }
        if (tell) {
            listener.onResult(result);
        }
    }

    private synchronized void note(IdentityResult result) {
        IdentityResult before = newestAnswer;
        if (before == null || result.atNs() - before.atNs() >= 0) {
            newestAnswer = result;
            newestAnswerNs = result.atNs();
        }
    }

    private static boolean differs(IdentityResult before, IdentityResult now) {
        if (before == null || before.outcome() != now.outcome()) {
            return true;
        }
        return now.outcome().hint() || now.outcome() == Outcome.VERIFIED
                && (before.peerBootId() != now.peerBootId()
                        || !before.peer().softwareVersion().equals(now.peer().softwareVersion())
                        || !before.peer().sameConfig(now.peer().configDigest()));
    }

    Settings settings() {
        return settings;
    }

    Supplier<IdentityMessage.Statement> statement() {
        return statement;
    }

    boolean closing() {
        return closing;
    }

    boolean seeking() {
        return seeking;
    }

    Streams streams() {
        return streams;
    }

    void countStranger() {
        strangers.incrementAndGet();
    }

    void countBusy() {
        busy.incrementAndGet();
    }

    /** From now on takes over what connects for the stream; without one such a connection is closed. */
    public void setStreams(Streams streams) {
        this.streams = streams;
    }

    /** Connects once for the stream; only on the network loop. It is no attempt in the sense of the counters and the listener. */
    public void connectStream(int network, StreamAttempt attempt) {
        lines.get(network).connectStream(attempt);
    }

    /** Whether to connect to the peer again and again; takes effect within {@code retryNs}. Inbound connections are always admitted. */
    public void setSeeking(boolean seeking) {
        this.seeking = seeking;
    }

    @Override
    public long newestAnswerNs() {
        return newestAnswerNs;
    }

    /** Whether the peer has been asked once on each network, and answered or was given up. Loads only. */
    public boolean askedEverywhere() {
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).asked) {
                return false;
            }
        }
        return true;
    }

    /**
     * When a node that is no peer for this one spoke at the peer's address (monotonic clock, ns), or {@link #NEVER}: it said a well-formed hello,
     * but has another key or another version of the protocol. A verified answer or a refused connection on that network ends it. It is not
     * authenticated: whoever can use the peer's address can say it. Loads only.
     */
    public long newestForeignNs() {
        long newestNs = NEVER;
        for (int i = 0; i < lines.size(); i++) {
            newestNs = Math.max(newestNs, lines.get(i).foreignNs);
        }
        return newestNs;
    }

    /** The newest verified answer, or null. */
    public IdentityResult newestAnswer() {
        return newestAnswer;
    }

    /** Own attempts that ended this way. */
    public long outboundCount(Outcome outcome) {
        return outbound.get(outcome.ordinal());
    }

    /** Inbound exchanges that ended this way. */
    public long inboundCount(Outcome outcome) {
        return inbound.get(outcome.ordinal());
    }

    /** Connections from other addresses than the peer's, closed at once. */
    public long strangers() {
        return strangers.get();
    }

    /** Connections turned away because as many as allowed were under way. */
    public long busy() {
        return busy.get();
    }

    /** Why a network's address is not listened on at present, for a person; null if it is. */
    public String trouble(int network) {
        return lines.get(network).trouble;
    }

    /** Where a network is listened on, with the port in use; null while it is not. */
    public InetSocketAddress listening(int network) {
        return lines.get(network).listening();
    }

    /** Listens no more; exchanges under way end by their own time limits and tell nobody. */
    @Override
    public void close() {
        closing = true;
        for (IdentityLine line : lines) {
            line.close();
        }
    }
}
