package io.hotpair.task.host;

import io.hotpair.sync.port.TaskPort;
import io.hotpair.task.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * A task in this process, executed at once by the caller: for embedding, simulation, tests and small tasks that never wait. One thread.
 *
 * <p>What the task throws is caught: it has failed, is not ready, and stays so until {@link #restart}, after which its state has to be loaded. The
 * outputs of the record that it failed at never were. An input at which a task throws is poison on both boards alike; nothing here can cure that.
 *
 * <p>Allocates nothing after construction but what the task itself does.
 */
public final class InProcessTask implements TaskPort, AutoCloseable {
    private static final int NO_SNAPSHOT = -1;

    private final Supplier<? extends Task> factory;
    private final TaskNames names;
    private final HostSettings settings;
    private final OutputQueue queue;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state; // a snapshot, or a state about to be loaded: a board that loads is asked for none
    private final ByteBuffer stateBuffer;
    private TaskRunner runner;
    private Throwable failure;
    private long failures;
    private String trouble;
    private long executed;
    private long digest;
    private long stagedDigest;
    private boolean loaded = true;
    private long snapshotLengthBytes = NO_SNAPSHOT;
    private long snapshotIndex;
    private long snapshotDigest;
    private long loadLengthBytes;
    private boolean loadTooLarge;

    /**
     * Makes and starts the task.
     *
     * @param factory makes a task in its initial state, now and after each failure
     */
    public InProcessTask(Supplier<? extends Task> factory, TaskNames names, HostSettings settings) {
        this.factory = factory;
        this.names = names;
        this.settings = settings.conclude();
        queue = new OutputQueue(settings.outputQueueBytes());
        state = arena.allocate(settings.stateMaxBytes(), 8);
        stateBuffer = state.asByteBuffer();
        make();
    }

    private void make() {
        failure = null;
        try {
            runner = new TaskRunner(factory.get(), names, settings.outputsPerRecord(), settings.stateDigestEvery(), settings.stateDigestMaxBytes(),
                    this::onOutput);
            runner.start(names);
        } catch (Throwable thrown) {
            fail(thrown);
        }
    }

    private void onOutput(long index, int port, ByteBuffer data, int lengthBytes) {
        queue.stage(index, port, data.array(), lengthBytes);
        stagedDigest = OutputDigest.output(stagedDigest, index, port, data, lengthBytes);
    }

    private void fail(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            throw error; // no memory: the process is to end, and the peer takes over
        }
        queue.rollback();
        failure = thrown;
        failures++;
        trouble = "the task threw " + thrown;
    }

    /** What the task threw, or null while it runs. */
    public Throwable failure() {
        return failure;
    }

    /** How often it failed. */
    public long failures() {
        return failures;
    }

    /** The newest trouble for a person, or null: what the task threw, or that its state is too large. */
    public String trouble() {
        return trouble;
    }

    /** Makes the task anew after a failure. Its state is lost: records are taken after the next {@link #endLoad}. */
    public void restart() {
        if (failure != null) {
            make();
            loaded = false;
        }
    }

    @Override
    public boolean ready() {
        return failure == null;
    }

    @Override
    public boolean offer(long index, int kind, int port, long timeNs, byte[] buffer, int offset, int lengthBytes) {
        if (failure != null || !loaded || !queue.hasRoom(settings.outputsPerRecord())) {
            return false;
        }
        if (index != executed + 1) {
            throw new IllegalArgumentException("record " + index + " after " + executed);
        }
        System.arraycopy(buffer, offset, runner.input(), 0, lengthBytes);
        stagedDigest = digest;
        try {
            runner.execute(index, kind, port, timeNs, lengthBytes);
            if (runner.stateDigestDue(index)) {
                stagedDigest = OutputDigest.state(stagedDigest, index, runner.stateDigest());
            }
        } catch (Throwable thrown) {
            fail(thrown);
            return true; // taken, but never executed
        }
        queue.commit();
        digest = stagedDigest;
        executed = index;
        return true;
    }

    @Override
    public long executedIndex() {
        return executed;
    }

    @Override
    public long digest() {
        return digest;
    }

    @Override
    public boolean outputWaits() {
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
        snapshotLengthBytes = NO_SNAPSHOT;
        if (failure != null || !loaded) {
            return;
        }
        try {
            snapshotLengthBytes = runner.save(stateBuffer);
        } catch (Throwable thrown) {
            fail(thrown);
            return;
        }
        snapshotIndex = executed;
        snapshotDigest = digest;
        if (snapshotLengthBytes < 0) {
            trouble = stateTooLarge(settings.stateMaxBytes());
        }
    }

    static String stateTooLarge(long boundBytes) {
        return "the task's state is larger than " + boundBytes + " bytes: raise " + HostSettings.STATE_KEY
                + " on both boards, or keep less; until then no standby can be brought into step";
    }

    @Override
    public long snapshotLengthBytes() {
        return snapshotLengthBytes;
    }

    @Override
    public long snapshotIndex() {
        return snapshotIndex;
    }

    @Override
    public long snapshotDigest() {
        return snapshotDigest;
    }

    @Override
    public void copySnapshot(long position, byte[] destination, int offset, int lengthBytes) {
        MemorySegment.copy(state, ValueLayout.JAVA_BYTE, position, destination, offset, lengthBytes);
    }

    @Override
    public void releaseSnapshot() {
        snapshotLengthBytes = NO_SNAPSHOT;
    }

    @Override
    public void beginLoad(long lengthBytes) {
        snapshotLengthBytes = NO_SNAPSHOT;
        loadLengthBytes = 0;
        loadTooLarge = lengthBytes > settings.stateMaxBytes();
    }

    @Override
    public void load(byte[] buffer, int offset, int lengthBytes) {
        loadTooLarge |= loadLengthBytes + lengthBytes > settings.stateMaxBytes();
        if (!loadTooLarge) {
            MemorySegment.copy(buffer, offset, state, ValueLayout.JAVA_BYTE, loadLengthBytes, lengthBytes);
            loadLengthBytes += lengthBytes;
        }
    }

    @Override
    public void endLoad(long index, long digest) {
        loaded = false;
        queue.clear();
        if (loadTooLarge) {
            trouble = stateTooLarge(settings.stateMaxBytes());
            return;
        }
        if (failure != null || index == 0) {
            make(); // index 0 is the state that a task is born with
        }
        try {
            if (failure == null && index > 0) {
                runner.load(stateBuffer, (int) loadLengthBytes);
            }
        } catch (Throwable thrown) {
            fail(thrown);
        }
        if (failure == null) {
            executed = index;
            this.digest = digest;
            loaded = true;
        }
    }

    @Override
    public boolean loaded() {
        return loaded;
    }

    /** No call may follow. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
