package io.hotpair.cli;

import io.hotpair.lab.CountingTask;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
    /** Behind the above for {@code --task}. */
    private static final String TASK = """
            [task]
            class = "%1$s"
            [input.load]
            board-a = "127.0.0.1:%2$d"
            board-b = "127.0.0.2:%2$d"
            numbered = true
            [output.answers]
            to = "127.0.0.1:%3$d"
            """;
    private static final long NODE_TIMEOUT_NS = 20_000_000_000L;
    private static final int LOOK_MS = 50;
    /** {@code group0.syncState} of a board that is in step. */
    private static final int HOT = 2;

    @Option(names = "--task", description = "nodes that run a task")
    private boolean task;

    @Override
    public Integer call() throws IOException, StartException, InterruptedException {
        Path folder = Files.createTempDirectory("hotpair-rehearse-");
        try {
            String pair = PAIR.formatted(freePort(), freePort(), folder.resolve("wire"));
            Files.writeString(folder.resolve("pair.toml"), task ? pair + TASK.formatted(CountingTask.class.getName(), freePort(), freePort()) : pair);
            for (String[] command : commands(folder)) {
                StringWriter said = new StringWriter();
                PrintWriter writer = new PrintWriter(said);
                int code = Hotpair.run(writer, writer, command);
                if (code != ExitCode.OK) {
                    throw new IllegalStateException("rehearsal of " + String.join(" ", command) + " ended with " + code + ": " + said);
                }
            }
            runNodes(ConfigReader.read(folder.resolve("pair.toml")));
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

    /**
     * A whole node, until it has rehearsed its promotion: what it will run later is loaded, linked and profiled. Of a pair with a task both boards,
     * until one is in step with the other.
     */
    private void runNodes(Config config) throws StartException, InterruptedException, IOException {
        List<Running> nodes = new ArrayList<>();
        try {
            nodes.add(new Running(config, BoardId.A));
            nodes.getFirst().await(counters -> OrderCommand.value(counters, "self.mayLead") == 1);
            if (task) {
                nodes.add(new Running(config, BoardId.B));
                nodes.getLast().await(counters -> OrderCommand.value(counters, "node.rehearsed") == 1
                        && OrderCommand.value(counters, "group0.syncState") == HOT);
            }
        } finally {
            for (Running node : nodes.reversed()) {
                node.end();
            }
        }
    }

    private static final class Running {
        private final Node node;
        private final Path counters;

        Running(Config config, BoardId board) throws StartException, InterruptedException {
            node = new Node(config, board, SoftwareVersion.get());
            counters = Node.countersPath(config, board);
            node.start(Path.of(System.getProperty("hotpair.run", ".")).resolve("guard"));
        }

        /** Or until it has been long enough: less will be prepared then. */
        void await(Predicate<CountersFile> condition) throws IOException, InterruptedException {
            try (CountersFile file = CountersFile.open(counters)) {
                long sinceNs = System.nanoTime();
                while (!condition.test(file) && System.nanoTime() - sinceNs < NODE_TIMEOUT_NS) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                }
            }
        }

        void end() throws InterruptedException {
            node.stop();
            node.awaitEnd();
            node.close();
        }
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
