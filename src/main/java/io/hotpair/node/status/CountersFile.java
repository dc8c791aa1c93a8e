package io.hotpair.node.status;

import static io.hotpair.node.status.StatusLayout.*;

import io.hotpair.drivers.linux.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A node's counters and newest events in a mapped file that every other process can read while the node runs,
 * without the node noticing. The layout is in {@link StatusLayout}.
 *
 * <p>The node: {@link #create}, {@link #register} each counter, {@link #seal}, then {@link #set} and {@link #add} (0 B, no
 * system call; one writing thread per counter). Readers: {@link #open}. The file appears under its name complete, by a rename
 * at the seal, and belongs on a memory file system ({@code /run}, {@code /dev/shm}): on a disk its write-back can stall a writer.
 *
 * <p>Its mode is 0640: whoever is in the file's group may read. Nobody else may write: who truncates a mapped file kills the process that
 * writes in it.
 */
public final class CountersFile implements AutoCloseable {
    /** Whether a counter only rises or goes both ways. */
    public enum Kind {
        /** Only rises while the node runs. */
        COUNTER,
        /** Goes up and down. */
        GAUGE
    }

    /**
     * Who writes the file.
     *
     * @param board 0 = A, 1 = B
     * @param startNs when the node started, monotonic clock
     */
    public record Owner(String pairName, int board, int bootId, String softwareVersion, long startNs) {}

    /** Counters and events that fit unless said otherwise: some 64 KiB altogether. */
    public static final int DEFAULT_COUNTER_CAPACITY = 256;

    /** See {@link #DEFAULT_COUNTER_CAPACITY}. */
    public static final int DEFAULT_EVENT_CAPACITY = 1024;

    private static final Kind[] KINDS = Kind.values();

    private final Path path;
    private final Arena arena;
    private final MemorySegment file;
    private final int counterCapacity;
    private final long valuesOffset;
    private final EventRing events;
    private final Path unsealedPath;
    private int used;
    private boolean sealed;

    private CountersFile(Path path, Path unsealedPath, Arena arena, MemorySegment file, boolean owner) {
        this.path = path;
        this.unsealedPath = unsealedPath;
        this.arena = arena;
        this.file = file;
        this.counterCapacity = getInt(file, COUNTER_CAPACITY_OFFSET);
        this.valuesOffset = valuesOffset(counterCapacity);
        this.events = new EventRing(file, eventsOffset(counterCapacity), getInt(file, EVENT_CAPACITY_OFFSET), owner);
        this.used = owner ? 0 : getInt(file, COUNTERS_USED_OFFSET);
        this.sealed = !owner;
    }

    /** {@link #create(Path, Owner, int, int)} with the default capacities. */
    public static CountersFile create(Path path, Owner owner) throws IOException {
        return create(path, owner, DEFAULT_COUNTER_CAPACITY, DEFAULT_EVENT_CAPACITY);
    }

    /**
     * Creates the file, replacing that of a node that is gone.
     *
     * @param eventCapacity a power of two
     * @throws CountersFileException IN_USE if a node that still runs writes a file of this name
     */
    public static CountersFile create(Path path, Owner owner, int counterCapacity, int eventCapacity) throws IOException {
        if (counterCapacity < 1 || counterCapacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("counter capacity " + counterCapacity + " is not within 1.." + MAX_CAPACITY);
        }
        if (eventCapacity < 1 || eventCapacity > MAX_CAPACITY || Integer.bitCount(eventCapacity) != 1) {
            throw new IllegalArgumentException("event capacity " + eventCapacity + " is not a power of two within 1.." + MAX_CAPACITY);
        }
        refuseIfInUse(path);
        Path unsealed = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(unsealed);
        int length = Math.toIntExact(fileLength(counterCapacity, eventCapacity));
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(
                unsealed, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Files.setPosixFilePermissions(unsealed, PosixFilePermissions.fromString("rw-r-----"));
            MappedFile.writeZeros(channel, unsealed, length); // and the duty cycle meets no page for the first time
            MemorySegment file = channel.map(MapMode.READ_WRITE, 0, length, arena);
            writeHeader(file, owner, counterCapacity, eventCapacity);
            return new CountersFile(path, unsealed, arena, file, true);
        } catch (IOException | RuntimeException e) {
            arena.close();
            Files.deleteIfExists(unsealed);
            throw e;
        }
    }

    private static void writeHeader(MemorySegment file, Owner owner, int counterCapacity, int eventCapacity) {
        ProcessMark process = ProcessMark.current();
        putLong(file, MAGIC_OFFSET, MAGIC);
        putInt(file, VERSION_OFFSET, VERSION);
        putInt(file, BOARD_OFFSET, owner.board());
        putInt(file, BOOT_ID_OFFSET, owner.bootId());
        putInt(file, COUNTER_CAPACITY_OFFSET, counterCapacity);
        putInt(file, EVENT_CAPACITY_OFFSET, eventCapacity);
        putLong(file, PID_OFFSET, process.pid());
        putLong(file, PROCESS_START_OFFSET, process.startTicks());
        MemorySegment.copy(process.kernelBootBytes(), 0, file, ValueLayout.JAVA_BYTE, KERNEL_BOOT_OFFSET, 16);
        putLong(file, START_NS_OFFSET, owner.startNs());
        putLong(file, WALL_MINUS_MONOTONIC_NS_OFFSET, System.currentTimeMillis() * 1_000_000 - System.nanoTime());
        putLong(file, NEWEST_CYCLE_NS_OFFSET, owner.startNs());
        putText(file, PAIR_NAME_OFFSET, HEADER_TEXT_LENGTH, "pair name", owner.pairName());
        putText(file, SOFTWARE_VERSION_OFFSET, HEADER_TEXT_LENGTH, "software version", owner.softwareVersion());
    }

    private static void refuseIfInUse(Path path) throws IOException {
        long ownPid = ProcessHandle.current().pid();
        try (CountersFile existing = open(path)) {
            if (existing.pid() != ownPid && existing.nodeAlive()) {
                throw new CountersFileException(CountersFileException.Cause.IN_USE,
                        path + " belongs to a running node (board " + "AB".charAt(existing.board() & 1) + " of " + existing.pairName()
                                + ", process " + existing.pid() + "): stop that one first (kill " + existing.pid() + ", or kill -KILL if it stands still)"
                                + ", or choose another run-dir");
            }
        } catch (CountersFileException e) {
            if (e.why() == CountersFileException.Cause.IN_USE || e.why() == CountersFileException.Cause.NO_PERMISSION) {
                throw e;
            }
            // Missing, damaged or of another version: replaced.
        }
    }

    /** Opens the file of a node for reading only. */
    public static CountersFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long length = channel.size();
            if (length < LABELS_OFFSET) {
                throw foreign(path, "only " + length + " bytes long");
            }
            MemorySegment file = channel.map(MapMode.READ_ONLY, 0, length, arena);
            if (getLong(file, MAGIC_OFFSET) != MAGIC) {
                throw foreign(path, "it does not start like one");
            }
            int version = getInt(file, VERSION_OFFSET);
            if (version != VERSION) {
                throw new CountersFileException(CountersFileException.Cause.OTHER_VERSION,
                        path + ": counters file of another version: found " + Integer.toUnsignedString(version)
                                + ", this program reads " + VERSION);
            }
            int counters = getInt(file, COUNTER_CAPACITY_OFFSET);
            int events = getInt(file, EVENT_CAPACITY_OFFSET);
            int used = getInt(file, COUNTERS_USED_OFFSET);
            if (counters < 1 || counters > MAX_CAPACITY || events < 1 || events > MAX_CAPACITY || Integer.bitCount(events) != 1
                    || used < 0 || used > counters || fileLength(counters, events) != length) {
                throw foreign(path, "its header does not fit its length");
            }
            return new CountersFile(path, null, arena, file, false);
        } catch (NoSuchFileException e) {
            arena.close();
            throw new CountersFileException(CountersFileException.Cause.MISSING,
                    path + ": no such file; no node has run here, or it keeps its counters elsewhere");
        } catch (AccessDeniedException e) {
            arena.close();
            throw new CountersFileException(CountersFileException.Cause.NO_PERMISSION,
                    path + ": no permission to read; be a member of the file's group");
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static CountersFileException foreign(Path path, String detail) {
        return new CountersFileException(CountersFileException.Cause.NOT_A_COUNTERS_FILE, path + " is not a counters file: " + detail);
    }

    /** Names a value that only rises; see {@link #register(String, Kind)}. */
    public int register(String label) {
        return register(label, Kind.COUNTER);
    }

    /**
     * Names a value, before the {@link #seal}.
     *
     * @param label unique, at most 118 bytes of UTF-8
     * @return the id for {@link #set}, {@link #add} and {@link #value}
     */
    public int register(String label, Kind kind) {
        if (sealed) {
            throw new IllegalStateException("counters are registered before the seal: " + label);
        }
        if (used == counterCapacity) {
            throw new IllegalStateException("no room for counter " + label + ": capacity " + counterCapacity);
        }
        if (label.isEmpty() || find(label) >= 0) {
            throw new IllegalArgumentException(label.isEmpty() ? "a counter needs a label" : "counter " + label + " exists");
        }
        long slot = labelOffset(used);
        putText(file, slot, LABEL_TEXT_LENGTH, "label", label);
        putInt(file, slot + LABEL_KIND_OFFSET, kind.ordinal());
        return used++;
    }

    /** Ends registration and lets the file appear under its name, complete. */
    public void seal() throws IOException {
        if (sealed) {
            throw new IllegalStateException("sealed before");
        }
        putInt(file, COUNTERS_USED_OFFSET, used);
        Files.move(unsealedPath, path, StandardCopyOption.ATOMIC_MOVE);
        sealed = true;
    }

    /** Stores a value; the counter's writing thread only. */
    public void set(int id, long value) {
        LONG.setOpaque(file, valueOffset(id), value);
    }

    /** Adds to a value; the counter's writing thread only. */
    public void add(int id, long delta) {
        long offset = valueOffset(id);
        LONG.setOpaque(file, offset, (long) LONG.getOpaque(file, offset) + delta);
    }

    /** The newest value. */
    public long value(int id) {
        return (long) LONG.getOpaque(file, valueOffset(id));
    }

    private long valueOffset(int id) {
        if (id < 0 || id >= used) {
            throw new IndexOutOfBoundsException(id);
        }
        return valuesOffset + 8L * id;
    }

    private long labelOffset(int id) {
        return LABELS_OFFSET + (long) LABEL_SLOT_LENGTH * id;
    }

    /** Counters in use: ids run from 0 to this, exclusive. */
    public int counterCount() {
        return used;
    }

    /** The label given at registration. */
    public String label(int id) {
        valueOffset(id); // checks the id
        return getText(file, labelOffset(id), LABEL_TEXT_LENGTH);
    }

    /** The kind given at registration. */
    public Kind kind(int id) {
        valueOffset(id); // checks the id
        return KINDS[getInt(file, labelOffset(id) + LABEL_KIND_OFFSET) & 1];
    }

    /** The id of the counter with this label, or -1. */
    public int find(String label) {
        for (int id = 0; id < used; id++) {
            if (label(id).equals(label)) {
                return id;
            }
        }
        return -1;
    }

    /** The newest events; the owner's {@link EventRing#onEvent} records them. */
    public EventRing events() {
        return events;
    }

    /** Notes that a duty cycle took place; once per cycle, by the node. */
    public void touch(long nowNs) {
        LONG.setOpaque(file, (long) NEWEST_CYCLE_NS_OFFSET, nowNs);
    }

    /** When the newest duty cycle took place: with {@link #nodeAlive} it tells a hung node from a dead one. */
    public long newestCycleNs() {
        return (long) LONG.getOpaque(file, (long) NEWEST_CYCLE_NS_OFFSET);
    }

    /** Whether the process that wrote this file still runs (not merely some process with its id). */
    public boolean nodeAlive() {
        byte[] kernelBoot = file.asSlice(KERNEL_BOOT_OFFSET, 16).toArray(ValueLayout.JAVA_BYTE);
        return new ProcessMark(pid(), getLong(file, PROCESS_START_OFFSET), ProcessMark.kernelBootOf(kernelBoot)).alive();
    }

    /** Whether the name still leads to this run's file; false after another start of the node: open it anew. */
    public boolean current() {
        ByteBuffer header = ByteBuffer.allocate(START_NS_OFFSET + 8);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header) > 0) {
                // short reads are legal
            }
        } catch (IOException e) {
            return false;
        }
        if (header.hasRemaining()) {
            return false;
        }
        header.order(ByteOrder.LITTLE_ENDIAN);
        return header.getInt(BOOT_ID_OFFSET) == bootId() && header.getLong(PID_OFFSET) == pid()
                && header.getLong(START_NS_OFFSET) == startNs();
    }

    /** The process id of the node. */
    public long pid() {
        return getLong(file, PID_OFFSET);
    }

    /** 0 = A, 1 = B. */
    public int board() {
        return getInt(file, BOARD_OFFSET);
    }

    /** Names this run of the node. */
    public int bootId() {
        return getInt(file, BOOT_ID_OFFSET);
    }

    /** The pair's name. */
    public String pairName() {
        return getText(file, PAIR_NAME_OFFSET, HEADER_TEXT_LENGTH);
    }

    /** The node's software version. */
    public String softwareVersion() {
        return getText(file, SOFTWARE_VERSION_OFFSET, HEADER_TEXT_LENGTH);
    }

    /** When the node started, monotonic clock. */
    public long startNs() {
        return getLong(file, START_NS_OFFSET);
    }

    /** Turns a monotonic time of the node into ns since 1970 by the wall clock as it stood when the node started. */
    public long wallNs(long monotonicNs) {
        return monotonicNs + getLong(file, WALL_MINUS_MONOTONIC_NS_OFFSET);
    }

    /** Unmaps the file; the file itself stays, so that the last words of a node can be read. No call may follow. */
    @Override
    public void close() throws IOException {
        arena.close();
        if (!sealed) {
            Files.deleteIfExists(unsealedPath);
        }
    }
}
