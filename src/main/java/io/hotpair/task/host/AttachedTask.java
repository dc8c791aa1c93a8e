package io.hotpair.task.host;

import static io.hotpair.task.host.TaskMessages.EXECUTED;
import static io.hotpair.task.host.TaskMessages.EXECUTED_BYTES;
import static io.hotpair.task.host.TaskMessages.EXECUTED_DIGEST;
import static io.hotpair.task.host.TaskMessages.EXECUTED_HAS_DIGEST;
import static io.hotpair.task.host.TaskMessages.LOAD;
import static io.hotpair.task.host.TaskMessages.LOADED;
import static io.hotpair.task.host.TaskMessages.LOADED_BYTES;
import static io.hotpair.task.host.TaskMessages.LOAD_INDEX;
import static io.hotpair.task.host.TaskMessages.LOAD_LENGTH;
import static io.hotpair.task.host.TaskMessages.OUTPUT;
import static io.hotpair.task.host.TaskMessages.OUTPUT_PAYLOAD;
import static io.hotpair.task.host.TaskMessages.OUTPUT_PORT;
import static io.hotpair.task.host.TaskMessages.RECORD;
import static io.hotpair.task.host.TaskMessages.RECORD_KIND;
import static io.hotpair.task.host.TaskMessages.RECORD_PAYLOAD;
import static io.hotpair.task.host.TaskMessages.RECORD_PORT;
import static io.hotpair.task.host.TaskMessages.RECORD_TIME;
import static io.hotpair.task.host.TaskMessages.SAVED;
import static io.hotpair.task.host.TaskMessages.SAVED_BYTES;
import static io.hotpair.task.host.TaskMessages.SAVED_LENGTH;
import static io.hotpair.task.host.TaskMessages.SNAPSHOT;

import io.hotpair.drivers.linux.Futex;
import io.hotpair.drivers.linux.WakePipe;
import io.hotpair.task.Task;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * The task's end of the rings: takes messages, calls the task, answers. Sleeps while there is nothing to do. One thread; what the task throws ends
 * it.
 */
final class AttachedTask implements TaskRunner.Sink {
    private static final int BATCH = 64;
    private static final long SLEEP_NS = 100_000_000; // so often an idle task shows that it lives
    private static final long FULL_NS = 50_000;

    private final Arena arena = Arena.ofAuto();
    private final Futex futex = new Futex(arena);
    private final TaskFile file;
    private final WakePipe node;
    private final Supplier<? extends Task> factory;
    private final TaskNames names;
    private final OneToOneRingBuffer toTask;
    private final OneToOneRingBuffer fromTask;
    private final ByteBuffer snapshot;
    private final ByteBuffer load;
    private final MessageHandler handler = this::onMessage;
    private TaskRunner runner;
    private long beat;

    AttachedTask(Path path, Supplier<? extends Task> factory) throws IOException {
        file = TaskFile.open(path);
        node = WakePipe.open(TaskFile.pipe(path));
        this.factory = factory;
        names = file.names();
        toTask = file.toTask();
        fromTask = file.fromTask();
        snapshot = file.snapshotMemory().asByteBuffer();
        load = file.loadMemory().asByteBuffer();
    }

    /** Process id of the node that made the file. */
    int nodePid() {
        return file.nodePid();
    }

    private void make() {
        runner = new TaskRunner(factory.get(), names, file.outputsPerRecord(), file.stateDigestEvery(), file.stateDigestMaxBytes(), this);
        runner.start(names);
    }

    /** Until the node says to end. */
    void run() {
        make();
        file.taskReady((int) ProcessHandle.current().pid());
        wakeNode();
        long spinNs = file.spinNs();
        while (!file.stopAsked()) {
            file.taskBeat(++beat);
            if (toTask.read(handler, BATCH) == 0 && !spin(spinNs)) {
                sleep();
            }
        }
    }

    /** Whether something came before the time was over. */
    private boolean spin(long spinNs) {
        if (spinNs == 0) {
            return false;
        }
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < spinNs) {
            if (toTask.consumerPosition() != toTask.producerPosition()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private void sleep() {
        file.taskSleeps(true);
        if (toTask.consumerPosition() == toTask.producerPosition() && !file.stopAsked()) {
            futex.await(file.taskSleepsWord(), 1, SLEEP_NS);
        }
        file.taskSleeps(false);
    }

    private void wakeNode() {
        if (file.takeNodeSleeps()) {
            node.signal();
        }
    }

    private void onMessage(int type, DirectBuffer buffer, int at, int lengthBytes) {
        switch (type) {
            case RECORD -> execute(buffer, at, lengthBytes);
            case SNAPSHOT -> {
                long savedBytes = runner.save(snapshot);
                int answer = claim(SAVED, SAVED_BYTES);
                fromTask.buffer().putLong(answer, buffer.getLong(at));
                fromTask.buffer().putLong(answer + SAVED_LENGTH, savedBytes);
                fromTask.commit(answer);
            }
            case LOAD -> {
                if (buffer.getLong(at + LOAD_INDEX) == 0) {
                    make();
                } else {
                    runner.load(load, (int) buffer.getLong(at + LOAD_LENGTH));
                }
                int answer = claim(LOADED, LOADED_BYTES);
                fromTask.buffer().putLong(answer, buffer.getLong(at));
                fromTask.commit(answer);
            }
            default -> throw new IllegalStateException("message of type " + type + " from the node");
        }
        wakeNode();
    }

    private void execute(DirectBuffer buffer, int at, int lengthBytes) {
        long index = buffer.getLong(at);
        int payloadBytes = lengthBytes - RECORD_PAYLOAD;
        buffer.getBytes(at + RECORD_PAYLOAD, runner.input(), 0, payloadBytes);
        runner.execute(index, buffer.getInt(at + RECORD_KIND), buffer.getInt(at + RECORD_PORT), buffer.getLong(at + RECORD_TIME), payloadBytes);
        boolean digested = runner.stateDigestDue(index);
        long stateDigest = digested ? runner.stateDigest() : 0;
        int answer = claim(EXECUTED, EXECUTED_BYTES);
        fromTask.buffer().putLong(answer, index);
        fromTask.buffer().putLong(answer + EXECUTED_DIGEST, stateDigest);
        fromTask.buffer().putLong(answer + EXECUTED_HAS_DIGEST, digested ? 1 : 0);
        fromTask.commit(answer);
    }

    @Override
    public void output(long index, int port, ByteBuffer data, int lengthBytes) {
        int at = claim(OUTPUT, OUTPUT_PAYLOAD + lengthBytes);
        fromTask.buffer().putLong(at, index);
        fromTask.buffer().putLong(at + OUTPUT_PORT, port);
        fromTask.buffer().putBytes(at + OUTPUT_PAYLOAD, data.array(), 0, lengthBytes);
        fromTask.commit(at);
    }

    /** A place in the ring to the node; waits while it is full. */
    private int claim(int type, int lengthBytes) {
        int at = fromTask.tryClaim(type, lengthBytes);
        while (at < 0) {
            if (file.stopAsked()) {
                throw new IllegalStateException("the node ended");
            }
            wakeNode();
            LockSupport.parkNanos(FULL_NS);
            file.taskBeat(++beat);
            at = fromTask.tryClaim(type, lengthBytes);
        }
        return at;
    }
}
