package io.hotpair.node.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A way out: where the outputs of one port of the task go. */
public sealed interface OutputConfig permits OutputConfig.Udp, OutputConfig.Uart, OutputConfig.Gpio {
    /** Of the port. */
    String name();

    /** Whether what a dead primary may not have sent is sent again; else it is sent at most once. */
    boolean repeats();

    /**
     * Datagrams.
     *
     * @param toA where board A sends
     * @param toB where board B sends
     * @param header whether number, term and flags come in front of the payload
     */
    record Udp(String name, InetSocketAddress toA, InetSocketAddress toB, boolean header, boolean repeats) implements OutputConfig {
        /** From this board. */
        public InetSocketAddress to(BoardId board) {
            return board == BoardId.A ? toA : toB;
        }
    }

    /**
     * Messages to a serial device.
     *
     * @param deviceA path of the device on board A
     * @param deviceB the same for board B
     */
    record Uart(String name, String deviceA, String deviceB, SerialLine line, boolean repeats) implements OutputConfig {
        /** On this board. */
        public String device(BoardId board) {
            return board == BoardId.A ? deviceA : deviceB;
        }
    }

    /**
     * A level.
     *
     * @param wireA file of the simulated line for board A
     * @param wireB the same for board B
     * @param safeHigh the level without a reign
     * @param maxHoldNs how long after an output the other level lasts
     */
    record Gpio(String name, Path wireA, Path wireB, boolean safeHigh, long maxHoldNs, boolean repeats) implements OutputConfig {
        /** For this board. */
        public Path wire(BoardId board) {
            return board == BoardId.A ? wireA : wireB;
        }
    }
}
