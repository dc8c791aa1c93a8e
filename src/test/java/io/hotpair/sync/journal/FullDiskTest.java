package io.hotpair.sync.journal;

import static io.hotpair.sync.journal.TestRecords.FORMAT;
import static io.hotpair.sync.journal.TestRecords.SMALL;
import static io.hotpair.sync.journal.TestRecords.await;
import static io.hotpair.sync.journal.TestRecords.collect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system of 256 KiB that becomes full, then read-only. Mounting it needs root. */
@Tag("root")
class FullDiskTest {
    @TempDir
    private Path mountPoint;

    private final TestRecords records = new TestRecords();

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor(), () -> String.join(" ", command));
    }

    @BeforeEach
    void mount() throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mountPoint.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", mountPoint.toString());
    }

    @Test
    void aFullThenReadOnlyDiskIsSaidAndRecoversByItself() throws Exception {
        Path ballast = mountPoint.resolve("ballast");
        Path folder = mountPoint.resolve("main");
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            records.appendDurably(journal, 1, 50, 100);
            Files.write(ballast, new byte[170_000]);
            appendUntilTrouble(journal, "No space left on device");
            Files.delete(ballast);
            records.awaitDurable(journal);
            await("over", () -> !journal.failing());
        }
        run("mount", "-o", "remount,ro", mountPoint.toString());
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            await("trouble", () -> journal.failing() && journal.trouble() != null && journal.trouble().contains("Read-only file system"));
            run("mount", "-o", "remount,rw", mountPoint.toString());
            assertEquals(records.newestIndex(), collect(journal).newestIndex());
            records.appendDurably(journal, 1, 5, 100);
        }
        assertTrue(records.newestIndex() > 55);
    }

    private void appendUntilTrouble(FileJournal journal, String message) {
        await(message, () -> {
            byte[] record = records.next(1, 100);
            if (!journal.append(record, 0, record.length)) {
                records.cut(records.newestIndex() - 1);
            }
            String trouble = journal.trouble();
            return trouble != null && trouble.contains(message);
        });
        assertTrue(journal.failing());
    }
}
