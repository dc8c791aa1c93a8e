package io.hotpair.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardSelectionTest {
    @TempDir
    Path folder;

    private Config config;

    @BeforeEach
    void readNamedBoards() throws IOException {
        PairKey.generate(folder.resolve("pair.key"), false);
        Path file = folder.resolve("pair.toml");
        Files.writeString(file, ConfigReaderTest.VALID
                .replace("[board.a]\n", "[board.a]\nhost-name = \"pi-a\"\n")
                .replace("[board.b]\n", "[board.b]\nhost-name = \"pi-b.example.net\"\n"));
        config = ConfigReader.read(file);
    }

    @Test
    void theOptionComesFirstThenTheVariableThenTheHostName() {
        assertEquals(BoardId.B, choose("b", "a", "pi-a"));
        assertEquals(BoardId.A, choose("A", null, "pi-b"));
        assertEquals(BoardId.B, choose(null, "b", "pi-a"));
        assertEquals(BoardId.A, choose(null, "", "pi-a"));
        assertEquals(BoardId.A, choose(null, null, "PI-A"));
    }

    @Test
    void aHostNameMatchesWithAndWithoutItsDomain() {
        assertEquals(BoardId.A, choose(null, null, "pi-a.example.net"));
        assertEquals(BoardId.B, choose(null, null, "pi-b"));
        assertEquals(BoardId.B, choose(null, null, "pi-b.example.net"));
        assertThrows(IllegalArgumentException.class, () -> choose(null, null, "pi-b.example.org"));
        assertThrows(IllegalArgumentException.class, () -> choose(null, null, ""));
    }

    @Test
    void aWrongLetterIsNotReplacedByTheHostName() {
        var option = assertThrows(IllegalArgumentException.class, () -> choose("c", "a", "pi-a"));
        assertEquals("--board is \"c\": must be a or b", option.getMessage());
        var variable = assertThrows(IllegalArgumentException.class, () -> choose(null, "1", "pi-a"));
        assertEquals("HOTPAIR_BOARD is \"1\": must be a or b", variable.getMessage());
    }

    @Test
    void whenNothingTellsItSaysWhatWould() {
        var exception = assertThrows(IllegalArgumentException.class, () -> choose(null, null, "laptop"));

        assertTrue(exception.getMessage().contains("--board a|b"), exception.getMessage());
        assertTrue(exception.getMessage().contains("board.a is \"pi-a\""), exception.getMessage());
        assertTrue(exception.getMessage().contains("this host is \"laptop\""), exception.getMessage());
    }

    private BoardId choose(String option, String variable, String hostName) {
        return BoardSelection.choose(config, option, variable, hostName).board();
    }
}
