package io.hotpair.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The user's task, its ports and its storage in the configuration. */
class TaskReaderTest {
    private static final String TASK = """
            [task]
            class = "io.example.Level"
            [task.settings]
            set-point = "0.5"
            [input.sensor]
            board-a = "192.0.2.11:7500"
            board-b = "192.0.2.12:7500"
            [output.valve]
            to = "192.0.2.60:7600"
            [storage]
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void makeKey() throws IOException {
        PairKey.generate(folder.resolve("pair.key"), false);
    }

    @Test
    void withoutATaskNothingOfItIsThere() throws IOException {
        assertEquals(Optional.empty(), read(ConfigReaderTest.VALID).task());
    }

    @Test
    void fillsInDefaults() throws IOException {
        TaskConfig task = read(ConfigReaderTest.VALID + TASK).task().orElseThrow();

        assertEquals(Optional.of("io.example.Level"), task.program().className());
        assertEquals(16 << 20, task.program().stateMaxBytes());
        assertEquals(10_000_000, task.program().deadlineNs());
        assertEquals(Map.of("set-point", "0.5"), task.program().settings());
        assertEquals("sensor", task.inputs().getFirst().name());
        InputConfig.Udp sensor = (InputConfig.Udp) task.inputs().getFirst();
        assertEquals("/192.0.2.12:7500", sensor.at(BoardId.B).toString());
        assertTrue(sensor.numbered());
        assertEquals("/192.0.2.60:7600", ((OutputConfig.Udp) task.outputs().getFirst()).to(BoardId.A).toString());
        assertEquals(TaskConfig.Commit.BOTH, task.storage().commit());
        assertEquals(TaskConfig.Kind.NONE, task.storage().kind());
        assertEquals(OptionalLong.empty(), task.storage().leadWhenUnsureNs());
    }

    @Test
    void portsAreInTheOrderOfTheirNamesWhereverTheyStand() throws IOException {
        String more = TASK + "[input.alarm]\nboard-a = \"192.0.2.11:7501\"\nboard-b = \"192.0.2.12:7501\"\n";

        TaskConfig task = read(ConfigReaderTest.VALID + more).task().orElseThrow();

        assertEquals(List.of("alarm", "sensor"), task.inputs().stream().map(InputConfig::name).toList());
    }

    @Test
    void aProgramGivenByAPathIsFoundFromTheFolderOfTheFileAndOneByItsNameInThePath() throws IOException {
        assertEquals(List.of(folder.resolve("bin/level").toString(), "./as-it-is"), commandOf("['./bin/level', './as-it-is']"));
        assertEquals(List.of("/opt/level"), commandOf("['/opt/level']"));
        assertEquals(List.of("level", "1"), commandOf("['level', '1']"));
    }

    private List<String> commandOf(String toml) throws IOException {
        return read(ConfigReaderTest.VALID + TASK.replace("class = \"io.example.Level\"", "command = " + toml)).task().orElseThrow()
                .program().command();
    }

    @Test
    void theDigestKnowsTheTask() throws IOException {
        String digest = read(ConfigReaderTest.VALID + TASK).digest();

        assertNotEquals(digest, read(ConfigReaderTest.VALID).digest());
        assertNotEquals(digest, read(ConfigReaderTest.VALID + TASK.replace("0.5", "0.6")).digest());
        assertNotEquals(digest, read(ConfigReaderTest.VALID + TASK.replace(":7600", ":7601")).digest());
        assertEquals(digest, read(ConfigReaderTest.VALID + TASK.replace("[storage]", "[storage]\ncommit = \"both\"")).digest());
    }

    /** A line of the tables above, what stands there instead, and what the one error must say. A quote is written as ' here. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            class = 'io.example.Level'   |                                     | task.class: or task.command must be set, one of the two
            class = 'io.example.Level'   | class = 'X'\\ncommand = ['x']        | task.class = 'X': or task.command must be set, one of the two
            class = 'io.example.Level'   | command = ['./x']\\nin-process = true| needs task.class: a command has a process of its own
            class = 'io.example.Level'   | command = ['./x']\\nclass-path = 'y' | task.class-path = 'y': needs task.class
            class = 'io.example.Level'   | class = 'X'\\nstate-max = '1 B'      | must be a number and a unit (B, KiB, MiB, GiB), 1 KiB to 256 MiB
            class = 'io.example.Level'   | class = 'X'\\nstate-max = 1          | must be a size with its unit in quotes
            class = 'io.example.Level'   | class = 'X'\\ndeadline = '6 s'       | must be at least task.deadline = 6 s
            class = 'io.example.Level'   | class = 'X'\\nclas = 'Y'             | unknown key; did you mean 'class'?
            [task.settings]\\nset-point = '0.5' | settings = 3                   | task.settings: must be a table
            set-point = '0.5'            | set-point = 5                       | task.settings.set-point = 5: must be a text in quotes
            [input.sensor]               | [input.Sensor]                      | name must be 1 to 32 lower-case letters
            board-b = '192.0.2.12:7500'  |                                     | input.sensor.board-b: is missing: where board b receives this input
            board-b = '192.0.2.12:7500'  | board-b = '192.0.2.11:7500'         | is the same address as input.sensor.board-a
            board-b = '192.0.2.12:7500'  | board-b = '[2001:db8::1]:1'         | must be a numeric IPv4 address and a port
            to = '192.0.2.60:7600'       |                                     | output.valve.to: is missing: where this output goes
            to = '192.0.2.60:7600'       | to-a = '192.0.2.60:7600'            | output.valve.to: is missing: where this output goes
            [storage]                    | [storage]\\nkind = 'disk'            | must be 'none', 'mirror', 'shared' or 'mirror+shared'
            [storage]                    | [storage]\\ncommit = 'durable'       | needs storage.kind = 'mirror'
            [storage]                    | [storage]\\nkind = 'shared'          | storage.shared-directory: is missing
            [storage]                    | [storage]\\ndirectory = 'x'          | needs storage.kind = 'mirror' or 'mirror+shared'
            [storage]                    | [storage]\\nlead-when-unsure = 'no'  | must be 'never', or after how long
            """)
    void oneChangedLineIsOneError(String original, String replacement, String expected) {
        String text = TASK.replace(written(original), replacement == null ? "" : written(replacement));

        List<String> errors = errorsOf(ConfigReaderTest.VALID + text);

        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains(expected.replace('\'', '"')), errors.getFirst());
    }

    private static String written(String text) {
        return text.replace('\'', '"').replace("\\n", "\n");
    }

    @Test
    void whatBelongsToATaskNeedsOne() {
        List<String> errors = errorsOf(ConfigReaderTest.VALID + "[storage]\nkind = \"none\"\n");

        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains("storage: needs a [task]"), errors.getFirst());
    }

    @Test
    void aTaskNeedsAnInputAndOneGroup() {
        String text = ConfigReaderTest.VALID.replace("name = \"demo\"", "name = \"demo\"\ngroups = [\"x\", \"y\"]") + "[task]\nclass = \"X\"\n";

        List<String> errors = errorsOf(text);

        assertEquals(2, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains("must be one group for a pair with a [task]"), errors.getFirst());
        assertTrue(errors.getLast().contains("needs an input, [input.NAME]"), errors.getLast());
    }

    private Config read(String text) throws IOException {
        Path file = folder.resolve("pair.toml");
        Files.writeString(file, text);
        return ConfigReader.read(file);
    }

    private List<String> errorsOf(String text) {
        return assertThrows(ConfigException.class, () -> read(text)).getMessage().lines().toList();
    }
}
