package io.hotpair.task.host;

import io.hotpair.sync.port.TaskPort;
import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Calls a user's task, the same way wherever it runs. What the task throws passes through. One thread. */
final class TaskRunner implements Context {
    /** Where outputs go. */
    interface Sink {
        /** @param data array-backed, little endian, valid during the call, from 0 to {@code lengthBytes} */
        void output(long index, int port, ByteBuffer data, int lengthBytes);
    }

    private final Task task;
    private final int outputPorts;
    private final int outputsPerRecord;
    private final int stateDigestEvery;
    private final Sink sink;
    private final byte[] input = new byte[HostSettings.PAYLOAD_BYTES];
    private final ByteBuffer readableInput = ByteBuffer.wrap(input).asReadOnlyBuffer();
    private final ByteBuffer tickInput = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer output = ByteBuffer.wrap(new byte[HostSettings.PAYLOAD_BYTES]).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer smallState; // direct, as the one of a snapshot is, so that a task sees one kind of buffer
    private long index;
    private long timeNs;
    private int outputs;

    TaskRunner(Task task, TaskNames names, int outputsPerRecord, int stateDigestEvery, int stateDigestMaxBytes, Sink sink) {
        this.task = task;
        this.outputsPerRecord = outputsPerRecord;
        this.stateDigestEvery = stateDigestEvery;
        this.sink = sink;
        outputPorts = names.outputs().size();
        smallState = ByteBuffer.allocateDirect(stateDigestEvery == 0 ? 0 : stateDigestMaxBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    void start(Setup setup) {
        task.start(setup);
    }

    /** Where the payload of the next record is to be put. */
    byte[] input() {
        return input;
    }

    /** Executes the record whose payload was put into {@link #input}. */
    void execute(long index, int kind, int port, long timeNs, int lengthBytes) {
        this.index = index;
        this.timeNs = timeNs;
        outputs = 0;
        switch (kind) {
            case TaskPort.INPUT -> {
                readableInput.order(ByteOrder.LITTLE_ENDIAN).clear().limit(lengthBytes);
                task.onInput(port, readableInput, this);
            }
            case TaskPort.TICK -> task.onTick(tickInput.getLong(0), this);
            default -> { } // a reign begins: nothing for the task
        }
    }

    /** Whether the state belongs to the digest at this index. */
    boolean stateDigestDue(long index) {
        return stateDigestEvery > 0 && index % stateDigestEvery == 0;
    }

    long stateDigest() {
        smallState.clear().order(ByteOrder.LITTLE_ENDIAN);
        try {
            task.save(smallState);
        } catch (BufferOverflowException tooLarge) {
            return OutputDigest.STATE_TOO_LARGE;
        }
        int lengthBytes = smallState.position();
        return OutputDigest.bytes(0, smallState.order(ByteOrder.LITTLE_ENDIAN), lengthBytes);
    }

    /** Saves into the buffer; returns the length, or -2 if the state is longer than it. */
    long save(ByteBuffer state) {
        state.clear().order(ByteOrder.LITTLE_ENDIAN);
        try {
            task.save(state);
        } catch (BufferOverflowException tooLarge) {
            return -2;
        }
        return state.position();
    }

    void load(ByteBuffer state, int lengthBytes) {
        state.order(ByteOrder.LITTLE_ENDIAN).clear().limit(lengthBytes);
        task.load(state);
    }

    @Override
    public long timeNs() {
        return timeNs;
    }

    @Override
    public long index() {
        return index;
    }

    @Override
    public void send(int port, ByteBuffer data) {
        int lengthBytes = data.remaining();
        if (port < 0 || port >= outputPorts) {
            throw new IllegalArgumentException("output port " + port + ": " + outputPorts + " are configured");
        }
        if (lengthBytes > HostSettings.PAYLOAD_BYTES) {
            throw new IllegalArgumentException("output of " + lengthBytes + " bytes: at most " + HostSettings.PAYLOAD_BYTES);
        }
        if (outputs == outputsPerRecord) {
            throw new IllegalStateException("more than " + outputsPerRecord + " outputs for one input or tick (task.outputs-per-input)");
        }
        outputs++;
        output.put(0, data, data.position(), lengthBytes);
        sink.output(index, port, output, lengthBytes);
    }
}
