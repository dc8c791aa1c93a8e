package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hotpair.drivers.linux.Allocation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFilesTest {
    @TempDir
    private Path folder;

    @Test
    void oneThatIsGoneIsToldUntilItIsBack() throws IOException {
        Path first = Files.createFile(folder.resolve("first"));
        Path second = Files.createFile(folder.resolve("second"));
        NamedFiles files = new NamedFiles(Arena.global(), "gone", first, second);
        assertNull(files.trouble());
        Files.move(second, folder.resolve("elsewhere"));
        assertEquals("gone", files.trouble());
        Files.createFile(second);
        assertEquals("gone", files.trouble(), "another one in its place");
        Files.move(folder.resolve("elsewhere"), second, StandardCopyOption.REPLACE_EXISTING);
        assertNull(files.trouble());
        Files.delete(first);
        assertEquals("gone", files.trouble());
    }

    @Test
    void oneThatIsCutShortIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "whole");
        NamedFiles files = new NamedFiles(Arena.global(), "gone", file);
        Files.writeString(file, "whole, and longer");
        assertNull(files.trouble());
        Files.writeString(file, "cut");
        assertEquals("gone", files.trouble());
    }

    @Test
    void lookingAllocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Look.class));
    }

    static final class Look implements Allocation.Work {
        private final NamedFiles files = new NamedFiles(Arena.global(), "gone", Path.of("/proc/self/stat"));

        @Override
        public void measured() {
            files.trouble();
        }
    }
}
