package io.hotpair.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

class ConfigReaderTest {
    /** A valid pair; tests replace one line of it or put one behind a table's head. */
    static final String VALID = """
            [pair]
            name = "demo"
            [timing]
            [damping]
            [network.a]
            checkpoint = "tcp:192.0.2.1:80"
            [network.b]
            checkpoint = "icmp:198.51.100.1"
            [uart]
            [realtime]
            [stream]
            [board.a]
            network-a = "192.0.2.11:7400"
            network-b = "198.51.100.11:7400"
            uart = "/dev/ttyAMA0"
            gpio = "sim:wire"
            [board.b]
            network-a = "192.0.2.12:7400"
            network-b = "198.51.100.12:7400"
            uart = "/dev/ttyAMA0"
            gpio = "sim:wire"
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void makeKey() throws IOException {
        PairKey.generate(folder.resolve("pair.key"), false);
    }

    @Test
    void fillsInDefaultsAndWhatOneBoardSaysAboutTheOther() throws IOException {
        Config config = read(VALID);

        assertEquals(1_000_000, config.timing().heartbeatIntervalNs());
        assertEquals(2_500_000, config.timing().leaseNs());
        assertEquals(250_000, config.timing().marginNs());
        assertEquals(List.of("main"), config.pair().groups());
        assertEquals(folder.resolve("pair.key"), config.pair().keyFile());
        assertEquals(Config.OnSilence.TAKEOVER, config.pair().onSilence());
        Config.Network a = config.boardA().networkA().orElseThrow();
        assertEquals("/192.0.2.12:7400", a.peer().toString());
        assertEquals("/192.0.2.11:7400", a.ownIdentity().toString());
        assertEquals("/192.0.2.12:7400", a.peerIdentity().toString());
        assertEquals("tcp:192.0.2.1:80", a.checkpoint().toString());
        assertEquals(Optional.of(folder.resolve("wire")), config.boardB().gpioWire());
        assertEquals(4_000_000, config.decisionNs());
        assertNotEquals(config.runDir(BoardId.A), config.runDir(BoardId.B));
    }

    @Test
    void aBoardsOwnViewOverridesTheSharedOne() throws IOException {
        Config config = read(in("board.a", """
                peer-a = "192.0.2.99:1"
                identity-a = "192.0.2.11:7401"
                peer-identity-a = "192.0.2.99:2"
                checkpoint-a = "arp:192.0.2.7"
                interface-a = "eth0"
                """));

        Config.Network a = config.boardA().networkA().orElseThrow();
        assertEquals("/192.0.2.99:1", a.peer().toString());
        assertEquals("/192.0.2.99:2", a.peerIdentity().toString());
        assertEquals("arp:192.0.2.7", a.checkpoint().toString());
        assertEquals(Optional.of("eth0"), a.interfaceName());
        Config.Network b = config.boardB().networkA().orElseThrow();
        assertEquals("/192.0.2.11:7400", b.peer().toString());
        assertEquals("/192.0.2.11:7401", b.peerIdentity().toString(), "the other board follows the moved listener");
        assertEquals("tcp:192.0.2.1:80", b.checkpoint().toString());
    }

    @Test
    void theExampleIsValidOnceItHasAKey() throws IOException {
        Path file = folder.resolve("pair.toml");
        Files.copy(Path.of("src/examples/pair.toml"), file);

        Config config = ConfigReader.read(file);

        assertEquals(3, config.channels().size());
    }

    @Test
    void aSlowUartSetsT() throws IOException {
        Config config = read(in("uart", "baud = 115200\nheartbeat-interval = \"10 ms\"\n"));

        assertEquals("UART", config.slowestChannel().name());
        assertEquals(31_000_000, config.decisionNs());
    }

    /** Table, line put into it, and what the one error must say. A quote in a line is written as ' here. */
    @ParameterizedTest(name = "[{0}] {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            timing   | heartbeat-interval = '100 us'    | 4: timing.heartbeat-interval = '100 us': must be 200 us to 1 s
            timing   | heartbeat-interval = '1'         | must be a number and a unit (us, ms, s, min), 200 us to 1 s
            timing   | heartbeat-interval = 1           | timing.heartbeat-interval = 1: must be a duration with its unit in quotes, '1 ms' or '250 us'
            timing   | misses = 1                       | timing.misses = 1: must be 2 to 10
            timing   | misses = 'x'                     | timing.misses = 'x': must be a whole number
            timing   | misses = 99999999999999          | must be 2 to 10
            timing   | lease = '2.8 ms'                 | 4: timing.lease = '2.8 ms': must be at most misses × heartbeat-interval − margin = 3 × 1 ms − 250 us = 2.75 ms
            timing   | lease = '1 ms'                   | must be above heartbeat-interval = 1 ms
            timing   | misses = 2                       | timing.lease = '2.5 ms' (default): must be at most misses × heartbeat-interval − margin = 2 × 1 ms − 250 us = 1.75 ms
            timing   | margin = '1 ms'                  | timing.margin = '1 ms': must be below heartbeat-interval = 1 ms
            timing   | arbitration = '200 ms'           | 4: timing.settle = '250 ms' (default): must be above 2 × T = 2 × 203 ms, where T = misses × slowest interval + arbitration = 3 × 1 ms (Ethernet A) + 200 ms
            timing   | settle-max = '200 ms'            | timing.settle-max = '200 ms': must be at least settle = 250 ms
            timing   | arbitration = '2 s'              | must be 100 us to 1 s
            timing   | checkpoint-interval = '1 ms'     | must be 50 ms to 60 s
            timing   | leese = '2 ms'                   | 4: timing.leese = '2 ms': unknown key; did you mean 'lease'?
            timing   | zzzzzzzzzzzz = 1                 | unknown key; known are arbitration, checkpoint-interval,
            damping  | voluntary-changes = 0            | must be 1 to 100
            damping  | window = '2 h'                   | must be 1 s to 60 min
            damping  | handover-threshold = 300         | must be 1 to 200
            pair     | on-silence = 'interlock'         | needs wired interlock lines
            pair     | on-silence = 'maybe'             | must be 'takeover' or 'hold'
            pair     | groups = []                      | must be one or two different names
            pair     | groups = ['x', 'x']              | must be one or two different names
            pair     | groups = ['x', 'y', 'z']         | must be one or two different names
            pair     | groups = [1]                     | must be a list of names
            pair     | groups = 'main'                  | must be a list of names
            pair     | state-dir = ''                   | must not be empty
            pair     | key-file = 'other.key'           | other.key does not exist
            uart     | baud = 115200                    | 10: uart.baud = 115200: a frame takes 58 bytes × 10 bits / 115200 baud = 5.035 ms and must fit in 2/3 of the interval = 2/3 × 1 ms: use uart.baud = 921600 or uart.heartbeat-interval = '7.6 ms' or more (a slower line belongs to a slower profile)
            uart     | baud = 300                       | must be 9600 to 4000000
            uart     | heartbeat-interval = '500 us'    | must be at least timing.heartbeat-interval = 1 ms
            realtime | priority = 100                   | must be 0 to 99
            realtime | cpu = -2                         | must be -1 to 1023
            realtime | spin = true                      | needs realtime.cpu = N
            realtime | lock-memory = 'yes'              | must be true or false
            stream   | interval = '1 us'                | must be 100 us to 10 s
            board.a  | network-c = 'x'                  | unknown key; did you mean 'network-a'?
            board.a  | peer-a = 'localhost:1'           | must be a numeric address and a port
            board.a  | peer-a = '192.0.2.1'             | must be a numeric address and a port
            board.a  | peer-a = '192.0.2.1:0'           | must be a numeric address and a port
            board.a  | peer-a = '192.0.2.1:65536'       | must be a numeric address and a port
            board.a  | peer-a = '192.0.2:1'             | must be a numeric address and a port
            board.a  | peer-a = '2001:db8::1:1'         | must be a numeric address and a port
            board.a  | identity-b = '192.0.2.11:7400'   | is the same address as board.a.network-a
            board.a  | checkpoint-a = 'http:192.0.2.1'  | must be 'tcp:ADDRESS:PORT', 'udp:ADDRESS:PORT', 'icmp:ADDRESS', 'arp:ADDRESS' or 'none', the address numeric, of IPv4
            board.a  | checkpoint-a = 'arp:2001:db8::1' | must be 'tcp:ADDRESS:PORT'
            board.a  | checkpoint-a = 'tcp:[::1]:80'    | must be 'tcp:ADDRESS:PORT'
            board.a  | checkpoint-a = 'tcp:192.0.2.1'   | must be 'tcp:ADDRESS:PORT'
            """)
    void oneWrongLineIsOneError(String table, String line, String expected) {
        List<String> errors = errorsOf(in(table, line.replace('\'', '"') + '\n'));

        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains(expected.replace('\'', '"')), errors.getFirst());
    }

    /** A line of the valid file, what stands there instead, and what the one error must say. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            name = 'demo'                   | name = 'No Name'                | 2: pair.name = 'No Name': must be 1 to 32 lower-case letters
            network-b = '198.51.100.12:7400'|                                 | board.b.network-b: is missing: board.a.network-b is set
            network-a = '192.0.2.12:7400'   | network-a = '192.0.2.11:7400'   | 18: board.b.network-a = '192.0.2.11:7400': is the same address as board.a.network-a
            network-a = '192.0.2.12:7400'   | network-a = 'pi-b:7400'         | must be a numeric address and a port
            uart = '/dev/ttyAMA0'           |                                 | board.a.uart: is missing: board.b.uart is set
            uart = '/dev/ttyAMA0'           | uart = 'COM1'                   | must be a device
            gpio = 'sim:wire'               | gpio = 'pin 4'                  | must be 'sim:FILE'
            [stream]                        | [steam]                         | 11: steam: unknown table or key; did you mean 'stream'?
            [network.b]                     | [network.c]                     | 7: network.c: unknown table or key; did you mean
            """)
    void oneChangedLineIsOneError(String original, String replacement, String expected) {
        String text = VALID.replaceFirst(java.util.regex.Pattern.quote(original.replace('\'', '"')),
                replacement == null ? "" : replacement.replace('\'', '"'));

        List<String> errors = errorsOf(text);

        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains(expected.replace('\'', '"')), errors.getFirst());
    }

    @Test
    void reportsEveryErrorAtOnceInTheOrderOfTheLines() {
        String text = in("timing", "misses = 77\nleese = \"1 ms\"\n").replace("tcp:192.0.2.1:80", "tcp:gateway:80") + "colour = \"red\"\n";

        List<String> errors = errorsOf(text);

        assertEquals(4, errors.size(), errors.toString());
        assertTrue(errors.get(0).contains(":4: timing.misses"), errors.get(0));
        assertTrue(errors.get(1).contains(":5: timing.leese"), errors.get(1));
        assertTrue(errors.get(2).contains(":8: network.a.checkpoint"), errors.get(2));
        assertTrue(errors.get(3).contains(":24: board.b.colour"), errors.get(3));
    }

    @Test
    void aRefusedValueMakesNoFollowUpErrors() {
        // With its default in place of the refused interval, the lease would look too long.
        List<String> errors = errorsOf(in("timing", "heartbeat-interval = \"9 s\"\nlease = \"20 ms\"\nmisses = 10\n"));

        assertEquals(1, errors.size(), errors.toString());
    }

    @Test
    void takeoverNeedsACheckpointAndHoldDoesNot() throws IOException {
        String without = VALID.replace("tcp:192.0.2.1:80", "none").replace("icmp:198.51.100.1", "none");

        List<String> errors = errorsOf(without);
        Config config = read(without.replace("[timing]", "on-silence = \"hold\"\n[timing]"));

        assertTrue(errors.getFirst().contains("\"takeover\" needs a checkpoint that board a can ask"), errors.toString());
        assertEquals(Config.OnSilence.HOLD, config.pair().onSilence());
    }

    @Test
    void boardsWithoutAWayToMeetAreRefused() {
        List<String> errors = errorsOf("[pair]\non-silence = \"hold\"\n[board.a]\ngpio = \"sim:w\"\n[board.b]\ngpio = \"sim:w\"\n");

        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains("no way to exchange frames"), errors.getFirst());
    }

    @Test
    void whatBelongsToAMissingNetworkIsRefused() {
        String text = VALID.replaceAll("network-b = .*\n", "");

        List<String> errors = errorsOf(in(text, "board.a", "interface-b = \"eth1\"\n"));

        assertEquals(2, errors.size(), errors.toString());
        assertTrue(errors.get(0).contains("network.b.checkpoint"), errors.get(0));
        assertTrue(errors.get(1).contains("board.a.interface-b"), errors.get(1));
    }

    @Test
    void sameHostNameTwiceIsRefused() {
        String text = in(in("board.a", "host-name = \"pi\"\n"), "board.b", "host-name = \"PI\"\n");

        List<String> errors = errorsOf(text);

        assertTrue(errors.getFirst().contains("could not tell the boards apart"), errors.toString());
    }

    @Test
    void aSyntaxErrorNamesItsLine() {
        List<String> errors = errorsOf("[pair]\nname = demo\n");

        assertFalse(errors.isEmpty());
        assertTrue(errors.getFirst().contains("pair.toml:2: "), errors.getFirst());
    }

    @Test
    void theKeyFileMustBeClosedToOthersAndHoldAKey() throws IOException {
        Path key = folder.resolve("pair.key");
        Files.setPosixFilePermissions(key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        assertTrue(errorsOf(VALID).getFirst().contains("has mode 0640, must be 0600"), errorsOf(VALID).toString());

        Files.setPosixFilePermissions(key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Files.writeString(key, "secret\n");
        assertTrue(errorsOf(VALID).getFirst().contains("is no pair key: must hold 64 hexadecimal digits"), errorsOf(VALID).toString());
        assertFalse(errorsOf(VALID).getFirst().contains("secret"));
    }

    @Test
    void theDigestIsAboutMeaning() throws IOException {
        String original = read(VALID).digest();
        String commented = read("# the same\n" + VALID.replace("name = \"demo\"", "name='demo'   # yes")).digest();
        String reordered = read(VALID.replace("[damping]\n", "") + "[damping]\nwindow = \"60000 ms\"\n").digest();
        String other = read(in("timing", "misses = 4\n")).digest();

        assertEquals(64, original.length());
        assertEquals(original, commented);
        assertEquals(original, reordered, "a default that is written out, in another unit, means the same");
        assertNotEquals(original, other);
    }

    private Config read(String text) throws IOException {
        Path file = folder.resolve("pair.toml");
        Files.writeString(file, text);
        return ConfigReader.read(file);
    }

    private List<String> errorsOf(String text) {
        ConfigException exception = assertThrows(ConfigException.class, () -> read(text));
        return exception.getMessage().lines().toList();
    }

    private static String in(String table, String lines) {
        return in(VALID, table, lines);
    }

    private static String in(String text, String table, String lines) {
        String head = '[' + table + "]\n";
        assertTrue(text.contains(head), table);
        return text.replace(head, head + lines);
    }
}
