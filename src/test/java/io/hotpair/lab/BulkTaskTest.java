package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkTaskTest {
    private static final int BYTES = 4096;

    private final List<Long> places = new ArrayList<>();
    private final Setup setup = new Setup() {
        @Override
        public int input(String name) {
            return 0;
        }

        @Override
        public int output(String name) {
            return 0;
        }

        @Override
        public String setting(String key, String otherwise) {
            return key.equals("bytes") ? Integer.toString(BYTES) : otherwise;
        }
    };
    private final Context context = new Context() {
        @Override
        public long timeNs() {
            return 0;
        }

        @Override
        public long index() {
            return 0;
        }

        @Override
        public void send(int port, ByteBuffer data) {
            places.add(data.getLong(8));
        }
    };

    private BulkTask started() {
        BulkTask task = new BulkTask();
        task.start(setup);
        return task;
    }

    private void inputs(BulkTask task, int from, int to) {
        for (long number = from; number <= to; number++) {
            task.onInput(0, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, number), context);
        }
    }

    private static byte[] saved(BulkTask task) {
        ByteBuffer state = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        task.save(state);
        return Arrays.copyOf(state.array(), state.position());
    }

    @Test
    void theStateHasExactlyTheSizeAskedForAndMostOfItChanges() {
        BulkTask task = started();
        inputs(task, 1, 2_000);

        byte[] state = saved(task);

        assertEquals(BYTES, state.length);
        int zeros = 0;
        for (byte b : state) {
            zeros += b == 0 ? 1 : 0;
        }
        assertFalse(zeros > BYTES / 10, zeros + " bytes are still zero");
    }

    @Test
    void anotherOneGoesOnFromAStateAsIfItWereTheFirst() {
        BulkTask one = started();
        inputs(one, 1, 100);
        BulkTask other = started();
        other.load(ByteBuffer.wrap(saved(one)).order(ByteOrder.LITTLE_ENDIAN));
        inputs(one, 101, 200);
        inputs(other, 101, 200);

        assertArrayEquals(saved(one), saved(other));
        assertEquals(List.of(200L, 200L), List.of(places.get(199), places.getLast()));
    }
}
