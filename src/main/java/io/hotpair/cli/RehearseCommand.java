package io.hotpair.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * The training run behind the AOT cache: the launcher calls it after a build and the JVM remembers which classes were loaded
 * and what ran often. It exercises the real commands, so that what starts later has been started before.
 */
@Command(name = "rehearse", hidden = true, description = "Training run for the launcher's AOT cache.")
final class RehearseCommand implements Callable<Integer> {
    private static final String PAIR = """
            [network.a]
            checkpoint = "tcp:127.0.0.1:7401"
            [board.a]
            network-a = "127.0.0.1:7400"
            [board.b]
            network-a = "127.0.0.2:7400"
            """;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("hotpair-rehearse-");
        try {
            Files.writeString(folder.resolve("pair.toml"), PAIR);
            for (String[] command : commands(folder)) {
                StringWriter said = new StringWriter();
                PrintWriter writer = new PrintWriter(said);
                int code = Hotpair.run(writer, writer, command);
                if (code != ExitCode.OK) {
                    throw new IllegalStateException("rehearsal of " + String.join(" ", command) + " ended with " + code + ": " + said);
                }
            }
        } finally {
            delete(folder);
        }
        return ExitCode.OK;
    }

    private static List<String[]> commands(Path folder) {
        return List.of(
                new String[] {"--help"},
                new String[] {"keygen", folder.resolve("pair.key").toString()},
                new String[] {"check", "--config", folder.resolve("pair.toml").toString()},
                new String[] {"check", "--config", folder.resolve("pair.toml").toString(), "--json"});
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
