package io.hotpair.sync.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hotpair.drivers.linux.Allocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JournalAllocationTest {
    /** All that the duty cycle does with a journal, refusals by a full ring included. */
    static final class Calls implements Allocation.Work {
        private static final int RECORD_BYTES = 200;
        private final FileJournal journal;
        private final byte[] record = new byte[RECORD_BYTES];
        private final ByteBuffer view = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        private long index;
        private long calls;
        long refused;

        Calls() throws IOException {
            Path folder = Files.createTempDirectory("journal-allocation");
            folder.toFile().deleteOnExit();
            JournalConfig roomy = new JournalConfig(64 << 20, 64, 32, 64 << 10, 32 << 10, 1_000_000_000L, 2_000_000_000L);
            journal = FileJournal.mirror(new DiscardingDisk(), folder, TestRecords.FORMAT, roomy, "allocation");
            TestRecords.await("recovered", journal::recovered);
        }

        @Override
        public void unmeasured() {
            view.putInt(0, RECORD_BYTES).putInt(4, 2);
        }

        @Override
        public void measured() {
            long digest = index == 0 ? 0 : TestRecords.FORMAT.digest(view, 0, RECORD_BYTES);
            view.putLong(8, index + 1);
            view.putLong(16, digest);
            if (journal.append(record, 0, RECORD_BYTES)) {
                index++;
            } else {
                refused++;
                view.putLong(8, index);
            }
            journal.durableIndex();
            journal.failing();
            journal.markDurable();
            journal.wantsBase();
            if (++calls % 1000 == 0) {
                journal.mark(1, 2, index);
            }
        }
    }

    @Test
    void theCallersSideAllocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Calls.class));
    }
}
