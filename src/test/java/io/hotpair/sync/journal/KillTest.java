package io.hotpair.sync.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A JVM that writes a journal is killed again and again, after a random number of reports: everything that it reported as durable is found by the
 * next.
 */
@Tag("slow")
class KillTest {
    private static final int KILLS = 50;

    @TempDir
    private Path folder;

    @Test
    void whatWasReportedDurableOutlivesTheProcess() throws Exception {
        Random random = new Random(11);
        long durable = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            durable = oneLife(kill, durable, random.nextInt(120), random.nextInt(3_000));
        }
        assertTrue(durable > KILLS, "it got on: " + durable);
        try (FileJournal journal = FileJournal.mirror(folder, TestRecords.FORMAT, TestRecords.SMALL, "test")) {
            TestRecords.Collected found = TestRecords.collect(journal);
            assertTrue(found.newestIndex() >= durable);
            KilledJournal.Chain chain = new KilledJournal.Chain();
            while (chain.index < found.baseIndex) {
                chain.next();
            }
            for (byte[] record : found.records) {
                assertArrayEquals(chain.next(), record);
            }
            if (found.state != null) {
                assertArrayEquals(KilledJournal.state(found.baseIndex), found.state);
            }
        }
    }

    private long oneLife(int kill, long durableBefore, int reports, int spins) throws IOException, InterruptedException {
        Process child = ChildJvm.start(KilledJournal.class, folder.toString(), Integer.toString(kill));
        long durable = durableBefore;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String first = lines.readLine();
            assertTrue(first != null && first.startsWith("found "), "kill " + kill + ": " + first);
            long found = Long.parseLong(first.substring("found ".length()));
            assertTrue(found >= durableBefore, "kill " + kill + ": " + durableBefore + " were durable, " + found + " found");
            for (int i = 0; i < reports; i++) {
                durable = Long.parseLong(lines.readLine());
            }
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait(); // not always right behind a report
            }
            child.toHandle().destroyForcibly(); // leaves its output to be read
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                durable = Math.max(durable, Long.parseLong(line)); // reported before it died
            }
        } finally {
            child.toHandle().destroyForcibly();
        }
        assertEquals(137, child.waitFor());
        return durable;
    }
}
