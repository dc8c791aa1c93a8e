package io.hotpair.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ticks and the sync line in the configuration. */
class TickReaderTest {
    private static final String TASK = "[task]\nclass = \"io.example.Level\"\n";
    private static final String TICKS = "[ticks]\ninterval = \"5 ms\"\n";

    @TempDir
    Path folder;

    @BeforeEach
    void makeKey() throws IOException {
        PairKey.generate(folder.resolve("pair.key"), false);
    }

    private Config read(String more) throws IOException {
        return ConfigReader.read(Files.writeString(folder.resolve("pair.toml"), ConfigReaderTest.VALID + more));
    }

    private List<String> errors(String more) {
        return assertThrows(ConfigException.class, () -> read(more)).errors().stream().map(error -> error.key() + ' ' + error.problem()).toList();
    }

    @Test
    void withoutThemNothingTicks() throws IOException {
        assertEquals(Optional.empty(), read("").ticks());
    }

    @Test
    void aTaskThatTicksNeedsNoInput() throws IOException {
        TickConfig ticks = read(TASK + TICKS).ticks().orElseThrow();

        assertEquals(new TickConfig(5_000_000, Optional.empty(), Optional.empty(), 10, 30_000_000_000L), ticks);
        assertTrue(ticks.promise().startsWith("every 5 ms from the primary's clock"), ticks.promise());
        assertTrue(ticks.promise().contains("announced 10 ticks = 50 ms ahead to both, once the standby is in step or after 30 s without it"), ticks.promise());
    }

    @Test
    void aLineIsForBothBoardsOrOneForEach() throws IOException {
        TickConfig same = read(TASK + TICKS + "[sync-line]\nline = \"sim:line\"\n").ticks().orElseThrow();
        TickConfig each = read(TASK + TICKS + "[sync-line]\nline-a = \"sim:a\"\nline-b = \"sim:/tmp/b\"\n").ticks().orElseThrow();

        assertEquals(Optional.of(folder.resolve("line")), same.line(BoardId.A));
        assertEquals(Optional.of(folder.resolve("line")), same.line(BoardId.B));
        assertEquals(Optional.of(folder.resolve("a")), each.line(BoardId.A));
        assertEquals(Optional.of(Path.of("/tmp/b")), each.line(BoardId.B));
        assertTrue(same.promise().contains("holdover"), same.promise());
    }

    @Test
    void theBoardsMustHaveTheSame() throws IOException {
        assertNotEquals(read(TASK + TICKS).digest(), read(TASK + TICKS + "start-after = 11\n").digest());
        assertNotEquals(read(TASK + TICKS).digest(), read(TASK + TICKS + "[sync-line]\nline = \"sim:line\"\n").digest());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [ticks];interval = "5 ms"                                          | ticks needs a [task] that executes them
            [task];class = "a.B";[ticks]                                       | ticks.interval is missing: the time between two ticks, "10 ms"
            [task];class = "a.B";[ticks];interval = "500 us"                   | ticks.interval must be 1 ms to 10 s
            [task];class = "a.B";[ticks];interval = 5                          | ticks.interval must be a duration with its unit in quotes, "1 ms" or "250 us"
            [task];class = "a.B";[ticks];interval = "5 ms";start-after = 0     | ticks.start-after must be 1 to 10000
            [task];class = "a.B";[ticks];interval = "5 ms";start-wiat = "1 s"  | ticks.start-wiat unknown key; did you mean "start-wait"?
            [task];class = "a.B";[input.i];board-a = "192.0.2.11:1";board-b = "192.0.2.12:1";[sync-line];line = "sim:l" | sync-line needs [ticks] interval: the period of its oscillator
            [task];class = "a.B";[ticks];interval = "5 ms";[sync-line]         | sync-line.line is missing: where both boards see the oscillator, "sim:FILE", a simulated line; or line-a and line-b, one for each board
            [task];class = "a.B";[ticks];interval = "5 ms";[sync-line];line-a = "sim:l" | sync-line.line is missing: where both boards see the oscillator, "sim:FILE", a simulated line; or line-a and line-b, one for each board
            [task];class = "a.B";[ticks];interval = "5 ms";[sync-line];line = "/dev/gpiochip0" | sync-line.line must be "sim:FILE", a simulated line
            """)
    void saysWhatIsWrong(String toml, String error) {
        assertEquals(List.of(error), errors(toml.replace(';', '\n') + '\n'));
    }

    @Test
    void aDeadlineLongerThanATickIsWarnedOf() throws IOException {
        assertTrue(ConfigReport.of(read(TASK + TICKS)).warnings().stream().anyMatch(warning -> warning.startsWith("task.deadline = 10 ms is longer than")));
    }
}
