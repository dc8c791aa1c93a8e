package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.Role;
import io.hotpair.drivers.linux.CompilerThreads;
import io.hotpair.node.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/**
 * Before a board may lead it rehearses its promotion: two boards made of the very classes that will run, duty cycle, sockets and counters file
 * included, joined by socket pairs and driven by a made-up clock, start, follow and replace each other against outputs that go nowhere, until
 * the code that a real takeover runs is compiled.
 *
 * <p>It has three parts, one after the other on any thread: {@link #acquaint}, so that the real duty cycle meets no class for the first time;
 * {@link #run}; {@link #close}.
 */
final class Rehearsal implements AutoCloseable {
    /** In intervals of the heartbeat. */
    private static final int SHORT_REIGN = 14;
    private static final int REIGN = 100;
    /** So many reigns call each cycle's code often enough for the compiler to want it (after 200 calls), twice over. */
    private static final int BUSY_REIGNS = 3;
    /** After that what is left is to wait for the compiler, and not in its way: until so many reigns in succession find it asleep. */
    private static final int QUIET_REIGNS = 3;
    private static final long PAUSE_NS = 5_000_000;
    /** Of such pauses before the next reign at the latest. */
    private static final int PAUSES = 40;
    private static final int MOST_REIGNS = 100;
    /** Never sleeps: the clock is made up, and a cycle that is not due yet would wait for a real one. */
    private static final Config.Realtime SPINNING = new Config.Realtime(0, OptionalInt.empty(), false, true, false);

    private final Path folder;
    private final Resources resources = new Resources();
    private final RehearsalBoard[] boards = new RehearsalBoard[2];
    private final long intervalNs;
    private final RehearsalTask task;
    private long nowNs = 1;
    private int bootId;
    private long outputs;

    /** What a rehearsal came to. @param compiled whether it ended for that reason, not because it had gone on long enough */
    record Result(int reigns, long outputs, boolean compiled) {}

    /**
     * @param own the configuration of this board; the other one gets the same with the other id
     * @param folder for mapped files, made and removed
     * @param replicated whether a task is replicated, not the built-in stream
     * @throws IOException if the kernel does not give what it takes
     */
    Rehearsal(CoreConfig own, byte[] key, Path folder, boolean replicated) throws IOException {
        this.folder = folder;
        intervalNs = own.intervalNs();
        task = replicated ? resources.add(new RehearsalTask(() -> nowNs, intervalNs)) : null;
        Files.createDirectories(folder);
        try {
            for (int board = 0; board < 2; board++) {
                boards[board] = resources.add(new RehearsalBoard(eager(own, board), key, folder.resolve("ab".substring(board, board + 1)),
                        () -> nowNs));
                boards[board].run(task);
            }
            boards[0].connect(boards[1]);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The same settings but for the time that a start waits for nothing. */
    private static CoreConfig eager(CoreConfig own, int board) {
        long settleNs = 2 * own.takeoverBoundNs() + own.intervalNs();
        return new CoreConfig(board, own.groups(), own.onSilence(), own.intervalNs(), own.misses(), own.leaseNs(), own.marginNs(),
                own.arbitrationNs(), settleNs, settleNs, own.checkpointIntervalNs(), own.channelIntervalNs(), own.handoverThreshold(),
                own.voluntaryChanges(), own.dampingWindowNs());
    }

    /** A start, a reign and a takeover in as few cycles as it takes. */
    void acquaint() throws IOException {
        boot(0);
        boot(1);
        reign(SHORT_REIGN);
        replace();
        reign(SHORT_REIGN);
    }

    /** After {@link #acquaint}: reigns, each ended by the death of the primary, until their code is compiled. */
    Result run() throws IOException {
        if (task != null) {
            task.enlarge();
        }
        int quiet = 0;
        int reigns = 0;
        while (quiet < QUIET_REIGNS && reigns < MOST_REIGNS) {
            if (reigns >= BUSY_REIGNS) {
                awaitCompiler();
            }
            replace();
            reign(REIGN);
            reigns++;
            quiet = reigns > BUSY_REIGNS && CompilerThreads.asleep() ? quiet + 1 : 0;
        }
        return new Result(reigns, outputs, quiet == QUIET_REIGNS);
    }

    private static void awaitCompiler() throws IOException {
        for (int i = 0; i < PAUSES && !CompilerThreads.asleep(); i++) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void boot(int board) throws IOException {
        boards[board].boot(++bootId, nowNs);
    }

    /** The primary dies and starts again. */
    void replace() throws IOException {
        int primary = boards[0].role() == Role.PRIMARY ? 0 : 1;
        outputs += boards[primary].outputs();
        boot(primary);
    }

    void reign(int intervals) {
        long endNs = nowNs + intervals * intervalNs;
        while (nowNs - endNs < 0) {
            boards[0].cycle();
            boards[1].cycle();
            nowNs = Math.max(nowNs, Math.min(boards[0].dueNs(), boards[1].dueNs()));
        }
    }

    @Override
    public void close() {
        resources.close();
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // The run directory is emptied with the machine; a file of a rehearsal in it harms nobody.
            return;
        }
    }

    /** How the boards of a rehearsal run. */
    static Config.Realtime realtime() {
        return SPINNING;
    }
}
