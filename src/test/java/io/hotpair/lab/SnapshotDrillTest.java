package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The drill with real nodes. Whether this machine keeps every promise of it is not this test's business: what it sees, is. */
@Tag("slow")
class SnapshotDrillTest {
    private static final int BYTES = 1 << 20;

    private static SnapshotDrill.Result run(Class<? extends Task> task) throws Exception {
        return new SnapshotDrill(new RealNodeKit(), new SnapshotDrill.Plan(1, 500, List.of(BYTES), task, false, false), said -> { }).run();
    }

    @Test
    void theStateIsTransferredAndTheTimesAreKnown() throws Exception {
        SnapshotDrill.Size size = run(BulkTask.class).sizes().getFirst();

        assertEquals(1, size.transfers());
        assertTrue(size.snapshots() >= 1);
        assertTrue(size.transferNs().min() > 0 && size.transferNs().min() <= size.inStepNs().min() && size.inStepNs().min() < size.hotNs().min());
        assertTrue(size.calm().answers().inputs() > 0 && size.calm().answers().worstNs() > 0);
        assertTrue(size.during().answers().inputs() > 0 && size.during().answers().worstNs() > 0);
    }

    @Test
    void aTaskThatTakesLongToSaveASmallStateIsFoundOut() throws Exception {
        SnapshotDrill.Result result = run(SlowToSave.class);

        assertTrue(result.broken().stream().anyMatch(line -> line.contains("answered later than 10 ms")), result.broken().toString());
        assertTrue(result.sizes().getFirst().during().answers().worstNs() >= SlowToSave.SAVES_FOR_NS);
    }

    /** As {@link BulkTask}. */
    public static final class SlowToSave implements Task {
        static final long SAVES_FOR_NS = 60_000_000;

        private final BulkTask task = new BulkTask();

        @Override
        public void start(Setup setup) {
            task.start(setup);
        }

        @Override
        public void onInput(int port, ByteBuffer data, Context context) {
            task.onInput(port, data, context);
        }

        @Override
        public void save(ByteBuffer state) {
            for (long sinceNs = System.nanoTime(); System.nanoTime() - sinceNs < SAVES_FOR_NS; LockSupport.parkNanos(SAVES_FOR_NS)) {
                Thread.onSpinWait();
            }
            task.save(state);
        }

        @Override
        public void load(ByteBuffer state) {
            task.load(state);
        }
    }
}
