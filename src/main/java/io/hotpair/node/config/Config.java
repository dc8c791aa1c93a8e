package io.hotpair.node.config;

import io.hotpair.drivers.checkpoint.CheckpointSpec;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked configuration of a pair, every default filled in and every path resolved. All durations are nanoseconds.
 *
 * @param file the file it was read from
 * @param digest SHA-256 (hexadecimal) of its meaning: equal on both boards whatever the comments, the order and the spacing
 * @param task the user's task; without one the built-in numbered stream runs
 * @param ticks what it executes at regular intervals, if anything
 */
public record Config(
        Path file,
        String digest,
        Pair pair,
        Timing timing,
        Damping damping,
        Uart uart,
        Realtime realtime,
        Stream stream,
        Board boardA,
        Board boardB,
        Optional<TaskConfig> task,
        Optional<TickConfig> ticks) {

    /** What a standby does when every channel is silent. */
    public enum OnSilence {
        /** The remote checkpoint decides: it leads when its network still answers. */
        TAKEOVER,
        /** Silence never promotes. */
        HOLD
    }

    /**
     * @param keyFile the pair key, see {@link PairKey}
     * @param groups one or two names
     * @param stateDir what survives a restart: terms; see {@link Config#stateDir(BoardId)}
     * @param runDir what does not: counters, sockets; see {@link Config#runDir(BoardId)}
     */
    public record Pair(String name, Path keyFile, List<String> groups, OnSilence onSilence, Path stateDir, Path runDir) {
        public Pair {
            groups = List.copyOf(groups);
        }
    }

    /**
     * @param heartbeatIntervalNs between two frames on a channel
     * @param misses intervals without a frame after which a channel is silent
     * @param leaseNs a gate closes by itself when its board's own cycle is older than this
     * @param marginNs by how much a primary gives up its echo before its peer may claim
     * @param arbitrationNs a checkpoint must answer within this after the last channel fell silent
     * @param settleNs how long a starting board waits for a peer
     * @param settleMaxNs the same while a network or checkpoint is not there yet
     * @param checkpointIntervalNs between two background probes of a checkpoint
     */
    public record Timing(
            long heartbeatIntervalNs,
            int misses,
            long leaseNs,
            long marginNs,
            long arbitrationNs,
            long settleNs,
            long settleMaxNs,
            long checkpointIntervalNs) {
    }

    /**
     * @param voluntaryChanges role changes for better health allowed within {@code windowNs}
     * @param handoverThreshold penalty points by which the peer must be healthier
     */
    public record Damping(int voluntaryChanges, long windowNs, int handoverThreshold) {
    }

    /** The serial line, where a board has one. */
    public record Uart(int baud, long heartbeatIntervalNs) {
        /** A frame on the line: 48 bytes and a CRC32C, stuffed and delimited (COBS), and its share of resynchronisation. */
        public static final int FRAME_LINE_BYTES = 58;

        /** Start bit, eight data bits, stop bit. */
        public static final int BITS_PER_BYTE = 10;

        /** How long one frame occupies the line, rounded up. */
        public static long frameNs(int baud) {
            return Math.ceilDiv(FRAME_LINE_BYTES * BITS_PER_BYTE * 1_000_000_000L, baud);
        }
    }

    /**
     * @param priority SCHED_FIFO priority of the duty-cycle thread, 0 for none
     * @param cpu the core it is pinned to, if any
     * @param spin never sleep
     * @param rehearse whether a board that starts first has the code of a takeover compiled
     */
    public record Realtime(int priority, OptionalInt cpu, boolean lockMemory, boolean spin, boolean rehearse) {
    }

    /** The built-in task, a numbered output stream. */
    public record Stream(long intervalNs) {
    }

    /**
     * One board, seen from itself.
     *
     * @param networkA its side of network A, if it is on it
     * @param uart the serial device
     * @param gpioWire the file of a simulated GPIO wire
     * @param streamTo where the numbered output goes
     */
    public record Board(
            BoardId id,
            Optional<String> hostName,
            Optional<Network> networkA,
            Optional<Network> networkB,
            Optional<String> uart,
            Optional<Path> gpioWire,
            Optional<InetSocketAddress> streamTo) {

        /** Network A (0) or B (1). */
        public Optional<Network> network(int index) {
            return index == 0 ? networkA : networkB;
        }

        /** The networks it is on, A first. */
        public List<Network> networks() {
            List<Network> networks = new ArrayList<>(2);
            networkA.ifPresent(networks::add);
            networkB.ifPresent(networks::add);
            return networks;
        }
    }

    /**
     * One board's side of one network.
     *
     * @param own where it sends heartbeats from and hears them (UDP)
     * @param peer where it sends them to
     * @param ownIdentity where it listens for the peer's identity connection (TCP)
     * @param peerIdentity where it connects to for that
     * @param interfaceName the network interface to bind to
     * @param checkpoint what tells it whether this network still reaches the world
     */
    public record Network(
            InetSocketAddress own,
            InetSocketAddress peer,
            InetSocketAddress ownIdentity,
            InetSocketAddress peerIdentity,
            Optional<String> interfaceName,
            CheckpointSpec checkpoint) {
    }

    /** The board with this id. */
    public Board board(BoardId id) {
        return id == BoardId.A ? boardA : boardB;
    }

    /** This board's own folder in the state folder: two boards on one machine may share a file. */
    public Path stateDir(BoardId id) {
        return pair.stateDir().resolve(pair.name() + '-' + id.letter());
    }

    /** This board's own folder in the run folder. */
    public Path runDir(BoardId id) {
        return pair.runDir().resolve(pair.name() + '-' + id.letter());
    }

    /** A way by which the boards hear each other, and how often. */
    public record Channel(String name, long intervalNs) {
    }

    /** The channels this configuration has, in the core's order: Ethernet A, Ethernet B, UART, GPIO. */
    public List<Channel> channels() {
        List<Channel> channels = new ArrayList<>(4);
        boardA.networkA().ifPresent(network -> channels.add(new Channel("Ethernet A", timing.heartbeatIntervalNs())));
        boardA.networkB().ifPresent(network -> channels.add(new Channel("Ethernet B", timing.heartbeatIntervalNs())));
        boardA.uart().ifPresent(device -> channels.add(new Channel("UART", uart.heartbeatIntervalNs())));
        boardA.gpioWire().ifPresent(wire -> channels.add(new Channel("GPIO", timing.heartbeatIntervalNs())));
        return channels;
    }

    /** The channel that takes longest to fall silent: the peer counts as alive until it has. */
    public Channel slowestChannel() {
        Channel slowest = null;
        for (Channel channel : channels()) {
            if (slowest == null || channel.intervalNs() > slowest.intervalNs()) {
                slowest = channel;
            }
        }
        return slowest;
    }

    /** T: from the peer's last sign of life to a decision, {@code misses × slowest interval + arbitration}. */
    public long decisionNs() {
        return timing.misses() * slowestChannel().intervalNs() + timing.arbitrationNs();
    }
}
