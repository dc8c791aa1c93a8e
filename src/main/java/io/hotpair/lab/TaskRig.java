package io.hotpair.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Two boards on one machine that run a task: both networks straight over loopback, a GPIO wire, checkpoints that answer. Nothing in between, so what
 * is measured is the pair. Closing it ends every process that it started.
 */
public final class TaskRig implements AutoCloseable {
    private static final int BAUD = 921_600;
    private static final String[] LETTER = {"a", "b"};
    private static final long GONE_WITHIN_MS = 10_000;
    private static final long PATIENCE_NS = 120_000_000_000L;
    /** Rarely enough that who waits costs the boards nothing. */
    private static final long LOOK_NS = 10_000_000;
    private static final int LOG_LINES = 15;
    private static final String SYNC_STATE = "group0.syncState";
    private static final long HOT = 2;

    private final Path run;
    private final NodeKit kit;
    private final RigAddresses addresses = new RigAddresses(new SplittableRandom(System.nanoTime()));
    private final RigConfig config;
    private final Path directory;
    private final Path state;
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
        state = Files.createDirectory(directory.resolve("state"));
        config = RigConfig.defaults(key, state, run, BAUD);
        Path wire = run.resolve("gpio-wire");
        kit.createWire(wire);
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
            TcpCheckpoint checkpoint = new TcpCheckpoint(addresses.checkpoint(network), kit.threadSetup());
            parts.add(checkpoint);
            config.string("network." + LETTER[network], "checkpoint", "tcp:" + RigAddresses.text(checkpoint.address()));
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
        return killPrepared(boardId);
    }

    /** What takes a while before either board can be killed: the state of the pair is looked at between this and {@link #killPrepared}. */
    void prepareKill() {
        for (BoardProcess board : boards) {
            board.noteChildren();
        }
    }

    /** As {@link #kill}, after {@link #prepareKill}. */
    long killPrepared(int boardId) throws IOException {
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

    /** Kills both boards and removes what they have stored: they start from nothing. */
    public void reset() throws IOException, InterruptedException {
        for (BoardProcess board : boards) {
            if (!board.killAll()) {
                throw new IOException("a killed process is still there");
            }
        }
        try (Stream<Path> stored = Files.walk(state)) {
            for (Path path : stored.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        Files.createDirectory(state);
    }

    /**
     * Waits until one board leads and the other is in step, and both have rehearsed a promotion.
     *
     * @return who leads
     * @throws IOException if that takes longer than two minutes
     */
    public static int awaitWhole(CountersView[] views) throws IOException {
        int[] primary = {-1};
        await("the pair did not become whole", () -> {
            primary[0] = primaryOfWhole(views);
            return primary[0] >= 0;
        });
        return primary[0];
    }

    /** Who leads a pair of which the other board is in step, as both say, or -1 while that is not so. */
    public static int primaryOfWhole(CountersView[] views) {
        return whole(views, 0) ? 0 : whole(views, 1) ? 1 : -1;
    }

    private static boolean whole(CountersView[] views, int primary) {
        return is(views[primary], BoardView.PRIMARY) && is(views[1 - primary], BoardView.STANDBY) && views[1 - primary].inSync()
                && saysHot(views[0]) && saysHot(views[1]) && rehearsed(views[0]) && rehearsed(views[1]);
    }

    /** Whether the board says that the standby is in step, by the newest look at its file, which may be that of a board that is dead. */
    static boolean saysHot(CountersView view) {
        return view.value(SYNC_STATE) == HOT;
    }

    /**
     * A board that other work kept from its rehearsal may lead, but runs code that is not compiled, and a load that suits a pair is too much for it.
     */
    static boolean rehearsed(CountersView view) {
        return view.refresh() && view.value("node.rehearsed") == 1;
    }

    /** Whether the board is there and has this role. */
    public static boolean is(CountersView view, String role) {
        return view.refresh() && view.role().equals(role);
    }

    /** Waits. @throws IOException saying {@code otherwise} if it takes longer than a minute */
    public static void await(String otherwise, BooleanSupplier condition) throws IOException {
        long sinceNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - sinceNs > PATIENCE_NS) {
                throw new IOException(otherwise + " within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS) + " s");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** What both boards said last, lines to be added to a message. */
    public String logs() {
        StringBuilder text = new StringBuilder();
        for (int board = 0; board < 2; board++) {
            text.append(System.lineSeparator()).append("board ").append(board == 0 ? "A" : "B").append(" said last:");
            boards[board].logTail(LOG_LINES).forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
        }
        return text.toString();
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
