package io.hotpair.lab;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a task in the field does: a sensor's lines {@code S,NUMBER,LEVEL} are counted, told to two serial devices as {@code NUMBER COUNT} and set the
 * level of a valve; edges of a button are counted and told as {@code button LEVEL COUNT}.
 */
public final class FieldTask implements Task {
    private int button;
    private int log;
    private int pump;
    private int valve;
    private long lines;
    private long edges;

    @Override
    public void start(Setup setup) {
        button = setup.input("button");
        log = setup.output("log");
        pump = setup.output("pump");
        valve = setup.output("valve");
    }

    @Override
    public void onInput(int port, ByteBuffer data, Context context) {
        if (port == button) {
            edges++;
            say(log, "button " + data.get(0) + ' ' + edges, context);
            return;
        }
        byte[] text = new byte[data.remaining()];
        data.get(text);
        String[] fields = new String(text, StandardCharsets.US_ASCII).split(",");
        lines++;
        say(log, fields[1] + ' ' + lines, context);
        say(pump, fields[1] + ' ' + lines, context);
        context.send(valve, ByteBuffer.wrap(new byte[] {Byte.parseByte(fields[2])}));
    }

    private static void say(int port, String text, Context context) {
        context.send(port, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void save(ByteBuffer state) {
        state.putLong(lines).putLong(edges);
    }

    @Override
    public void load(ByteBuffer state) {
        lines = state.getLong();
        edges = state.getLong();
    }
}
