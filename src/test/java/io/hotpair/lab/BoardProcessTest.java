package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real processes: a shell that stands for the node, and what it has started. */
@Timeout(20)
class BoardProcessTest {
    @TempDir
    private Path folder;

    /** Its parent never asks how it ended, as some parents of orphans do for a while. */
    @Test
    void childThatHasEndedIsGoneThoughNobodyAskedForIt() throws Exception {
        Path said = folder.resolve("said");
        BoardProcess board = new BoardProcess(List.of("/bin/sh", "-c", "exec sh -c '(sleep 0.2) & echo $! >zombie; exec sleep 15'"), folder, said);
        board.start();
        while (!Files.exists(folder.resolve("zombie")) || Files.size(folder.resolve("zombie")) == 0) {
            Thread.sleep(5);
        }
        board.noteChildren();
        String child = Files.readString(folder.resolve("zombie")).strip();
        Path stat = Path.of("/proc", child, "stat");
        while (!Files.readString(stat).contains(") Z ")) {
            Thread.sleep(5);
        }
        assertFalse(board.awaitGone(0), "the node itself runs");
        assertTrue(board.childrenGone(), "a zombie holds nothing");
        assertTrue(board.killAll());
    }
}
