package io.hotpair.node.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code [ticks]} and {@code [sync-line]}. */
final class TickReader {
    private static final String LINE = SimulatedFile.shape("line");

    private final Problems problems;
    private final Path folder;

    TickReader(Problems problems, Path folder) {
        this.problems = problems;
        this.folder = folder;
    }

    /** @param line null if the file has no such table */
    TickConfig read(Section ticks, Section line) {
        long intervalNs = ticks.durationNs("interval", "10 ms", "1 ms", "10 s");
        int startAfter = ticks.integer("start-after", 10, 1, 10_000);
        long startWaitNs = ticks.durationNs("start-wait", "30 s", "0 ms", "60 min");
        ticks.finish();
        problems.require(ticks.has("interval"), ticks.key("interval"), "is missing: the time between two ticks"
                + (line == null ? "" : ", the oscillator's period") + ", \"10 ms\"");
        if (line == null) {
            return new TickConfig(intervalNs, Optional.empty(), Optional.empty(), startAfter, startWaitNs);
        }
        Optional<Path> both = file(line, "line");
        Optional<Path> a = file(line, "line-a").or(() -> both);
        Optional<Path> b = file(line, "line-b").or(() -> both);
        line.finish();
        boolean written = line.has("line") || line.has("line-a") && line.has("line-b");
        problems.require(written, line.key("line"),
                "is missing: where both boards see the oscillator, " + LINE + "; or line-a and line-b, one for each board");
        return new TickConfig(intervalNs, a, b, startAfter, startWaitNs);
    }

    private Optional<Path> file(Section section, String name) {
        return section.optional(name, LINE, text -> SimulatedFile.parse(text, folder));
    }

    /** What they must keep together with the rest. */
    static void warn(Config config, TickConfig ticks, List<String> warnings) {
        config.task().filter(task -> task.program().deadlineNs() > ticks.intervalNs()).ifPresent(task -> warnings.add("task.deadline = "
                + Durations.format(task.program().deadlineNs()) + " is longer than ticks.interval = " + Durations.format(ticks.intervalNs())
                + ": a task that takes longer than a tick for each goes unnoticed"));
    }
}
