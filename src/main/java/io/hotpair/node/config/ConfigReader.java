package io.hotpair.node.config;

import io.hotpair.drivers.checkpoint.CheckpointSpec;
import io.hotpair.node.config.Config.Board;
import io.hotpair.node.config.Config.Damping;
import io.hotpair.node.config.Config.OnSilence;
import io.hotpair.node.config.Config.Pair;
import io.hotpair.node.config.Config.Realtime;
import io.hotpair.node.config.Config.Stream;
import io.hotpair.node.config.Config.Timing;
import io.hotpair.node.config.Config.Uart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads a configuration file and checks it whole: types, ranges, unknown keys, relations, the key file. */
public final class ConfigReader {
    /** Far above any sane file; keeps a wrong path (a log) from being read into memory. */
    private static final long MAX_FILE_BYTES = 256 * 1024;

    private static final String INTERLOCK_REFUSED = "\"interlock\" needs wired interlock lines (cross-coupled output enables), and none "
            + "are configured: use \"takeover\" or \"hold\"";

    private final Path file;
    private final Path folder;
    private final boolean withKey;
    private final Problems problems = new Problems();
    private final Map<String, String> meaning = new TreeMap<>();

    private ConfigReader(Path file, boolean withKey) {
        this.file = file.toAbsolutePath().normalize();
        this.folder = this.file.getParent();
        this.withKey = withKey;
    }

    /**
     * Reads and checks a file.
     *
     * @throws ConfigException with every error in it
     * @throws IOException when the file cannot be read
     */
    public static Config read(Path file) throws IOException {
        return read(file, true);
    }

    /** As {@link #read}, without the key file: for who looks at a node or gives it orders, and need not be able to read the key. */
    public static Config readWithoutKey(Path file) throws IOException {
        return read(file, false);
    }

    private static Config read(Path file, boolean withKey) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw new ConfigException(file.toString(), List.of(new ConfigError(0, "", "", "is a device or a pipe: not a configuration")));
        }
        if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
            throw new ConfigException(file.toString(), List.of(new ConfigError(0, "", "", "is larger than "
                    + MAX_FILE_BYTES / 1024 + " KiB: not a configuration")));
        }
        return new ConfigReader(file, withKey).parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    }

    private Config parse(String text, String shownName) {
        TomlParseResult root = Toml.parse(text);
        if (root.hasErrors()) {
            // What a broken line was meant to say is unknown, so checking the rest would only guess.
            root.errors().forEach(error -> problems.addAt(lineOf(error.position()), error.getMessage()));
            throw new ConfigException(shownName, problems.inOrder());
        }
        Config config = config(root);
        List<ConfigError> errors = problems.inOrder();
        if (!errors.isEmpty()) {
            throw new ConfigException(shownName, errors);
        }
        return config;
    }

    private Config config(TomlTable root) {
        unknownTables(root, "", Set.of("pair", "timing", "damping", "network", "uart", "realtime", "stream", "board", "task",
                "input", "output", "storage", "ticks", "sync-line"));
        Timing timing = timing(section(root, "timing"));
        Pair pair = pair(section(root, "pair"));
        Damping damping = damping(section(root, "damping"));
        Uart uart = uart(section(root, "uart"), timing);
        Realtime realtime = realtime(section(root, "realtime"));
        Stream stream = stream(section(root, "stream"));

        unknownTables(tableOrNull(root, "network"), "network.", Set.of("a", "b"));
        unknownTables(tableOrNull(root, "board"), "board.", Set.of("a", "b"));
        List<CheckpointSpec> checkpoints = new ArrayList<>(2);
        for (String letter : List.of("a", "b")) {
            Section network = section(root, "network." + letter);
            checkpoints.add(BoardReader.checkpoint(network, "checkpoint").orElse(CheckpointSpec.NONE));
            network.finish();
        }
        BoardReader a = new BoardReader(BoardId.A, section(root, "board.a"), folder);
        BoardReader b = new BoardReader(BoardId.B, section(root, "board.b"), folder);
        Board boardA = a.board(b, checkpoints);
        Board boardB = b.board(a, checkpoints);

        TaskReader reader = new TaskReader(problems, folder);
        Optional<TaskConfig> task = task(root, reader);
        Optional<TickConfig> ticks = ticks(root);
        Config config = new Config(file, digest(), pair, timing, damping, uart, realtime, stream, boardA, boardB, task, ticks);
        new ConfigRules(config, problems).check();
        task.ifPresent(found -> reader.relations(config, found));
        return config;
    }

    /** The user's task, or nothing: then the pair runs its built-in numbered stream. */
    private Optional<TaskConfig> task(TomlTable root, TaskReader reader) {
        List<InputConfig> inputs = new ArrayList<>();
        for (String name : names(root, "input")) {
            inputs.add(reader.input(name, section(root, "input." + name)));
        }
        List<OutputConfig> outputs = new ArrayList<>();
        for (String name : names(root, "output")) {
            outputs.add(reader.output(name, section(root, "output." + name)));
        }
        if (tableOrNull(root, "task") == null) {
            for (String table : List.of("input", "output", "storage")) {
                problems.require(tableOrNull(root, table) == null, table, "needs a [task]");
            }
            return Optional.empty();
        }
        if (tableOrNull(root, "task").contains(List.of("settings")) && tableOrNull(root, "task.settings") == null) {
            problems.add("task.settings", "must be a table: [task.settings]");
        }
        // The settings lie in a table of their own inside [task], which is no key of it.
        Section task = section(root, "task").without("settings");
        return Optional.of(new TaskConfig(reader.program(task, section(root, "task.settings")), inputs, outputs,
                reader.storage(section(root, "storage"))));
    }

    /** What the task executes at regular intervals, if anything. */
    private Optional<TickConfig> ticks(TomlTable root) {
        boolean line = tableOrNull(root, "sync-line") != null;
        if (tableOrNull(root, "ticks") == null) {
            problems.require(!line, "sync-line", "needs [ticks] interval: the period of its oscillator");
            return Optional.empty();
        }
        problems.require(tableOrNull(root, "task") != null, "ticks", "needs a [task] that executes them");
        return Optional.of(new TickReader(problems, folder).read(section(root, "ticks"), line ? section(root, "sync-line") : null));
    }

    /** Names of the tables inside one; in alphabetical order, so that what numbers them is not where they stand in the file. */
    private List<String> names(TomlTable root, String path) {
        TomlTable table = tableOrNull(root, path);
        if (table == null) {
            return List.of();
        }
        List<String> names = table.keySet().stream().sorted().toList();
        for (String name : names) {
            if (!isName(name)) {
                problems.add(path + '.' + name, "a port's name must be " + NAME_SHAPE);
            } else if (!(table.get(List.of(name)) instanceof TomlTable)) {
                problems.add(path + '.' + name, "must be a table: [" + path + '.' + name + "]");
            }
        }
        return names.stream().filter(name -> isName(name) && table.get(List.of(name)) instanceof TomlTable).toList();
    }

    private Pair pair(Section section) {
        String name = section.text("name", "hotpair");
        if (!isName(name)) {
            problems.add(section.key("name"), "must be " + NAME_SHAPE);
        }
        Path keyFile = section.path("key-file", "pair.key", folder);
        try {
            if (withKey) {
                PairKey.read(keyFile);
            }
        } catch (PairKey.UnusableKeyException e) {
            problems.add(section.key("key-file"), e.getMessage());
        }
        List<String> groups = section.texts("groups", List.of("main"));
        if (groups.isEmpty() || groups.size() > 2 || groups.size() != Set.copyOf(groups).size()
                || !groups.stream().allMatch(ConfigReader::isName)) {
            problems.add(section.key("groups"), "must be one or two different names, each " + NAME_SHAPE);
        }
        OnSilence onSilence = onSilence(section);
        Path stateDir = section.path("state-dir", "/var/lib/hotpair", folder);
        Path runDir = section.path("run-dir", "/run/hotpair", folder);
        section.finish();
        return new Pair(name, keyFile, groups, onSilence, stateDir, runDir);
    }

    private OnSilence onSilence(Section section) {
        return switch (section.text("on-silence", "takeover")) {
            case "takeover" -> OnSilence.TAKEOVER;
            case "hold" -> OnSilence.HOLD;
            case "interlock" -> {
                problems.add(section.key("on-silence"), INTERLOCK_REFUSED);
                yield OnSilence.TAKEOVER;
            }
            default -> {
                problems.add(section.key("on-silence"), "must be \"takeover\" or \"hold\"");
                yield OnSilence.TAKEOVER;
            }
        };
    }

    private static Timing timing(Section section) {
        Timing timing = new Timing(
                section.durationNs("heartbeat-interval", "1 ms", "200 us", "1 s"),
                section.integer("misses", 3, 2, 10),
                section.durationNs("lease", "2.5 ms", "300 us", "10 s"),
                section.durationNs("margin", "250 us", "10 us", "500 ms"),
                section.durationNs("arbitration", "1 ms", "100 us", "1 s"),
                section.durationNs("settle", "250 ms", "10 ms", "60 s"),
                section.durationNs("settle-max", "10 s", "10 ms", "10 min"),
                section.durationNs("checkpoint-interval", "1 s", "50 ms", "60 s"));
        section.finish();
        return timing;
    }

    private static Damping damping(Section section) {
        Damping damping = new Damping(
                section.integer("voluntary-changes", 4, 1, 100),
                section.durationNs("window", "60 s", "1 s", "60 min"),
                section.integer("handover-threshold", 10, 1, 200));
        section.finish();
        return damping;
    }

    private static Uart uart(Section section, Timing timing) {
        Uart uart = new Uart(
                section.integer("baud", 921_600, 9_600, 4_000_000),
                section.durationNs("heartbeat-interval", timing.heartbeatIntervalNs(), "200 us", "1 s"));
        section.finish();
        return uart;
    }

    private Realtime realtime(Section section) {
        int priority = section.integer("priority", 50, 0, 99);
        int cpu = section.integer("cpu", -1, -1, 1023);
        boolean lockMemory = section.flag("lock-memory", true);
        boolean spin = section.flag("spin", false);
        boolean rehearse = section.flag("rehearse", true);
        section.finish();
        problems.require(!spin || cpu >= 0, section.key("spin"),
                "needs realtime.cpu = N, a core kept free of everything else (isolcpus): two spinning threads starve a small machine",
                section.key("cpu"));
        return new Realtime(priority, cpu < 0 ? OptionalInt.empty() : OptionalInt.of(cpu), lockMemory, spin, rehearse);
    }

    private static Stream stream(Section section) {
        Stream stream = new Stream(section.durationNs("interval", "1 ms", "100 us", "10 s"));
        section.finish();
        return stream;
    }

    static final String NAME_SHAPE = "1 to 32 lower-case letters, digits or hyphens, a letter first";

    private static boolean isName(String text) {
        return text.matches("[a-z][a-z0-9-]{0,31}");
    }

    private Section section(TomlTable root, String path) {
        return new Section(path, tableOrNull(root, path), problems, meaning);
    }

    private static TomlTable tableOrNull(TomlTable root, String path) {
        TomlTable table = root;
        for (String name : path.split("\\.")) {
            if (table == null || !(table.get(List.of(name)) instanceof TomlTable inner)) {
                return null;
            }
            table = inner;
        }
        return table;
    }

    /** Reports what is not one of the {@code known} tables inside {@code table}; {@code prefix} names where that is. */
    private void unknownTables(TomlTable table, String prefix, Set<String> known) {
        if (table == null) {
            return;
        }
        for (String name : table.keySet()) {
            Object value = table.get(List.of(name));
            problems.saw(prefix + name, lineOf(table.inputPositionOf(List.of(name))), Section.Text.asWritten(value));
            if (!known.contains(name)) {
                problems.add(prefix + name, Section.Text.unknown(name, known).replaceFirst("unknown key", "unknown table or key"));
            } else if (!(value instanceof TomlTable)) {
                problems.add(prefix + name, "must be a table: [" + prefix + name + "]");
            }
        }
    }

    private static int lineOf(TomlPosition position) {
        return position == null ? 0 : position.line();
    }

    /** Every value that holds, default or written, in the order of the keys. Lengths keep two values from running together. */
    private String digest() {
        StringBuilder canonical = new StringBuilder();
        meaning.forEach((key, value) -> canonical.append(key).append('=').append(value.length()).append(':').append(value).append('\n'));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
