package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The drill with real nodes; how many kills it takes to find something is not this test's business. */
@Tag("slow")
class KillDrillTest {
    private static final int RATE = 2_000;

    private final List<String> said = new ArrayList<>();

    private static KillDrill.Plan plan(Class<? extends Task> task) {
        return new KillDrill.Plan(1, RATE, RATE, true, true, "none", "both", task, false, 1);
    }

    @Test
    void aPairThatKeepsItsPromises() throws Exception {
        KillDrill.Result result = new KillDrill(new RealNodeKit(), plan(CountingTask.class), said::add).run();

        assertEquals(List.of(), result.broken());
        assertEquals(1, result.kills() - result.doubleFaults());
        assertEquals(1, result.takeoversNs().count());
        assertEquals(0, result.acknowledgedLost() + result.executedTwice());
        assertEquals(result.digests()[0], result.digests()[1]);
        assertTrue(result.answered() > 0 && result.answered() <= result.sent());
    }

    @Test
    void aTaskThatGivesAPlaceAwayTwiceIsFoundOut() throws Exception {
        KillDrill.Result result = new KillDrill(new RealNodeKit(), plan(ForgetfulTask.class), said::add).run();

        assertFalse(result.kept());
        assertTrue(result.broken().getFirst().contains("acknowledged inputs lost"), result.broken().toString());
    }

    @Test
    void aKillWhileTheStandbyStandsStillIsADoubleFault() throws Exception {
        int[] stopped = {0};
        KillDrill.Result result = new KillDrill(new RealNodeKit(), plan(CountingTask.class), said::add, (rig, views, primary) -> {
            if (stopped[0]++ == 0) {
                rig.board(1 - primary).signal(LinuxCalls.SIGSTOP);
                TaskRig.await("the primary did not go on alone", () -> views[primary].refresh() && views[primary].value("group0.syncState") != 2);
            }
        }).run();

        assertEquals(List.of(), result.broken());
        assertEquals(2, stopped[0]);
        assertEquals(1, result.doubleFaults());
        assertEquals(2, result.kills());
        assertEquals(1, result.takeoversNs().count(), "the double fault is no takeover");
    }

    /** Counts as {@link CountingTask} does, but leaves out one input in a thousand after it has answered it. */
    public static final class ForgetfulTask implements Task {
        private static final int FORGETS_EVERY = 1_000;

        private final ByteBuffer answer = ByteBuffer.allocate(CountingTask.ANSWER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private int port;
        private long inputs;
        private long count;

        @Override
        public void start(Setup setup) {
            port = setup.output("answers");
        }

        @Override
        public void onInput(int from, ByteBuffer data, Context context) {
            inputs++;
            context.send(port, answer.putLong(0, data.getLong(0)).putLong(8, count + 1).putLong(16, 0));
            count += inputs % FORGETS_EVERY == 0 ? 0 : 1;
        }

        @Override
        public void save(ByteBuffer state) {
            state.putLong(inputs).putLong(count);
        }

        @Override
        public void load(ByteBuffer state) {
            inputs = state.getLong();
            count = state.getLong();
        }
    }
}
