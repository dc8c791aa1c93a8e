package io.hotpair.node.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** A way in: where the inputs of one port of the task come from. */
public sealed interface InputConfig permits InputConfig.Udp, InputConfig.Uart, InputConfig.Gpio {
    /** Of the port. */
    String name();

    /** What makes two datagrams come from the same source. */
    enum SourceBy {
        /** Sender's address and port. */
        ADDRESS_AND_PORT,
        /** Sender's address. */
        ADDRESS,
        /** Everything on the port is one source. */
        PORT
    }

    /**
     * Datagrams.
     *
     * @param boardA where board A receives, or with {@code multicast} the address of the interface on which it joins
     * @param boardB the same for board B
     * @param multicast group and port
     * @param numbered whether the first 8 bytes are the source's own number
     */
    record Udp(String name, InetSocketAddress boardA, InetSocketAddress boardB, Optional<InetSocketAddress> multicast, boolean numbered,
            SourceBy sourceBy) implements InputConfig {
        /** Of this board. */
        public InetSocketAddress at(BoardId board) {
            return board == BoardId.A ? boardA : boardB;
        }
    }

    /**
     * What a serial device sends; both boards hear the same.
     *
     * @param deviceA path of the device on board A
     * @param deviceB the same for board B
     * @param numbered whether each message begins with the sender's own number
     */
    record Uart(String name, String deviceA, String deviceB, SerialLine line, boolean numbered) implements InputConfig {
        /** On this board. */
        public String device(BoardId board) {
            return board == BoardId.A ? deviceA : deviceB;
        }
    }

    /**
     * Edges of a line; both boards watch the same.
     *
     * @param wireA file of the simulated line for board A
     * @param wireB the same for board B
     * @param debounceNs how long a level keeps before it counts, 0 for not at all
     */
    record Gpio(String name, Path wireA, Path wireB, long debounceNs) implements InputConfig {
        /** For this board. */
        public Path wire(BoardId board) {
            return board == BoardId.A ? wireA : wireB;
        }
    }
}
