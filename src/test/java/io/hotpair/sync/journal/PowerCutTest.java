package io.hotpair.sync.journal;

import static io.hotpair.sync.journal.TestRecords.FORMAT;
import static io.hotpair.sync.journal.TestRecords.SMALL;
import static io.hotpair.sync.journal.TestRecords.await;
import static io.hotpair.sync.journal.TestRecords.collect;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.port.JournalPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The power goes at any moment, sectors of what was not yet fsynced survive or not: what was reported durable is there. */
class PowerCutTest {
    private static final Path FOLDER = Path.of("/board/main");
    private static final int LIVES = 40;
    private static final int SEEDS = 6;

    private TestRecords records = new TestRecords();
    private int newestBase;
    /** What was before a fork that may not have reached the disk, or null. */
    private TestRecords beforeTheFork;
    private PowerCutDisk disk = new PowerCutDisk(1);

    private FileJournal open() {
        FileJournal journal = FileJournal.mirror(disk, FOLDER, FORMAT, SMALL, "test");
        await("recovered", journal::recovered);
        return journal;
    }

    /** Cuts the power and switches it on again. */
    private void cut(FileJournal journal, long seed) throws IOException {
        disk.cut();
        journal.close();
        disk = disk.restored(seed);
    }

    @Test
    void whatWasReportedDurableIsFoundAgain() throws IOException {
        lives(0, 1);
    }

    @Test
    @Tag("slow")
    void whatWasReportedDurableIsFoundAgainWithMoreSeeds() throws IOException {
        lives(1, SEEDS);
    }

    private static void lives(int first, int end) throws IOException {
        for (int seed = first; seed < end; seed++) {
            PowerCutTest test = new PowerCutTest();
            test.disk = new PowerCutDisk(seed);
            test.lives(seed);
        }
    }

    private void lives(int seed) throws IOException {
        Random random = new Random(seed);
        long durable = 0;
        long term = 2;
        int mark = JournalPort.MARK_NONE;
        for (int life = 0; life < LIVES; life++) {
            String which = "seed " + seed + ", life " + life;
            FileJournal journal = open();
            TestRecords.Collected found = collect(journal);
            assertTrue(found.newestIndex() >= durable, which + ": " + found.newestIndex() + " found, " + durable + " were durable; "
                    + journal.findings());
            if (beforeTheFork != null && !records.holds(found)) {
                records = beforeTheFork;
            }
            beforeTheFork = null;
            assertTrue(found.newestIndex() <= records.newestIndex(), which);
            records.cut((int) found.newestIndex());
            records.check(found);
            checkState(found, which);
            newestBase = (int) found.baseIndex;
            if (mark >= 0) {
                assertEquals(mark, journal.recoveredMark(), which);
            }
            mark = live(journal, term, random, journal.recoveredMark());
            durable = journal.durableIndex();
            term++;
            cut(journal, random.nextLong());
        }
    }

    private static void checkState(TestRecords.Collected found, String which) {
        if (found.state != null) {
            assertArrayEquals(state(found.baseIndex), found.state, which);
        }
    }

    /** A state that tells which record it is of. */
    private static byte[] state(long index) {
        byte[] state = new byte[(int) (1 + index * 13 % 9000)];
        new Random(index).nextBytes(state);
        return state;
    }

    /** Appends, with a base, a fork or a mark now and then. @return the mark that must be found, or -1 if the last one was not durable yet */
    private int live(FileJournal journal, long term, Random random, int markBefore) {
        int mark = markBefore;
        int steps = random.nextInt(30);
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(10)) {
                case 0 -> {
                    newestBase = records.newestIndex();
                    records.base(journal, newestBase, state(newestBase));
                }
                case 1 -> {
                    mark = random.nextInt(3);
                    journal.mark(mark, term, records.newestIndex());
                    if (random.nextBoolean()) {
                        await("mark", journal::markDurable);
                    }
                }
                case 2 -> durable(journal);
                case 3 -> {
                    // Not below the newest base: what is agreed on is not lost then.
                    int index = records.newestIndex() - random.nextInt(Math.min(20, records.newestIndex() - newestBase + 1));
                    beforeTheFork = records.copy();
                    journal.divert(index);
                    records.cut(index);
                    assertTrue(journal.durableIndex() <= index);
                    if (random.nextBoolean()) {
                        return -1;
                    }
                    journal.mark(mark, term, index);
                    await("fork on disk", journal::markDurable);
                    beforeTheFork = null;
                }
                default -> records.append(journal, term, random.nextInt(12), random.nextInt(1200));
            }
        }
        return journal.markDurable() ? mark : -1;
    }

    /** Until everything is durable, with a base where one is asked for. */
    private void durable(FileJournal journal) {
        await("durable", () -> {
            if (journal.wantsBase()) {
                newestBase = records.newestIndex();
                records.base(journal, newestBase, state(newestBase));
            }
            return journal.durableIndex() == records.newestIndex();
        });
    }

    @Test
    void aDirectoryEntryThatIsLostIsSaid() throws IOException {
        FileJournal journal = open();
        records.appendDurably(journal, 1, 400, 100);
        journal.close();
        disk.delete(Format.segmentPath(FOLDER, 1));
        FileJournal again = open();
        TestRecords.Collected found = collect(again);
        records.check(found);
        assertTrue(found.newestIndex() > 50 && found.newestIndex() < 200, "the first segment's: " + found.newestIndex());
        assertTrue(again.findings().contains("segment-0000000000000001.journal at offset 0: gap: the file is not there"), again.findings());
        records.cut((int) found.newestIndex());
        records.appendDurably(again, 1, 400, 100);
        again.close();
        FileJournal third = open();
        assertEquals(records.newestIndex(), collect(third).newestIndex());
        assertNull(third.findings());
        third.close();
    }

    @Test
    void aFullDiskIsSaidAndRecoversByItself() throws IOException {
        FileJournal journal = open();
        records.appendDurably(journal, 1, 10, 100);
        disk.fail("No space left on device");
        records.append(journal, 1, 20, 100);
        await("trouble", () -> journal.failing() && journal.trouble() != null && journal.trouble().contains("No space left on device"));
        assertEquals(10, journal.durableIndex());
        fillTheRing(journal);
        disk.fail(null);
        records.awaitDurable(journal);
        await("over", () -> !journal.failing());
        assertNull(journal.trouble());
        cut(journal, 5);
        FileJournal again = open();
        assertEquals(records.newestIndex(), collect(again).newestIndex());
        assertNull(again.findings());
        again.close();
    }

    @Test
    void aHangingDiskIsSaidWhileTheCallerGoesOn() throws IOException {
        FileJournal journal = open();
        records.appendDurably(journal, 1, 10, 100);
        disk.hang(true);
        records.append(journal, 1, 1, 100);
        await("trouble", () -> journal.failing() && journal.trouble() != null && journal.trouble().contains("has not answered for"));
        fillTheRing(journal);
        journal.mark(JournalPort.MARK_ALONE, 1, 11);
        for (int i = 0; i < 100; i++) {
            journal.mark(JournalPort.MARK_CLEAN, 1, i); // more than the ring keeps room for: the newest is what counts
        }
        assertFalse(journal.markDurable());
        disk.hang(false);
        await("mark", journal::markDurable);
        records.awaitDurable(journal);
        await("over", () -> !journal.failing());
        journal.close();
        FileJournal again = open();
        assertEquals(JournalPort.MARK_CLEAN, again.recoveredMark());
        again.close();
    }

    /** Until a record is refused; that one is forgotten again. */
    private void fillTheRing(FileJournal journal) {
        for (int i = 0; i < 1000; i++) {
            byte[] record = records.next(1, 100);
            if (!journal.append(record, 0, record.length)) {
                records.cut(records.newestIndex() - 1);
                return;
            }
        }
        throw new AssertionError("the ring never became full");
    }

    @Test
    void aDiskThatIsNotThereAtTheStartIsWaitedFor() throws IOException {
        disk.fail("Read-only file system");
        FileJournal journal = FileJournal.mirror(disk, FOLDER, FORMAT, SMALL, "test");
        records.append(journal, 1, 5, 100);
        await("trouble", () -> journal.failing() && journal.trouble() != null && journal.trouble().contains("Read-only file system"));
        assertEquals(0, journal.durableIndex());
        disk.fail(null);
        records.awaitDurable(journal);
        journal.close();
    }

    @Test
    void aCrashBetweenABasesRenameAndTheDeletionKeepsTheRecords() throws IOException {
        FileJournal journal = open();
        records.appendDurably(journal, 1, 300, 100);
        journal.close();
        BaseFile.Writer base = new BaseFile.Writer(disk, FOLDER, new Position(1, 200, records.digests.get(200)), 3);
        base.part(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}));
        base.finish(); // nothing is deleted any more
        disk.cut();
        disk = disk.restored(3);
        FileJournal again = open();
        TestRecords.Collected found = collect(again);
        assertEquals(200, found.baseIndex);
        assertArrayEquals(new byte[] {1, 2, 3}, found.state);
        assertEquals(300, found.newestIndex());
        again.close();
    }

    @Test
    void aDamagedBaseIsPassedOverForTheRecords() throws IOException {
        FileJournal journal = open();
        records.appendDurably(journal, 1, 300, 100);
        journal.close();
        BaseFile.Writer base = new BaseFile.Writer(disk, FOLDER, new Position(1, 200, records.digests.get(200)), 3);
        base.part(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}));
        base.finish();
        try (Disk.File file = disk.open(Format.basePath(FOLDER, 1, 200), false)) {
            file.write(java.nio.ByteBuffer.wrap(new byte[] {9}), Format.BASE_HEADER_BYTES + 1);
        }
        FileJournal again = open();
        TestRecords.Collected found = collect(again);
        assertNull(found.state);
        assertEquals(300, found.newestIndex());
        records.check(found);
        again.close();
    }
}
