package io.hotpair.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Two boards on one machine with everything around them: every path between them runs through a relay, their outputs go to a plant,
 * their checkpoints are the echo service of the networks' relays.
 *
 * <p>Closing the rig ends every process that it started; it may be closed from any thread, more than once.
 */
public final class PairRig implements AutoCloseable {
    /** The line rate of the 1 ms profile. */
    private static final int BAUD = 921_600;

    private static final String[] NETWORK = {"a", "b"};

    private final NodeKit kit;
    private final Path run;
    private final BoardPower[] power = {new BoardPower(), new BoardPower()};
    private final List<AutoCloseable> parts = Collections.synchronizedList(new ArrayList<>());
    private final UdpRelay[] networks = new UdpRelay[2];
    /** Identity connections, by the board that connects and by network. */
    private final TcpRelay[][] identity = new TcpRelay[2][2];
    private final UartRelay uart;
    private final WireSwitch wire;
    private final Plant plant;
    private final BoardProcess[] boards = new BoardProcess[2];

    /**
     * Builds everything but starts no node.
     *
     * @param directory an empty directory for configuration, key, state and logs
     * @param run an empty directory for mapped files, best in memory
     * @param outputCapacity outputs that the plant can record for each board
     * @param paceUart whether the serial line takes the time that a real one would
     */
    public PairRig(NodeKit kit, Path directory, Path run, int outputCapacity, boolean paceUart, RandomGenerator random)
            throws IOException {
        this.kit = kit;
        this.run = run;
        Runnable setup = kit.threadSetup();
        try {
            RigAddresses addresses = new RigAddresses(random);
            Path key = directory.resolve("pair.key");
            kit.writeKey(key);
            Path state = Files.createDirectory(directory.resolve("state"));
            RigConfig config = RigConfig.defaults(key, state, run, BAUD);

            plant = keep(new Plant(addresses.plant(), new PathFaults[] {toWorld(0), toWorld(1)}, outputCapacity, setup));
            uart = keep(new UartRelay(paceUart ? BAUD : 0, bothWays(), setup));
            Path wireFile = run.resolve("gpio-wire");
            wire = kit.createWire(wireFile);
            for (int network = 0; network < 2; network++) {
                addNetwork(addresses, network, config, setup);
            }
            for (int board = 0; board < 2; board++) {
                String table = table(board);
                config.string(table, "uart", uart.device(board))
                        .string(table, "gpio", "sim:" + wireFile)
                        .string(table, "stream-to", RigAddresses.text(plant.inlet(board)));
            }
            Path configFile = Files.writeString(directory.resolve("hotpair.toml"), config.toToml());
            for (int board = 0; board < 2; board++) {
                boards[board] = new BoardProcess(
                        kit.command(board, configFile), directory, directory.resolve("board-" + NETWORK[board] + ".log"));
            }
            // Everything that a power cut calls has been called once, so that the first cut is as sharp as the others.
            powerOn(0);
            powerOn(1);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void addNetwork(RigAddresses addresses, int network, RigConfig config, Runnable setup) throws IOException {
        String name = NETWORK[network];
        InetSocketAddress[] heartbeat = new InetSocketAddress[2];
        InetSocketAddress[] identityPort = new InetSocketAddress[2];
        for (int board = 0; board < 2; board++) {
            heartbeat[board] = RigAddresses.freeUdp(addresses.board(board, network));
            identityPort[board] = RigAddresses.freeTcp(addresses.board(board, network));
        }
        networks[network] = keep(new UdpRelay("network-" + name, heartbeat,
                new InetAddress[] {addresses.standInFor(1, network), addresses.standInFor(0, network)}, bothWays(), power, setup));
        config.string("network." + name, "checkpoint", checkpoint(0, network));
        for (int board = 0; board < 2; board++) {
            int peer = 1 - board;
            identity[board][network] = keep(new TcpRelay("identity-" + name, addresses.standInFor(peer, network),
                    addresses.standInFor(board, network), identityPort[peer], between(board, peer), between(peer, board)));
            config.string(table(board), "network-" + name, RigAddresses.text(heartbeat[board]))
                    .string(table(board), "peer-" + name, RigAddresses.text(networks[network].addressFacing(board)))
                    .string(table(board), "identity-" + name, RigAddresses.text(identityPort[board]))
                    .string(table(board), "peer-identity-" + name, RigAddresses.text(identity[board][network].address()))
                    .string(table(board), "checkpoint-" + name, checkpoint(board, network));
        }
    }

    private String checkpoint(int board, int network) {
        return "udp:" + RigAddresses.text(networks[network].addressFacing(board));
    }

    private static String table(int board) {
        return "board." + NETWORK[board];
    }

    private PathFaults[] bothWays() {
        return new PathFaults[] {between(0, 1), between(1, 0)};
    }

    private PathFaults between(int from, int to) {
        return new PathFaults(power[from], power[to]);
    }

    private PathFaults toWorld(int from) {
        return new PathFaults(power[from], new BoardPower());
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    /** The witness. */
    public Plant plant() {
        return plant;
    }

    /** A network (0 or 1) between the boards. */
    public UdpRelay network(int network) {
        return networks[network];
    }

    /** The serial line between the boards. */
    public UartRelay uart() {
        return uart;
    }

    /** The processes of a board. */
    public BoardProcess board(int boardId) {
        return boards[boardId];
    }

    /** A new view of a board, for one thread. */
    public BoardView view(int boardId) {
        return kit.view(boardId, run);
    }

    /** Whether the world can hear the board. */
    public boolean powered(int boardId) {
        return power[boardId].on();
    }

    /** Starts a board's node. */
    public void start(int boardId) throws IOException {
        // Nobody had the device open: what arrived meanwhile was never received.
        uart.forgetUnread(boardId);
        boards[boardId].start();
    }

    /** Kills the node process; its guard lives. @return the instant right before */
    public long kill(int boardId) throws IOException {
        boards[boardId].noteChildren();
        return boards[boardId].signal(LinuxCalls.SIGKILL);
    }

    /** Stops the node process. @return the instant right before */
    public long stop(int boardId) throws IOException {
        return boards[boardId].signal(LinuxCalls.SIGSTOP);
    }

    /** Lets a stopped node process go on. @return the instant right before */
    public long resume(int boardId) throws IOException {
        return boards[boardId].signal(LinuxCalls.SIGCONT);
    }

    /** Takes everything of a board off the world at once. The processes go on, unheard. @return the instant right before */
    public long powerOff(int boardId) {
        boards[boardId].noteChildren();
        long beforeNs = System.nanoTime();
        power[boardId].set(false);
        wire.powered(boardId, false);
        return beforeNs;
    }

    /** Restores the power of a board whose processes are gone; nothing of its former life is left on any path. */
    public void powerOn(int boardId) {
        for (int network = 0; network < 2; network++) {
            // A connection runs between both boards, whoever made it.
            identity[0][network].dropConnections();
            identity[1][network].dropConnections();
        }
        wire.powered(boardId, true);
        power[boardId].set(true);
    }

    @Override
    public void close() {
        for (BoardProcess board : boards) {
            if (board != null) {
                try {
                    board.retire();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        synchronized (parts) {
            for (AutoCloseable part : parts.reversed()) {
                try {
                    part.close();
                } catch (Exception e) {
                    // The process is about to end, and the kernel closes what is left.
                    Thread.yield();
                }
            }
            parts.clear();
        }
    }
}
