package io.hotpair.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Two boards on one machine that run a task: both networks straight over loopback, a GPIO wire, checkpoints that answer. Nothing in between, so what is
 * measured is the pair. Closing it ends every process that it started.
 */
public final class TaskRig implements AutoCloseable {
    private static final int BAUD = 921_600;
    private static final String[] LETTER = {"a", "b"};
    private static final long GONE_WITHIN_MS = 10_000;

    private final Path run;
    private final NodeKit kit;
    private final RigAddresses addresses = new RigAddresses(new SplittableRandom(System.nanoTime()));
    private final RigConfig config;
    private final Path directory;
    private final InetSocketAddress[] inputs = new InetSocketAddress[2];
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final BoardProcess[] boards = new BoardProcess[2];

    /**
     * @param directory an empty directory for configuration, key, state and logs
     * @param run an empty directory for mapped files, best in memory
     * @param input name of the task's one input port
     */
    public TaskRig(NodeKit kit, Path directory, Path run, String input) throws IOException {
        this.kit = kit;
        this.directory = directory;
        this.run = run;
        Path key = directory.resolve("pair.key");
        kit.writeKey(key);
        config = RigConfig.defaults(key, Files.createDirectory(directory.resolve("state")), run, BAUD);
        Path wire = run.resolve("gpio-wire");
        kit.createWire(wire);
        CheckpointResponders checkpoints = new CheckpointResponders(new InetAddress[] {addresses.checkpoint(0), addresses.checkpoint(1)},
                kit.threadSetup());
        parts.add(checkpoints);
        for (int board = 0; board < 2; board++) {
            for (int network = 0; network < 2; network++) {
                config.string("board." + LETTER[board], "network-" + LETTER[network],
                        RigAddresses.text(RigAddresses.freeUdp(addresses.board(board, network))));
            }
            config.string("board." + LETTER[board], "gpio", "sim:" + wire);
            inputs[board] = RigAddresses.freeUdp(addresses.board(board, 0));
            config.string("input." + input, "board-" + LETTER[board], RigAddresses.text(inputs[board]));
        }
        for (int network = 0; network < 2; network++) {
            config.string("network." + LETTER[network], "checkpoint", "tcp:" + RigAddresses.text(checkpoints.address(0, network)));
        }
    }

    /** A text of the configuration; before {@link #write}. */
    public TaskRig set(String table, String key, Object value) {
        config.string(table, key, value);
        return this;
    }

    /** A number or a flag of the configuration, as TOML. */
    public TaskRig setRaw(String table, String key, String toml) {
        config.raw(table, key, toml);
        return this;
    }

    /** Writes the configuration; boards can be started now. */
    public void write() throws IOException {
        Path file = Files.writeString(directory.resolve("hotpair.toml"), config.toToml());
        for (int board = 0; board < 2; board++) {
            boards[board] = new BoardProcess(kit.command(board, file), directory, directory.resolve("board-" + LETTER[board] + ".log"));
        }
    }

    /** Where the outside world listens. */
    public InetAddress world() throws IOException {
        return addresses.plant();
    }

    /** Where each board receives the input. */
    public InetSocketAddress[] inputs() {
        return inputs.clone();
    }

    /** The processes of a board. */
    public BoardProcess board(int boardId) {
        return boards[boardId];
    }

    /** A new view of a board, for one thread. */
    public CountersView view(int boardId) {
        return (CountersView) kit.view(boardId, run);
    }

    /** Starts a board's node. */
    public void start(int boardId) throws IOException {
        boards[boardId].start();
    }

    /** Kills the node process; its guard and its task live. @return the instant right before */
    public long kill(int boardId) throws IOException {
        boards[boardId].noteChildren();
        return boards[boardId].signal(LinuxCalls.SIGKILL);
    }

    /** After {@link #kill}: waits until the guard and the task are gone too. @return whether they went by themselves */
    public boolean awaitGone(int boardId) throws InterruptedException {
        boolean bySelf = boards[boardId].awaitGone(GONE_WITHIN_MS);
        if (!bySelf) {
            boards[boardId].killAll();
        }
        return bySelf;
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
        for (AutoCloseable part : parts.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                Thread.yield(); // the process is about to end, and the kernel closes what is left
            }
        }
        parts.clear();
    }
}
