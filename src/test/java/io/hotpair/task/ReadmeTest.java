package io.hotpair.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigReader;
import io.hotpair.node.config.InputConfig;
import io.hotpair.node.config.PairKey;
import io.hotpair.sync.port.TaskPort;
import io.hotpair.task.host.HostSettings;
import io.hotpair.task.host.InProcessTask;
import io.hotpair.task.host.TaskNames;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md says about writing a task is so. */
class ReadmeTest {
    private static final Path EXAMPLE = Path.of("src/examples/Tally.java");
    private static final TaskNames NAMES = new TaskNames(List.of("messages"), List.of("totals"), Map.of());

    @TempDir
    private Path folder;

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    @Test
    void itShowsTheExampleAsItIs() throws Exception {
        assertEquals(Files.readString(EXAMPLE), between(Files.readString(Path.of("README.md")), "```java\n", "```"));
    }

    @Test
    void theExampleCompilesAndCountsOnFromASavedState() throws Exception {
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-Xlint:all", "-Werror", "-proc:none", "-cp",
                System.getProperty("java.class.path"), "-d", folder.toString(), EXAMPLE.toString()));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, Task.class.getClassLoader())) {
            Class<? extends Task> type = loader.loadClass("Tally").asSubclass(Task.class);
            try (InProcessTask first = host(type); InProcessTask second = host(type)) {
                assertEquals("1 messages, 5 bytes\n", answer(first, 1, "hello"));
                assertEquals("2 messages, 7 bytes\n", answer(first, 2, "hi"));
                move(first, second);
                assertEquals("3 messages, 8 bytes\n", answer(second, 3, "!"));
                assertEquals("3 messages, 8 bytes\n", answer(first, 3, "!"));
                assertEquals(first.digest(), second.digest());
            }
        }
    }

    private static InProcessTask host(Class<? extends Task> type) {
        return new InProcessTask(() -> {
            try {
                return type.getDeclaredConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }, NAMES, new HostSettings().stateMaxBytes(1 << 10));
    }

    private static String answer(InProcessTask task, long index, String message) {
        byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
        assertTrue(task.offer(index, TaskPort.INPUT, 0, index, bytes, 0, bytes.length));
        byte[] output = new byte[1400];
        int lengthBytes = task.copyOutput(output, 0);
        task.takeOutput();
        return new String(output, 0, lengthBytes, StandardCharsets.US_ASCII);
    }

    private static void move(InProcessTask from, InProcessTask to) {
        from.requestSnapshot();
        byte[] state = new byte[(int) from.snapshotLengthBytes()];
        from.copySnapshot(0, state, 0, state.length);
        to.beginLoad(state.length);
        to.load(state, 0, state.length);
        to.endLoad(from.snapshotIndex(), from.snapshotDigest());
        assertTrue(to.loaded());
    }

    @Test
    void itsConfigurationIsOneOfTheExample() throws Exception {
        Path file = folder.resolve("tally.toml");
        Files.copy(Path.of("src/examples/tally.toml"), file);
        PairKey.generate(folder.resolve("pair.key"), false);
        Config config = ConfigReader.read(file);

        assertEquals("Tally", config.task().orElseThrow().program().className().orElseThrow());
        assertEquals(List.of("messages"), config.task().orElseThrow().inputs().stream().map(input -> input.name()).toList());
        assertEquals(List.of("totals"), config.task().orElseThrow().outputs().stream().map(output -> output.name()).toList());
        assertEquals(7500, ((InputConfig.Udp) config.task().orElseThrow().inputs().getFirst()).at(BoardId.B).getPort());
    }
}
