package io.hotpair.task.host;

import static io.hotpair.task.host.TaskMessages.RECORD;
import static io.hotpair.task.host.TaskMessages.RECORD_KIND;
import static io.hotpair.task.host.TaskMessages.RECORD_PAYLOAD;
import static io.hotpair.task.host.TaskMessages.RECORD_PORT;
import static io.hotpair.task.host.TaskMessages.RECORD_TIME;

import io.hotpair.drivers.linux.Futex;
import io.hotpair.drivers.linux.WakePipe;
import io.hotpair.sync.port.TaskPort;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;

/**
 * A task in its own process, attached by two rings in shared memory; in Java or in any other language.
 *
 * <p>The duty-cycle thread makes all calls of {@link TaskPort}, and each cycle {@link #watch}; it never blocks and allocates nothing. It enters the
 * kernel only to wake a task that sleeps. Before it sleeps itself it calls {@link #mayNodeSleep} and polls {@link #wakeFd}.
 *
 * <p>When the process ends, what it had executed whole can still be taken; then it is started anew, and its state is to be loaded by the
 * replication, which decides from where: {@link #loaded} is false until then. A load that was asked for before is carried out by the new process.
 */
public final class ProcessTask implements TaskPort, AutoCloseable {
    private static final int MESSAGES_PER_POLL = 256;

    private final Path path;
    private final TaskFile file;
    private final WakePipe pipe;
    private final Arena arena = Arena.ofShared();
    private final Futex futex = new Futex(arena);
    private final OneToOneRingBuffer toTask;
    private final OneToOneRingBuffer fromTask;
    private final OutputQueue queue;
    private final TaskHealth health;
    private final SnapshotTransfer snapshot;
    private final LoadTransfer load;
    private final TaskAnswers answers;
    private final TaskKeeper keeper;
    private boolean loaded = true;
    private boolean broken;
    private String trouble; // of a state that is too large; the keeper knows the others
    private long beats;
    private boolean closed;

    /**
     * Starts the task's process.
     *
     * @param path the file to share with it, replaced if it exists; on a tmpfs. The pipe beside it has {@code .wake} appended
     * @param log takes what the process prints and what becomes of it, one line a time, from helper threads
     */
    public ProcessTask(Path path, TaskCommand command, TaskNames names, HostSettings settings, Consumer<String> log) throws IOException {
        settings.conclude();
        this.path = path.toAbsolutePath();
        queue = new OutputQueue(settings.outputQueueBytes());
        health = new TaskHealth(settings.deadlineNs(), settings.hangNs());
        file = TaskFile.create(this.path, settings, names);
        try {
            pipe = WakePipe.create(TaskFile.pipe(this.path));
        } catch (IOException failure) {
            file.close();
            throw failure;
        }
        toTask = file.toTask();
        fromTask = file.fromTask();
        snapshot = new SnapshotTransfer(file.snapshotArea());
        load = new LoadTransfer(file.loadArea());
        answers = new TaskAnswers(fromTask, names.outputs().size(), settings.outputsPerRecord(), queue, health, snapshot, load);
        keeper = new TaskKeeper(file, this.path, command, settings, log);
    }

    /** At the begin of each cycle: health, heartbeat, and what was answered. */
    public void watch(long nowNs) {
        if (closed) {
            return;
        }
        if (health.watch(nowNs, ready(), answers.blocked(), file.taskBeat()) && !broken) {
            breakOff("showed no life for longer than task.hang");
        }
        file.nodeBeat(++beats);
        poll();
    }

    /** Penalty points for {@code core.port.Fitness}: the task is down, or records were late within the last second. */
    public int penalty() {
        return health.penalty();
    }

    /** Records executed after their deadline. */
    public long late() {
        return health.late();
    }

    /** The longest that a record took, ns, in whole cycles. */
    public long worstNs() {
        return health.worstNs();
    }

    /** How often a process was started; above 1 the task was restarted. */
    public long starts() {
        return keeper.starts();
    }

    /** The newest trouble for a person, or null. */
    public String trouble() {
        return trouble != null ? trouble : keeper.trouble();
    }

    /** Process id of the task, -1 while there is none. */
    public long pid() {
        return keeper.pid();
    }

    /** The descriptor that becomes readable when the task has answered a node that sleeps. */
    public int wakeFd() {
        return pipe.fd();
    }

    /** Takes the wake-ups so far; to be called when {@link #wakeFd} is readable. */
    public void drainWake() {
        pipe.drain();
    }

    /** Announces a sleep; false if something waits already. One fence, no system call. */
    public boolean mayNodeSleep() {
        file.nodeSleeps(true);
        return !messageWaits() || answers.blocked() || broken;
    }

    /**
     * Whether the next message is there, and whole. One that is only claimed is nothing to stay awake for: its writer may be waiting for the very
     * processor that a node looking for it keeps busy, until the kernel throttles that thread (after 0.95 s, for 50 ms). Once it is whole the task
     * wakes the node.
     */
    private boolean messageWaits() {
        int at = (int) fromTask.consumerPosition() & fromTask.capacity() - 1;
        return fromTask.buffer().getIntVolatile(RecordDescriptor.lengthOffset(at)) > 0;
    }

    @Override
    public boolean ready() {
        return !closed && !broken && keeper.phase() == TaskKeeper.RUNNING && file.taskReady();
    }

    @Override
    public boolean offer(long index, int kind, int port, long timeNs, byte[] buffer, int offset, int lengthBytes) {
        if (!loaded || !ready() || !health.hasRoom()) {
            return false;
        }
        if (lengthBytes > HostSettings.PAYLOAD_BYTES) {
            throw new IllegalArgumentException("record of " + lengthBytes + " bytes");
        }
        if (index != answers.offered() + 1) {
            throw new IllegalArgumentException("record " + index + " after " + answers.offered());
        }
        int at = toTask.tryClaim(RECORD, RECORD_PAYLOAD + lengthBytes);
        if (at < 0) {
            return false;
        }
        MutableDirectBuffer ring = toTask.buffer();
        ring.putLong(at, index);
        ring.putLong(at + RECORD_TIME, timeNs);
        ring.putInt(at + RECORD_KIND, kind);
        ring.putInt(at + RECORD_PORT, port);
        ring.putBytes(at + RECORD_PAYLOAD, buffer, offset, lengthBytes);
        toTask.commit(at);
        answers.offered(index);
        health.onOffer(index);
        wakeTask();
        return true;
    }

    private void wakeTask() {
        if (file.takeTaskSleeps()) {
            futex.wake(file.taskSleepsWord());
        }
    }

    /** Takes what the task answered and sends what it is still to be asked. */
    private void poll() {
        int phase = keeper.phase();
        if (closed || phase == TaskKeeper.PAUSING) {
            return;
        }
        int messages = answers.read(MESSAGES_PER_POLL);
        loaded |= answers.takeLoadDone();
        if (answers.fault() != null && !broken) {
            breakOff(answers.fault());
        }
        if (phase == TaskKeeper.ENDED) {
            if (messages == 0 && !answers.blocked()) {
                letGo();
            }
        } else if (ready()) {
            sendRequests();
        }
    }

    private void letGo() {
        answers.forget();
        broken = false;
        loaded &= answers.offered() == 0; // one that never had a record is as it was born
        load.onProcessEnded();
        snapshot.release();
        health.reset(answers.offered());
        keeper.letGo();
    }

    private void breakOff(String cause) {
        broken = true;
        keeper.kill(cause);
    }

    private void sendRequests() {
        if (load.send(toTask) | snapshot.send(toTask)) {
            wakeTask();
        }
    }

    @Override
    public long executedIndex() {
        poll();
        return answers.executed();
    }

    @Override
    public long digest() {
        return answers.digest();
    }

    @Override
    public boolean outputWaits() {
        if (!queue.waits()) {
            poll();
        }
        return queue.waits();
    }

    @Override
    public long outputIndex() {
        return queue.index();
    }

    @Override
    public int outputPort() {
        return queue.port();
    }

    @Override
    public int copyOutput(byte[] destination, int offset) {
        return queue.copy(destination, offset);
    }

    @Override
    public void takeOutput() {
        queue.take();
    }

    @Override
    public void requestSnapshot() {
        trouble = null;
        snapshot.request();
        if (ready() && loaded) {
            sendRequests();
        }
    }

    @Override
    public long snapshotLengthBytes() {
        poll();
        if (snapshot.tooLarge()) {
            trouble = InProcessTask.stateTooLarge(snapshot.boundBytes());
        }
        return snapshot.lengthBytes();
    }

    @Override
    public long snapshotIndex() {
        return snapshot.index();
    }

    @Override
    public long snapshotDigest() {
        return snapshot.digest();
    }

    @Override
    public void copySnapshot(long position, byte[] destination, int offset, int lengthBytes) {
        snapshot.copy(position, destination, offset, lengthBytes);
    }

    @Override
    public void releaseSnapshot() {
        snapshot.release();
    }

    @Override
    public void beginLoad(long lengthBytes) {
        snapshot.release();
        load.begin(lengthBytes);
    }

    @Override
    public void load(byte[] buffer, int offset, int lengthBytes) {
        load.part(buffer, offset, lengthBytes);
    }

    @Override
    public void endLoad(long index, long digest) {
        loaded = false;
        answers.dropOutputs();
        if (load.end(index, digest)) {
            poll();
        } else {
            trouble = InProcessTask.stateTooLarge(snapshot.boundBytes());
        }
    }

    @Override
    public boolean loaded() {
        if (!loaded) {
            poll();
        }
        return loaded;
    }

    /** Ends the process and removes the files. On the duty-cycle thread, or after it has ended; takes up to a second. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        file.askStop();
        wakeTask();
        keeper.close();
        pipe.close();
        file.close();
        arena.close();
        Files.deleteIfExists(path);
        Files.deleteIfExists(TaskFile.pipe(path));
    }
}
