package io.hotpair.sync.identity;

import io.hotpair.core.port.IdentityPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Finds out over each network whether the peer is there, and what it runs: listens for the peer, and while seeking connects to it.
 *
 * <p>All work is done by helper threads; the duty cycle only reads {@link #newestAnswerNs} and sets {@link #setSeeking}, which are a
 * load and a store.
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

    /** Told what is new. Called by helper threads, several at once perhaps; must not throw. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The outcome on this network and in this direction differs from the one before, or a verified peer says another boot id,
         * version or configuration than before. Attempts that only repeat the last are counted, not told; but what was said without proof is
         * told each time, for what counts there is how recent it is.
         */
        void onResult(IdentityResult result);
    }

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final long REBIND_NS = 1_000_000_000;
    private static final int BACKLOG = 16;

    private final Settings settings;
    private final Supplier<IdentityMessage.Statement> statement;
    private final Listener listener;
    private final List<Line> lines = new ArrayList<>();
    private final AtomicLongArray outbound = new AtomicLongArray(OUTCOMES.length);
    private final AtomicLongArray inbound = new AtomicLongArray(OUTCOMES.length);
    private final AtomicLong strangers = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();

    private volatile boolean seeking;
    private volatile boolean closing;
    private volatile long newestAnswerNs = NEVER;
    private volatile IdentityResult newestAnswer;

    /**
     * @param statement what this board says of itself; called by helper threads
     * @throws IOException if an address to listen on is taken; the message names it. An address that this board does not have yet is
     *     no error: it is tried again every second, see {@link #trouble}
     */
    public IdentityService(Settings settings, Supplier<IdentityMessage.Statement> statement, Listener listener) throws IOException {
        this.settings = settings;
        this.statement = statement;
        this.listener = listener;
        try {
            for (int network = 0; network < settings.networks().size(); network++) {
                lines.add(new Line(network, settings.networks().get(network)));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        for (Line line : lines) {
            line.acceptor.start();
            line.seeker.start();
        }
    }

    /** One network's listener and seeker. */
    private final class Line {
        final int network;
        final Network addresses;
        final Semaphore inboundSlots = new Semaphore(settings.maxInbound());
        final Thread acceptor;
        final Thread seeker;
        // One per direction: what was told last.
        final IdentityResult[] told = new IdentityResult[2];
        volatile ServerSocket server;
        volatile Socket outgoing;
        volatile String trouble;
        volatile boolean asked;
        volatile long foreignNs = NEVER;

        Line(int network, Network addresses) throws IOException {
            this.network = network;
            this.addresses = addresses;
            // Platform threads: waking a virtual one from the duty cycle could start a carrier thread that inherits its priority.
            this.acceptor = Thread.ofPlatform().daemon().name("identity-accept-" + "AB".charAt(network)).unstarted(this::accept);
            this.seeker = Thread.ofPlatform().daemon().name("identity-seek-" + "AB".charAt(network)).unstarted(this::seek);
            bind();
        }

        private void bind() throws IOException {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(addresses.own(), BACKLOG);
                server = socket;
                trouble = null;
            } catch (IOException e) {
                socket.close();
                InetAddress address = addresses.own().getAddress();
                if (address == null) {
                    throw new IOException("identity address " + addresses.own() + " of network " + name() + " cannot be resolved", e);
                }
                // Of the loopback network only one address is any interface's; the others are there all the same.
                if (address.isAnyLocalAddress() || address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
                    throw new IOException("identity address " + text(addresses.own()) + " of network " + name() + " cannot be listened on ("
                            + e.getMessage() + "): another node runs on this board, or choose another port ('ss -tlpn' shows who has it)", e);
                }
                trouble = "this board does not have the address " + text(addresses.own()) + " (yet)";
            }
        }

        private String name() {
            return network == 0 ? "A" : "B";
        }

        private void accept() {
            while (!closing) {
                ServerSocket listening = server;
                try {
                    if (listening == null) {
                        LockSupport.parkNanos(REBIND_NS);
                        if (!closing) {
                            bind();
                        }
                        continue;
                    }
                    admit(listening.accept());
                } catch (IOException e) {
                    if (!closing) {
                        // Descriptors used up, or the address went away: not at full speed.
                        trouble = "listening on " + text(addresses.own()) + ": " + e.getMessage();
                        LockSupport.parkNanos(REBIND_NS);
                    }
                }
            }
        }

        private void admit(Socket socket) throws IOException {
            trouble = null;
            if (!socket.getInetAddress().equals(addresses.peer().getAddress())) {
                strangers.incrementAndGet();
                socket.close();
            } else if (!inboundSlots.tryAcquire()) {
                busy.incrementAndGet();
                IdentityLink.rejectBusy(socket);
            } else {
                Thread.ofVirtual().start(() -> {
                    try {
                        finish(true, link(socket, false).exchange(statement));
                    } finally {
                        inboundSlots.release();
                    }
                });
            }
        }

        private void seek() {
            while (!closing) {
                if (seeking) {
                    attempt();
                    asked = true;
                }
                LockSupport.parkNanos(settings.retryNs());
            }
        }

        private void attempt() {
            Socket socket = new Socket();
            outgoing = socket;
            try {
                InetAddress own = addresses.own().getAddress();
                if (!own.isAnyLocalAddress()) {
                    socket.bind(new InetSocketAddress(own, 0)); // over this network, and from the address that the peer admits
                }
                socket.connect(addresses.peer(), (int) (settings.stepTimeoutNs() / 1_000_000));
            } catch (IOException e) {
                closeQuietly(socket);
                boolean refused = e instanceof ConnectException && !(e instanceof NoRouteToHostException)
                        && e.getMessage() != null && e.getMessage().contains("refused");
                String detail = text(addresses.peer()) + ": " + (e instanceof SocketTimeoutException ? "no answer" : e.getMessage());
                if (refused) {
                    foreignNs = NEVER; // no node is there any more
                }
                if (!closing) {
                    finish(false, new IdentityLink.End(refused ? Outcome.REFUSED : Outcome.NO_ANSWER, detail, null));
                }
                return;
            }
            IdentityLink.End end = link(socket, true).exchange(statement);
            if (!closing) {
                finish(false, end);
            }
        }

        private IdentityLink link(Socket socket, boolean connecting) {
            return new IdentityLink(socket, connecting, settings.key(), settings.board(), settings.bootId(), settings.stepTimeoutNs());
        }

        private void finish(boolean isInbound, IdentityLink.End end) {
            boolean verified = end.outcome() == Outcome.VERIFIED;
            IdentityResult result = new IdentityResult(network, isInbound, end.outcome(), end.detail(),
                    verified ? end.handshake().peerBootId() : 0, verified ? end.handshake().peerStatement() : null, System.nanoTime());
            (isInbound ? inbound : outbound).incrementAndGet(end.outcome().ordinal());
            if (verified) {
                foreignNs = NEVER;
                note(result);
            } else if (end.outcome() == Outcome.WRONG_KEY || end.outcome() == Outcome.OTHER_PROTOCOL) {
                foreignNs = result.atNs();
            }
            boolean tell;
            synchronized (told) {
                int direction = isInbound ? 1 : 0;
                tell = differs(told[direction], result);
                told[direction] = result;
            }
            if (tell && !closing) {
                listener.onResult(result);
            }
        }

        private void close() {
            closeQuietly(server);
            closeQuietly(outgoing);
            LockSupport.unpark(acceptor);
            LockSupport.unpark(seeker);
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

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            // It is of no more use either way.
        }
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
        ServerSocket server = lines.get(network).server;
        return server == null ? null : (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Ends all threads; exchanges under way end by their own time limits. */
    @Override
    public void close() {
        closing = true;
        for (Line line : lines) {
            line.close();
        }
        for (Line line : lines) {
            try {
                line.acceptor.join(1_000);
                line.seeker.join(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
