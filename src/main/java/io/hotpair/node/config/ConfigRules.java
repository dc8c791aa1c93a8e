package io.hotpair.node.config;

import static io.hotpair.node.config.Durations.format;

import io.hotpair.drivers.checkpoint.CheckpointSpec;
import io.hotpair.node.config.Config.Board;
import io.hotpair.node.config.Config.Network;
import io.hotpair.node.config.Config.OnSilence;
import io.hotpair.node.config.Config.Timing;
import io.hotpair.node.config.Config.Uart;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the values of a configuration must relate. Each rule is written twice side by side: as the code checks it and, in the
 * message, as the formula with the numbers filled in.
 */
final class ConfigRules {
    private static final String INTERVAL = "timing.heartbeat-interval";
    private static final String MISSES = "timing.misses";
    private static final String LEASE = "timing.lease";
    private static final String MARGIN = "timing.margin";
    private static final String ARBITRATION = "timing.arbitration";
    private static final String SETTLE = "timing.settle";
    private static final String UART_BAUD = "uart.baud";
    private static final String UART_INTERVAL = "uart.heartbeat-interval";

    /** Line rates that UARTs and their drivers offer. */
    private static final List<Integer> USUAL_BAUDS =
            List.of(9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 4_000_000);

    private final Config config;
    private final Problems problems;

    ConfigRules(Config config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    void check() {
        lease();
        channels();
        if (config.boardA().uart().isPresent() || config.boardB().uart().isPresent()) {
            uart();
        }
        settle();
        if (config.pair().onSilence() == OnSilence.TAKEOVER) {
            checkpoints();
        }
        addresses();
        hostNames();
    }

    /** The exclusion of the two gates rests on these, see the lease rule of the core. */
    private void lease() {
        Timing timing = config.timing();
        long interval = timing.heartbeatIntervalNs();
        problems.require(timing.marginNs() < interval, MARGIN,
                "must be below heartbeat-interval = " + format(interval) + ": a primary would give up its echo a whole interval early", INTERVAL);
        long mute = Math.max(interval / 2, (timing.misses() - 2) * interval);
        problems.require(timing.marginNs() < mute || mute >= interval, MARGIN,
                "must be below max(0.5, misses − 2) × heartbeat-interval = " + format(mute)
                        + ": a board could be mute for so long without knowing it that its peer counts as alone", INTERVAL, MISSES);
        long longest = timing.misses() * interval - timing.marginNs();
        problems.require(timing.leaseNs() <= longest, LEASE,
                "must be at most misses × heartbeat-interval − margin = " + timing.misses() + " × " + format(interval) + " − "
                        + format(timing.marginNs()) + " = " + format(longest)
                        + ": the peer may lead misses × heartbeat-interval after it last heard this board", INTERVAL, MISSES, MARGIN);
        problems.require(timing.leaseNs() > interval, LEASE,
                "must be above heartbeat-interval = " + format(interval) + ": the gate would close between two heartbeats", INTERVAL);
    }

    /** Both boards must be on the same channels, and some channel must be able to carry frames. */
    private void channels() {
        Board a = config.boardA();
        Board b = config.boardB();
        String[] letters = {"a", "b"};
        for (int index = 0; index < 2; index++) {
            String name = "network-" + letters[index];
            bothOrNeither(name, a.network(index).isPresent(), b.network(index).isPresent());
            for (String board : letters) {
                for (String needsNetwork : List.of("peer-", "identity-", "peer-identity-", "interface-", "checkpoint-")) {
                    String key = "board." + board + '.' + needsNetwork + letters[index];
                    if (problems.isWritten(key) && !problems.isWritten("board." + board + '.' + name)) {
                        problems.add(key, "needs board." + board + '.' + name + ": the board is not on that network");
                    }
                }
            }
            String checkpoint = "network." + letters[index] + ".checkpoint";
            problems.require(!problems.isWritten(checkpoint) || isOnNetwork(letters[index]), checkpoint,
                    "needs board.a." + name + " and board.b." + name + ": no board is on that network");
        }
        bothOrNeither("uart", a.uart().isPresent(), b.uart().isPresent());
        bothOrNeither("gpio", a.gpioWire().isPresent(), b.gpioWire().isPresent());
        boolean anyFrames = isOnNetwork("a") || isOnNetwork("b") || problems.isWritten("board.a.uart") || problems.isWritten("board.b.uart");
        problems.require(anyFrames, "board",
                "the boards have no way to exchange frames: give both network-a, network-b or uart (a GPIO line alone carries no role)");
    }

    private boolean isOnNetwork(String letter) {
        return problems.isWritten("board.a.network-" + letter) || problems.isWritten("board.b.network-" + letter);
    }

    private void bothOrNeither(String name, boolean onA, boolean onB) {
        if (onA != onB) {
            String has = "board." + (onA ? "a." : "b.") + name;
            String lacks = "board." + (onA ? "b." : "a.") + name;
            problems.require(false, lacks, "is missing: " + has + " is set, and a channel has two ends", has);
        }
    }

    /**
     * A frame may fill two thirds of the UART's interval; the rest is for the standby's answers, which do not wait for their turn,
     * and for a driver that hands bytes over late.
     */
    private void uart() {
        long interval = config.uart().heartbeatIntervalNs();
        int baud = config.uart().baud();
        problems.require(interval >= config.timing().heartbeatIntervalNs(), UART_INTERVAL,
                "must be at least timing.heartbeat-interval = " + format(config.timing().heartbeatIntervalNs())
                        + ": the lease is cut to that", INTERVAL);
        long frame = Uart.frameNs(baud);
        String key = problems.isWritten(UART_BAUD) || !problems.isWritten(UART_INTERVAL) ? UART_BAUD : UART_INTERVAL;
        String fasterLine = USUAL_BAUDS.stream().filter(usual -> fits(usual, interval)).findFirst()
                .map(usual -> "uart.baud = " + usual + " or ").orElse("");
        problems.require(fits(baud, interval), key,
                "a frame takes " + Uart.FRAME_LINE_BYTES + " bytes × " + Uart.BITS_PER_BYTE + " bits / " + baud + " baud = "
                        + format(roundUp(frame, 1_000)) + " and must fit in 2/3 of the interval = 2/3 × "
                        + format(interval) + ": use " + fasterLine + "uart.heartbeat-interval = \""
                        + format(roundUp(Math.ceilDiv(frame * 3, 2), 100_000))
                        + "\" or more (a slower line belongs to a slower profile)",
                UART_BAUD, UART_INTERVAL, INTERVAL);
    }

    private static boolean fits(int baud, long intervalNs) {
        return 3 * Uart.frameNs(baud) <= 2 * intervalNs;
    }

    private static long roundUp(long ns, long stepNs) {
        return Math.ceilDiv(ns, stepNs) * stepNs;
    }

    /** A starting board must outwait the time in which a living peer may be unheard. */
    private void settle() {
        Timing timing = config.timing();
        if (config.slowestChannel() != null) {
            long decision = config.decisionNs();
            problems.require(timing.settleNs() > 2 * decision, SETTLE,
                    "must be above 2 × T = 2 × " + format(decision) + ", where T = misses × slowest interval + arbitration = "
                            + timing.misses() + " × " + format(config.slowestChannel().intervalNs()) + " (" + config.slowestChannel().name()
                            + ") + " + format(timing.arbitrationNs()),
                    INTERVAL, MISSES, ARBITRATION, UART_INTERVAL);
        }
        problems.require(timing.settleMaxNs() >= timing.settleNs(), "timing.settle-max",
                "must be at least settle = " + format(timing.settleNs()), SETTLE);
    }

    /** Without a checkpoint a board cannot tell "the peer is gone" from "I am cut off". */
    private void checkpoints() {
        for (BoardId id : BoardId.values()) {
            Board board = config.board(id);
            boolean any = board.networks().stream().map(Network::checkpoint).anyMatch(CheckpointSpec::configured);
            problems.require(any, "pair.on-silence",
                    "\"takeover\" needs a checkpoint that board " + id.letter() + " can ask: set network.a.checkpoint or network.b.checkpoint "
                            + "(with that network on both boards), or use \"hold\"",
                    "network.a.checkpoint", "network.b.checkpoint", "board." + id.letter() + ".network-a", "board." + id.letter() + ".network-b",
                    "board." + id.letter() + ".checkpoint-a", "board." + id.letter() + ".checkpoint-b");
        }
    }

    /** No two sockets of the pair may want the same address and port. */
    private void addresses() {
        Map<InetSocketAddress, String> heartbeats = new HashMap<>();
        Map<InetSocketAddress, String> identities = new HashMap<>();
        for (BoardId id : BoardId.values()) {
            for (int index = 0; index < 2; index++) {
                String letter = index == 0 ? "a" : "b";
                String board = "board." + id.letter() + '.';
                config.board(id).network(index).ifPresent(network -> {
                    unique(heartbeats, network.own(), board + "network-" + letter);
                    // The default follows the heartbeat's address; a clash there has been said already.
                    String identity = board + "identity-" + letter;
                    unique(identities, network.ownIdentity(), problems.isWritten(identity) ? identity : board + "network-" + letter);
                });
            }
        }
    }

    private void unique(Map<InetSocketAddress, String> taken, InetSocketAddress address, String key) {
        String first = taken.putIfAbsent(address, key);
        problems.require(first == null, key, "is the same address as " + first + ": every end needs its own", first == null ? key : first);
    }

    private void hostNames() {
        String a = config.boardA().hostName().orElse(null);
        String b = config.boardB().hostName().orElse(null);
        problems.require(a == null || !a.equalsIgnoreCase(b), "board.b.host-name", "is the same as board.a.host-name: it could not tell the boards apart");
    }
}
