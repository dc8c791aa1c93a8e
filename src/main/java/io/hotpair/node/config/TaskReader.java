package io.hotpair.node.config;

import io.hotpair.node.config.TaskConfig.Commit;
import io.hotpair.node.config.TaskConfig.Kind;
import io.hotpair.node.config.TaskConfig.Program;
import io.hotpair.node.config.TaskConfig.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code [task]}, {@code [input.NAME]}, {@code [output.NAME]} and {@code [storage]}. */
final class TaskReader {
    private static final String NEVER = "never";

    private final Problems problems;
    private final Path folder;
    private final PortReader ports;

    TaskReader(Problems problems, Path folder) {
        this.problems = problems;
        this.folder = folder;
        ports = new PortReader(problems, folder);
    }

    Program program(Section task, Section settings) {
        Optional<String> className = task.optionalText("class");
        List<String> command = task.texts("command", List.of());
        Optional<String> classPath = task.optionalText("class-path");
        List<String> javaOptions = task.texts("java-options", List.of());
        boolean inProcess = task.flag("in-process", false);
        Program program = new Program(className, located(command), classPath.map(this::resolved).orElse(""), javaOptions, inProcess,
                task.bytes("state-max", "16 MiB", "1 KiB", "256 MiB"),
                task.durationNs("deadline", "10 ms", "100 us", "10 s"),
                task.durationNs("hang", "5 s", "300 ms", "10 min"),
                task.integer("outputs-per-input", 16, 1, 256),
                settings.anyTexts());
        task.finish();
        problems.require(className.isPresent() != !command.isEmpty(), task.key("class"),
                "or task.command must be set, one of the two: a class that implements io.hotpair.task.Task, or a program that attaches itself",
                task.key("command"));
        for (String needsClass : List.of("class-path", "java-options")) {
            problems.require(!problems.isWritten(task.key(needsClass)) || className.isPresent(), task.key(needsClass), "needs task.class");
        }
        problems.require(!inProcess || className.isPresent(), task.key("in-process"),
                "needs task.class: a command has a process of its own", task.key("class"));
        problems.require(!inProcess || javaOptions.isEmpty(), task.key("java-options"),
                "cannot hold for a task in the node's own process (task.in-process)", task.key("in-process"));
        problems.require(program.hangNs() >= program.deadlineNs(), task.key("hang"),
                "must be at least task.deadline = " + Durations.format(program.deadlineNs()), task.key("deadline"));
        return program;
    }

    /** A program given by a path is found from the folder of the file, as all paths are; one given by its name alone is looked for in PATH. */
    private List<String> located(List<String> command) {
        List<String> words = new ArrayList<>(command);
        if (!words.isEmpty() && words.getFirst().contains("/")) {
            words.set(0, folder.resolve(words.getFirst()).normalize().toString());
        }
        return words;
    }

    private String resolved(String classPath) {
        List<String> parts = new ArrayList<>();
        for (String part : classPath.split(":")) {
            parts.add(folder.resolve(part).normalize().toString());
        }
        return String.join(":", parts);
    }

    InputConfig input(String name, Section section) {
        return ports.input(name, section);
    }

    OutputConfig output(String name, Section section) {
        return ports.output(name, section);
    }

    Storage storage(Section section) {
        Kind kind = switch (section.text("kind", "none")) {
            case "none" -> Kind.NONE;
            case "mirror" -> Kind.MIRROR;
            case "shared" -> Kind.SHARED;
            case "mirror+shared" -> Kind.MIRROR_AND_SHARED;
            default -> {
                problems.add(section.key("kind"), "must be \"none\", \"mirror\", \"shared\" or \"mirror+shared\"");
                yield Kind.NONE;
            }
        };
        Commit commit = switch (section.text("commit", "both")) {
            case "one" -> Commit.ONE;
            case "both" -> Commit.BOTH;
            case "durable" -> Commit.DURABLE;
            default -> {
                problems.add(section.key("commit"), "must be \"one\", \"both\" or \"durable\"");
                yield Commit.BOTH;
            }
        };
        Optional<Path> directory = section.optionalText("directory").map(folder::resolve);
        Optional<Path> shared = section.optionalText("shared-directory").map(folder::resolve);
        long waitNs = section.durationNs("standby-wait", "200 ms", "10 ms", "10 s");
        OptionalLong unsure = unsure(section);
        section.finish();
        String kindKey = section.key("kind");
        problems.require(commit != Commit.DURABLE || kind != Kind.NONE, section.key("commit"),
                "\"durable\" needs storage.kind = \"mirror\", \"shared\" or \"mirror+shared\": there is no disk to wait for", kindKey);
        problems.require(!kind.shared() || shared.isPresent(), section.key("shared-directory"),
                "is missing: the folder on the volume that both boards have mounted", kindKey);
        problems.require(kind.shared() || shared.isEmpty(), section.key("shared-directory"), "needs storage.kind = \"shared\" or \"mirror+shared\"",
                kindKey);
        problems.require(kind.mirror() || directory.isEmpty(), section.key("directory"), "needs storage.kind = \"mirror\" or \"mirror+shared\"",
                kindKey);
        return new Storage(kind, directory, shared, commit, waitNs, unsure);
    }

    private static OptionalLong unsure(Section section) {
        Optional<Long> after = section.optional("lead-when-unsure", "\"never\", or after how long, \"30 s\"", text -> {
            long ns = text.equals(NEVER) ? -1 : Durations.parseNs(text).orElse(-2);
            return ns < -1 ? Optional.empty() : Optional.of(ns);
        });
        return after.isEmpty() || after.get() < 0 ? OptionalLong.empty() : OptionalLong.of(after.get());
    }

    /** What several of them must keep together. */
    void relations(Config config, TaskConfig task) {
        problems.require(!task.inputs().isEmpty() || config.ticks().isPresent() || problems.isWritten("input"), "task",
                "needs an input, [input.NAME], or [ticks]: nothing else makes a task do anything");
        problems.require(config.pair().groups().size() == 1, "pair.groups", "must be one group for a pair with a [task]");
        problems.require(!config.boardA().networks().isEmpty(), "task",
                "needs a network between the boards (network-a or network-b): the stream of its"
                + " inputs does not fit a UART");
        ports.relations(config, task);
    }
}
