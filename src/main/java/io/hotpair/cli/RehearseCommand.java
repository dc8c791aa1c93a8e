package io.hotpair.cli;

import io.hotpair.node.Node;
import io.hotpair.node.StartException;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigReader;
import io.hotpair.node.status.CountersFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * The training run behind the AOT cache: the launcher calls it after a build and the JVM remembers which classes were loaded
 * and what ran often. It exercises the real commands, so that what starts later has been started before.
 */
@Command(name = "rehearse", hidden = true, description = "Training run for the launcher's AOT cache.")
final class RehearseCommand implements Callable<Integer> {
    private static final String PAIR = """
            [pair]
            state-dir = "state"
            run-dir = "run"
            [network.a]
            checkpoint = "tcp:127.0.0.1:%2$d"
            [realtime]
            priority = 0
            lock-memory = false
            [board.a]
            network-a = "127.0.0.1:%1$d"
            gpio = "sim:%3$s"
            stream-to = "127.0.0.1:%2$d"
            [board.b]
            network-a = "127.0.0.2:%1$d"
            gpio = "sim:%3$s"
            """;
    private static final long NODE_TIMEOUT_NS = 20_000_000_000L;

    @Override
    public Integer call() throws IOException, StartException, InterruptedException {
        Path folder = Files.createTempDirectory("hotpair-rehearse-");
        try {
            Files.writeString(folder.resolve("pair.toml"), PAIR.formatted(freePort(), freePort(), folder.resolve("wire")));
            for (String[] command : commands(folder)) {
                StringWriter said = new StringWriter();
                PrintWriter writer = new PrintWriter(said);
                int code = Hotpair.run(writer, writer, command);
                if (code != ExitCode.OK) {
                    throw new IllegalStateException("rehearsal of " + String.join(" ", command) + " ended with " + code + ": " + said);
                }
            }
            runNode(ConfigReader.read(folder.resolve("pair.toml")));
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

    /** A whole node, until it has rehearsed its promotion: what it will run later is loaded, linked and profiled. */
    private static void runNode(Config config) throws StartException, InterruptedException, IOException {
        Node node = new Node(config, BoardId.A, SoftwareVersion.get());
        node.start(Path.of(System.getProperty("hotpair.run", ".")).resolve("guard"));
        try (CountersFile counters = CountersFile.open(Node.countersPath(config, BoardId.A))) {
            long sinceNs = System.nanoTime();
            while (OrderCommand.value(counters, "self.mayLead") == 0 && System.nanoTime() - sinceNs < NODE_TIMEOUT_NS) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        node.stop();
        node.awaitEnd();
        node.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
