package io.hotpair.lab;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A task with a state of so many bytes as its setting {@code bytes} says, which answers as {@link CountingTask} does. Each input changes a word
 * somewhere in that state, so none of it can be taken for known.
 */
public final class BulkTask implements Task {
    private static final int COUNT_BYTES = Long.BYTES;

    private final CountingTask counting = new CountingTask();
    private ByteBuffer bulk;
    private long inputs;

    @Override
    public void start(Setup setup) {
        counting.start(setup);
        int bytes = Integer.parseInt(setup.setting("bytes", "1048576"));
        bulk = ByteBuffer.allocate(bytes - COUNT_BYTES - CountingTask.STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void onInput(int port, ByteBuffer data, Context context) {
        inputs++;
        long share = CountingTask.share(inputs);
        bulk.putLong((int) Long.remainderUnsigned(share, bulk.capacity() - Long.BYTES + 1), share);
        counting.onInput(port, data, context);
    }

    @Override
    public void save(ByteBuffer state) {
        counting.save(state.putLong(inputs));
        state.put(bulk.array());
    }

    @Override
    public void load(ByteBuffer state) {
        inputs = state.getLong();
        counting.load(state);
        state.get(bulk.array());
    }
}
