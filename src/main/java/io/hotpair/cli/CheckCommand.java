package io.hotpair.cli;

import io.hotpair.node.config.BoardSelection;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigError;
import io.hotpair.node.config.ConfigException;
import io.hotpair.node.config.ConfigReport;
import io.hotpair.node.config.Durations;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hotpair check}: says whether a configuration can be used and what it promises. Starts nothing; with {@code --probe} asks the checkpoints. */
@Command(
        name = "check",
        description = "Checks a configuration and tells what it promises.",
        mixinStandardHelpOptions = true,
        versionProvider = Hotpair.Version.class,
        footerHeading = "%nExample:%n",
        footer = {"  hotpair check --config pair.toml", "  hotpair check --config pair.toml --board a --probe"})
final class CheckCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private ConfigOption option;

    @Mixin
    private JsonOption json;

    @CommandLine.Option(names = "--probe", description = "Asks this board's checkpoints and compares their answers with timing.arbitration.")
    private boolean probe;

    @Override
    public Integer call() {
        Config config;
        try {
            config = option.load();
        } catch (ConfigException e) {
            if (!json.wanted()) {
                throw e;
            }
            json.print(spec, failure(e), out -> { });
            return ExitCode.FAILED;
        }
        Optional<BoardSelection> board = thisBoard(config);
        ConfigReport report = ConfigReport.of(config);
        List<CheckpointTrial.Result> trials = probe ? CheckpointTrial.run(config.board(option.board(config).board())) : List.of();
        long budgetNs = config.timing().arbitrationNs();
        Map<String, Object> result = success(config, report, board);
        if (probe) {
            result.put("checkpoints", trials.stream().map(trial -> asJson(trial, budgetNs)).toList());
        }
        json.print(spec, result, out -> {
            print(out, config, report, board);
            trials.forEach(trial -> out.println(asText(trial, budgetNs)));
        });
        return trials.stream().allMatch(trial -> trial.within(budgetNs)) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String asText(CheckpointTrial.Result trial, long budgetNs) {
        String who = "checkpoint   network " + trial.network() + ", " + trial.checkpoint() + ": ";
        if (trial.answered() == 0) {
            return who + "does not answer (" + trial.sent() + " probes): a silence on this network would end in ISOLATED";
        }
        return who + trial.answered() + " of " + trial.sent() + " probes answered, median " + Durations.format(trial.medianNs()) + ", worst "
                + Durations.format(trial.worstNs()) + (trial.within(budgetNs) ? ", within" : ", NOT all within") + " timing.arbitration = "
                + Durations.format(budgetNs);
    }

    private static Map<String, Object> asJson(CheckpointTrial.Result trial, long budgetNs) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("network", trial.network());
        entry.put("checkpoint", trial.checkpoint());
        entry.put("sent", trial.sent());
        entry.put("answered", trial.answered());
        entry.put("medianNs", trial.answered() == 0 ? null : trial.medianNs());
        entry.put("worstNs", trial.answered() == 0 ? null : trial.worstNs());
        entry.put("withinArbitration", trial.within(budgetNs));
        return entry;
    }

    /** A file may well be checked on a machine that is neither board; a wrong {@code --board} is still wrong. */
    private Optional<BoardSelection> thisBoard(Config config) {
        if (option.boardGiven()) {
            return Optional.of(option.board(config));
        }
        try {
            return Optional.of(option.choose(config));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void print(PrintWriter out, Config config, ConfigReport report, Optional<BoardSelection> board) {
        out.println(option.file() + ": fine");
        out.println("pair         " + config.pair().name() + ", group" + (config.pair().groups().size() > 1 ? "s " : " ")
                + String.join(" and ", config.pair().groups()) + "; digest " + config.digest().substring(0, 16));
        out.println("this board   " + board.map(choice -> choice.board().letter() + " (by " + choice.reason() + ")").orElse("neither, by its host name"));
        out.println("channels     " + report.channels());
        out.println("T            " + report.decision());
        out.println("on silence   " + report.promise());
        for (String port : report.ports()) {
            out.println("port         " + port);
        }
        config.ticks().ifPresent(ticks -> out.println("ticks        " + ticks.promise()));
        for (String warning : report.warnings()) {
            out.println("warning      " + warning);
        }
    }

    private Map<String, Object> success(Config config, ConfigReport report, Optional<BoardSelection> board) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", true);
        result.put("file", config.file().toString());
        result.put("digest", config.digest());
        result.put("pair", config.pair().name());
        result.put("groups", config.pair().groups());
        result.put("board", board.map(choice -> choice.board().letter()).orElse(null));
        result.put("channels", config.channels().stream().map(Config.Channel::name).toList());
        result.put("decisionNs", config.decisionNs());
        result.put("slowestChannel", config.slowestChannel().name());
        result.put("onSilence", config.pair().onSilence().name().toLowerCase(Locale.ROOT));
        result.put("promise", report.promise());
        result.put("ports", report.ports());
        config.ticks().ifPresent(ticks -> result.put("ticks", ticks.promise()));
        result.put("warnings", report.warnings());
        return result;
    }

    private Map<String, Object> failure(ConfigException exception) {
        List<Map<String, Object>> errors = new ArrayList<>();
        for (ConfigError error : exception.errors()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("line", error.line());
            entry.put("key", error.key());
            entry.put("value", error.value());
            entry.put("problem", error.problem());
            errors.add(entry);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", false);
        result.put("file", option.file().toString());
        result.put("errors", errors);
        return result;
    }
}
