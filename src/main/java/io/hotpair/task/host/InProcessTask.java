package io.hotpair.task.host;

import io.hotpair.sync.port.TaskPort;
import io.hotpair.task.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A task in this process, executed at once by the caller: for embedding, simulation, tests and small tasks that never wait. One thread makes all
 * calls. To save and to load a state may take another one, for that takes as long as the state is large; the task takes no record meanwhile.
 *
 * <p>What the task throws is caught: it has failed, is not ready, and stays so until {@link #restart}, after which its state has to be loaded. The
 * outputs of the record that it failed at never were. An input at which a task throws is poison on both boards alike; nothing here can cure that.
 *
 * <p>Allocates nothing after construction but what the task itself does.
 */
public final class InProcessTask implements TaskPort, AutoCloseable {
    private static final int NO_SNAPSHOT = -1;

    private enum Work { NONE, SAVE, LOAD }

    private final Supplier<? extends Task> factory;
    private final TaskNames names;
    private final HostSettings settings;
    private final Executor carrier;
    private final Runnable carry = this::carry;
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
    private long loadIndex;
    private long loadDigest;
    private boolean snapshotWanted;
    private Work work = Work.NONE;
    /** The work is under way: the task and what describes the work's outcome are the carrier's until this is false. */
    private volatile boolean carrying;
    private boolean remake;
    private long savedBytes;
    private Throwable thrown;

    /** With everything carried out by the caller. */
    public InProcessTask(Supplier<? extends Task> factory, TaskNames names, HostSettings settings) {
        this(factory, names, settings, Runnable::run);
    }

    /**
     * Makes and starts the task.
     *
     * @param factory makes a task in its initial state, now and after each failure
     * @param carrier saves and loads the state; at most one piece of work at a time is handed to it
     */
    public InProcessTask(Supplier<? extends Task> factory, TaskNames names, HostSettings settings, Executor carrier) {
        this.factory = factory;
        this.names = names;
        this.settings = settings.conclude();
        this.carrier = carrier;
        queue = new OutputQueue(settings.outputQueueBytes());
        state = arena.allocate(settings.stateMaxBytes(), 8);
        stateBuffer = state.asByteBuffer();
        make();
    }

    private void make() {
        failure = null;
        try {
            renew();
        } catch (Throwable thrown) {
            fail(thrown);
        }
    }

    private void renew() {
        runner = new TaskRunner(factory.get(), names, settings.outputsPerRecord(), settings.stateDigestEvery(), settings.stateDigestMaxBytes(),
                this::onOutput);
        runner.start(names);
    }

    private void begin(Work what) {
        work = what;
        carrying = true;
        carrier.execute(carry);
        settle();
    }

    /** The carrier's part. */
    private void carry() {
        try {
            if (work == Work.SAVE) {
                savedBytes = runner.save(stateBuffer);
            } else {
                load();
            }
        } catch (Throwable cause) {
            thrown = cause;
        }
        carrying = false;
    }

    private void load() {
        if (remake || loadIndex == 0) { // index 0 is the state that a task is born with
            renew();
        }
        if (loadIndex > 0) {
            runner.load(stateBuffer, (int) loadLengthBytes);
        }
    }

    /** Takes note of what was carried out meanwhile. */
    private void settle() {
        if (carrying || work == Work.NONE) {
            return;
        }
        Work done = work;
        Throwable cause = thrown;
        work = Work.NONE;
        thrown = null;
        if (cause != null) {
            fail(cause);
        } else if (done == Work.SAVE) {
            onSaved();
        } else {
            onLoaded();
        }
    }

    private void onSaved() {
        if (snapshotWanted) {
            snapshotWanted = false;
            snapshotLengthBytes = savedBytes;
            if (savedBytes < 0) {
                trouble = stateTooLarge(settings.stateMaxBytes());
            }
        }
    }

    private void onLoaded() {
        failure = null;
        executed = loadIndex;
        digest = loadDigest;
        loaded = true;
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
        settle();
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
        settle();
        if (work != Work.NONE || failure != null || !loaded || !queue.hasRoom(settings.outputsPerRecord())) {
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

    /** A save that is under way does for a later request as well: no record was taken since it began. */
    @Override
    public void requestSnapshot() {
        snapshotLengthBytes = NO_SNAPSHOT;
        settle();
        if (failure != null || !loaded) {
            return;
        }
        snapshotWanted = true;
        snapshotIndex = executed;
        snapshotDigest = digest;
        if (work == Work.NONE) {
            begin(Work.SAVE);
        }
    }

    static String stateTooLarge(long boundBytes) {
        return "the task's state is larger than " + boundBytes + " bytes: raise " + HostSettings.STATE_KEY
                + " on both boards, or keep less; until then no standby can be brought into step";
    }

    @Override
    public long snapshotLengthBytes() {
        settle();
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
        snapshotWanted = false;
        snapshotLengthBytes = NO_SNAPSHOT;
    }

    /** There is one place for what was saved and for what is to be loaded. */
    @Override
    public boolean mayBeginLoad() {
        settle();
        return work == Work.NONE;
    }

    @Override
    public void beginLoad(long lengthBytes) {
        releaseSnapshot();
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
        loadIndex = index;
        loadDigest = digest;
        remake = failure != null;
        begin(Work.LOAD);
    }

    @Override
    public boolean loaded() {
        settle();
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
