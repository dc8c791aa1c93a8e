package io.hotpair.drivers.guard;

import io.hotpair.drivers.linux.ChildProcess;
import io.hotpair.drivers.linux.MappedFile;
import io.hotpair.drivers.linux.RobustMutex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The node's side of the guard ({@code src/main/c/guard.c}, where the mechanism is explained).
 *
 * <p>In this order: the constructor, {@link #addSocket} and {@link #addDevice} for each path to the peer, {@link #addLine} for each output line,
 * {@link #start}, then on the duty-cycle thread {@link #takeMutex} and, whenever the boot id, a term or the sequence that a DEAD must carry changes,
 * {@link #updateDead}.
 * From {@code takeMutex} on, the end of that thread for any reason but {@link #cleanStop} makes the guard send what was prepared. An index
 * for which nothing was prepared stays silent.
 */
public final class Guard implements AutoCloseable {
    /** The most entries. */
    public static final int ENTRIES = 16;
    /** The longest prepared message. */
    public static final int MAX_MESSAGE_BYTES = 188;

    // The layout of the file; struct guard_file in guard.c says the same.
    private static final int MAGIC = 0x44524748;
    private static final int VERSION = 2;
    private static final long MAGIC_AT = 0;
    private static final long VERSION_AT = 4;
    private static final long HELD_AT = 8;
    private static final long STOP_AT = 12;
    private static final long STATE_AT = 16;
    private static final long NODE_AT = 20;
    private static final long MUTEX_AT = 64;
    private static final long ENTRIES_AT = 128;
    private static final long ENTRY_BYTES = 512;
    private static final long KIND_AT = 0;
    private static final long FD_AT = 4;
    private static final long ACTIVE_AT = 8;
    private static final long PATH_AT = 16;
    private static final int PATH_BYTES = 112;
    private static final long SLOTS_AT = 128;
    private static final long HOLD_UNTIL_AT = SLOTS_AT;
    private static final long SLOT_BYTES = 4 + MAX_MESSAGE_BYTES;
    private static final long FILE_BYTES = ENTRIES_AT + ENTRIES * ENTRY_BYTES;

    private static final int KIND_SOCKET = 1;
    private static final int KIND_DEVICE = 2;
    private static final int KIND_LINE = 3;
    private static final int STATE_WAITING = 1;
    private static final int STATE_LOCKED = 2;
    private static final int STATE_FIFO = 4;
    private static final long END_TIMEOUT_NS = 1_000_000_000L;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Path path;
    // Never unmapped: the kernel looks for the mutex in it when the owning thread ends, and a node has one guard in its life.
    private final MemorySegment file;
    private final RobustMutex mutex;
    private int entries;
    private ChildProcess process;
    private boolean held;

    /** @param path the file to share with the guard, replaced if it exists; on a tmpfs */
    public Guard(Path path) throws IOException {
        this.path = path.toAbsolutePath();
        file = MappedFile.create(this.path, FILE_BYTES, "rw-------", Arena.global());
        mutex = RobustMutex.create(file.asSlice(MUTEX_AT, RobustMutex.BYTES));
        file.set(ValueLayout.JAVA_INT, MAGIC_AT, MAGIC);
        file.set(ValueLayout.JAVA_INT, VERSION_AT, VERSION);
        file.set(ValueLayout.JAVA_INT, NODE_AT, (int) ProcessHandle.current().pid());
    }

    /**
     * The process id of an earlier node's guard on this path that is still there, or -1. A guard outlives its node by milliseconds, unless something
     * stopped it; until it ends, the sockets that it inherited are in use. Looks through all processes.
     */
    public static long leftOver(Path path) {
        String file = path.toAbsolutePath().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().filter(given -> given.length == 2 && given[0].equals(file)).isPresent())
                .mapToLong(ProcessHandle::pid).findFirst().orElse(-1);
    }

    /** A connected socket, inheritable (not close-on-exec); answers the index for {@link #updateDead}. */
    public int addSocket(int fd) {
        long entry = newEntry(KIND_SOCKET);
        file.set(ValueLayout.JAVA_INT, entry + FD_AT, fd);
        return entries++;
    }

    /**
     * A device that the guard opens for itself and flushes before it speaks: a UART. Nobody may hold it exclusively (TIOCEXCL), else the guard
     * has no voice there. What is sent should begin with a frame delimiter: the dead node may have stopped in the middle of a frame.
     *
     * @return the index for {@link #updateDead}
     */
    public int addDevice(Path device) {
        newEntry(KIND_DEVICE, device);
        return entries++;
    }

    /**
     * A simulated line that this node drives: let go when the node dies, before the peer is told, and when it stands still beyond {@link #holdLine}.
     *
     * @param file of the line
     * @param driver as which this node drives it
     * @return the index for {@link #holdLine}
     */
    public int addLine(Path file, int driver) {
        long entry = newEntry(KIND_LINE, file.toAbsolutePath());
        this.file.set(ValueLayout.JAVA_INT, entry + FD_AT, driver);
        return entries++;
    }

    /**
     * Until when the node may keep its line away from the safe level. On the duty-cycle thread; neither blocks nor allocates.
     *
     * @param expiresNs monotonic, 0 for a line that is safe
     */
    public void holdLine(int index, long expiresNs) {
        LONG.setRelease(file, ENTRIES_AT + index * ENTRY_BYTES + HOLD_UNTIL_AT, expiresNs);
    }

    /**
     * Starts the guard; once, after all entries.
     *
     * @param fifoPriority SCHED_FIFO priority that it asks for, 0 for none; best above that of the duty cycle
     * @throws IOException if the program cannot be started; the node then goes on, and its death is known by silence only
     */
    public void start(Path binary, int fifoPriority) throws IOException {
        if (process != null) {
            throw new IllegalStateException("the guard was started already");
        }
        if (!Files.isExecutable(binary)) {
            throw new IOException("no guard at " + binary + ": build it with cc -O2 -o " + binary + " src/main/c/guard.c, or install the package;"
                    + " without it the peer learns of this node's death by silence only");
        }
        process = ChildProcess.spawn(binary, List.of(path.toString(), Integer.toString(fifoPriority)));
    }

    /** On the duty-cycle thread, before it first emits. From now on its end is told. */
    public void takeMutex() {
        mutex.lock();
        held = true;
        INT.setRelease(file, HELD_AT, 1);
    }

    /** What the guard is to send on this index. On the duty-cycle thread; neither blocks nor allocates. */
    public void updateDead(int index, byte[] message, int offset, int lengthBytes) {
        if (index < 0 || index >= entries || lengthBytes < 0 || lengthBytes > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("index or length out of range");
        }
        long entry = ENTRIES_AT + index * ENTRY_BYTES;
        int spare = 1 - file.get(ValueLayout.JAVA_INT, entry + ACTIVE_AT);
        long slot = entry + SLOTS_AT + spare * SLOT_BYTES;
        file.set(ValueLayout.JAVA_INT, slot, lengthBytes);
        MemorySegment.copy(message, offset, file, ValueLayout.JAVA_BYTE, slot + 4, lengthBytes);
        INT.setRelease(file, entry + ACTIVE_AT, spare);
    }

    /** Whether the guard runs and has settled; a node raises an alarm when this turns false. One system call, which does not block. */
    public boolean watching() {
        return process != null && process.running() && (state() & STATE_WAITING) != 0;
    }

    /** What the guard could not get, with its cure, or {@code null}; known once {@link #watching}. */
    public String warning() {
        int state = state();
        if ((state & STATE_FIFO) == 0) {
            return "guard runs with ordinary priority: needs CAP_SYS_NICE or LimitRTPRIO=; under load the peer may learn of this node's death"
                    + " by silence first";
        }
        return (state & STATE_LOCKED) == 0 ? "guard's memory is not locked: set LimitMEMLOCK=infinity" : null;
    }

    /** On the duty-cycle thread, after it last emitted: the guard ends without a word. */
    public void cleanStop() {
        INT.setRelease(file, STOP_AT, 1);
        if (held) {
            held = false;
            mutex.unlock();
        }
    }

    /** After {@link #cleanStop}, or once the duty-cycle thread has ended: waits for the guard's end and removes the file. */
    @Override
    public void close() throws IOException {
        INT.setRelease(file, STOP_AT, 1);
        if (process != null) {
            long deadlineNs = System.nanoTime() + END_TIMEOUT_NS;
            while (process.running() && System.nanoTime() - deadlineNs < 0) {
                LockSupport.parkNanos(1_000_000);
            }
            process.destroy();
        }
        Files.deleteIfExists(path);
    }

    /** The guard's process id, for diagnosis. */
    public int pid() {
        return process == null ? -1 : process.pid();
    }

    private int state() {
        return (int) INT.getAcquire(file, STATE_AT);
    }

    private long newEntry(int kind, Path opened) {
        byte[] bytes = opened.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= PATH_BYTES) {
            throw new IllegalArgumentException("path " + opened + " is longer than " + (PATH_BYTES - 1) + " bytes");
        }
        long entry = newEntry(kind);
        MemorySegment.copy(bytes, 0, file, ValueLayout.JAVA_BYTE, entry + PATH_AT, bytes.length);
        return entry;
    }

    private long newEntry(int kind) {
        if (process != null || entries == ENTRIES) {
            throw new IllegalStateException(process != null ? "the guard runs already" : "a guard serves " + ENTRIES + " entries at most");
        }
        long entry = ENTRIES_AT + entries * ENTRY_BYTES;
        file.set(ValueLayout.JAVA_INT, entry + KIND_AT, kind);
        return entry;
    }
}
