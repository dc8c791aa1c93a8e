package io.hotpair.task.host;

import io.hotpair.sync.port.TaskPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Drives a task port as the replication does, and waits where a task in another process needs time. */
final class PortDriver {
    private static final long PATIENCE_NS = 30_000_000_000L;

    /** An output as it was taken. */
    record Out(long index, int port, byte[] bytes) {
        long count() {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
    }

    private final TaskPort port;
    private final byte[] buffer = new byte[2048];
    private final byte[] taken = new byte[2048];
    final List<Out> outputs = new ArrayList<>();
    long index;

    PortDriver(TaskPort port) {
        this.port = port;
    }

    /** A new folder in memory, as a node's run folder is. */
    static Path folder() throws IOException {
        Path memory = Path.of("/dev/shm");
        Path folder = Files.isWritable(memory) ? Files.createTempDirectory(memory, "hotpair-task-") : Files.createTempDirectory("hotpair-task-");
        folder.toFile().deleteOnExit();
        return folder;
    }

    void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("waited in vain: " + what + (port instanceof ProcessTask process ? "; " + process.trouble() : ""));
            }
            if (port instanceof ProcessTask process) {
                process.watch(System.nanoTime());
            }
            LockSupport.parkNanos(50_000);
        }
    }

    void offer(String text) {
        offer(TaskPort.INPUT, text.getBytes(StandardCharsets.US_ASCII));
    }

    void tick(long tick) {
        offer(TaskPort.TICK, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(tick).array());
    }

    void offer(int kind, byte[] payload) {
        System.arraycopy(payload, 0, buffer, 100, payload.length);
        await("room for record " + (index + 1), () -> {
            takeAll();
            return port.offer(index + 1, kind, 0, 1000 * (index + 1), buffer, 100, payload.length);
        });
        index++;
    }

    void takeAll() {
        while (port.outputWaits()) {
            int lengthBytes = port.copyOutput(taken, 500);
            outputs.add(new Out(port.outputIndex(), port.outputPort(), Arrays.copyOfRange(taken, 500, 500 + lengthBytes)));
            port.takeOutput();
        }
    }

    /** Until everything offered is executed; takes all outputs. */
    void settle() {
        await("record " + index + " executed", () -> {
            takeAll();
            return port.executedIndex() == index;
        });
        takeAll();
    }

    byte[] snapshot() {
        port.requestSnapshot();
        await("a snapshot", () -> port.snapshotLengthBytes() != -1);
        byte[] state = new byte[(int) port.snapshotLengthBytes()];
        int middle = state.length / 2;
        port.copySnapshot(0, state, 0, middle);
        port.copySnapshot(middle, state, middle, state.length - middle);
        return state;
    }

    void load(byte[] state, long index, long digest) {
        port.beginLoad(state.length);
        int middle = state.length / 2;
        port.load(state, 0, middle);
        port.load(state, middle, state.length - middle);
        port.endLoad(index, digest);
        this.index = index;
        await("the load", port::loaded);
    }
}
