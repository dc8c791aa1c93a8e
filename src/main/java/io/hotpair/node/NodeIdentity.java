package io.hotpair.node;

import io.hotpair.core.Role;
import io.hotpair.core.port.IdentityPort;
import io.hotpair.node.config.Config;
import io.hotpair.node.status.CountersFile;
import io.hotpair.sync.identity.IdentityMessage;
import io.hotpair.sync.identity.IdentityResult;
import io.hotpair.sync.identity.IdentityService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * The node's identity connections: says who this board is, and draws conclusions from what the peer says. An authenticated answer is news for
 * the core; another configuration or version keeps a standby from becoming hot.
 */
final class NodeIdentity implements IdentityPort, AutoCloseable {
    private static final int GROUPS = 2;
    private static final int NO_FLAGS = 0;
    private static final long STEP_TIMEOUT_NS = 500_000_000;
    private static final long LONGEST_RETRY_NS = 100_000_000;
    private static final int MAX_INBOUND = 4;

    private final String softwareVersion;
    private final byte[] configDigest;
    private final Path configFile;
    private final Path keyFile;
    private final long startNs;
    private final CountersFile counters;
    private final Consumer<Boolean> sameConfiguration;
    private final IdentityService service;
    private final int[] role = new int[GROUPS];
    private final int[] term = new int[GROUPS];
    private final int peerAlive;
    private final int networks;
    private final String[] found;

    /**
     * @param counters sealed; roles and terms are read from it, because the core belongs to the duty cycle
     * @param sameConfiguration told whether a verified peer has the same configuration and version
     * @throws IOException if an address to listen on is in use
     */
    NodeIdentity(Config config, Config.Board board, byte[] key, int bootId, long startNs, String softwareVersion, CountersFile counters,
            Consumer<Boolean> sameConfiguration) throws IOException {
        this.softwareVersion = softwareVersion;
        this.startNs = startNs;
        this.counters = counters;
        this.sameConfiguration = sameConfiguration;
        configFile = config.file();
        keyFile = config.pair().keyFile();
        configDigest = HexFormat.of().parseHex(config.digest());
        for (int g = 0; g < GROUPS; g++) {
            role[g] = counters.find("group" + g + ".role");
            term[g] = counters.find("group" + g + ".term");
        }
        peerAlive = counters.find("peer.alive");
        List<IdentityService.Network> lines = board.networks().stream()
                .map(network -> new IdentityService.Network(network.ownIdentity(), network.peerIdentity())).toList();
        networks = lines.size();
        found = new String[networks];
        long retryNs = Math.min(config.timing().settleNs() / 4, LONGEST_RETRY_NS);
        service = new IdentityService(new IdentityService.Settings(board.id().id(), bootId, key, lines, STEP_TIMEOUT_NS, retryNs, MAX_INBOUND),
                this::statement, this::onResult);
        service.setSeeking(true);
    }

    /** Called now and then: the peer is sought while it is not heard or this board does not know its place. */
    void maintain() {
        boolean lost = value(peerAlive) == 0;
        for (int id : role) {
            lost |= id >= 0 && Role.of((int) value(id)).out();
        }
        service.setSeeking(lost);
    }

    private IdentityMessage.Statement statement() {
        return new IdentityMessage.Statement(softwareVersion, configDigest, System.nanoTime() - startNs, (int) value(role[0]),
                (int) value(role[1]), value(term[0]), value(term[1]), NO_FLAGS);
    }

    private long value(int id) {
        return id < 0 ? 0 : counters.value(id);
    }

    private synchronized void onResult(IdentityResult result) {
        found[result.network()] = switch (result.outcome()) {
            case VERIFIED -> judge(result.peer());
            case WRONG_KEY -> "ALARM: the peer on network " + name(result) + " has another key, so nothing it says is believed: copy " + keyFile
                    + " of one board to the other and restart that one";
            case OTHER_PROTOCOL -> "the peer on network " + name(result) + " speaks another protocol version (" + result.detail()
                    + "): install the same version on both boards";
            case SAME_BOARD -> "the peer's address on network " + name(result) + " leads to a board that says it is this one: see board "
                    + "selection (--board, host-name, strap) and the addresses";
            case MALFORMED -> "something else listens at the peer's port on network " + name(result) + ": " + result.detail();
            case NO_ANSWER, REFUSED -> found[result.network()]; // ordinary while the peer is down, and mends nothing
        };
    }

    private String judge(IdentityMessage.Statement peer) {
        boolean sameVersion = peer.softwareVersion().equals(softwareVersion);
        boolean sameDigest = peer.sameConfig(configDigest);
        sameConfiguration.accept(sameVersion && sameDigest);
        if (!sameVersion) {
            return "ALARM: the peer runs version " + peer.softwareVersion() + ", this board " + softwareVersion
                    + ": the standby does not become hot until the same version is installed on both";
        }
        return sameDigest ? null : "ALARM: the peer runs another configuration (digest " + HexFormat.of().formatHex(peer.configDigest(), 0, 8)
                + ", here " + HexFormat.of().formatHex(configDigest, 0, 8) + "): the standby does not become hot until both are the same; copy "
                + configFile + " of one board to the other and restart that one";
    }

    private static String name(IdentityResult result) {
        return result.network() == 0 ? "A" : "B";
    }

    /** What is wrong now, for a person, or null. */
    synchronized String trouble() {
        for (int n = 0; n < networks; n++) {
            if (service.trouble(n) != null) {
                return service.trouble(n);
            }
            if (found[n] != null) {
                return found[n];
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
    }
}
