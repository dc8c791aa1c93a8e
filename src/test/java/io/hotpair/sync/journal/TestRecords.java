package io.hotpair.sync.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Makes chained records, appends them, and remembers what a journal must give back. */
final class TestRecords {
    static final PrefixFormat FORMAT = new PrefixFormat();
    /** Small segments, so that some hundred records need many of them. */
    static final JournalConfig SMALL = new JournalConfig(16 << 10, 64, 32, 32 << 10, 20 << 10, 20_000_000L, 50_000_000L);
    private static final long PATIENCE_NS = 60_000_000_000L;

    /** Records of this board's history by index; index 0 is unused. */
    final List<byte[]> history = new ArrayList<>(List.of(new byte[0]));
    final List<Long> digests = new ArrayList<>(List.of(0L));

    int newestIndex() {
        return history.size() - 1;
    }

    /** The next record of the chain. */
    byte[] next(long term, int payloadBytes) {
        int index = history.size();
        byte[] record = record(term, index, digests.getLast(), payloadBytes);
        history.add(record);
        digests.add(digest(record));
        return record;
    }

    static byte[] record(long term, long index, long previousDigest, int payloadBytes) {
        byte[] record = new byte[PrefixFormat.PREFIX_BYTES + payloadBytes];
        ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).putInt(record.length).putInt((int) term).putLong(index).putLong(previousDigest);
        for (int i = PrefixFormat.PREFIX_BYTES; i < record.length; i++) {
            record[i] = (byte) (index * 31 + i * 7 + term);
        }
        return record;
    }

    static long digest(byte[] record) {
        return FORMAT.digest(ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN), 0, record.length);
    }

    /** Forgets everything above the index, as after a fork. */
    void cut(int index) {
        while (newestIndex() > index) {
            history.removeLast();
            digests.removeLast();
        }
    }

    void append(FileJournal journal, long term, int count, int payloadBytes) {
        for (int i = 0; i < count; i++) {
            byte[] record = next(term, payloadBytes);
            await("room for record " + newestIndex(), () -> journal.append(record, 0, record.length));
        }
    }

    void appendDurably(FileJournal journal, long term, int count, int payloadBytes) {
        append(journal, term, count, payloadBytes);
        awaitDurable(journal);
    }

    void awaitDurable(FileJournal journal) {
        await("record " + newestIndex() + " durable", () -> journal.durableIndex() == newestIndex());
    }

    /** A base as of a record of the history. */
    void base(FileJournal journal, int index, byte[] state) {
        long term = index == 0 ? 0 : term(history.get(index));
        await("base taken", () -> journal.beginBase(term, index, digests.get(index), state.length));
        for (int at = 0; at < state.length; at += 1000) {
            int from = at;
            await("part taken", () -> journal.base(state, from, Math.min(1000, state.length - from)));
        }
    }

    static long term(byte[] record) {
        return FORMAT.term(record, 0);
    }

    static void await(String what, BooleanSupplier condition) {
        long sinceNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - sinceNs < PATIENCE_NS, "not reached within the patience of the test: " + what);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /** What a journal gave back. */
    static final class Collected {
        long baseIndex;
        byte[] state;
        final List<byte[]> records = new ArrayList<>();

        long newestIndex() {
            return baseIndex + records.size();
        }
    }

    /** Everything that was recovered; checks that it is a chain and what the journal says it is. */
    static Collected collect(FileJournal journal) {
        await("recovered", journal::recovered);
        Collected collected = new Collected();
        collected.baseIndex = journal.recoveredBaseIndex();
        if (collected.baseIndex > 0) {
            collected.state = new byte[(int) journal.recoveredBaseLengthBytes()];
            for (int at = 0; at < collected.state.length; at += 777) {
                journal.copyRecoveredBase(at, collected.state, at, Math.min(777, collected.state.length - at));
            }
        }
        byte[] next = new byte[Format.MOST_RECORD_BYTES];
        int[] bytes = new int[1];
        await("replayed", () -> {
            for (bytes[0] = journal.nextRecovered(next, 0); bytes[0] > 0; bytes[0] = journal.nextRecovered(next, 0)) {
                collected.records.add(java.util.Arrays.copyOf(next, bytes[0]));
            }
            return bytes[0] == 0;
        });
        assertEquals(1000, journal.replayPermille());
        assertEquals(journal.recoveredIndex(), collected.newestIndex());
        for (int i = 0; i < collected.records.size(); i++) {
            assertEquals(collected.baseIndex + 1 + i, FORMAT.index(collected.records.get(i), 0));
        }
        if (!collected.records.isEmpty()) {
            assertEquals(journal.recoveredDigest(), digest(collected.records.getLast()));
            assertEquals(journal.recoveredTerm(), term(collected.records.getLast()));
        }
        return collected;
    }

    TestRecords copy() {
        TestRecords copy = new TestRecords();
        copy.history.addAll(history.subList(1, history.size()));
        copy.digests.addAll(digests.subList(1, digests.size()));
        return copy;
    }

    boolean holds(Collected collected) {
        boolean holds = collected.newestIndex() <= newestIndex();
        for (int i = 0; holds && i < collected.records.size(); i++) {
            holds = java.util.Arrays.equals(history.get((int) collected.baseIndex + 1 + i), collected.records.get(i));
        }
        return holds;
    }

    /** Checks that what was collected are the history's records. */
    void check(Collected collected) {
        for (int i = 0; i < collected.records.size(); i++) {
            int index = (int) collected.baseIndex + 1 + i;
            org.junit.jupiter.api.Assertions.assertArrayEquals(history.get(index), collected.records.get(i), "record " + index);
        }
    }
}
