package io.hotpair.sync.journal;

import static io.hotpair.sync.journal.TestRecords.FORMAT;
import static io.hotpair.sync.journal.TestRecords.SMALL;
import static io.hotpair.sync.journal.TestRecords.await;
import static io.hotpair.sync.journal.TestRecords.collect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.port.JournalPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what was written: what is good is kept, what is not is named and kept for a person, nothing false is handed out. */
class DamageTest {
    private static final int RECORDS = 300;
    private static final int PAYLOAD_BYTES = 90;

    @TempDir
    private Path folder;

    private final TestRecords records = new TestRecords();
    private List<Path> segments;
    /** The one with the last record. */
    private Path lastSegment;

    private void write() throws IOException {
        write(true);
    }

    /** @param prepared whether the segment behind the last record is there; a journal that is closed early may not have come to it */
    private void write(boolean prepared) throws IOException {
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            records.appendDurably(journal, 1, RECORDS, PAYLOAD_BYTES);
        }
        segments = files("segment-");
        int last = segments.size() - 1;
        if (SharedJournalTest.lastUsed(Files.readAllBytes(segments.get(last))) < Format.SEGMENT_HEADER_BYTES) {
            last--;
        }
        lastSegment = segments.get(last);
        long next = Format.segmentNumber(lastSegment) + 1;
        Files.deleteIfExists(Format.segmentPath(folder, next));
        if (prepared) {
            BlankSegment.create(new RealDisk(), folder, next, 0, SMALL.segmentBytes()).close();
        }
    }

    private List<Path> files(String start) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith(start)).sorted().toList();
        }
    }

    private LogScan.Result scan() throws IOException {
        return new LogScan(new RealDisk(), FORMAT, List.of(folder)).scan();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLastRecordTornAtEachOfItsBytes(boolean nextIsPrepared) throws IOException {
        write(nextIsPrepared);
        byte[] whole = Files.readAllBytes(lastSegment);
        int end = SharedJournalTest.lastUsed(whole) + 1;
        int start = (end + 7 & ~7) - Format.paddedBytes(PrefixFormat.PREFIX_BYTES + PAYLOAD_BYTES);
        for (int at = start; at < end; at++) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, at, torn.length, (byte) 0);
            Files.write(lastSegment, torn);
            LogScan.Result found = scan();
            assertEquals(RECORDS - 1, found.last().index(), "torn at byte " + at);
            if (at > start) {
                assertEquals(lastSegment, found.problem().file());
                assertEquals(start, found.problem().offset());
                assertTrue(found.problem().why().startsWith("torn") || at < start + 4, found.problem().why());
            }
        }
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            assertEquals(RECORDS - 1, collect(journal).newestIndex());
            records.cut(RECORDS - 1);
            records.appendDurably(journal, 2, 10, PAYLOAD_BYTES);
        }
        assertEquals(1, files("damaged-").size());
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            TestRecords.Collected found = collect(journal);
            records.check(found);
            assertEquals(RECORDS + 9, found.newestIndex());
            assertNull(journal.findings());
        }
    }

    @Test
    void aBitFlippedAnywhereIsFound() throws IOException {
        write();
        Path segment = segments.getFirst();
        byte[] whole = Files.readAllBytes(segment);
        int endOfFirst = SharedJournalTest.lastUsed(whole) + 1 + 7 & ~7;
        Random random = new Random(7);
        for (int i = 0; i < whole.length * 8; i += 1 + random.nextInt(256)) {
            byte[] damaged = whole.clone();
            damaged[i >> 3] ^= (byte) (1 << (i & 7));
            Files.write(segment, damaged);
            int bit = i;
            LogScan.Result found;
            try {
                found = scan();
            } catch (Format.NewerVersion e) {
                assertTrue(i >> 3 == 8 || i >> 3 == 9, "only a flipped version looks like one");
                continue;
            }
            if (found.problem() == null && i >> 3 >= endOfFirst) {
                assertEquals(RECORDS, found.last().index(), "behind the seal nothing is read");
                continue;
            }
            assertNotNull(found.problem(), () -> "bit " + bit + " went unnoticed");
            assertTrue(found.problem().offset() <= i >> 3, () -> "bit " + bit + " found at " + found.problem());
            assertEquals(segment, found.problem().file());
            assertEquals(goodRecords(found.problem().offset()), found.last().index(), () -> "bit " + bit);
        }
    }

    /** How many records are whole in front of an offset of the first segment; a START frame is in front of them all. */
    private static long goodRecords(int offset) {
        int records = offset - Format.SEGMENT_HEADER_BYTES - Format.paddedBytes(Format.POSITION_BYTES);
        return records <= 0 ? 0 : records / Format.paddedBytes(PrefixFormat.PREFIX_BYTES + PAYLOAD_BYTES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTruncatedSegmentKeepsWhatIsLeft(boolean nextIsPrepared) throws IOException {
        write(nextIsPrepared);
        byte[] whole = Files.readAllBytes(lastSegment);
        Random random = new Random(3);
        for (int length = 0; length < whole.length; length += 1 + random.nextInt(200)) {
            Files.write(lastSegment, Arrays.copyOf(whole, length));
            LogScan.Result found = scan();
            assertNotNull(found.problem(), "cut to " + length + " bytes");
            assertEquals(lastSegment, found.problem().file());
            assertTrue(found.last().index() <= RECORDS);
        }
        Files.write(lastSegment, Arrays.copyOf(whole, whole.length - 8)); // only zeros are gone
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            assertEquals(RECORDS, collect(journal).newestIndex());
            assertTrue(journal.findings().contains("torn: the file has 16376 of 16384 bytes"), journal.findings());
            records.appendDurably(journal, 2, 300, PAYLOAD_BYTES);
        }
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            TestRecords.Collected found = collect(journal);
            records.check(found);
            assertEquals(RECORDS + 300, found.newestIndex());
        }
    }

    @Test
    void whatWasDamagedIsKeptInAFile() throws IOException {
        write();
        byte[] first = Files.readAllBytes(segments.getFirst());
        byte[] second = Files.readAllBytes(segments.get(1));
        first[8000] ^= 4;
        Files.write(segments.getFirst(), first);
        try (FileJournal journal = FileJournal.mirror(folder, FORMAT, SMALL, "test")) {
            TestRecords.Collected found = collect(journal);
            records.check(found);
            assertTrue(journal.findings().contains("checksum: it does not fit the frame"), journal.findings());
            assertTrue(journal.findings().contains("kept everything up to record " + found.newestIndex()), journal.findings());
        }
        byte[] kept = Files.readAllBytes(files("damaged-").getFirst());
        int offset = Integer.parseInt(files("damaged-").getFirst().getFileName().toString().split("[-.]")[2]);
        int rest = first.length - offset;
        assertEquals(-1, Arrays.mismatch(Arrays.copyOfRange(first, offset, first.length), Arrays.copyOf(kept, rest)));
        assertEquals(-1, Arrays.mismatch(second, Arrays.copyOfRange(kept, rest, rest + second.length)), "the segments behind it too");
    }

    @Test
    void aDamagedSlotOfTheMarkLeavesTheOther() throws IOException {
        MarkFile marks = new MarkFile(new RealDisk(), folder.resolve("mark"));
        marks.write(JournalPort.MARK_CLEAN, 1, 5);
        marks.write(JournalPort.MARK_ALONE, 2, 9);
        byte[] whole = Files.readAllBytes(folder.resolve("mark"));
        for (int slot = 0; slot < MarkFile.SLOTS; slot++) {
            for (int at = 0; at < MarkFile.SLOT_BYTES; at++) {
                byte[] damaged = whole.clone();
                damaged[slot * MarkFile.SLOT_STRIDE_BYTES + at] ^= 16;
                Files.write(folder.resolve("mark"), damaged);
                assertTrue(marks.read().contains("one of two slots is damaged"));
                assertEquals(JournalPort.MARK_ALONE, marks.mark());
                assertEquals(9, marks.index());
            }
        }
        Files.write(folder.resolve("mark"), new byte[] {1, 2, 3});
        assertTrue(marks.read().contains("no slot is whole"));
        assertEquals(JournalPort.MARK_NONE, marks.mark());
    }

    @Test
    void onlyTheNewestDamagedFilesAreKept() throws IOException {
        for (int i = 0; i < Format.KEPT_FOR_A_PERSON + 3; i++) {
            Files.write(folder.resolve("damaged-" + i * 7 + "-32.bin"), new byte[] {1});
        }
        new Repair(new RealDisk(), folder).keepNewest("damaged-", ".bin");
        List<Path> left = files("damaged-");
        assertEquals(Format.KEPT_FOR_A_PERSON, left.size());
        assertTrue(Files.exists(folder.resolve("damaged-70-32.bin")));
        await("the oldest are gone", () -> !Files.exists(folder.resolve("damaged-0-32.bin")));
    }
}
