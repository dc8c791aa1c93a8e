package io.hotpair.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.node.config.SerialLine.Checksum;
import io.hotpair.node.config.SerialLine.Framing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds of ports beside datagrams. */
class PortReaderTest {
    private static final String PORTS = """
            [task]
            class = "io.example.Level"
            [input.button]
            kind = "gpio"
            board-a = "sim:button"
            board-b = "sim:/b/button"
            debounce = "5 ms"
            [input.sensor]
            kind = "uart"
            board-a = "/dev/ttyAMA1"
            board-b = "/dev/ttyAMA2"
            baud = 9600
            [output.pump]
            kind = "uart"
            to-a = "/dev/ttyUSB0"
            to-b = "/dev/ttyUSB1"
            framing = "cobs"
            checksum = "crc32"
            [output.valve]
            kind = "gpio"
            to = "sim:valve"
            max-hold = "2 s"
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void makeKey() throws IOException {
        PairKey.generate(folder.resolve("pair.key"), false);
    }

    @Test
    void eachKindHasItsKeysAndDefaults() throws IOException {
        TaskConfig task = read(PORTS);

        InputConfig.Gpio button = (InputConfig.Gpio) task.inputs().getFirst();
        assertEquals(folder.resolve("button"), button.wire(BoardId.A));
        assertEquals(Path.of("/b/button"), button.wire(BoardId.B));
        assertEquals(5_000_000, button.debounceNs());
        InputConfig.Uart sensor = (InputConfig.Uart) task.inputs().getLast();
        assertEquals("/dev/ttyAMA2", sensor.device(BoardId.B));
        assertEquals(new SerialLine(9_600, Framing.LINES, Checksum.NONE), sensor.line());
        assertFalse(sensor.numbered());
        OutputConfig.Uart pump = (OutputConfig.Uart) task.outputs().getFirst();
        assertEquals("/dev/ttyUSB0", pump.device(BoardId.A));
        assertEquals(new SerialLine(115_200, Framing.COBS, Checksum.CRC32), pump.line());
        assertFalse(pump.repeats(), "a message may be a dose");
        OutputConfig.Gpio valve = (OutputConfig.Gpio) task.outputs().getLast();
        assertEquals(folder.resolve("valve"), valve.wire(BoardId.B));
        assertFalse(valve.safeHigh());
        assertEquals(2_000_000_000, valve.maxHoldNs());
        assertTrue(valve.repeats(), "a level is a set point");
    }

    @Test
    void oneDeviceMayBeBothInAndOut() throws IOException {
        String both = PORTS.replace("to-a = \"/dev/ttyUSB0\"\nto-b = \"/dev/ttyUSB1\"\nframing = \"cobs\"\nchecksum = \"crc32\"",
                "to-a = \"/dev/ttyAMA1\"\nto-b = \"/dev/ttyAMA2\"\nbaud = 9600");

        assertEquals("/dev/ttyAMA1", ((OutputConfig.Uart) read(both).outputs().getFirst()).device(BoardId.A));
    }

    @Test
    void theDigestKnowsThem() throws IOException {
        String digest = config(PORTS).digest();

        assertEquals(digest, config(PORTS.replace("kind = \"gpio\"\nto", "kind = \"gpio\"\nsafe = \"low\"\nto")).digest());
        for (String change : List.of("debounce = \"5 ms\"", "baud = 9600", "checksum = \"crc32\"", "max-hold = \"2 s\"")) {
            assertFalse(digest.equals(config(PORTS.replace(change, "")).digest()), change);
        }
    }

    @Test
    void whatEachPromisesIsTold() throws IOException {
        ConfigReport report = ConfigReport.of(config(PORTS));

        assertEquals(4, report.ports().size());
        assertTrue(report.ports().get(0).startsWith("input.button: edges, "), report.ports().get(0));
        assertTrue(report.ports().get(0).endsWith("kept for 5 ms"), report.ports().get(0));
        assertTrue(report.ports().get(1).startsWith("input.sensor: lines of text at 9600 baud, told apart by content"), report.ports().get(1));
        assertTrue(report.ports().get(2).startsWith("output.pump: COBS frames at 115200 baud with a CRC-32, at most once"), report.ports().get(2));
        assertTrue(report.ports().get(3).startsWith("output.valve: a level, low while no board leads and 2 s after the last output"),
                report.ports().get(3));
        assertTrue(report.warnings().stream().anyMatch(warning -> warning.startsWith("input.sensor.checksum = \"none\"")),
                report.warnings().toString());
    }

    /** A line of the tables above, what stands there instead, and what the one error must say. A quote is written as ' here. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            board-a = 'sim:button'       |                               | input.button.board-a: is missing: where board a receives this input
            board-a = 'sim:button'       | board-a = '/dev/gpiochip0'    | board-a = '/dev/gpiochip0': must be 'sim:FILE', a simulated line
            board-a = 'sim:button'       | board-a = 'sim:wire'          | input.button.board-a = 'sim:wire': is the same line as board.a.gpio
            debounce = '5 ms'            | debounce = '2 s'              | input.button.debounce = '2 s': must be 0 ms to 1 s
            debounce = '5 ms'            | numbered = true               | input.button.numbered = true: unknown key
            board-b = '/dev/ttyAMA2'     |                               | where board b receives this input, a serial device
            board-b = '/dev/ttyAMA2'     | board-b = 'ttyAMA2'           | input.sensor.board-b = 'ttyAMA2': must be a serial device
            board-b = '/dev/ttyAMA2'     | board-b = '/dev/ttyAMA0'      | is the same device as board.b.uart, which is the pair's own
            baud = 9600                  | baud = 300                    | input.sensor.baud = 300: must be 1200 to 4000000
            baud = 9600                  | framing = 'slip'              | input.sensor.framing = 'slip': must be 'lines' or 'cobs'
            baud = 9600                  | checksum = 'crc16'            | checksum = 'crc16': must be 'none', 'nmea' (lines) or 'crc32' (cobs)
            baud = 9600                  | checksum = 'crc32'            | input.sensor.checksum = 'crc32': needs input.sensor.framing = 'cobs'
            to-a = '/dev/ttyUSB0'        |                               | output.pump.to: is missing: where this output goes, a serial device
            to-a = '/dev/ttyUSB0'        | to-a = '/dev/ttyAMA1'         | is the device of input.sensor.board-a: then baud, framing and checksum
            framing = 'cobs'             |                               | output.pump.checksum = 'crc32': needs output.pump.framing = 'cobs'
            to = 'sim:valve'             |                               | output.valve.to: is missing: where this output goes, 'sim:FILE'
            to = 'sim:valve'             | to = 'sim:wire'               | output.valve.to = 'sim:wire': is the same line as board.a.gpio
            max-hold = '2 s'             | max-hold = '0 ms'             | output.valve.max-hold = '0 ms': must be 5 ms to 60 min
            max-hold = '2 s'             | safe = 'off'                  | output.valve.safe = 'off': must be 'low' or 'high'
            max-hold = '2 s'             | hold = '2 s'                  | output.valve.hold = '2 s': unknown key
            kind = 'uart'\\nboard-a      | kind = 'serial'\\nboard-a     | input.sensor.kind = 'serial': must be 'udp', 'uart' or 'gpio'
            """)
    void oneChangedLineIsOneError(String original, String replacement, String expected) {
        assertTrue(PORTS.contains(written(original)), original);

        List<String> errors = errorsOf(PORTS.replace(written(original), replacement == null ? "" : written(replacement)));

        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains(written(expected)), errors.getFirst());
    }

    @Test
    void everyErrorIsToldAtOnce() {
        String wrong = PORTS.replace("9600", "1").replace("\"5 ms\"", "5").replace("\"2 s\"", "\"2 h\"").replace("crc32", "crc8");

        assertEquals(4, errorsOf(wrong).size(), errorsOf(wrong).toString());
    }

    @Test
    void everyPortHasItsOwnDeviceOrLine() {
        String more = PORTS + """
                [input.second]
                kind = "uart"
                board-a = "/dev/ttyAMA1"
                board-b = "/dev/ttyAMA3"
                [output.second]
                kind = "gpio"
                to = "sim:valve"
                """;

        List<String> errors = errorsOf(more);

        assertEquals(2, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains("is the same device as input.second.board-a: its messages would go to one of the two"),
                errors.getFirst());
        assertTrue(errors.getLast().contains("is the same line as output.valve.to: every output needs its own")
                || errors.getLast().contains("is the same line as output.second.to: every output needs its own"), errors.getLast());
    }

    @Test
    void theGuardLooksAfterSoManyLines() {
        StringBuilder many = new StringBuilder(PORTS);
        for (int i = 0; i < 12; i++) {
            many.append("[output.line").append(i).append("]\nkind = \"gpio\"\nto = \"sim:line").append(i).append("\"\n");
        }

        List<String> errors = errorsOf(many.toString());

        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains("output: has 13 of kind \"gpio\"; the guard looks after 12 at most"), errors.getFirst());
    }

    private static String written(String text) {
        return text.replace("pair's", "pair#s").replace('\'', '"').replace("pair#s", "pair's").replace("\\n", "\n");
    }

    private Config config(String ports) throws IOException {
        Path file = folder.resolve("pair.toml");
        Files.writeString(file, ConfigReaderTest.VALID + ports);
        return ConfigReader.read(file);
    }

    private TaskConfig read(String ports) throws IOException {
        return config(ports).task().orElseThrow();
    }

    private List<String> errorsOf(String ports) {
        return assertThrows(ConfigException.class, () -> config(ports)).getMessage().lines().toList();
    }
}
