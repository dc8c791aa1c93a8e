package io.hotpair.node.config;

import io.hotpair.drivers.checkpoint.CheckpointSpec;
import io.hotpair.node.config.Config.Board;
import io.hotpair.node.config.Config.Network;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code [board.a]} or {@code [board.b]}. What one board does not say about its peer comes from the other's table, so both
 * are read before either {@link #board} is made.
 */
final class BoardReader {
    private static final String ENDPOINT = "a numeric address and a port, \"192.0.2.1:7400\" or \"[2001:db8::1]:7400\"";

    private record Side(
            Optional<InetSocketAddress> own,
            Optional<InetSocketAddress> peer,
            Optional<InetSocketAddress> identity,
            Optional<InetSocketAddress> peerIdentity,
            Optional<String> interfaceName,
            Optional<CheckpointSpec> checkpoint) {
        /** Where it listens for the identity connection: TCP has its own ports, so the heartbeat's number serves twice. */
        Optional<InetSocketAddress> identityOrOwn() {
            return identity.or(() -> own);
        }
    }

    private final BoardId id;
    private final Optional<String> hostName;
    private final List<Side> sides = new ArrayList<>(2);
    private final Optional<String> uart;
    private final Optional<Path> gpioWire;
    private final Optional<InetSocketAddress> streamTo;

    BoardReader(BoardId id, Section section, Path folder) {
        this.id = id;
        hostName = section.optionalText("host-name");
        for (String letter : List.of("a", "b")) {
            sides.add(new Side(
                    endpoint(section, "network-" + letter),
                    endpoint(section, "peer-" + letter),
                    endpoint(section, "identity-" + letter),
                    endpoint(section, "peer-identity-" + letter),
                    section.optionalText("interface-" + letter),
                    checkpoint(section, "checkpoint-" + letter)));
        }
        uart = section.optional("uart", "a device, \"/dev/ttyAMA0\"", text -> Optional.of(text).filter(path -> path.startsWith("/")));
        gpioWire = section.optional("gpio", SimulatedFile.shape("wire"), text -> SimulatedFile.parse(text, folder));
        streamTo = endpoint(section, "stream-to");
        section.finish();
    }

    /** @param checkpoints of network A and B, for both boards unless this one names its own */
    Board board(BoardReader other, List<CheckpointSpec> checkpoints) {
        return new Board(id, hostName, network(0, other, checkpoints), network(1, other, checkpoints), uart, gpioWire, streamTo);
    }

    private Optional<Network> network(int index, BoardReader other, List<CheckpointSpec> checkpoints) {
        Side side = sides.get(index);
        Side otherSide = other.sides.get(index);
        // A board on a network whose peer is not: ConfigRules refuses that, so what stands in here is never used.
        return side.own().map(own -> new Network(
                own,
                side.peer().or(otherSide::own).orElse(own),
                side.identityOrOwn().orElse(own),
                side.peerIdentity().or(otherSide::identityOrOwn).orElse(own),
                side.interfaceName(),
                side.checkpoint().orElse(checkpoints.get(index))));
    }

    private static Optional<InetSocketAddress> endpoint(Section section, String name) {
        return section.optional(name, ENDPOINT, Addresses::parseEndpoint);
    }

    static Optional<CheckpointSpec> checkpoint(Section section, String name) {
        return section.optional(name, CheckpointSpec.FORMS, CheckpointSpec::parse);
    }
}
