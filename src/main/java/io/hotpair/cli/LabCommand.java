package io.hotpair.cli;

import io.hotpair.lab.BulkTask;
import io.hotpair.lab.CountingTask;
import io.hotpair.lab.Distribution;
import io.hotpair.lab.KillDrill;
import io.hotpair.lab.NodeKit;
import io.hotpair.lab.RestartStorm;
import io.hotpair.lab.SnapshotDrill;
import io.hotpair.lab.StartDrill;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code hotpair lab}: drills with real nodes on this machine that take minutes; part of the tests. */
@Command(
        name = "lab",
        description = {
            "For developers: drills with real nodes on this machine that take minutes.",
            "Each judges what it sees and ends with 1 if a promise was broken."},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = OscillatorCommand.class,
        versionProvider = Hotpair.Version.class,
        footerHeading = "%nExample:%n",
        footer = {"  hotpair lab starts", "  hotpair help lab storm"})
final class LabCommand implements Runnable {
    private static final double NS_PER_MS = 1e6;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private final NodeKit kit;

    LabCommand(NodeKit kit) {
        this.kit = kit;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a drill is missing");
    }

    private static double ms(long ns) {
        return ns / NS_PER_MS;
    }

    /** {@code hotpair lab starts}. */
    @Command(
            name = "starts",
            description = "Starts both boards at once, skewed by up to 50 ms: one must lead, the earlier one where that can be told.",
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = {
                "  hotpair lab starts --count 10 --seed 7   (some 5 s a start)",
                "",
                "A line a start: by how much later B was asked to start, and did start by the boards' own account;",
                "by how much that may be wrong; who led, its term, and when that was decided."})
    int starts(
            @Option(names = "--count", paramLabel = "N", defaultValue = "50", description = "1 to 10000 (default ${DEFAULT-VALUE})") int count,
            @Option(names = "--seed", paramLabel = "N", description = "repeats the skews of an earlier run") Long seed)
            throws InterruptedException {
        if (count < 1 || count > 10_000) {
            throw new ParameterException(spec.subcommands().get("starts"), "--count is 1 to 10000");
        }
        long chosenSeed = seed == null ? System.nanoTime() : seed;
        PrintWriter out = spec.commandLine().getOut();
        out.printf("seed %d; skew: how much later B started, asked for and by the boards' own account%n", chosenSeed);
        out.printf("%5s %10s %10s %10s  %-8s %6s %10s%n", "start", "asked ms", "own ms", "noise ms", "primary", "term", "decided ms");
        int[] number = {0};
        List<StartDrill.Start> outcomes;
        try {
            outcomes = new StartDrill(kit, count, chosenSeed, start -> {
                String remark = !start.broken().isEmpty() ? "NOT AS PROMISED: " + start.broken()
                        : (start.observable() ? "" : "too close to tell ") + (start.moves() == 0 ? "" : "moved " + start.moves() + " times since");
                out.printf("%5d %10.1f %10.1f %10.1f  %-8s %6d %10.0f  %s%n", ++number[0], ms(start.askedSkewNs()), ms(start.skewNs()),
                        ms(start.noiseNs()),
                        start.primary() < 0 ? "-" : start.primary() == 0 ? "A" : "B", start.term(), ms(start.decidedNs()), remark);
                start.evidence().forEach(line -> out.println("      " + line));
                out.flush();
            }).run();
        } catch (IOException e) {
            throw new EnvironmentException("lab: " + e.getMessage(), e);
        }
        long broken = outcomes.stream().filter(start -> !start.broken().isEmpty()).count();
        long observable = outcomes.stream().filter(StartDrill.Start::observable).count();
        Distribution decided = new Distribution(outcomes.stream().mapToLong(StartDrill.Start::decidedNs).toArray());
        out.printf("%d starts: A led %d times, B %d times; %d told apart by more than %.0f ms and the machine's noise; decided after %.0f ms (median), %.0f ms (most); %s%n",
                outcomes.size(), outcomes.stream().filter(start -> start.primary() == 0).count(),
                outcomes.stream().filter(start -> start.primary() == 1).count(), observable, ms(StartDrill.OBSERVABLE_SKEW_NS),
                ms(decided.median()), ms(decided.max()), broken == 0 ? "all as promised" : broken + " NOT AS PROMISED");
        return broken == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    /** {@code hotpair lab storm}. */
    @Command(
            name = "storm",
            description = "Kills one board and starts it again, over and over, while the other serves; then kills that one. Both ways round.",
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = {
                "  hotpair lab storm --restarts 10 --seconds 30",
                "",
                "A line a board: how often it was restarted, what the outputs of the other one suffered meanwhile,",
                "and how long it took to replace that one at the end."})
    int storm(
            @Option(names = "--restarts", paramLabel = "N", defaultValue = "50", description = "1 to 10000 (default ${DEFAULT-VALUE})") int restarts,
            @Option(names = "--seconds", paramLabel = "S", defaultValue = "60", description = "longest storm, 1 to 3600 (default ${DEFAULT-VALUE})")
                    int seconds)
            throws InterruptedException {
        if (restarts < 1 || restarts > 10_000 || seconds < 1 || seconds > 3600) {
            throw new ParameterException(spec.subcommands().get("storm"), "--restarts is 1 to 10000, --seconds 1 to 3600");
        }
        PrintWriter out = spec.commandLine().getOut();
        List<RestartStorm.Storm> storms;
        try {
            storms = new RestartStorm(kit, restarts, seconds, step -> {
                out.println(step);
                out.flush();
            }).run();
        } catch (IOException e) {
            throw new EnvironmentException("lab: " + e.getMessage(), e);
        }
        boolean kept = true;
        for (RestartStorm.Storm storm : storms) {
            out.printf("board %s: %d restarts in %.1f s, %d of them as far as hearing the peer; %d role changes of the other, all after late cycles; the stream's gaps in ms: median %.2f, p99 %.2f, largest %.2f "
                            + "(undisturbed %.2f, %.2f, %.2f); then took over in %.2f ms; lost %d, doubled %d%n",
                    storm.stormed() == 0 ? "A" : "B", storm.restarts(), ms(storm.durationNs()) / 1e3, storm.heard(), storm.excused(), ms(storm.gapsNs().median()),
                    ms(storm.gapsNs().percentile(99)), ms(storm.gapsNs().max()), ms(storm.calmGapsNs().median()),
                    ms(storm.calmGapsNs().percentile(99)), ms(storm.calmGapsNs().max()), ms(storm.takeoverNs()), storm.lost(), storm.doubled());
            for (String broken : storm.broken()) {
                out.println("NOT AS PROMISED: " + broken);
                kept = false;
            }
        }
        out.println(kept ? "all as promised" : "promises broken");
        return kept ? ExitCode.OK : ExitCode.FAILED;
    }

    /** {@code hotpair lab kills}. */
    @Command(
            name = "kills",
            description = "Kills the primary of a pair that runs a task under load, again and again: nothing acknowledged may be lost, nothing executed"
                    + " twice.",
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = {
                "  hotpair lab kills --count 200   (some 7 s a kill on two cores)",
                "",
                "A kill comes at a random moment, but only when both boards say that the standby is in step; it",
                "counts as a double fault, and is not judged, where the killed board had said otherwise in its",
                "last millisecond. The pair's configuration is the standard one but for [damping]: window = \"1 s\",",
                "voluntary-changes = 100, handover-threshold = 200, for what happens here is what damping is for."})
    int kills(
            @Option(names = "--count", paramLabel = "N", defaultValue = "20", description = "1 to 100000 (default ${DEFAULT-VALUE})") int count,
            @Option(names = "--rate", paramLabel = "N", defaultValue = "20000",
                    description = "inputs a second, 1 to 200000 (default ${DEFAULT-VALUE})")
                    int rate,
            @Option(names = "--rest-rate", paramLabel = "N",
                    description = "the same while the killed board starts again, up to when the pair is whole; as --rate unless given. Less makes a"
                            + " start shorter where two cores carry both boards and the load; the result says so")
                    Integer restRate,
            @Option(names = "--no-rehearsal", description = "set realtime.rehearse = false: several times as many kills in the same time, with slower takeovers")
                    boolean noRehearsal,
            @Option(names = "--in-process", description = "run the task in the node's process instead of its own") boolean inProcess,
            @Option(names = "--storage", paramLabel = "KIND", defaultValue = "none", description = "none or mirror (default ${DEFAULT-VALUE})")
                    String storage,
            @Option(names = "--commit", paramLabel = "RULE", defaultValue = "both", description = "one, both or durable (default ${DEFAULT-VALUE})")
                    String commit,
            @Option(names = "--seed", paramLabel = "N", description = "repeats the moments of an earlier run") Long seed,
            @Option(names = "--keep", description = "keep the directories with configuration, state and logs, and say where they are") boolean keep,
            @CommandLine.Mixin JsonOption json)
            throws InterruptedException {
        CommandLine command = spec.subcommands().get("kills");
        int rest = restRate == null ? rate : restRate;
        if (count < 1 || count > 100_000 || rate < 1 || rate > 200_000 || rest < 1 || rest > rate) {
            throw new ParameterException(command, "--count is 1 to 100000, --rate 1 to 200000, --rest-rate 1 to --rate");
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            KillDrill.Plan plan = new KillDrill.Plan(count, rate, rest, !noRehearsal, inProcess, storage, commit, CountingTask.class, keep,
                    seed == null ? System.nanoTime() : seed);
            KillDrill.Result result = new KillDrill(kit, plan, step -> {
                err.println(step);
                err.flush();
            }).run();
            json.print(command.getCommandSpec(), KillsReport.asMap(plan, result), out -> KillsReport.print(out, plan, result));
            return result.kept() ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException e) {
            throw new EnvironmentException("lab: " + e.getMessage(), e);
        }
    }

    /** {@code hotpair lab snapshot}. */
    @Command(
            name = "snapshot",
            description = "Kills the standby of a pair whose task has a large state and starts it again, so that the whole state is transferred: no"
                    + " cycle of either board may be later than the lease meanwhile, and a small state may make no input wait.",
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = {
                "  hotpair lab snapshot --count 10 --mib 1,16   (some 15 s a transfer on two cores)",
                "",
                "Beside the figures of the transfers stand those of as many seconds of the same pairs without one:",
                "what the machine does to any pair. Only cycles that are late by 0.75 ms are known one by one. A state",
                "of up to 1 MiB may make no input wait for more than 10 ms; of a larger one that is not promised."})
    int snapshot(
            @Option(names = "--count", paramLabel = "N", defaultValue = "10",
                    description = "transfers of each size, 1 to 1000 (default ${DEFAULT-VALUE})")
                    int count,
            @Option(names = "--mib", paramLabel = "LIST", split = ",", defaultValue = "1,16",
                    description = "sizes of the state, MiB, 1 to 64 (default ${DEFAULT-VALUE})")
                    List<Integer> mib,
            @Option(names = "--rate", paramLabel = "N", defaultValue = "1000", description = "inputs a second, 1 to 2000 (default ${DEFAULT-VALUE})")
                    int rate,
            @Option(names = "--in-process", description = "the task runs in the node's process, not in its own") boolean inProcess,
            @Option(names = "--keep", description = "keep the directories with configuration, state and logs, and say where they are") boolean keep,
            @CommandLine.Mixin JsonOption json)
            throws InterruptedException {
        CommandLine command = spec.subcommands().get("snapshot");
        if (count < 1 || count > 1000 || rate < 1 || rate > 2000 || mib.stream().anyMatch(size -> size < 1 || size > 64)) {
            throw new ParameterException(command, "--count is 1 to 1000, --mib 1 to 64, --rate 1 to 2000");
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            SnapshotDrill.Plan plan = new SnapshotDrill.Plan(count, rate, mib.stream().map(size -> size << 20).toList(), BulkTask.class,
                    inProcess, keep);
            SnapshotDrill.Result result = new SnapshotDrill(kit, plan, step -> {
                err.println(step);
                err.flush();
            }).run();
            json.print(command.getCommandSpec(), SnapshotReport.asMap(plan, result), out -> SnapshotReport.print(out, plan, result));
            return result.kept() ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException e) {
            throw new EnvironmentException("lab: " + e.getMessage(), e);
        }
    }
}
