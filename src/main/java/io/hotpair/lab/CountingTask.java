package io.hotpair.lab;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The task of a drill: counts its inputs and adds them up, and answers each with its place in the count. A client that hears the answers can tell an
 * input that was executed twice (two places), and one that was answered and then lost (its place is given away again).
 *
 * <pre>
 *  input    0 u64 number
 *  answer   0 u64 number of the input    8 u64 inputs so far, this one among them    16 u64 sum over all of them
 * </pre>
 */
public final class CountingTask implements Task {
    /** Bytes of an answer. */
    static final int ANSWER_BYTES = 24;
    /** Bytes of its state. */
    static final int STATE_BYTES = 16;

    private final ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int port;
    private long count;
    private long sum;

    /** What an input adds to the sum: two sets of inputs of the same sum are the same as far as anybody can tell. */
    static long share(long number) {
        long h = number * 0x9E3779B97F4A7C15L; // the finish of SplitMix64
        h = (h ^ h >>> 30) * 0xBF58476D1CE4E5B9L;
        h = (h ^ h >>> 27) * 0x94D049BB133111EBL;
        return h ^ h >>> 31;
    }

    @Override
    public void start(Setup setup) {
        port = setup.output("answers");
    }

    @Override
    public void onInput(int from, ByteBuffer data, Context context) {
        long number = data.getLong(0);
        count++;
        sum += share(number);
        context.send(port, answer.putLong(0, number).putLong(8, count).putLong(16, sum));
    }

    @Override
    public void save(ByteBuffer state) {
        state.putLong(count).putLong(sum);
    }

    @Override
    public void load(ByteBuffer state) {
        count = state.getLong();
        sum = state.getLong();
    }
}
