package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermFileTest {
    @TempDir
    private Path folder;

    private void reserve(long... terms) throws IOException, InterruptedException {
        Semaphore stored = new Semaphore(0);
        try (TermFile file = new TermFile(folder.resolve("terms"), stored::release)) {
            file.start();
            for (long term : terms) {
                file.reserve(term);
                assertTrue(stored.tryAcquire(10, TimeUnit.SECONDS));
                assertEquals(term, file.durableTerm());
            }
        }
    }

    private long usedTerm() throws IOException {
        try (TermFile file = new TermFile(folder.resolve("terms"), () -> { })) {
            assertEquals(file.usedTerm(), file.durableTerm());
            return file.usedTerm();
        }
    }

    @Test
    void whatWasReservedCountsAsUsedAfterARestart() throws Exception {
        assertEquals(0, usedTerm());
        reserve(64);
        assertEquals(64, usedTerm());
        reserve(128, 192, 256);
        assertEquals(256, usedTerm());
    }

    @Test
    void aTornWriteLeavesTheOneBefore() throws Exception {
        reserve(64, 128);
        for (int slot = 0; slot < 2; slot++) {
            byte[] whole = Files.readAllBytes(folder.resolve("terms"));
            byte[] torn = whole.clone();
            torn[slot * 16 + 3] ^= 0x10;
            Files.write(folder.resolve("terms"), torn);
            assertEquals(slot == 0 ? 128 : 64, usedTerm());
            Files.write(folder.resolve("terms"), whole);
        }
    }

    @Test
    void withoutAWholeCopyTheBoardDoesNotGuess() throws Exception {
        reserve(64, 128);
        Files.write(folder.resolve("terms"), new byte[32]);
        IOException refused = assertThrows(IOException.class, this::usedTerm);
        assertTrue(refused.getMessage().contains("neither copy"), refused.getMessage());
    }

    @Test
    void fileThatLostItsEndIsNotTakenForANewOne() throws Exception {
        reserve(64, 128);
        byte[] whole = Files.readAllBytes(folder.resolve("terms"));
        for (int bytes : new int[] {0, 16, 31}) {
            Files.write(folder.resolve("terms"), Arrays.copyOf(whole, bytes));
            IOException refused = assertThrows(IOException.class, this::usedTerm, bytes + " bytes");
            assertTrue(refused.getMessage().contains("is cut short"), refused.getMessage());
        }
    }

    /** The open file takes every term all the same; the next node would find none of them. */
    @Test
    void aFolderThatIsTakenAwayIsTold() throws Exception {
        Path state = Files.createDirectory(folder.resolve("state"));
        try (TermFile file = new TermFile(state.resolve("terms"), () -> { })) {
            assertNull(file.trouble());
            Files.move(state, folder.resolve("elsewhere"));
            String trouble = file.trouble();
            assertTrue(trouble.startsWith(state.resolve("terms") + " was removed, replaced or cut short while this node runs") && trouble.contains("restart it (kill "), trouble);
            Files.move(folder.resolve("elsewhere"), state);
            assertNull(file.trouble());
        }
    }

    @Test
    void oneNodeForABoard() throws Exception {
        try (TermFile first = new TermFile(folder.resolve("terms"), () -> { })) {
            assertEquals(0, first.usedTerm());
            assertTrue(assertThrows(IOException.class, this::usedTerm).getMessage().contains("in use"));
        }
    }
}
