package io.hotpair.task.host;

import static io.hotpair.task.host.TaskMessages.EXECUTED;
import static io.hotpair.task.host.TaskMessages.EXECUTED_BYTES;
import static io.hotpair.task.host.TaskMessages.EXECUTED_DIGEST;
import static io.hotpair.task.host.TaskMessages.EXECUTED_HAS_DIGEST;
import static io.hotpair.task.host.TaskMessages.LOADED;
import static io.hotpair.task.host.TaskMessages.LOADED_BYTES;
import static io.hotpair.task.host.TaskMessages.OUTPUT;
import static io.hotpair.task.host.TaskMessages.OUTPUT_PAYLOAD;
import static io.hotpair.task.host.TaskMessages.OUTPUT_PORT;
import static io.hotpair.task.host.TaskMessages.SAVED;
import static io.hotpair.task.host.TaskMessages.SAVED_BYTES;
import static io.hotpair.task.host.TaskMessages.SAVED_LENGTH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Reads what a task in another process answers, and believes none of it unseen: that process is the user's, and may write anything into its ring.
 * The first thing that cannot be is kept as a fault; nothing is read after it.
 */
final class TaskAnswers implements ControlledMessageHandler {
    private final OneToOneRingBuffer ring;
    private final int outputPorts;
    private final int outputsPerRecord;
    private final OutputQueue queue;
    private final TaskHealth health;
    private final SnapshotTransfer snapshot;
    private final LoadTransfer load;
    private final byte[] scratch = new byte[HostSettings.PAYLOAD_BYTES];
    private final ByteBuffer scratchView = ByteBuffer.wrap(scratch).order(ByteOrder.LITTLE_ENDIAN);
    private long offered;
    private long executed;
    private long digest;
    private int staged;
    private long stagedDigest;
    private boolean blocked;
    private boolean loadDone;
    private String fault;

    TaskAnswers(OneToOneRingBuffer ring, int outputPorts, int outputsPerRecord, OutputQueue queue, TaskHealth health, SnapshotTransfer snapshot,
            LoadTransfer load) {
        this.ring = ring;
        this.outputPorts = outputPorts;
        this.outputsPerRecord = outputsPerRecord;
        this.queue = queue;
        this.health = health;
        this.snapshot = snapshot;
        this.load = load;
    }

    /** Reads at most so many messages; returns how many. */
    int read(int limit) {
        blocked = false;
        try {
            return fault == null ? ring.controlledRead(this, limit) : 0;
        } catch (RuntimeException garbage) { // of a ring that the task has overwritten
            fault = "wrote nonsense into its ring: " + garbage;
            return 0;
        }
    }

    /** What cannot be and was read nevertheless, or null. */
    String fault() {
        return fault;
    }

    /** Whether the next output waits for room in the queue. */
    boolean blocked() {
        return blocked;
    }

    /** Newest record that was handed to the task. */
    long offered() {
        return offered;
    }

    void offered(long index) {
        offered = index;
    }

    long executed() {
        return executed;
    }

    long digest() {
        return digest;
    }

    /** Whether a load was carried out since the last call. */
    boolean takeLoadDone() {
        boolean done = loadDone;
        loadDone = false;
        return done;
    }

    /** Nothing of the state before a load is taken any more. */
    void dropOutputs() {
        queue.clear();
        staged = 0;
    }

    /** What the process made of the record that it did not execute whole is forgotten; the next one starts with a clean ring. */
    void forget() {
        queue.rollback();
        staged = 0;
        fault = null;
        blocked = false;
    }

    @Override
    public Action onMessage(int type, MutableDirectBuffer buffer, int at, int lengthBytes) {
        return switch (type) {
            case OUTPUT -> load.pending() ? Action.CONTINUE : onOutput(buffer, at, lengthBytes);
            case EXECUTED -> load.pending() ? Action.CONTINUE : onExecuted(buffer, at, lengthBytes);
            case SAVED -> lengthBytes == SAVED_BYTES
                    && snapshot.onSaved(buffer.getLong(at), buffer.getLong(at + SAVED_LENGTH), executed, digest)
                    ? Action.CONTINUE : refuse("says that it saved what cannot be");
            case LOADED -> onLoaded(buffer, at, lengthBytes);
            default -> refuse("sent a message of type " + type);
        };
    }

    private Action refuse(String cause) {
        fault = cause;
        return Action.ABORT;
    }

    private Action onOutput(MutableDirectBuffer buffer, int at, int lengthBytes) {
        int payloadBytes = lengthBytes - OUTPUT_PAYLOAD;
        if (payloadBytes < 0 || payloadBytes > HostSettings.PAYLOAD_BYTES) {
            return refuse("sent an output of " + payloadBytes + " bytes; 0 to " + HostSettings.PAYLOAD_BYTES + " are allowed");
        }
        int port = buffer.getInt(at + OUTPUT_PORT);
        if (buffer.getLong(at) != executed + 1 || executed == offered || port < 0 || port >= outputPorts || staged == outputsPerRecord) {
            return refuse("sent an output out of order, to an unknown port or one too many, after record " + executed);
        }
        if (!queue.hasRoom(1)) {
            blocked = true;
            return Action.ABORT;
        }
        buffer.getBytes(at + OUTPUT_PAYLOAD, scratch, 0, payloadBytes);
        stagedDigest = OutputDigest.output(staged == 0 ? digest : stagedDigest, executed + 1, port, scratchView, payloadBytes);
        staged++;
        queue.stage(executed + 1, port, scratch, payloadBytes);
        return Action.CONTINUE;
    }

    private Action onExecuted(MutableDirectBuffer buffer, int at, int lengthBytes) {
        if (lengthBytes != EXECUTED_BYTES || buffer.getLong(at) != executed + 1 || executed == offered) {
            return refuse("says that it executed a record which is not the one after " + executed);
        }
        executed++;
        digest = staged == 0 ? digest : stagedDigest;
        if (buffer.getInt(at + EXECUTED_HAS_DIGEST) != 0) {
            digest = OutputDigest.state(digest, executed, buffer.getLong(at + EXECUTED_DIGEST));
        }
        staged = 0;
        queue.commit();
        health.onExecuted(executed);
        return Action.CONTINUE;
    }

    private Action onLoaded(MutableDirectBuffer buffer, int at, int lengthBytes) {
        if (lengthBytes != LOADED_BYTES) {
            return refuse("sent an answer of the wrong length");
        }
        if (load.onLoaded(buffer.getLong(at))) {
            loadDone = true;
            offered = load.index();
            executed = load.index();
            digest = load.digest();
            health.reset(executed);
        }
        return Action.CONTINUE;
    }
}
