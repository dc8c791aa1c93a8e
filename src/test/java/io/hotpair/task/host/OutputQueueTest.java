package io.hotpair.task.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputQueueTest {
    @Test
    void whatGoesInComesOutOverManyTurnsOfTheRing() {
        OutputQueue queue = new OutputQueue(8192);
        ArrayDeque<byte[]> expected = new ArrayDeque<>();
        Random random = new Random(7);
        byte[] out = new byte[2000];
        long next = 1;
        long taken = 1;
        for (int step = 0; step < 20_000; step++) {
            if (random.nextBoolean() && queue.hasRoom(1)) {
                byte[] bytes = new byte[random.nextInt(HostSettings.PAYLOAD_BYTES + 1)];
                random.nextBytes(bytes);
                queue.stage(next, (int) (next & 0xFF), bytes, bytes.length);
                queue.commit();
                expected.add(bytes);
                next++;
            } else if (queue.waits()) {
                assertEquals(taken, queue.index());
                assertEquals(taken & 0xFF, queue.port());
                byte[] bytes = expected.poll();
                assertEquals(bytes.length, queue.copy(out, 3));
                assertArrayEquals(bytes, java.util.Arrays.copyOfRange(out, 3, 3 + bytes.length));
                queue.take();
                taken++;
            }
        }
        assertTrue(taken > 1000);
    }

    @Test
    void whatIsStagedCannotBeTakenAndMayNeverHaveBeen() {
        OutputQueue queue = new OutputQueue(8192);
        queue.stage(1, 0, new byte[10], 10);
        assertFalse(queue.waits());
        queue.rollback();
        queue.commit();
        assertFalse(queue.waits());
        assertThrows(IllegalStateException.class, queue::take);
        queue.stage(1, 2, new byte[10], 10);
        queue.commit();
        queue.stage(2, 3, new byte[10], 10);
        assertEquals(2, queue.port());
        queue.clear();
        assertFalse(queue.waits());
        assertTrue(queue.hasRoom(5));
    }
}
