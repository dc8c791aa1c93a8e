package io.hotpair.cli;

import io.hotpair.node.config.BoardSelection;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigError;
import io.hotpair.node.config.ConfigException;
import io.hotpair.node.config.ConfigReport;
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

/** {@code hotpair check}: says whether a configuration can be used and what it promises. Starts nothing. */
@Command(
        name = "check",
        description = "Checks a configuration and tells what it promises.",
        mixinStandardHelpOptions = true,
        versionProvider = Hotpair.Version.class,
        footerHeading = "%nExample:%n",
        footer = "  hotpair check --config pair.toml")
final class CheckCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private ConfigOption option;

    @Mixin
    private JsonOption json;

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
        json.print(spec, success(config, report, board), out -> print(out, config, report, board));
        return ExitCode.OK;
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
