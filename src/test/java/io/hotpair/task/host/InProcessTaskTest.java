package io.hotpair.task.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.sync.port.TaskPort;
import io.hotpair.task.Context;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class InProcessTaskTest {
    private final InProcessTask task = new InProcessTask(CounterTask::new, CounterTask.NAMES, new HostSettings().stateDigest(4, 1024));
    private final PortDriver driver = new PortDriver(task);

    @Test
    void executesAtOnceAndAnswersInOrder() {
        driver.offer("one");
        assertEquals(1, task.executedIndex());
        driver.tick(77);
        driver.offer(TaskPort.REIGN, new byte[0]);
        driver.offer("two");
        driver.settle();
        assertEquals(4, task.executedIndex());
        assertEquals(3, driver.outputs.size());
        assertEquals("one", new String(driver.outputs.get(0).bytes(), 8, 3));
        assertEquals(77, driver.outputs.get(1).count());
        assertEquals(4, driver.outputs.get(2).index());
        assertEquals(2, driver.outputs.get(2).count());
        assertThrows(IllegalArgumentException.class, () -> task.offer(9, TaskPort.INPUT, 0, 0, new byte[8], 0, 8), "a gap");
    }

    @Test
    void anExceptionIsCaughtToldAndItsOutputsNeverWere() {
        driver.offer("one");
        driver.settle();
        long digest = task.digest();
        byte[] state = driver.snapshot();
        driver.offer("!throw");
        assertFalse(task.ready());
        assertEquals(1, task.failures());
        assertTrue(task.trouble().contains("poison"), task.trouble());
        assertEquals(1, task.executedIndex());
        assertEquals(digest, task.digest());
        assertFalse(task.outputWaits());
        assertFalse(task.offer(3, TaskPort.INPUT, 0, 0, new byte[8], 0, 8));

        task.restart();
        assertTrue(task.ready());
        assertFalse(task.loaded(), "it has lost its state");
        assertFalse(task.offer(1, TaskPort.INPUT, 0, 0, new byte[8], 0, 8));
        driver.load(state, 1, digest);
        assertNull(task.failure());
        driver.offer("two");
        driver.settle();
        assertEquals(2, driver.outputs.getLast().count());
    }

    @Test
    void aTaskThatSendsTooMuchFails() {
        driver.offer("!flood");
        assertFalse(task.ready());
        assertTrue(task.trouble().contains("more than 16 outputs"), task.trouble());
    }

    @Test
    void aFullQueueRefusesUntilOutputsAreTaken() {
        long index = 0;
        while (task.offer(index + 1, TaskPort.INPUT, 0, 0, new byte[1400], 0, 1400)) {
            index++;
            assertTrue(index < 10_000, "the queue is bounded");
        }
        assertEquals(index, task.executedIndex());
        driver.takeAll();
        assertEquals(index, driver.outputs.size());
        assertTrue(task.offer(index + 1, TaskPort.INPUT, 0, 0, new byte[1400], 0, 1400));
    }

    @Test
    void aStateAboveTheBoundIsAnErrorThatNamesBoundAndKey() {
        try (InProcessTask small = new InProcessTask(CounterTask::new, CounterTask.NAMES, new HostSettings().stateMaxBytes(4096))) {
            PortDriver smallDriver = new PortDriver(small);
            smallDriver.offer("!grow");
            small.requestSnapshot();
            assertEquals(-2, small.snapshotLengthBytes());
            assertTrue(small.trouble().contains("4096") && small.trouble().contains(HostSettings.STATE_KEY), small.trouble());
            assertTrue(small.ready(), "it goes on alone");
            small.beginLoad(5000);
            small.endLoad(7, 7);
            assertFalse(small.loaded());
            assertEquals(0, small.failures(), "the task was not asked to load it");
        }
    }

    @Test
    void theDigestKnowsOutputsAndState() {
        long born = task.digest();
        driver.offer("one");
        long afterOne = task.digest();
        assertNotEquals(born, afterOne);
        try (InProcessTask other = new InProcessTask(CounterTask::new, CounterTask.NAMES, new HostSettings().stateDigest(4, 1024))) {
            PortDriver otherDriver = new PortDriver(other);
            otherDriver.offer("one");
            assertEquals(afterOne, other.digest(), "the same on both boards");
            // a state that differs without an output to show it is found at the fourth record
            otherDriver.load(new byte[] {5, 0, 0, 0, 0, 0, 0, 0}, 1, afterOne);
            for (int i = 2; i <= 4; i++) {
                assertEquals(task.digest(), other.digest());
                driver.tick(i);
                otherDriver.tick(i);
            }
            assertNotEquals(task.digest(), other.digest());
        }
    }

    @Test
    void aLoadedStateGoesOnWhereTheSnapshotWasTaken() {
        for (int i = 0; i < 10; i++) {
            driver.offer("x" + i);
        }
        driver.settle();
        byte[] state = driver.snapshot();
        assertEquals(10, task.snapshotIndex());
        assertEquals(task.digest(), task.snapshotDigest());
        try (InProcessTask other = new InProcessTask(CounterTask::new, CounterTask.NAMES, new HostSettings().stateDigest(4, 1024))) {
            PortDriver otherDriver = new PortDriver(other);
            otherDriver.offer("left from before");
            otherDriver.load(state, task.snapshotIndex(), task.snapshotDigest());
            assertFalse(other.outputWaits(), "outputs of the state before are gone");
            driver.offer("next");
            otherDriver.offer("next");
            assertEquals(task.digest(), other.digest());
            otherDriver.load(new byte[0], 0, 0);
            otherDriver.offer("again");
            otherDriver.settle();
            assertEquals(1, otherDriver.outputs.getLast().count(), "index 0: as it was born");
        }
    }

    /** In a node the duty cycle goes on while another thread saves and loads: the task is that thread's for so long. */
    @Test
    void noRecordIsTakenWhileAnotherThreadSavesOrLoads() {
        Queue<Runnable> carried = new ArrayDeque<>();
        try (InProcessTask carriedTask = new InProcessTask(CounterTask::new, CounterTask.NAMES, new HostSettings().stateDigest(0, 1), carried::add)) {
            byte[] input = {'x'};
            assertTrue(carriedTask.offer(1, TaskPort.INPUT, 0, 1, input, 0, 1));
            carriedTask.requestSnapshot();
            assertEquals(-1, carriedTask.snapshotLengthBytes());
            assertFalse(carriedTask.offer(2, TaskPort.INPUT, 0, 2, input, 0, 1));
            assertFalse(carriedTask.mayBeginLoad(), "what is to be loaded lies where it saves");
            carried.remove().run();
            assertEquals(8, carriedTask.snapshotLengthBytes());
            assertEquals(1, carriedTask.snapshotIndex());
            assertTrue(carriedTask.offer(2, TaskPort.INPUT, 0, 2, input, 0, 1));

            carriedTask.beginLoad(8);
            carriedTask.load(new byte[] {100, 0, 0, 0, 0, 0, 0, 0}, 0, 8);
            carriedTask.endLoad(500, 42);
            assertFalse(carriedTask.loaded());
            assertFalse(carriedTask.offer(501, TaskPort.INPUT, 0, 3, input, 0, 1));
            carried.remove().run();
            assertTrue(carriedTask.loaded());
            assertEquals(500, carriedTask.executedIndex());
            assertEquals(42, carriedTask.digest());
            assertTrue(carriedTask.offer(501, TaskPort.INPUT, 0, 3, input, 0, 1));
            assertTrue(carried.isEmpty());
        }
    }

    @Test
    void aSnapshotThatIsNeededNoLongerIsForgottenThoughItIsUnderWay() {
        Queue<Runnable> carried = new ArrayDeque<>();
        try (InProcessTask carriedTask = new InProcessTask(CounterTask::new, CounterTask.NAMES, new HostSettings(), carried::add)) {
            carriedTask.requestSnapshot();
            carriedTask.releaseSnapshot();
            carried.remove().run();
            assertEquals(-1, carriedTask.snapshotLengthBytes());

            carriedTask.requestSnapshot();
            carriedTask.releaseSnapshot();
            carriedTask.requestSnapshot();
            carried.remove().run();
            assertEquals(8, carriedTask.snapshotLengthBytes(), "of the same record as the one that was released");
            assertTrue(carried.isEmpty());
        }
    }

    @Test
    void whatATaskThrowsOnTheOtherThreadIsItsFailureHere() {
        Queue<Runnable> carried = new ArrayDeque<>();
        try (InProcessTask carriedTask = new InProcessTask(CannotLoad::new, CounterTask.NAMES, new HostSettings(), carried::add)) {
            carriedTask.beginLoad(8);
            carriedTask.load(new byte[8], 0, 8);
            carriedTask.endLoad(7, 0);
            assertNull(carriedTask.failure());
            carried.remove().run();
            assertTrue(carriedTask.failure() instanceof IllegalStateException);
            assertFalse(carriedTask.loaded());
            carriedTask.restart();
            assertNull(carriedTask.failure());
            assertFalse(carriedTask.loaded(), "its state is lost");
        }
    }

    private static final class CannotLoad implements Task {
        @Override
        public void onInput(int port, ByteBuffer data, Context context) { }

        @Override
        public void save(ByteBuffer state) { }

        @Override
        public void load(ByteBuffer state) {
            throw new IllegalStateException("no");
        }
    }

    @Test
    void settingsThatDoNotFitAreRefusedAllAtOnce() {
        HostSettings wrong = new HostSettings().stateMaxBytes(3).outputQueueBytes(4096).ringBytes(1000);
        String message = assertThrows(IllegalArgumentException.class, wrong::conclude).getMessage();
        assertTrue(message.contains("state of 3") && message.contains("queue of 4096") && message.contains("ring of 1000"), message);
    }

    @Test
    void allocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Echo.class));
    }

    static final class Echo implements Allocation.Work {
        private final InProcessTask task = new InProcessTask(CounterTask::new, CounterTask.NAMES, new HostSettings().stateDigest(10, 1024));
        private final byte[] bytes = new byte[1400];
        private final byte[] answer = new byte[1400];
        private long index;

        @Override
        public void measured() {
            task.offer(++index, TaskPort.INPUT, 0, index, bytes, 0, (int) (index % 1400));
            while (task.outputWaits()) {
                task.copyOutput(answer, 0);
                task.takeOutput();
            }
            if (index % 100 == 0) {
                task.requestSnapshot();
                task.copySnapshot(0, answer, 0, (int) task.snapshotLengthBytes());
            }
        }
    }
}
