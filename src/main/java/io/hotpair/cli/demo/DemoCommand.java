package io.hotpair.cli.demo;

import com.fasterxml.jackson.jr.ob.JSON;
import io.hotpair.cli.demo.tank.TankDemo;
import io.hotpair.cli.demo.tank.TankDisplay;
import io.hotpair.lab.Drill;
import io.hotpair.lab.DrillObserver;
import io.hotpair.lab.DrillPlan;
import io.hotpair.lab.DrillResult;
import io.hotpair.lab.FaultKind;
import io.hotpair.lab.NodeKit;
import io.hotpair.lab.PairRig;
import io.hotpair.lab.TerminalDevice;
import io.hotpair.lab.Workspace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code hotpair demo}. */
@Command(
        name = "demo",
        description = {
            "Runs a pair on this machine, without hardware or root, and takes its primary away again and again.",
            "Two real nodes are connected through relays; a plant outside judges every takeover."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  hotpair demo --runs 1 --faults kill,power",
            "",
            "Exit codes: 0 every takeover kept its promise, 1 one did not, 2 usage, 3 the machine lacks something."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final int KEPT = 0;
    private static final int BROKEN = 1;
    private static final int ENVIRONMENT = 3;

    private static final int RUNS_MAX = 1000;
    private static final int RUNS = 5;
    /** So that the tank takes no longer than the faults do: each kill is followed by a whole start, and by seconds in which the level is watched. */
    private static final int TANK_RUNS = 2;
    private static final int HANG_MIN_MS = 20;
    private static final int HANG_MAX_MS = 5_000;
    /** Far above every target, so that a noisy machine fails no promise. */
    private static final int BOUND_MS = 1_000;
    /** A few seconds, of which most is the rehearsal at low priority; much more where other work fills the processors. */
    private static final int RECOVERY_MS = 60_000;
    private static final int LOG_LINES = 15;
    /** 128 + SIGINT, as a shell reports it. */
    private static final int INTERRUPTED = 130;

    private final NodeKit kit;

    private volatile boolean ending;

    @Spec
    private CommandSpec spec;

    @Option(names = "--runs", paramLabel = "N", description = "How often each fault is brought about (default: 5; with --task tank 2).")
    private Integer runsWanted;

    @Option(
            names = "--faults",
            paramLabel = "LIST",
            split = ",",
            defaultValue = "kill,hang,power",
            converter = FaultConverter.class,
            description = "Faults to bring about, in turn: kill, hang, power (default: ${DEFAULT-VALUE}).")
    private List<FaultKind> faults;

    @Option(names = "--hang-ms", paramLabel = "MS", defaultValue = "100", description = "How long a hanging board stands still (default: ${DEFAULT-VALUE}).")
    private int hangMs;

    @Option(names = "--json", description = "One JSON document on the standard output; progress goes to the standard error.")
    private boolean json;

    @Option(names = "--plain", description = "Plain lines instead of the live display.")
    private boolean plain;

    @Option(names = "--no-uart-pacing", description = "Let the serial line deliver at once instead of at its baud rate.")
    private boolean noUartPacing;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats the random choices of an earlier run.")
    private Long seed;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "Run a task instead of the built-in stream and kill its primary --runs times: tank, whose level the pair holds.")
    private String task;

    @Option(names = "--keep", description = "Keep the directory with configuration, state and logs, and say where it is.")
    private boolean keep;

    /** @param kit how nodes are run and looked at */
    public DemoCommand(NodeKit kit) {
        this.kit = kit;
    }

    /** Reads the name of a fault. */
    static final class FaultConverter implements ITypeConverter<FaultKind> {
        @Override
        public FaultKind convert(String value) {
            for (FaultKind kind : FaultKind.values()) {
                if (kind.name().equals(value.strip().toUpperCase(Locale.ROOT))) {
                    return kind;
                }
            }
            throw new TypeConversionException("'" + value + "' is not one of kill, hang, power");
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        int runs = runsWanted != null ? runsWanted : task != null ? TANK_RUNS : RUNS;
        require("--runs", runs, 1, RUNS_MAX);
        require("--hang-ms", hangMs, HANG_MIN_MS, HANG_MAX_MS);
        long chosenSeed = seed != null ? seed : System.nanoTime();
        if (task != null) {
            return tank(runs, chosenSeed);
        }
        DrillPlan plan = new DrillPlan(runs, faults, hangMs, BOUND_MS, RECOVERY_MS, chosenSeed);
        try (Workspace workspace = new Workspace()) {
            if (keep) {
                workspace.keep();
                System.err.println("everything is kept in " + workspace.directory() + " and " + workspace.run());
            }
            return run(plan, workspace);
        } catch (IOException e) {
            System.err.println("hotpair demo: " + e.getMessage());
            return ENVIRONMENT;
        }
    }

    private int tank(int runs, long chosenSeed) throws InterruptedException {
        if (!task.equals("tank")) {
            throw new ParameterException(spec.commandLine(), "--task is tank, not " + task);
        }
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"));
        PrintStream screen = new PrintStream(new FileOutputStream(FileDescriptor.out), false, charset);
        TankDisplay display = new TankDisplay(json ? System.err : screen, wantsDisplay(), charset.equals(StandardCharsets.UTF_8));
        try {
            TankDemo.Result result = new TankDemo(kit, runs, chosenSeed, display).run();
            if (json) {
                System.out.println(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(Map.of("kept", result.kept(), "gapsMs", result.gapsMs(),
                        "calmGapMs", result.calmGapMs(),
                        "largestDeviationM", result.end().largestDeviationM(), "calmDeviationM", result.calmDeviationM(),
                        "commands", result.end().commands(), "repeated", result.end().repeated(), "broken", result.broken())));
            } else {
                display.report(result);
            }
            return result.kept() ? KEPT : BROKEN;
        } catch (IOException e) {
            System.err.println("hotpair demo: " + e.getMessage());
            return ENVIRONMENT;
        }
    }

    private int run(DrillPlan plan, Workspace workspace) throws IOException, InterruptedException {
        PairRig rig = new PairRig(kit, workspace.directory(), workspace.run(), plan.outputCapacity(), !noUartPacing,
                new SplittableRandom(plan.seed()));
        DemoStatus status = new DemoStatus();
        LiveDisplay display = wantsDisplay() ? newDisplay(rig, status) : null;
        DrillObserver progress = new PlainProgress(json ? System.err : System.out);
        Thread cleaner = new Thread(() -> {
            ending = true;
            if (display != null) {
                display.close();
            }
            rig.close();
            workspace.close();
        }, "cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        DrillResult result;
        try {
            result = new Drill(rig, plan, display == null ? progress : status).run();
        } catch (IOException e) {
            if (ending) {
                return INTERRUPTED;
            }
            throw e;
        } finally {
            // In this order: the terminal is whole again even if a process is slow to die.
            if (display != null) {
                display.close();
            }
            rig.close();
        }
        if (ending) {
            return INTERRUPTED;
        }
        if (json) {
            new DemoJson(result, plan.seed()).write(System.out);
        } else {
            new DemoReport(result, plan.seed()).print(System.out);
        }
        if (!result.kept()) {
            printLogs(rig);
        }
        workspace.close();
        removeHook(cleaner);
        return result.kept() ? KEPT : BROKEN;
    }

    private static void removeHook(Thread cleaner) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook does the same again, which is harmless.
        }
    }

    private static void printLogs(PairRig rig) {
        for (int board = 0; board < 2; board++) {
            List<String> lines = rig.board(board).logTail(LOG_LINES);
            System.err.println("board " + (board == 0 ? "A" : "B") + (lines.isEmpty() ? " was not started, or said nothing" : " said last:"));
            lines.forEach(line -> System.err.println("  " + line));
        }
    }

    private void require(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + ", allowed " + min + " to " + max);
        }
    }

    private boolean wantsDisplay() {
        if (json || plain || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        TerminalDevice terminal = new TerminalDevice(TerminalDevice.STANDARD_OUTPUT);
        return terminal.present() && terminal.columns() >= LiveDisplay.COLUMNS && terminal.rows() >= LiveDisplay.ROWS;
    }

    private static LiveDisplay newDisplay(PairRig rig, DemoStatus status) {
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"));
        boolean unicode = charset.equals(StandardCharsets.UTF_8);
        String noColour = System.getenv("NO_COLOR");
        PrintStream screen = new PrintStream(new FileOutputStream(FileDescriptor.out), false, charset);
        return new LiveDisplay(screen, noColour == null || noColour.isEmpty(), unicode, rig, status);
    }
}
