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
        private final DiscardingDisk disk = new DiscardingDisk();
        private final FileJournal journal;
        private final byte[] record = new byte[RECORD_BYTES];
        private final ByteBuffer view = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        private long index;
        private long digest;
        private long calls;
        private long refused;

        Calls() throws IOException {
            Path folder = Files.createTempDirectory("journal-allocation");
            folder.toFile().deleteOnExit();
            JournalConfig roomy = new JournalConfig(64 << 20, 64, 32, 32 << 10, 32 << 10, 1_000_000_000L, 2_000_000_000L);
            journal = FileJournal.mirror(disk, folder, TestRecords.FORMAT, roomy, "allocation");
            TestRecords.await("recovered", journal::recovered);
        }

        /** Mostly there is room; a quarter of the time the disk is held, and the ring runs full. */
        @Override
        public void unmeasured() {
            boolean held = calls % 2048 >= 1536;
            disk.hold(held);
            if (!held) {
                TestRecords.await("room", () -> journal.durableIndex() >= index - 50);
            }
            view.putInt(0, RECORD_BYTES).putInt(4, 2).putLong(8, index + 1).putLong(16, digest);
        }

        /** Called once a round: the round counts only if most of its records were taken. */
        @Override
        public long helperBytes() {
            if (index < calls / 2 || calls > 0 && refused == 0) {
                throw new AssertionError("only " + index + " of " + calls + " records were taken, " + refused + " refused");
            }
            return 0;
        }

        @Override
        public void measured() {
            if (journal.append(record, 0, RECORD_BYTES)) {
                index++;
                digest = TestRecords.FORMAT.digest(view, 0, RECORD_BYTES);
            } else {
                refused++;
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
