package io.hotpair.drivers.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBytesTest {
    private static final int BYTES = 20_000; // several pieces and a rest

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsInTheFileAndReadBack() throws IOException {
        Path path = Files.write(folder.resolve("bytes"), new byte[BYTES]);
        byte[] source = new byte[BYTES];
        new Random(3).nextBytes(source);
        byte[] expected = new byte[BYTES];
        System.arraycopy(source, 7, expected, 5_001, 9_000);
        try (FileBytes bytes = new FileBytes(path)) {
            bytes.write(5_001, source, 7, 9_000);
            assertArrayEquals(expected, Files.readAllBytes(path));

            byte[] read = new byte[BYTES];
            bytes.read(4_000, read, 11, 12_345);
            assertArrayEquals(Arrays.copyOfRange(expected, 4_000, 16_345), Arrays.copyOfRange(read, 11, 12_356));
            assertEquals(0, read[10] | read[12_356]);
        }
    }

    @Test
    void aFileThatEndsTooSoonOrIsNotThereIsTold() throws IOException {
        Path path = Files.write(folder.resolve("short"), new byte[100]);
        try (FileBytes bytes = new FileBytes(path)) {
            assertTrue(assertThrows(IllegalStateException.class, () -> bytes.read(90, new byte[20], 0, 20)).getMessage().contains("cut short"));
        }
        assertTrue(assertThrows(IOException.class, () -> new FileBytes(folder.resolve("none"))).getMessage().contains("none"));
    }
}
