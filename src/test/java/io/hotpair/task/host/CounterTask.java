package io.hotpair.task.host;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What {@code src/examples/task-counter.c} does, in Java: counts inputs, answers each with the count and the input. And a few ways to misbehave, by
 * inputs that begin with {@code !}.
 */
public final class CounterTask implements Task {
    static final TaskNames NAMES = new TaskNames(List.of("in"), List.of("out"), Map.of("greeting", "a = b"));

    private final ByteBuffer answer = ByteBuffer.allocate(HostSettings.PAYLOAD_BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    private final byte[] bytes = new byte[HostSettings.PAYLOAD_BYTES];
    private long count;
    private int output;
    private int extraBytes;

    /** A task that has counted nothing. */
    public CounterTask() {
    }

    static byte[] misbehave(String how) {
        return ("!" + how).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void start(Setup setup) {
        output = setup.output("out");
        if (!setup.setting("greeting", "").equals("a = b") || setup.input("in") != 0) {
            throw new IllegalStateException("settings did not arrive");
        }
    }

    @Override
    public void onInput(int port, ByteBuffer data, Context context) {
        int lengthBytes = Math.min(data.remaining(), HostSettings.PAYLOAD_BYTES - Long.BYTES);
        data.get(bytes, 0, lengthBytes);
        if (lengthBytes > 0 && bytes[0] == '!') {
            misbehave(new String(bytes, 1, lengthBytes - 1, StandardCharsets.US_ASCII), context);
        }
        count++;
        answer.clear();
        answer.putLong(0, count).put(Long.BYTES, bytes, 0, lengthBytes).limit(Long.BYTES + lengthBytes);
        context.send(output, answer);
    }

    private void misbehave(String how, Context context) {
        switch (how) {
            case "exit" -> Runtime.getRuntime().halt(3);
            case "throw" -> {
                answer.clear().limit(8);
                context.send(output, answer);
                throw new IllegalArgumentException("poison");
            }
            case "hang" -> {
                while (count >= 0) {
                    Thread.onSpinWait();
                }
            }
            case "flood" -> {
                for (int i = 0; i < 1000; i++) {
                    context.send(output, answer);
                }
            }
            case "print" -> System.out.println("hello from the task");
            case "grow" -> extraBytes = 1 << 20;
            default -> throw new IllegalArgumentException(how);
        }
    }

    @Override
    public void onTick(long tick, Context context) {
        answer.clear();
        answer.putLong(0, tick).putLong(8, context.timeNs()).putLong(16, context.index()).limit(24);
        context.send(output, answer);
    }

    @Override
    public void save(ByteBuffer state) {
        state.putLong(count);
        for (int i = 0; i < extraBytes; i++) {
            state.put((byte) i);
        }
    }

    @Override
    public void load(ByteBuffer state) {
        count = state.getLong();
        extraBytes = state.remaining();
    }
}
