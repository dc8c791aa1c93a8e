package io.hotpair.node;

import io.hotpair.core.Role;
import io.hotpair.core.port.IdentityPort;
import io.hotpair.node.config.Config;
import io.hotpair.node.status.CountersFile;
import io.hotpair.sync.identity.IdentityMessage;
import io.hotpair.sync.identity.IdentityResult;
import io.hotpair.sync.identity.IdentityService;
import io.hotpair.sync.identity.NetworkLoop;
import io.hotpair.sync.identity.Outcome;
import io.hotpair.sync.stream.StreamService;
import io.hotpair.sync.stream.StreamSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The node's identity connections: says who this board is, and draws conclusions from what the peer says. An authenticated answer is news for
 * the core; a standby becomes hot only once the peer has said that it runs the same configuration and version.
 *
 * <p>A node in the peer's place that has another key, or speaks another protocol, is a pair put together wrongly: neither board hears the other,
 * and each would find nobody there and lead. So a starting board does not lead beside it; a person may order it to. What such a node says is not
 * authenticated, so it counts only where a mistake is more likely than an attack and less is at stake: a board that in this run has led
 * or has met its peer takes no notice, and a dead primary is replaced whatever a stranger says. It is forgotten when nothing
 * was heard of it for the longest settle time, or at once when nobody listens there any more.
 */
final class NodeIdentity implements IdentityPort, AutoCloseable {
    private static final int GROUPS = 2;
    private static final int NO_FLAGS = 0;
    private static final long STEP_TIMEOUT_NS = 500_000_000;
    private static final long LONGEST_RETRY_NS = 100_000_000;
    private static final int MAX_INBOUND = 4;
    /** A peer that is heard this long without saying what it runs is worth a line. */
    private static final long UNKNOWN_TOLD_NS = 5_000_000_000L;
    private static final long NEVER_UNKNOWN = Long.MIN_VALUE;
    /** What a stranger said is shown for so long after it was last said: anybody who has the peer's address can say it. */
    private static final long HINT_SHOWN_NS = 60_000_000_000L;
    /** What a peer proved is shown while it is heard, and so long after it last proved it. */
    private static final long PROVED_SHOWN_NS = 10_000_000_000L;
    /** A node that is just ending hangs up too, but not so often in a row. */
    private static final int HANG_UPS_TOLD = 3;

    private final String softwareVersion;
    private final byte[] configDigest;
    private final Path configFile;
    private final Path keyFile;
    private final long startNs;
    private final CountersFile counters;
    private final PeerMatch match;
    private final long foreignCountsNs;
    private final NetworkLoop loop; // null without a task: nothing streams then
    private final IdentityService service;
    private final int[] role = new int[GROUPS];
    private final int[] term = new int[GROUPS];
    private final int peerAlive;
    private final int peerBootId;
    private final int shown;
    private final int[] shownHint;
    private final List<IdentityService.Network> lines;
    private final Found[] proved;
    private final Found[] hints;
    private final int[] hangUps;
    private long newestJudgedNs;
    private long unknownSinceNs = NEVER_UNKNOWN; // of the thread that maintains
    private volatile boolean unknown;
    private boolean peerThere;
    private volatile boolean placed;

    private record Found(PeerVerdict verdict, String trouble, long atNs) {}

    /**
     * @param counters not sealed yet; roles and terms are read from it, because the core belongs to the duty cycle
     * @param match told what a verified peer runs
     * @throws IOException if an address to listen on is in use
     */
    NodeIdentity(Config config, Config.Board board, byte[] key, int bootId, long startNs, String softwareVersion, CountersFile counters,
            PeerMatch match) throws IOException {
        this.softwareVersion = softwareVersion;
        this.startNs = startNs;
        this.counters = counters;
        this.match = match;
        configFile = config.file();
        keyFile = config.pair().keyFile();
        configDigest = HexFormat.of().parseHex(config.digest());
        for (int g = 0; g < GROUPS; g++) {
            role[g] = counters.find("group" + g + ".role");
            term[g] = counters.find("group" + g + ".term");
        }
        peerAlive = counters.find("peer.alive");
        peerBootId = counters.find("peer.bootId");
        shown = counters.register("peer.identity", CountersFile.Kind.GAUGE);
        foreignCountsNs = config.timing().settleMaxNs();
        lines = board.networks().stream()
                .map(network -> new IdentityService.Network(network.ownIdentity(), network.peerIdentity())).toList();
        proved = new Found[lines.size()];
        hints = new Found[lines.size()];
        hangUps = new int[lines.size()];
        shownHint = new int[lines.size()];
        for (int n = 0; n < shownHint.length; n++) {
            shownHint[n] = counters.register("network" + n + ".identityHint", CountersFile.Kind.GAUGE);
        }
        long retryNs = Math.min(config.timing().settleNs() / 4, LONGEST_RETRY_NS);
        IdentityService.Settings settings =
                new IdentityService.Settings(board.id().id(), bootId, key, lines, STEP_TIMEOUT_NS, retryNs, MAX_INBOUND);
        if (config.task().isEmpty()) {
            loop = null;
            service = new IdentityService(settings, this::statement, this::onResult);
        } else {
            loop = new NetworkLoop(NetworkLoop.NO_PRIORITY);
            service = onLoop(settings);
        }
        service.setSeeking(true);
    }

    private IdentityService onLoop(IdentityService.Settings settings) throws IOException {
        try {
            return new IdentityService(loop, settings, this::statement, this::onResult);
        } catch (IOException e) {
            loop.close();
            throw e;
        }
    }

    /**
     * Opens the stream of a task's records to the peer, on the same thread and address; to be closed before this. Only of a pair that
     * runs a task.
     *
     * @param wake called when something has arrived
     */
    StreamService openStream(StreamSettings settings, int board, Runnable wake) {
        return new StreamService(settings, board, loop, service, hints.length, softwareVersion, configDigest, wake);
    }

    /** How many connections ended in which way, for a person. */
    void count(Figures figures) {
        for (Outcome outcome : Outcome.values()) {
            String name = outcome.name().toLowerCase(Locale.ROOT);
            figures.add("identity.out." + name, () -> service.outboundCount(outcome));
            figures.add("identity.in." + name, () -> service.inboundCount(outcome));
        }
        figures.add("identity.strangers", service::strangers);
        figures.add("identity.busy", service::busy);
    }

    /** Called now and then: the peer is sought while it is not heard, this board does not know its place, or what the peer runs is not known. */
    void maintain() {
        forgetHints(System.nanoTime());
        showProved(System.nanoTime());
        boolean heard = value(peerAlive) == 1;
        boolean unknownNow = heard && !match.knows((int) value(peerBootId));
        noteUnknown(unknownNow);
        boolean lost = !heard || unknownNow;
        for (int id : role) {
            lost |= id >= 0 && Role.of((int) value(id)).out();
        }
        service.setSeeking(lost);
    }

    private void noteUnknown(boolean now) {
        long nowNs = System.nanoTime();
        if (!now) {
            unknownSinceNs = NEVER_UNKNOWN;
        } else if (unknownSinceNs == NEVER_UNKNOWN) {
            unknownSinceNs = nowNs;
        }
        unknown = now && nowNs - unknownSinceNs > UNKNOWN_TOLD_NS;
    }

    private IdentityMessage.Statement statement() {
        return new IdentityMessage.Statement(softwareVersion, configDigest, System.nanoTime() - startNs, (int) value(role[0]),
                (int) value(role[1]), value(term[0]), value(term[1]), NO_FLAGS);
    }

    private long value(int id) {
        return id < 0 ? 0 : counters.value(id);
    }

    /**
     * Whether this board may lead as far as the node in the peer's place is concerned; see above. The peer must have been asked once on each
     * network, which takes three time limits of a step at most. Asked by the duty cycle: loads only.
     */
    boolean placeFree() {
        if (placed) {
            return true;
        }
        placed = service.newestAnswerNs() != NEVER || value(peerBootId) != 0 || leads(role[0]) || leads(role[1]);
        if (placed) {
            return true;
        }
        long foreignNs = service.newestForeignNs();
        return service.askedEverywhere() && (foreignNs == NEVER || System.nanoTime() - foreignNs > foreignCountsNs);
    }

    private boolean leads(int roleId) {
        return value(roleId) == Role.PRIMARY.ordinal();
    }

    private synchronized void onResult(IdentityResult result) {
        int network = result.network();
        String node = "the node at " + lines.get(network).peer().getHostString() + " (not authenticated)";
        if (!result.inbound() && result.outcome() != Outcome.HUNG_UP) {
            hangUps[network] = 0;
        }
        switch (result.outcome()) {
            case VERIFIED -> {
                proved[network] = judge(result);
                hint(result, null, null);
            }
            case WRONG_KEY -> hint(result, PeerVerdict.OTHER_KEY, "ALARM: " + node + " has another key, so nothing it says is believed, and a board"
                    + " that starts beside it does not lead: copy " + keyFile + " of one board to the other and restart that one, or order"
                    + " 'hotpair repair --lead' on one board");
            case OTHER_PROTOCOL -> hint(result, PeerVerdict.OTHER_PROTOCOL, "ALARM: " + node + " speaks another protocol version ("
                    + result.detail() + "), and a board that starts beside it does not lead: install the same version on both boards, or order"
                    + " 'hotpair repair --lead' on one board");
            case SAME_BOARD -> hint(result, PeerVerdict.SAME_BOARD, node + " says that it is this board: see board selection (--board, host-name,"
                    + " strap) and the addresses");
            case MALFORMED -> hint(result, PeerVerdict.NO_NODE, "something else than a node is at the peer's address "
                    + lines.get(network).peer().getHostString() + ": " + result.detail());
            case HUNG_UP -> hungUp(result);
            case NO_ANSWER, REFUSED -> { } // ordinary while the peer is down, and mends nothing
        }
        showProved(System.nanoTime());
    }

    /** What was proved is kept, for it is not said again by the same boot; but of a peer that is gone it is no news any more. */
    synchronized void showProved(long nowNs) {
        long answerNs = service.newestAnswerNs();
        peerThere = value(peerAlive) == 1 || answerNs != NEVER && nowNs - answerNs <= PROVED_SHOWN_NS;
        PeerVerdict worst = PeerVerdict.UNKNOWN;
        for (Found one : proved) {
            worst = peerThere && one != null && one.verdict().compareTo(worst) > 0 ? one.verdict() : worst;
        }
        counters.set(shown, worst.ordinal());
    }

    /** A board with this pair's key at an address that the pair does not know: it hears nobody and is heard by nobody, and would lead unnoticed. */
    private void hungUp(IdentityResult result) {
        IdentityService.Network line = lines.get(result.network());
        if (++hangUps[result.network()] >= HANG_UPS_TOLD) {
            hint(result, PeerVerdict.HANGS_UP, "the peer's identity port " + text(line.peer()) + " (not authenticated) hangs up before its hello: it may"
                    + " not know this board's address " + line.own().getHostString() + ", then neither board hears the other and both lead; compare"
                    + " the addresses on both boards. Or something in between takes the connection and finds no node");
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private void hint(IdentityResult result, PeerVerdict verdict, String trouble) {
        int network = result.network();
        hints[network] = verdict == null ? null : new Found(verdict, trouble, result.atNs());
        counters.set(shownHint[network], verdict == null ? 0 : verdict.ordinal());
    }

    /** What was said without proof is no lasting state: whoever has the peer's address for a moment could leave an alarm for ever. */
    synchronized void forgetHints(long nowNs) {
        for (int n = 0; n < hints.length; n++) {
            if (hints[n] != null && nowNs - hints[n].atNs() > HINT_SHOWN_NS) {
                hints[n] = null;
                counters.set(shownHint[n], 0);
            }
        }
    }

    private Found judge(IdentityResult result) {
        IdentityMessage.Statement peer = result.peer();
        boolean sameVersion = peer.softwareVersion().equals(softwareVersion);
        boolean sameDigest = peer.sameConfig(configDigest);
        if (newestJudgedNs == 0 || result.atNs() - newestJudgedNs >= 0) {
            newestJudgedNs = result.atNs();
            match.onVerified(result.peerBootId(), sameVersion && sameDigest);
        }
        if (!sameVersion) {
            return new Found(PeerVerdict.OTHER_VERSION, "ALARM: the peer runs version " + peer.softwareVersion() + ", this board " + softwareVersion
                    + ": the standby does not become hot until the same version is installed on both", result.atNs());
        }
        if (!sameDigest) {
            return new Found(PeerVerdict.OTHER_CONFIGURATION, "ALARM: the peer runs another configuration (digest "
                    + HexFormat.of().formatHex(peer.configDigest(), 0, 8) + ", here " + HexFormat.of().formatHex(configDigest, 0, 8)
                    + "): the standby does not become hot until both are the same; copy " + configFile
                    + " of one board to the other and restart that one", result.atNs());
        }
        return new Found(PeerVerdict.SAME, null, result.atNs());
    }

    /** What is wrong now, for a person, or null. */
    synchronized String trouble() {
        for (int n = 0; n < proved.length; n++) {
            if (service.trouble(n) != null) {
                return service.trouble(n);
            }
        }
        String told = peerThere ? first(proved) : null;
        return told != null || !unknown ? told
                : "the peer is heard, but its identity port (TCP) does not answer on any network, so it is not known what it runs: a standby does not"
                        + " become hot until it does; see cables, addresses and packet filters";
    }

    /** What was said without proof at the peer's address within the last minute, for a person, or null. */
    synchronized String hint() {
        return first(hints);
    }

    private static String first(Found[] found) {
        for (Found one : found) {
            if (one != null && one.trouble() != null) {
                return one.trouble();
            }
        }
        return null;
    }

    @Override
    public long newestAnswerNs() {
        return service.newestAnswerNs();
    }

    @Override
    public void close() {
        service.close();
        if (loop != null) {
            loop.close();
        }
    }
}
