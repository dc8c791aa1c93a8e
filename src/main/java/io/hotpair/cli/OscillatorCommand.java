package io.hotpair.cli;

import io.hotpair.lab.InstalledNodes;
import io.hotpair.lab.Oscillator;
import io.hotpair.node.config.Durations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code hotpair lab oscillator}: drives a simulated sync line, until it is ended. */
@Command(
        name = "oscillator",
        description = "Drives the simulated sync line of a pair on this machine until Ctrl-C: then the boards find their line lost.",
        mixinStandardHelpOptions = true,
        versionProvider = Hotpair.Version.class,
        footerHeading = "%nExample:%n",
        footer = {
            "  hotpair lab oscillator /dev/shm/line --period \"10 ms\"",
            "",
            "for [sync-line] line = \"sim:/dev/shm/line\" and [ticks] interval = \"10 ms\""})
final class OscillatorCommand implements Callable<Integer> {
    private static final long LEAST_NS = 1_000_000;
    private static final long MOST_NS = 10_000_000_000L;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the line; made if it is not there")
    private Path file;

    @Option(names = "--period", paramLabel = "TIME", defaultValue = "10 ms",
            description = "between two edges, 1 ms to 10 s (default ${DEFAULT-VALUE})")
    private String period;

    @Override
    public Integer call() throws InterruptedException {
        long periodNs = Durations.parseNs(period).orElse(-1);
        if (periodNs < LEAST_NS || periodNs > MOST_NS) {
            throw new ParameterException(spec.commandLine(), "--period is a number and a unit, 1 ms to 10 s");
        }
        try (Oscillator oscillator = new Oscillator(file, periodNs, new InstalledNodes(Path.of("")).threadSetup())) {
            spec.commandLine().getOut().println("an edge every " + Durations.format(periodNs) + " in " + file + ", until Ctrl-C");
            spec.commandLine().getOut().flush();
            Thread.sleep(Long.MAX_VALUE);
            return ExitCode.OK;
        } catch (IOException e) {
            throw new EnvironmentException("lab: " + e.getMessage(), e);
        }
    }
}
