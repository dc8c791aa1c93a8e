package io.hotpair.sync.journal;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Random;

/** Goes on with the journal in a folder until it is killed; tells each durable index on standard output before anything that depends on it. */
final class KilledJournal {
    private KilledJournal() {
    }

    /** What record an index holds, in every process alike: records do not depend on who wrote them. */
    static byte[] record(TestRecords records, int index) {
        return records.next(2, index * 37 % 1300);
    }

    static byte[] state(long index) {
        byte[] state = new byte[(int) (1000 + index % 30_000)];
        new Random(index).nextBytes(state);
        return state;
    }

    public static void main(String[] arguments) throws Exception {
        FileJournal journal = FileJournal.mirror(Path.of(arguments[0]), TestRecords.FORMAT, TestRecords.SMALL, "killed");
        TestRecords records = new TestRecords();
        TestRecords.Collected found = TestRecords.collect(journal);
        while (records.newestIndex() < found.newestIndex()) {
            record(records, records.newestIndex() + 1);
        }
        PrintStream out = new PrintStream(System.out, true);
        out.println("found " + found.newestIndex());
        long told = 0;
        Random random = new Random(Long.parseLong(arguments[1]));
        while (true) {
            if (journal.wantsBase() || random.nextInt(300) == 0) {
                records.base(journal, records.newestIndex(), state(records.newestIndex()));
            }
            byte[] record = record(records, records.newestIndex() + 1);
            TestRecords.await("room", () -> journal.append(record, 0, record.length));
            long durable = journal.durableIndex();
            if (durable > told) {
                told = durable;
                out.println(told);
            }
        }
    }
}
