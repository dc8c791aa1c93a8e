package io.hotpair.sync.journal;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Random;

/** Goes on with the journal in a folder until it is killed; tells each durable index on standard output before anything that depends on it. */
final class KilledJournal {
    private KilledJournal() {
    }

    /** The same records in every process, so that nobody needs to keep them. */
    static final class Chain {
        long index;
        long digest;

        byte[] next() {
            index++;
            byte[] record = TestRecords.record(2, index, digest, (int) (index * 37 % 1300));
            digest = TestRecords.digest(record);
            return record;
        }
    }

    static byte[] state(long index) {
        byte[] state = new byte[(int) (1000 + index % 30_000)];
        new Random(index).nextBytes(state);
        return state;
    }

    public static void main(String[] arguments) throws Exception {
        FileJournal journal = FileJournal.mirror(Path.of(arguments[0]), TestRecords.FORMAT, TestRecords.SMALL, "killed");
        TestRecords.await("recovered", journal::recovered);
        Chain chain = new Chain();
        while (chain.index < journal.recoveredIndex()) {
            chain.next();
        }
        PrintStream out = new PrintStream(System.out, true);
        out.println("found " + chain.index);
        long told = 0;
        Random random = new Random(Long.parseLong(arguments[1]));
        while (!out.checkError()) { // nobody listens any more: end
            if (journal.wantsBase() || random.nextInt(300) == 0) {
                base(journal, chain);
            }
            byte[] record = chain.next();
            TestRecords.await("room", () -> journal.append(record, 0, record.length));
            long durable = journal.durableIndex();
            if (durable > told) {
                told = durable;
                out.println(told);
            }
        }
    }

    private static void base(FileJournal journal, Chain chain) {
        byte[] state = state(chain.index);
        TestRecords.await("base", () -> journal.beginBase(2, chain.index, chain.digest, state.length));
        for (int at = 0; at < state.length; at += 4000) {
            int from = at;
            TestRecords.await("part", () -> journal.base(state, from, Math.min(4000, state.length - from)));
        }
    }
}
