package io.hotpair.lab;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Sends each tick that it executes, and how many there were; against the rule for tasks it also writes them into a file of its process, so that a test
 * can see what the task of a standby executes.
 */
public final class TickTask implements Task {
    private final ByteBuffer message = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    private int port;
    private long count;
    private DataOutputStream executed;

    @Override
    public void start(Setup setup) {
        port = setup.output("ticks");
        Path folder = Path.of(setup.setting("folder", "/nowhere"));
        try {
            executed = new DataOutputStream(Files.newOutputStream(folder.resolve("executed-" + ProcessHandle.current().parent().orElseThrow().pid()),
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onInput(int from, ByteBuffer data, Context context) { } // there are none

    @Override
    public void onTick(long tick, Context context) {
        count++;
        context.send(port, message.clear().putLong(tick).putLong(count).flip());
        try {
            executed.writeLong(tick);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void save(ByteBuffer state) {
        state.putLong(count);
    }

    @Override
    public void load(ByteBuffer state) {
        count = state.getLong();
    }
}
