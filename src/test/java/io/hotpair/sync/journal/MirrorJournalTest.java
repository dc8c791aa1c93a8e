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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorJournalTest {
    @TempDir
    private Path folder;

    private final TestRecords records = new TestRecords();

    private FileJournal open() {
        return open(SMALL);
    }

    private FileJournal open(JournalConfig config) {
        FileJournal journal = FileJournal.mirror(folder, FORMAT, config, "test");
        await("recovered", journal::recovered);
        return journal;
    }

    private List<Path> files(String start) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith(start)).sorted().toList();
        }
    }

    @Test
    void whatWasAppendedIsThereAfterARestartAndGoesOn() throws IOException {
        for (int round = 1; round <= 5; round++) {
            try (FileJournal journal = open()) {
                TestRecords.Collected found = collect(journal);
                records.check(found);
                assertEquals(records.newestIndex(), found.newestIndex());
                assertNull(journal.findings());
                records.appendDurably(journal, round, 300, round * 20);
            }
        }
        assertTrue(files("segment-").size() > 5, "several segments were needed");
    }

    @Test
    void anEmptyJournalHasNothingAndNoMark() throws IOException {
        try (FileJournal journal = open()) {
            assertEquals(0, journal.recoveredIndex());
            assertEquals(0, journal.recoveredTerm());
            assertEquals(JournalPort.MARK_NONE, journal.recoveredMark());
            assertTrue(collect(journal).records.isEmpty());
            assertFalse(journal.failing());
        }
    }

    @Test
    void aBaseReplacesWhatWasBeforeIt() throws IOException {
        byte[] state = new byte[50_000];
        java.util.Arrays.fill(state, (byte) 7);
        try (FileJournal journal = open()) {
            records.appendDurably(journal, 1, 1000, 100);
            int before = files("segment-").size();
            records.base(journal, 990, state);
            records.append(journal, 1, 10, 100);
            await("old segments deleted", () -> {
                try {
                    return files("base-").size() == 1 && files("segment-").size() < before / 2;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            records.awaitDurable(journal);
        }
        try (FileJournal journal = open()) {
            TestRecords.Collected found = collect(journal);
            assertEquals(990, found.baseIndex);
            assertArrayEquals(state, found.state);
            assertEquals(1010, found.newestIndex());
            records.check(found);
        }
    }

    @Test
    void aStateFromThePeerGoesBeyondWhatIsHeld() throws IOException {
        try (FileJournal journal = open()) {
            records.appendDurably(journal, 1, 100, 50);
            for (int i = 0; i < 400; i++) {
                records.next(3, 50); // while this board was away
            }
            records.base(journal, 500, new byte[3000]);
            records.appendDurably(journal, 3, 50, 50);
        }
        try (FileJournal journal = open()) {
            TestRecords.Collected found = collect(journal);
            assertEquals(500, found.baseIndex);
            assertEquals(550, found.newestIndex());
            records.check(found);
            assertNull(journal.findings());
        }
    }

    @Test
    void aStateThatDidNotArriveWholeIsIgnored() throws IOException {
        try (FileJournal journal = open()) {
            records.appendDurably(journal, 1, 100, 50);
            records.base(journal, 60, new byte[1234]);
            await("base there", () -> Files.exists(Format.basePath(folder, 1, 60)));
            records.appendDurably(journal, 1, 1, 50);
            await("base begun", () -> journal.beginBase(3, 500, 77, 10_000));
            await("part", () -> journal.base(new byte[5000], 0, 5000));
            await("written", () -> Files.exists(BaseFile.temporary(folder)));
        }
        try (FileJournal journal = open()) {
            TestRecords.Collected found = collect(journal);
            assertEquals(60, found.baseIndex);
            assertEquals(101, found.newestIndex());
            assertFalse(Files.exists(BaseFile.temporary(folder)));
        }
    }

    @Test
    void recordsThatNeverCameMakeItAskForABase() throws IOException {
        try (FileJournal journal = open()) {
            records.appendDurably(journal, 1, 100, 50);
            records.next(1, 50);
            byte[] beyond = records.next(1, 50);
            await("taken", () -> journal.append(beyond, 0, beyond.length));
            await("base wanted", journal::wantsBase);
            assertEquals(100, journal.durableIndex());
            records.append(journal, 1, 20, 50);
            records.base(journal, 110, new byte[10]);
            records.awaitDurable(journal);
            assertFalse(journal.wantsBase());
        }
        try (FileJournal journal = open()) {
            TestRecords.Collected found = collect(journal);
            assertEquals(110, found.baseIndex);
            assertEquals(122, found.newestIndex());
        }
    }

    @Test
    void aGapWithoutABaseIsSaidAndWhatIsBeforeItKept() throws IOException {
        try (FileJournal journal = open()) {
            records.appendDurably(journal, 1, 100, 50);
            byte[] beyond = TestRecords.record(1, 200, 5, 50);
            await("taken", () -> journal.append(beyond, 0, beyond.length));
            journal.mark(JournalPort.MARK_NONE, 0, 0);
            await("written", journal::markDurable);
        }
        try (FileJournal journal = open()) {
            assertEquals(100, collect(journal).newestIndex());
            assertTrue(journal.findings().contains("no base leads to record 200"), journal.findings());
            assertEquals(1, files("damaged-").size());
            records.appendDurably(journal, 1, 10, 50);
        }
        try (FileJournal journal = open()) {
            assertEquals(110, collect(journal).newestIndex());
            assertNull(journal.findings());
        }
    }

    @Test
    void theTailBeyondTheForkGoesToAFileOfItsOwn() throws IOException {
        List<byte[]> tail = new ArrayList<>();
        try (FileJournal journal = open()) {
            records.append(journal, 2, 200, 100);
            records.appendDurably(journal, 4, 100, 100);
            tail.addAll(records.history.subList(151, 301));
            journal.divert(150);
            assertEquals(150, journal.durableIndex(), "what is taken back is not durable from the call on");
            records.cut(150);
            records.appendDurably(journal, 5, 30, 60);
            assertEquals(180, journal.durableIndex());
        }
        assertEquals(tail.size(), check(files("divergent-"), tail));
        assertEquals("divergent-2-151.journal", files("divergent-").getFirst().getFileName().toString());
        try (FileJournal journal = open()) {
            TestRecords.Collected found = collect(journal);
            assertEquals(180, found.newestIndex());
            records.check(found);
            assertNull(journal.findings());
        }
    }

    /** Reads a divergent file as any tool would. */
    private static int check(List<Path> files, List<byte[]> tail) throws IOException {
        assertEquals(1, files.size());
        SegmentReader reader = new SegmentReader(new RealDisk());
        assertNull(reader.load(files.getFirst(), 0));
        int count = 0;
        while (reader.next() == Format.RECORD) {
            byte[] record = new byte[reader.contentBytes()];
            reader.buffer().get(reader.contentOffset(), record);
            assertArrayEquals(tail.get(count++), record);
        }
        assertNull(reader.problem());
        return count;
    }

    @Test
    void aForkBelowTheBaseLeavesNothingToLeadWith() throws IOException {
        try (FileJournal journal = open()) {
            records.appendDurably(journal, 1, 100, 50);
            records.base(journal, 90, new byte[500]);
            await("base there", () -> Files.exists(Format.basePath(folder, 1, 90)));
            journal.divert(50);
            await("diverted", () -> journal.durableIndex() == 0 && filesNow("divergent-").size() == 2);
            await("base wanted", journal::wantsBase);
        }
        try (FileJournal journal = open()) {
            assertEquals(0, journal.recoveredIndex());
            assertTrue(collect(journal).records.isEmpty());
        }
    }

    private List<Path> filesNow(String start) {
        try {
            return files(start);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void marksSurviveAndReplaceEachOther() throws IOException {
        int[] marks = {JournalPort.MARK_ALONE, JournalPort.MARK_NONE, JournalPort.MARK_CLEAN};
        for (int mark : marks) {
            try (FileJournal journal = open()) {
                journal.mark(mark, 6, 42);
                await("mark durable", journal::markDurable);
            }
            try (FileJournal journal = open()) {
                assertEquals(mark, journal.recoveredMark());
            }
        }
    }

    @Test
    void aNewerFormatIsRefusedAndUntouched() throws IOException {
        try (FileJournal journal = open()) {
            records.appendDurably(journal, 1, 10, 50);
        }
        Path segment = files("segment-").getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) 2);
        header.putInt(28, Format.checksum(new CRC32C(), header, 0, 28));
        Files.write(segment, bytes);
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            await("trouble", journal::failing);
            assertTrue(journal.trouble().contains("has format version 2, this Hotpair knows versions up to 1"), journal.trouble());
            assertFalse(journal.recovered());
        }
        assertArrayEquals(bytes, Files.readAllBytes(segment));
        assertTrue(files("damaged-").isEmpty());
    }

    @Test
    void aSecondJournalInTheSameFolderWaitsForTheFirst() throws IOException {
        FileJournal first = open();
        try (FileJournal second = FileJournal.mirror(folder, FORMAT, SMALL, "second")) {
            await("trouble", second::failing);
            assertTrue(second.trouble().contains("is in use"), second.trouble());
            first.close();
            await("recovered", second::recovered);
            await("over", () -> !second.failing());
        }
    }

    @Test
    void itDoesNotGrowBeyondItsBoundAndRecoversWithBases() throws IOException {
        JournalConfig tight = new JournalConfig(16 << 10, 4, 2, 32 << 10, 20 << 10, 20_000_000L, 50_000_000L);
        try (FileJournal journal = open(tight)) {
            records.append(journal, 1, 1000, 100);
            await("bound said", () -> journal.failing() && journal.trouble().contains("may not grow"));
            assertTrue(journal.wantsBase());
            assertTrue(files("segment-").size() <= 5, "4 segments and one ahead");
            for (int round = 0; journal.wantsBase() || journal.failing(); round++) {
                assertTrue(round < 5, "a base, and one more for the records since the first was begun");
                records.base(journal, records.newestIndex(), new byte[2000]);
                records.append(journal, 1, 3, 100);
                journal.mark(JournalPort.MARK_ALONE, 1, 1);
                await("base settled", () -> journal.markDurable() && !filesNow("base-").isEmpty() && (journal.wantsBase()
                        || journal.durableIndex() == records.newestIndex()));
            }
            records.awaitDurable(journal);
        }
        try (FileJournal journal = open(tight)) {
            assertEquals(records.newestIndex(), collect(journal).newestIndex());
        }
    }
}
