package io.hotpair.cli;

import io.hotpair.lab.CostBench;
import io.hotpair.lab.Distribution;
import io.hotpair.lab.NodeKit;
import io.hotpair.lab.RedisPair;
import io.hotpair.lab.SyncBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code hotpair bench}: what a node costs on this machine, beside its budgets. Judges nothing. */
@Command(
        name = "bench",
        description = "Measures what a node costs on this machine: processor, allocation, memory, start; each beside its budget.",
        synopsisSubcommandLabel = "[COMMAND]",
        mixinStandardHelpOptions = true,
        versionProvider = Hotpair.Version.class,
        footerHeading = "%nExample:%n",
        footer = "  hotpair bench --seconds 130   (long enough for a million cycles)")
final class BenchCommand implements Callable<Integer> {
    private static final long CPU_BUDGET_NS = 20_000;
    private static final long START_BUDGET_NS = 500_000_000;
    private static final long RESIDENT_BUDGET_BYTES = 128L << 20;
    private static final double BYTES_PER_MIB = 1024 * 1024;
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;

    private final NodeKit kit;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private JsonOption json;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "20", description = "of measurement, 3 to 3600 (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--starts", paramLabel = "N", defaultValue = "5", description = "starts of a node, 1 to 100 (default ${DEFAULT-VALUE})")
    private int starts;

    BenchCommand(NodeKit kit) {
        this.kit = kit;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 3 || seconds > 3600 || starts < 1 || starts > 100) {
            throw new ParameterException(spec.commandLine(), "--seconds is 3 to 3600, --starts 1 to 100");
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            CostBench.Result result = new CostBench(seconds, starts, step -> {
                err.println(step);
                err.flush();
            }).run(kit);
            json.print(spec, asMap(result), out -> print(out, result));
            return ExitCode.OK;
        } catch (IOException e) {
            throw new EnvironmentException("bench: " + e.getMessage(), e);
        }
    }

    /** {@code hotpair bench sync}. */
    @Command(
            name = "sync",
            description = "From an input to the output that both boards can answer for: a pair with a task beside Redis SET + WAIT 1, in one run.",
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = {
                "  hotpair bench sync --seconds 60   (and some 40 s for starts and warming up)",
                "",
                "Starts two nodes and, where redis-server is installed, a Redis primary with a replica without",
                "persistence, all on this machine, and ends them. One thread is the client of both in turn: one",
                "input at a time, then 64 at once and the next 64 when all are answered for. Redis takes the 64",
                "as so many SET with one WAIT, and also as 64 connections with a WAIT each; what it does best",
                "counts. Ends with 0 whoever is ahead."})
    int sync(
            @Option(names = "--seconds", paramLabel = "S", defaultValue = "30", description = "of measurement, 5 to 3600 (default ${DEFAULT-VALUE})")
                    int forSeconds,
            @Mixin JsonOption asJson)
            throws InterruptedException {
        CommandLine command = spec.subcommands().get("sync");
        if (forSeconds < 5 || forSeconds > 3600) {
            throw new ParameterException(command, "--seconds is 5 to 3600");
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            SyncReport report = new SyncReport(new SyncBench(kit, forSeconds, RedisPair.find(System.getenv().getOrDefault("PATH", "")), step -> {
                err.println(step);
                err.flush();
            }).run());
            asJson.print(command.getCommandSpec(), report.asMap(), report::print);
            return ExitCode.OK;
        } catch (IOException e) {
            throw new EnvironmentException("bench: " + e.getMessage(), e);
        }
    }

    private static void print(PrintWriter out, CostBench.Result result) {
        out.printf("%n%-36s", "");
        result.boards().forEach(board -> out.printf("%22s", board.role().toLowerCase(Locale.ROOT)));
        out.printf("   budget%n");
        row(out, "cycles", result, "", board -> String.format("%,d", board.cycles()));
        row(out, "CPU per cycle, us: p50 (min-max)", result, verdict("p50 <= 20", every(result, board -> board.cpuNsPerCycle().median() <= CPU_BUDGET_NS)),
                board -> us(board.cpuNsPerCycle()));
        row(out, "CPU of one core, duty cycle", result, "< 10 % of a Pi 4's", board -> String.format("%.1f %%", 100 * board.cpuShare()));
        row(out, "allocated by the duty cycle, B", result, verdict("0", every(result, board -> board.dutyCycleAllocatedBytes() == 0)),
                board -> Long.toString(board.dutyCycleAllocatedBytes()));
        row(out, "allocated by the process, B/s", result, "", board -> String.format("%,.0f", board.processAllocatedBytesPerSecond()));
        row(out, "collections", result, "<= 1 an hour", board -> Long.toString(board.collections()));
        row(out, "resident, MiB", result, verdict("<= 128", every(result, board -> board.residentBytes() <= RESIDENT_BUDGET_BYTES)),
                board -> String.format("%.1f", board.residentBytes() / BYTES_PER_MIB));
        row(out, "resident, guard, MiB", result, "", board -> String.format("%.1f", board.guardResidentBytes() / BYTES_PER_MIB));
        row(out, "own lateness p99, us", result, "", board -> String.format("%.0f", board.lateP99Ns() / NS_PER_US));
        row(out, "late cycles a minute (worst, ms)", result, "",
                board -> String.format("%.0f (%.1f)", board.lateCyclesPerMinute(), board.worstLateNs() / NS_PER_MS));
        row(out, "role changes", result, "0", board -> Long.toString(board.roleChanges()));
        Distribution start = result.startToJoiningNs();
        out.printf("%-36s%22s%22s   %s%n", "start to JOINING, ms: p50 (min-max)", "",
                String.format("%.0f (%.0f-%.0f)", start.median() / NS_PER_MS, start.min() / NS_PER_MS, start.max() / NS_PER_MS),
                verdict("p50 <= 500", start.median() <= START_BUDGET_NS));
    }

    private static boolean every(CostBench.Result result, Predicate<CostBench.Board> within) {
        return result.boards().stream().allMatch(within);
    }

    private static String verdict(String budget, boolean met) {
        return budget + (met ? ": met" : ": MISSED");
    }

    private static String us(Distribution ns) {
        return String.format("%.1f (%.1f-%.1f)", ns.median() / NS_PER_US, ns.min() / NS_PER_US, ns.max() / NS_PER_US);
    }

    private static void row(PrintWriter out, String name, CostBench.Result result, String budget,
            Function<CostBench.Board, String> value) {
        out.printf("%-36s", name);
        result.boards().forEach(board -> out.printf("%22s", value.apply(board)));
        out.println("   " + budget);
    }

    private static Map<String, Object> asMap(CostBench.Result result) {
        List<Map<String, Object>> boards = new ArrayList<>();
        for (CostBench.Board board : result.boards()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("role", board.role());
            entry.put("cycles", board.cycles());
            entry.put("cpuNsPerCycleMedian", board.cpuNsPerCycle().median());
            entry.put("cpuShare", board.cpuShare());
            entry.put("dutyCycleAllocatedBytes", board.dutyCycleAllocatedBytes());
            entry.put("processAllocatedBytesPerSecond", board.processAllocatedBytesPerSecond());
            entry.put("collections", board.collections());
            entry.put("residentBytes", board.residentBytes());
            entry.put("guardResidentBytes", board.guardResidentBytes());
            entry.put("lateP99Ns", board.lateP99Ns());
            entry.put("lateCyclesPerMinute", board.lateCyclesPerMinute());
            entry.put("worstLateNs", board.worstLateNs());
            entry.put("roleChanges", board.roleChanges());
            boards.add(entry);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("boards", boards);
        map.put("startToJoiningMedianNs", result.startToJoiningNs().median());
        map.put("startToJoiningMaxNs", result.startToJoiningNs().max());
        return map;
    }
}
