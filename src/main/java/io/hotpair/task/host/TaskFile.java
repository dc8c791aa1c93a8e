package io.hotpair.task.host;

import io.hotpair.drivers.linux.FileBytes;
import io.hotpair.drivers.linux.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The file that a node and its task's process share as memory. Layout version 1, little endian; the README's section "Writing a task in C" says the
 * same for people, {@code src/examples/task-counter.c} for compilers.
 *
 * <pre>
 *  control page, 4096 bytes                                                    written by
 *     0 u64 magic "HPTASK01"         8 u32 version     12 u32 node's pid        node, once
 *    16 u32 bytes of each ring (a power of two)       20 u32 outputs per record at most
 *    24 u64 offset of the ring to the task            32 u64 offset of the ring from it
 *    40 u64 offset of the snapshot area               48 u64 offset of the load area
 *    56 u64 bytes of each area                        64 u32 state digest: every so many records, 0 never
 *    68 u32 state digest: of states up to so many bytes                72 u32 spin before sleeping, ns
 *   128 u32 state of the task: 0 none, 1 ready, release                        task
 *   132 u32 task's pid
 *   192 u32 the task sleeps on this word (futex) while it is 1                 task 1 and 0, node 0
 *   256 u32 the node sleeps while it is 1: set it to 0 and write a byte into   node 1 and 0, task 0
 *           the pipe FILE.wake
 *   320 u64 heartbeat of the node    328 u32 1: the task is to end              node
 *   384 u64 heartbeat of the task                                              task
 *   512 u32 bytes of text            516 the names of ports, the settings       node, once
 *  ring to the task, ring from it: Agrona's OneToOneRingBuffer, version 2
 *  snapshot area: where the task saves its state
 *  load area: where the state lies that it is to load
 * </pre>
 *
 * The node maps what it needs all the time; into the areas it reads and writes by calls.
 *
 * The messages are told at {@link TaskMessages}.
 */
final class TaskFile implements AutoCloseable {
    static final long MAGIC = 0x3130_4B53_4154_5048L; // "HPTASK01"
    static final int VERSION = 1;
    static final int READY = 1;

    private static final int PAGE_BYTES = 4096;
    private static final long VERSION_AT = 8;
    private static final long NODE_PID_AT = 12;
    private static final long RING_BYTES_AT = 16;
    private static final long OUTPUTS_AT = 20;
    private static final long TO_TASK_AT = 24;
    private static final long FROM_TASK_AT = 32;
    private static final long SNAPSHOT_AT = 40;
    private static final long LOAD_AT = 48;
    private static final long AREA_BYTES_AT = 56;
    private static final long DIGEST_EVERY_AT = 64;
    private static final long DIGEST_MAX_AT = 68;
    private static final long SPIN_AT = 72;
    private static final long STATE_AT = 128;
    private static final long TASK_PID_AT = 132;
    private static final long TASK_SLEEPS_AT = 192;
    private static final long NODE_SLEEPS_AT = 256;
    private static final long NODE_BEAT_AT = 320;
    private static final long STOP_AT = 328;
    private static final long TASK_BEAT_AT = 384;
    private static final long TEXT_LENGTH_AT = 512;
    private static final long TEXT_AT = 516;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena;
    private final MemorySegment file;
    private final FileBytes bytes;
    private final MemorySegment taskSleeps;
    private final int ringBytes;
    private final long ringStrideBytes;

    private TaskFile(Path path, Arena arena, MemorySegment file) throws IOException {
        this.arena = arena;
        this.file = file;
        bytes = new FileBytes(path);
        taskSleeps = file.asSlice(TASK_SLEEPS_AT, Integer.BYTES);
        ringBytes = (int) INT.get(file, RING_BYTES_AT);
        ringStrideBytes = stride(ringBytes + RingBufferDescriptor.TRAILER_LENGTH);
    }

    /** A new file; one of that name is replaced. */
    static TaskFile create(Path path, HostSettings settings, TaskNames names) throws IOException {
        byte[] text = names.encode();
        if (text.length > PAGE_BYTES - TEXT_AT) {
            throw new IllegalArgumentException("names of ports and settings of the task take " + text.length + " bytes; there is room for "
                    + (PAGE_BYTES - TEXT_AT));
        }
        long strideBytes = stride(settings.ringBytes() + RingBufferDescriptor.TRAILER_LENGTH);
        long areaBytes = settings.stateMaxBytes();
        long snapshotAt = PAGE_BYTES + 2 * strideBytes;
        long loadAt = snapshotAt + stride(areaBytes);
        Arena arena = Arena.ofShared();
        try {
            MemorySegment file = MappedFile.create(path, loadAt + stride(areaBytes), snapshotAt, "rw-------", arena);
            INT.set(file, VERSION_AT, VERSION);
            INT.set(file, NODE_PID_AT, (int) ProcessHandle.current().pid());
            INT.set(file, RING_BYTES_AT, settings.ringBytes());
            INT.set(file, OUTPUTS_AT, settings.outputsPerRecord());
            LONG.set(file, TO_TASK_AT, (long) PAGE_BYTES);
            LONG.set(file, FROM_TASK_AT, PAGE_BYTES + strideBytes);
            LONG.set(file, SNAPSHOT_AT, snapshotAt);
            LONG.set(file, LOAD_AT, loadAt);
            LONG.set(file, AREA_BYTES_AT, areaBytes);
            INT.set(file, DIGEST_EVERY_AT, settings.stateDigestEvery());
            INT.set(file, DIGEST_MAX_AT, settings.stateDigestMaxBytes());
            INT.set(file, SPIN_AT, (int) settings.spinNs());
            INT.set(file, TEXT_LENGTH_AT, text.length);
            MemorySegment.copy(text, 0, file, ValueLayout.JAVA_BYTE, TEXT_AT, text.length);
            LONG.setRelease(file, 0L, MAGIC);
            return new TaskFile(path, arena, file);
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    /** One that a node made. */
    static TaskFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment file = MappedFile.open(path, true, arena);
            if (file.byteSize() < PAGE_BYTES || (long) LONG.getAcquire(file, 0L) != MAGIC || (int) INT.get(file, VERSION_AT) != VERSION) {
                throw new IOException(path + " is no task file of version " + VERSION);
            }
            return new TaskFile(path, arena, file);
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    /** Path of the pipe that belongs to a file. */
    static Path pipe(Path file) {
        return file.resolveSibling(file.getFileName() + ".wake");
    }

    private static long stride(long bytes) {
        return bytes + PAGE_BYTES - 1 & -PAGE_BYTES;
    }

    /** As new, for the next process; the areas stay. No task has the file mapped, and the node uses neither ring. */
    void reset() {
        INT.setVolatile(file, STATE_AT, 0);
        INT.set(file, TASK_PID_AT, 0);
        INT.set(file, TASK_SLEEPS_AT, 0);
        INT.set(file, STOP_AT, 0);
        LONG.set(file, TASK_BEAT_AT, 0L);
        file.asSlice(PAGE_BYTES, 2 * ringStrideBytes).fill((byte) 0);
        VarHandle.releaseFence();
    }

    OneToOneRingBuffer toTask() {
        return ring((long) LONG.get(file, TO_TASK_AT));
    }

    OneToOneRingBuffer fromTask() {
        return ring((long) LONG.get(file, FROM_TASK_AT));
    }

    private OneToOneRingBuffer ring(long at) {
        return new OneToOneRingBuffer(new UnsafeBuffer(file.asSlice(at, ringBytes + RingBufferDescriptor.TRAILER_LENGTH).asByteBuffer()));
    }

    /** Where the task saves: its side. */
    MemorySegment snapshotMemory() {
        return file.asSlice((long) LONG.get(file, SNAPSHOT_AT), areaBytes());
    }

    /** Where the state to load lies: the task's side. */
    MemorySegment loadMemory() {
        return file.asSlice((long) LONG.get(file, LOAD_AT), areaBytes());
    }

    /** Where the task saves: the node's side. */
    StateArea snapshotArea() {
        return area((long) LONG.get(file, SNAPSHOT_AT));
    }

    /** Where the state to load lies: the node's side. */
    StateArea loadArea() {
        return area((long) LONG.get(file, LOAD_AT));
    }

    private StateArea area(long at) {
        long byteSize = areaBytes();
        return new StateArea() {
            @Override
            public long byteSize() {
                return byteSize;
            }

            @Override
            public void read(long position, byte[] destination, int offset, int lengthBytes) {
                bytes.read(at + position, destination, offset, lengthBytes);
            }

            @Override
            public void write(long position, byte[] source, int offset, int lengthBytes) {
                bytes.write(at + position, source, offset, lengthBytes);
            }
        };
    }

    long areaBytes() {
        return (long) LONG.get(file, AREA_BYTES_AT);
    }

    TaskNames names() {
        ByteBuffer text = file.asSlice(TEXT_AT, (int) INT.get(file, TEXT_LENGTH_AT)).asByteBuffer();
        byte[] bytes = new byte[text.remaining()];
        text.get(bytes);
        return TaskNames.decode(bytes);
    }

    int nodePid() {
        return (int) INT.get(file, NODE_PID_AT);
    }

    int outputsPerRecord() {
        return (int) INT.get(file, OUTPUTS_AT);
    }

    int stateDigestEvery() {
        return (int) INT.get(file, DIGEST_EVERY_AT);
    }

    int stateDigestMaxBytes() {
        return (int) INT.get(file, DIGEST_MAX_AT);
    }

    int spinNs() {
        return (int) INT.get(file, SPIN_AT);
    }

    boolean taskReady() {
        return (int) INT.getAcquire(file, STATE_AT) == READY;
    }

    void taskReady(int pid) {
        INT.set(file, TASK_PID_AT, pid);
        INT.setRelease(file, STATE_AT, READY);
    }

    int taskPid() {
        return (int) INT.get(file, TASK_PID_AT);
    }

    /** The word to sleep on. */
    MemorySegment taskSleepsWord() {
        return taskSleeps;
    }

    /** The task is about to sleep, or awake. It looks at its ring between the one and the sleep. */
    void taskSleeps(boolean sleeps) {
        INT.setVolatile(file, TASK_SLEEPS_AT, sleeps ? 1 : 0);
        VarHandle.fullFence();
    }

    /** Whether the task sleeps and the caller, who has put something into its ring, is the one to wake it. */
    boolean takeTaskSleeps() {
        VarHandle.fullFence();
        return (int) INT.getOpaque(file, TASK_SLEEPS_AT) == 1 && INT.compareAndSet(file, TASK_SLEEPS_AT, 1, 0);
    }

    void nodeSleeps(boolean sleeps) {
        INT.setVolatile(file, NODE_SLEEPS_AT, sleeps ? 1 : 0);
        VarHandle.fullFence();
    }

    boolean takeNodeSleeps() {
        VarHandle.fullFence();
        return (int) INT.getOpaque(file, NODE_SLEEPS_AT) == 1 && INT.compareAndSet(file, NODE_SLEEPS_AT, 1, 0);
    }

    void nodeBeat(long count) {
        LONG.setOpaque(file, NODE_BEAT_AT, count);
    }

    void taskBeat(long count) {
        LONG.setOpaque(file, TASK_BEAT_AT, count);
    }

    long taskBeat() {
        return (long) LONG.getOpaque(file, TASK_BEAT_AT);
    }

    boolean stopAsked() {
        return (int) INT.getOpaque(file, STOP_AT) != 0;
    }

    void askStop() {
        INT.setVolatile(file, STOP_AT, 1);
    }

    /** Nobody may look at it any more. */
    @Override
    public void close() {
        bytes.close();
        arena.close();
    }
}
