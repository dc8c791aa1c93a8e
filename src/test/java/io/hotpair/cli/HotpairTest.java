package io.hotpair.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.hotpair.node.config.PairKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HotpairTest {
    private static final String PAIR = """
            [network.a]
            checkpoint = "tcp:192.0.2.1:80"
            [board.a]
            network-a = "192.0.2.11:7400"
            [board.b]
            network-a = "192.0.2.12:7400"
            """;

    private record Said(int code, String out, String err) {
    }

    @TempDir
    Path folder;

    @Test
    void helpOfEveryCommandHasAnExample() {
        String all = run("--help").out;
        List<String> commands = List.of("demo", "node", "status", "switchover", "hold", "release", "repair", "check", "keygen", "bench", "lab",
                "lab starts", "lab storm", "lab kills", "lab snapshot", "lab oscillator", "bench sync");
        for (String command : commands) {
            Said said = run((command + " --help").split(" "));

            assertEquals(ExitCode.OK, said.code);
            String example = said.out.substring(said.out.indexOf("Example:") + 1);
            assertTrue(said.out.contains("Example:") && example.contains("hotpair " + command), said.out);
            assertTrue(command.contains(" ") || all.contains("\n  " + command + " "), all);
        }
        assertTrue(all.contains("For developers"), all);
        assertTrue(run("--help").out.contains("Exit codes:"));
    }

    @Test
    void theTrainingRunIsNotOffered() {
        assertFalse(run("--help").out.contains("rehearse"));
    }

    /** Each build does it as well, but goes on without what it is for if it fails. */
    @Test
    @Tag("slow")
    void theTrainingRunEndsWell() {
        assertEquals(ExitCode.OK, run("rehearse").code);
    }

    @Test
    void tellsItsVersion() {
        Said said = run("--version");

        assertEquals(ExitCode.OK, said.code);
        assertTrue(said.out.startsWith("hotpair "), said.out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "chekc", "--nonsense", "keygen", "keygen a b", "check --board", "check --config /nowhere/pair.toml",
        "nonsense", "repair", "repair --lead --fault", "lab nonsense", "lab oscillator", "lab oscillator x --period 1", "bench nonsense", "bench sync --seconds 1",
        "demo --runs many", "hold --force"})
    void wrongUseSaysSoInOneLineAndEndsWith2(String arguments) {
        Said said = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertEquals(ExitCode.USAGE, said.code);
        assertTrue(said.err.startsWith("hotpair: "), said.err);
        assertEquals(1, said.err.lines().count(), said.err);
        assertTrue(said.err.endsWith(" --help\n"), said.err);
        assertFalse(said.err.contains("Error:") || said.err.contains("index"), said.err);
        assertEquals("", said.out);
    }

    @Test
    void wrongUseNamesTheCauseInPlainWords() {
        assertEquals("hotpair: 'nonsense' is no command of hotpair; see hotpair --help\n", run("nonsense").err);
        assertEquals("hotpair: hotpair repair needs one of --lead, --fault; see hotpair repair --help\n", run("repair").err);
        assertEquals("hotpair: hotpair keygen needs FILE; see hotpair keygen --help\n", run("keygen").err);
    }

    @Test
    void aNearCommandIsSuggested() {
        assertTrue(run("chek").err.contains("Did you mean: hotpair check"), run("chek").err);
    }

    @Test
    void keygenMakesAKeyThatOnlyItsOwnerReads() throws Exception {
        Path key = folder.resolve("pair.key");

        Said said = run("keygen", key.toString());

        assertEquals(ExitCode.OK, said.code, said.err);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        assertEquals(PairKey.LENGTH_BYTES, PairKey.read(key).length);
        assertFalse(said.out.contains(Files.readString(key).strip()));
    }

    @Test
    void keygenReplacesOnlyWhenForced() throws Exception {
        Path key = folder.resolve("pair.key");
        run("keygen", key.toString());
        String first = Files.readString(key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        Said refused = run("keygen", key.toString());
        assertEquals(ExitCode.FAILED, refused.code);
        assertEquals("hotpair: " + key + " exists; --force replaces it\n", refused.err);
        assertEquals(first, Files.readString(key));

        Said forced = run("keygen", "--force", "--json", key.toString());
        assertEquals(ExitCode.OK, forced.code);
        assertEquals(Map.of("file", key.toString(), "mode", "0600"), JSON.std.mapFrom(forced.out));
        assertNotEquals(first, Files.readString(key));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count(), "nothing left beside it");
        }
    }

    @Test
    void keygenIntoAMissingFolderFailsInOneLine() {
        Said said = run("keygen", folder.resolve("none/pair.key").toString());

        assertEquals(ExitCode.FAILED, said.code);
        assertEquals(1, said.err.lines().count(), said.err);
    }

    @Test
    void checkTellsTAndThePromise() throws IOException {
        Said said = run("check", "--config", pair(PAIR).toString());

        assertEquals(ExitCode.OK, said.code, said.err);
        assertTrue(said.out.contains("4 ms = misses × slowest interval + arbitration = 3 × 1 ms + 1 ms; set by Ethernet A"), said.out);
        assertTrue(said.out.contains("takeover: a standby that hears nothing"), said.out);
        assertTrue(said.out.contains("no UART"), said.out);
        assertTrue(said.out.contains("one channel only"), said.out);
    }

    @Test
    void checkAsksTheCheckpoints() throws IOException {
        String pair = PAIR.replace("192.0.2.1:80", "127.0.0.1:PORT") + "[timing]\narbitration = \"1 s\"\nsettle = \"3 s\"\n";
        int port;
        try (ServerSocket server = new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"))) {
            port = server.getLocalPort();
            Said said = run("check", "--json", "--probe", "--board", "a", "--config", pair(pair.replace("PORT", "" + port)).toString());
            assertEquals(ExitCode.OK, said.code, said.err + said.out);
            Map<?, ?> checkpoint = (Map<?, ?>) ((List<?>) JSON.std.mapFrom(said.out).get("checkpoints")).getFirst();
            assertEquals(50, checkpoint.get("answered"));
            assertEquals(true, checkpoint.get("withinArbitration"));
        }
        Said silent = run("check", "--probe", "--board", "a", "--config", pair(pair.replace("PORT", "" + port)).toString());
        assertEquals(ExitCode.FAILED, silent.code);
        assertTrue(silent.out.contains("network a, tcp:127.0.0.1:" + port + ": does not answer (5 probes)"), silent.out);
    }

    @Test
    void checkAnswersInJson() throws IOException {
        Said fine = run("check", "--json", "--board", "b", "--config", pair(PAIR).toString());
        Map<String, Object> result = JSON.std.mapFrom(fine.out);
        assertEquals(ExitCode.OK, fine.code);
        assertEquals(true, result.get("ok"));
        assertEquals("b", result.get("board"));
        assertEquals(4_000_000, result.get("decisionNs"));

        Said wrong = run("check", "--json", "--config", pair(PAIR + "colour = 1\n").toString());
        Map<String, Object> refusal = JSON.std.mapFrom(wrong.out);
        assertEquals(ExitCode.FAILED, wrong.code);
        assertEquals(false, refusal.get("ok"));
        Map<?, ?> error = (Map<?, ?>) ((List<?>) refusal.get("errors")).getFirst();
        assertEquals("board.b.colour", error.get("key"));
        assertEquals(7, error.get("line"));
    }

    @Test
    void checkListsEveryErrorAndEndsWith1() throws IOException {
        Said said = run("check", "--config", pair(PAIR + "colour = 1\nshape = 2\n").toString());

        assertEquals(ExitCode.FAILED, said.code);
        assertEquals(2, said.err.lines().count(), said.err);
        assertEquals("", said.out);
    }

    @Test
    void checkRefusesABoardThatIsNone() throws IOException {
        Said said = run("check", "--board", "c", "--config", pair(PAIR).toString());

        assertEquals(ExitCode.USAGE, said.code);
        assertTrue(said.err.startsWith("hotpair: --board is \"c\": must be a or b"), said.err);
    }

    private Path pair(String text) throws IOException {
        Path key = folder.resolve("pair.key");
        if (!Files.exists(key)) {
            PairKey.generate(key, false);
        }
        return Files.writeString(folder.resolve("pair.toml"), text);
    }

    private static Said run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Hotpair.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Said(code, out.toString(), err.toString());
    }
}
