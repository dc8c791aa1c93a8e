package io.hotpair.sync.journal;

import static io.hotpair.sync.journal.TestRecords.FORMAT;
import static io.hotpair.sync.journal.TestRecords.SMALL;
import static io.hotpair.sync.journal.TestRecords.await;
import static io.hotpair.sync.journal.TestRecords.collect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.port.JournalPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two boards and one volume; board 0 reigns in even terms, board 1 in odd ones. */
class SharedJournalTest {
    @TempDir
    private Path folder;

    private Path volume;
    private final TestRecords records = new TestRecords();

    @BeforeEach
    void names() {
        volume = folder.resolve("volume/main");
    }

    private FileJournal open(int board) {
        FileJournal journal = FileJournal.shared(volume, folder.resolve("board-" + board), board, FORMAT, SMALL, "board" + board);
        await("recovered", journal::recovered);
        return journal;
    }

    /** Both get the record, as from the log of the replication. */
    private void appendToBoth(FileJournal one, FileJournal other, long term, int count) {
        for (int i = 0; i < count; i++) {
            byte[] record = records.next(term, 100);
            await("one", () -> one.append(record, 0, record.length));
            await("other", () -> other.append(record, 0, record.length));
        }
        records.awaitDurable(one);
        records.awaitDurable(other);
    }

    private void assertFoundByBoth() throws IOException {
        for (int board = 0; board < 2; board++) {
            try (FileJournal journal = open(board)) {
                TestRecords.Collected found = collect(journal);
                assertEquals(records.newestIndex(), found.newestIndex(), "board " + board + ": " + journal.findings());
                records.check(found);
            }
        }
    }

    private long reigns() throws IOException {
        try (Stream<Path> all = Files.list(volume)) {
            return all.filter(path -> path.getFileName().toString().startsWith("term-")).count();
        }
    }

    @Test
    void boardsThatReignInTurnContinueEachOther() throws IOException {
        try (FileJournal zero = open(0); FileJournal one = open(1)) {
            appendToBoth(zero, one, 2, 300);
            appendToBoth(zero, one, 3, 300);
            appendToBoth(zero, one, 6, 10);
        }
        assertEquals(3, reigns());
        assertFoundByBoth();
    }

    @Test
    void anOlderReignThatStillWritesHarmsNobody() throws IOException {
        FileJournal old = open(0);
        try (FileJournal successor = open(1)) {
            appendToBoth(old, successor, 2, 100);
            TestRecords stray = records.copy();
            stray.appendDurably(old, 2, 200, 100); // alone, it thinks
            records.append(successor, 3, 50, 100); // goes on behind record 100
            records.awaitDurable(successor);
            stray.appendDurably(old, 2, 200, 100);
            assertFoundByBoth();
            old.close();
            assertFoundByBoth();
            try (Stream<Path> all = Files.list(volume)) {
                assertTrue(all.anyMatch(path -> path.getFileName().toString().equals("divergent-2-101.journal")), "what it had written is kept");
            }
        }
    }

    @Test
    void aTornTailOfTheDeadPrimaryIsPassedOver() throws IOException {
        try (FileJournal zero = open(0); FileJournal one = open(1)) {
            appendToBoth(zero, one, 2, 100);
        }
        Path segment = Format.segmentPath(volume.resolve("term-0000000002"), 0);
        byte[] bytes = Files.readAllBytes(segment);
        bytes[lastUsed(bytes)] ^= 1;
        Files.write(segment, bytes);
        records.cut(99);
        try (FileJournal one = open(1)) {
            assertEquals(99, collect(one).newestIndex());
            assertTrue(one.findings().contains("torn"), one.findings());
            records.appendDurably(one, 3, 40, 100);
        }
        assertFoundByBoth();
    }

    static int lastUsed(byte[] bytes) {
        int at = bytes.length - 1;
        while (bytes[at] == 0) {
            at--;
        }
        return at;
    }

    @Test
    void whatTheDeadPrimaryHadNotWrittenIsWrittenByItsSuccessor() throws IOException {
        FileJournal zero = open(0);
        try (FileJournal one = open(1)) {
            appendToBoth(zero, one, 2, 100);
            zero.close();
            for (int i = 0; i < 30; i++) {
                byte[] record = records.next(2, 100); // on the wire only
                await("held", () -> one.append(record, 0, record.length));
            }
            records.appendDurably(one, 3, 5, 100);
        }
        assertFoundByBoth();
    }

    @Test
    void aBaseMakesOlderReignsSuperfluous() throws IOException {
        try (FileJournal zero = open(0); FileJournal one = open(1)) {
            appendToBoth(zero, one, 2, 300);
            appendToBoth(zero, one, 3, 300);
            records.base(one, 600, new byte[5000]);
            records.base(zero, 600, new byte[5000]); // a standby's is not written
            await("older reigns deleted", () -> {
                try {
                    return reigns() == 1;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            appendToBoth(zero, one, 3, 10);
            appendToBoth(zero, one, 4, 10);
        }
        assertFoundByBoth();
    }

    @Test
    void aVolumeThatIsNotMountedIsWaitedFor() throws IOException {
        try (FileJournal zero = open(0)) {
            records.appendDurably(zero, 2, 10, 100);
        }
        Path away = Files.move(folder.resolve("volume"), folder.resolve("away"));
        try (FileJournal zero = FileJournal.shared(volume, folder.resolve("board-0"), 0, FORMAT, SMALL, "board0")) {
            await("trouble", zero::failing);
            assertTrue(zero.trouble().contains("is not mounted there"), zero.trouble());
            assertFalse(zero.recovered());
            Files.move(away, folder.resolve("volume"));
            await("recovered", zero::recovered);
            assertEquals(10, zero.recoveredIndex());
            assertEquals(JournalPort.MARK_ALONE, zero.recoveredMark());
        }
    }

    @Test
    void withAMirrorTheVolumeMayBeAway() throws IOException {
        PowerCutDisk nfs = new PowerCutDisk(1);
        Path local = folder.resolve("mirror");
        FileJournal away = shared(nfs);
        try (TwoJournals both = new TwoJournals(FileJournal.mirror(local, FORMAT, SMALL, "mirror"), away)) {
            append(both, 20);
            nfs.hang(true);
            append(both, 500); // more than the volume's ring holds
            await("trouble", both::failing);
            assertTrue(both.trouble().contains("has not answered"), both.trouble());
            nfs.hang(false);
            await("base wanted without a record behind those that found no room", both::wantsBase);
            giveBases(both, away);
            append(both, 5);
            giveBases(both, away);
        }
        try (FileJournal volumeAlone = shared(nfs); FileJournal mirrorAlone = FileJournal.mirror(local, FORMAT, SMALL, "mirror")) {
            assertEquals(records.newestIndex(), collect(volumeAlone).newestIndex());
            assertEquals(records.newestIndex(), collect(mirrorAlone).newestIndex());
        }
        try (TwoJournals fresh = two(nfs, folder.resolve("new-card"))) {
            await("recovered", fresh::recovered);
            assertEquals(records.newestIndex(), fresh.recoveredIndex(), "a new card finds the volume's");
        }
    }

    private static FileJournal shared(Disk nfs) {
        return FileJournal.shared(nfs, Path.of("/nfs/main"), Path.of("/local"), 0, FORMAT, SMALL, "shared");
    }

    private static TwoJournals two(Disk nfs, Path local) {
        return new TwoJournals(FileJournal.mirror(local, FORMAT, SMALL, "mirror"), shared(nfs));
    }

    /** As a node does: as long as one is wanted. The volume may find out late what it lacks. */
    private void giveBases(TwoJournals both, FileJournal away) {
        byte[] state = new byte[2000];
        await("whole again", () -> {
            if (both.wantsBase() && both.beginBase(2, records.newestIndex(), records.digests.getLast(), state.length)) {
                await("part", () -> both.base(state, 0, state.length));
            }
            return !both.wantsBase() && !both.failing() && away.durableIndex() == records.newestIndex();
        });
    }

    private void append(TwoJournals both, int count) {
        await("recovered", both::recovered);
        for (int i = 0; i < count; i++) {
            byte[] record = records.next(2, 100);
            await("room", () -> both.append(record, 0, record.length));
        }
        await("durable", () -> both.durableIndex() == records.newestIndex());
    }

    @Test
    void withoutStorageEverythingIsDurableAtOnce() {
        NoJournal none = new NoJournal(FORMAT);
        byte[] record = records.next(2, 10);
        assertTrue(none.append(record, 0, record.length));
        assertEquals(1, none.durableIndex());
        none.mark(JournalPort.MARK_ALONE, 2, 1);
        assertTrue(none.markDurable());
        assertFalse(none.durable());
    }
}
