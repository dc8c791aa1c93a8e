package io.hotpair.task.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task of another process may write anything: what cannot be is a fault, and nothing of it comes through. */
class TaskAnswersTest {
    private static final int RING_BYTES = 16384;
    private static final int AREA_BYTES = 1024;

    private final OneToOneRingBuffer ring =
            new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final StateArea area = new Area();
    private final OutputQueue queue = new OutputQueue(8192);
    private final SnapshotTransfer snapshot = new SnapshotTransfer(area);
    private final LoadTransfer load = new LoadTransfer(area);
    private final OneToOneRingBuffer toTask =
            new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final TaskAnswers answers = new TaskAnswers(ring, 2, 3, queue, new TaskHealth(1, 1), snapshot, load);

    /** In the heap. */
    private static final class Area implements StateArea {
        private final byte[] bytes = new byte[AREA_BYTES];

        @Override
        public long byteSize() {
            return bytes.length;
        }

        @Override
        public void read(long position, byte[] destination, int offset, int lengthBytes) {
            System.arraycopy(bytes, (int) position, destination, offset, lengthBytes);
        }

        @Override
        public void write(long position, byte[] source, int offset, int lengthBytes) {
            System.arraycopy(source, offset, bytes, (int) position, lengthBytes);
        }
    }

    @BeforeEach
    void fiveRecordsAreUnderWay() {
        answers.offered(5);
    }

    private void message(int type, int lengthBytes, long... fields) {
        int at = ring.tryClaim(type, lengthBytes);
        assertTrue(at > 0);
        for (int i = 0; i < fields.length; i++) {
            ring.buffer().putLong(at + 8 * i, fields[i]);
        }
        ring.commit(at);
    }

    private void output(long index, long port, int payloadBytes) {
        message(TaskMessages.OUTPUT, TaskMessages.OUTPUT_PAYLOAD + payloadBytes, index, port);
    }

    private void executed(long index) {
        message(TaskMessages.EXECUTED, TaskMessages.EXECUTED_BYTES, index, 0, 0);
    }

    private void isFault() {
        isFault("");
    }

    private void isFault(String text) {
        answers.read(100);
        assertNotNull(answers.fault());
        assertTrue(answers.fault().contains(text), answers.fault());
        assertFalse(queue.waits());
        executed(1);
        answers.read(100);
        assertEquals(0, answers.executed(), "nothing is read after a fault");
    }

    @Test
    void whatIsInOrderComesThroughOnceItsRecordIsWhole() {
        output(1, 0, 1400);
        output(1, 1, 0);
        answers.read(100);
        assertFalse(queue.waits());
        executed(1);
        executed(2);
        output(3, 1, 8);
        answers.read(100);
        assertNull(answers.fault());
        assertEquals(2, answers.executed());
        assertTrue(queue.waits());
        queue.take();
        queue.take();
        assertFalse(queue.waits(), "the output of a record that is not whole");
        answers.forget();
        assertEquals(2, answers.executed());
    }

    @Test
    void anUnknownMessage() {
        message(99, 8, 1);
        isFault();
    }

    @Test
    void anOutputOfARecordOutOfOrder() {
        output(2, 0, 8);
        isFault();
    }

    @Test
    void anOutputToAnUnknownPort() {
        output(1, 2, 8);
        isFault();
    }

    @Test
    void anOutputThatIsTooLong() {
        output(1, 0, 1401);
        isFault("an output of 1401 bytes");
    }

    @Test
    void anOutputCutShort() {
        message(TaskMessages.OUTPUT, 8, 1);
        isFault("an output of -8 bytes");
    }

    @Test
    void oneOutputTooMany() {
        for (int i = 0; i < 4; i++) {
            output(1, 0, 8);
        }
        isFault();
    }

    @Test
    void aRecordExecutedThatWasNeverOffered() {
        answers.offered(0);
        executed(1);
        isFault();
    }

    @Test
    void anOutputOfARecordThatWasNeverOffered() {
        answers.offered(0);
        output(1, 0, 8);
        isFault();
    }

    @Test
    void aSnapshotThatCannotBe() {
        snapshot.request();
        assertTrue(snapshot.send(toTask));
        message(TaskMessages.SAVED, TaskMessages.SAVED_BYTES, 1, AREA_BYTES + 1);
        isFault();
    }

    @Test
    void aSnapshotThatWasReplacedIsNotTakenForTheNewOne() {
        snapshot.request();
        assertTrue(snapshot.send(toTask));
        snapshot.request();
        assertTrue(snapshot.send(toTask));
        message(TaskMessages.SAVED, TaskMessages.SAVED_BYTES, 1, 8);
        answers.read(100);
        assertEquals(-1, snapshot.lengthBytes());
        message(TaskMessages.SAVED, TaskMessages.SAVED_BYTES, 2, 9);
        answers.read(100);
        assertEquals(9, snapshot.lengthBytes());
        assertNull(answers.fault());
    }

    @Test
    void garbageInTheHeaderOfAMessage() {
        executed(1);
        ring.buffer().putInt(0, Integer.MAX_VALUE);
        isFault();
    }

    @Test
    void aQueueWithoutRoomHoldsTheTaskUpAndLosesNothing() {
        for (int record = 1; record <= 5; record++) {
            output(record, 0, 1400);
            output(record, 0, 1400);
            executed(record);
        }
        int taken = 0;
        for (int round = 0; round < 100 && taken < 10; round++) {
            answers.read(100);
            assertTrue(answers.executed() == 5 || answers.blocked() || queue.waits());
            while (queue.waits()) {
                queue.take();
                taken++;
            }
        }
        assertEquals(10, taken);
        assertEquals(5, answers.executed());
        assertNull(answers.fault());
    }

    @Test
    void aLoadThatIsOvertakenByAnotherDoesNotCount() {
        load.begin(8);
        load.part(new byte[8], 0, 8);
        assertTrue(load.end(50, 7));
        assertTrue(load.send(toTask));
        executed(1); // of the state before
        answers.read(100);
        assertEquals(0, answers.executed());
        load.begin(8);
        message(TaskMessages.LOADED, TaskMessages.LOADED_BYTES, 1);
        answers.read(100);
        assertFalse(answers.takeLoadDone(), "its area is being overwritten");
        load.part(new byte[8], 0, 8);
        assertTrue(load.end(60, 8));
        assertTrue(load.send(toTask));
        message(TaskMessages.LOADED, TaskMessages.LOADED_BYTES, 2);
        answers.read(100);
        assertTrue(answers.takeLoadDone());
        assertEquals(60, answers.executed());
        assertEquals(8, answers.digest());
    }

    @Test
    void aLoadIsSentAgainToTheNextProcessButNotWhileItIsIncomplete() {
        load.begin(8);
        assertFalse(load.send(toTask));
        assertTrue(load.end(50, 7));
        assertTrue(load.send(toTask));
        load.onProcessEnded();
        assertTrue(load.send(toTask));
        load.begin(8);
        load.onProcessEnded();
        assertFalse(load.send(toTask));
        load.begin(AREA_BYTES + 1);
        assertFalse(load.end(51, 7), "too large");
        assertFalse(load.send(toTask));
    }
}
