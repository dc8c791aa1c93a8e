package io.hotpair.drivers.syncline;

import io.hotpair.drivers.linux.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The sync line, simulated in a mapped file that one oscillator drives, both boards of a pair on one machine read, and anybody may spoil. Edges are
 * stamped with CLOCK_MONOTONIC, which all processes of a machine have in common.
 *
 * <p>The oscillator writes down each edge ahead of its time, so that an edge is exact however late a busy machine lets the oscillator run; a board
 * sees it once its time has come. A fault is one board's, and applied where that board reads. The layout, version 1, little endian:
 *
 * <pre>
 *    0  u64  magic "HPSYNCL1" (never changes)         by whoever comes first, before the file has its name
 *    8  u32  layout version (never moves)             likewise
 *   12  u32  ring slots (R = 1024)                    likewise
 *   16       reserved
 *   64  u64  edges written down so far                oscillator, release
 *  128       board A, likewise B at 192:
 *         0  u64  fault: bits 0-2 kind, bits 3-63 its measure    lab, release, after the word below
 *         8  i64  when it was set, monotonic ns                  lab
 *  256  i64  x R: time of the edge, monotonic ns      oscillator
 * </pre>
 */
public final class SimulatedSyncLine {
    /** What is wrong with the line on its way to a board. */
    public enum Fault {
        /** Nothing. */
        NORMAL,
        /** Nothing gets through. */
        CUT,
        /** Reads high whatever is driven: one last edge, if it was low. */
        STUCK_HIGH,
        /** Loses edges; measure: how many of a thousand. */
        LOSES,
        /** Shows another edge behind each; measure: within how many ns. Short it is a bounce, long it is noise. */
        BOUNCES,
        /** Shows each edge too late; measure: by up to how many ns. */
        JITTERS
    }

    static final long MAGIC = 0x314C_434E_5953_5048L; // "HPSYNCL1"
    static final int VERSION = 1;
    static final int SLOTS = 1024;
    private static final int WRITTEN_OFFSET = 64;
    private static final int FAULT_OFFSET = 128;
    private static final int FAULT_BYTES = 64;
    private static final int RING_OFFSET = 256;
    private static final int FILE_LENGTH = RING_OFFSET + 8 * SLOTS;
    private static final int THOUSAND = 1000;
    private static final Fault[] FAULTS = Fault.values();

    /** Coordinates: segment, offset in bytes. */
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private SimulatedSyncLine() {
    }

    /**
     * A board's end; the file is created if nobody has yet.
     *
     * @param board 0 = A, 1 = B
     * @throws IOException if the file cannot be created, or is of another kind or version; the message says which
     */
    public static SyncLine end(Path file, int board) throws IOException {
        Arena arena = Arena.ofShared();
        return new End(arena, map(file, arena), board, System.nanoTime());
    }

    /** What drives the line; there is to be one. The file is created if nobody has yet. */
    public static Driver driver(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        return new Driver(arena, map(file, arena));
    }

    private static MemorySegment map(Path path, Arena arena) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(0, MAGIC).putInt(8, VERSION).putInt(12, SLOTS);
        try {
            return MappedFile.share(path, header, FILE_LENGTH, (found, right) -> check(path, found, right), arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static void check(Path path, ByteBuffer found, boolean right) throws IOException {
        if (found.getLong(0) != MAGIC) {
            throw new IOException(path + " is not the file of a simulated sync line");
        }
        if (!right) {
            throw new IOException(path + ": a simulated sync line of another version, or damaged; remove the file");
        }
    }

    private static int fault(int board) {
        if (board != 0 && board != 1) {
            throw new IllegalArgumentException("board " + board + " is neither 0 (A) nor 1 (B)");
        }
        return FAULT_OFFSET + board * FAULT_BYTES;
    }

    private static long slot(long position) {
        return RING_OFFSET + 8 * (position & SLOTS - 1);
    }

    /** A number that looks like chance and is the same for the same edge. */
    private static long chance(long edge) {
        long h = edge * 0x9E3779B97F4A7C15L; // the finish of SplitMix64
        h = (h ^ h >>> 30) * 0xBF58476D1CE4E5B9L;
        h = (h ^ h >>> 27) * 0x94D049BB133111EBL;
        return (h ^ h >>> 31) >>> 1;
    }

    /** One board's end. */
    static final class End implements SyncLine {
        private final Arena arena;
        private final MemorySegment file;
        private final int fault;
        private final long sinceNs;
        private long taken;
        private long bounceNs = NO_EDGE;
        private long stuckNs = NO_EDGE;

        End(Arena arena, MemorySegment file, int board, long nowNs) {
            this.arena = arena;
            this.file = file;
            fault = fault(board);
            sinceNs = nowNs; // a line that is watched from now on reports no edge of the past
            taken = Math.max(0, (long) WORD.getAcquire(file, WRITTEN_OFFSET) - SLOTS / 2);
        }

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public long pollEdgeNs() {
            return pollEdgeNs(System.nanoTime());
        }

        long pollEdgeNs(long nowNs) {
            long faultWord = (long) WORD.getAcquire(file, fault);
            Fault kind = FAULTS[(int) (faultWord & 7) % FAULTS.length];
            long measure = faultWord >>> 3;
            long setNs = (long) WORD.getOpaque(file, fault + 8);
            if (kind == Fault.STUCK_HIGH && stuckNs != setNs) {
                stuckNs = setNs;
                return setNs;
            }
            while (true) {
                long nextNs = nextNs(nowNs);
                if (bounceNs != NO_EDGE && nowNs - bounceNs >= 0 && (nextNs == NO_EDGE || bounceNs - nextNs <= 0)) {
                    long edgeNs = bounceNs;
                    bounceNs = NO_EDGE;
                    return edgeNs;
                }
                if (nextNs == NO_EDGE) {
                    return NO_EDGE;
                }
                long edge = taken;
                long late = kind == Fault.JITTERS && measure > 0 ? chance(edge) % measure : 0;
                if (nowNs - nextNs - late < 0) {
                    return NO_EDGE;
                }
                taken++;
                boolean dead = (kind == Fault.CUT || kind == Fault.STUCK_HIGH) && nextNs - setNs >= 0;
                if (dead || kind == Fault.LOSES && chance(edge) % THOUSAND < measure || nextNs - sinceNs < 0) {
                    continue;
                }
                if (kind == Fault.BOUNCES && measure > 0) {
                    bounceNs = nextNs + 1 + chance(edge) % measure;
                }
                return nextNs + late;
            }
        }

        /** The time of the next edge if it has come, else NO_EDGE. */
        private long nextNs(long nowNs) {
            while (true) {
                long written = (long) WORD.getAcquire(file, WRITTEN_OFFSET);
                if (taken >= written) {
                    taken = Math.min(taken, written); // an oscillator that began anew in the same file goes on where the last one ended
                    return NO_EDGE;
                }
                long edgeNs = (long) WORD.getOpaque(file, slot(taken));
                VarHandle.acquireFence();
                written = (long) WORD.getOpaque(file, WRITTEN_OFFSET);
                if (written - taken < SLOTS) { // else it may be half way to its next life
                    return nowNs - edgeNs < 0 ? NO_EDGE : edgeNs;
                }
                taken = written - SLOTS / 2;
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Drives the line, and spoils it. */
    public static final class Driver implements AutoCloseable {
        private final Arena arena;
        private final MemorySegment file;

        private Driver(Arena arena, MemorySegment file) {
            this.arena = arena;
            this.file = file;
        }

        /** Writes the next edge down; its time may lie ahead, by fewer edges than half of the ring. One thread calls it. */
        public void edge(long atNs) {
            long written = (long) WORD.getOpaque(file, WRITTEN_OFFSET);
            VarHandle.releaseFence();
            WORD.setOpaque(file, slot(written), atNs);
            WORD.setRelease(file, WRITTEN_OFFSET, written + 1);
        }

        /** Spoils the line on its way to a board from now on. */
        public void fault(int board, Fault kind, long measure) {
            int at = SimulatedSyncLine.fault(board);
            WORD.setOpaque(file, at + 8L, System.nanoTime());
            WORD.setRelease(file, (long) at, measure << 3 | kind.ordinal());
        }

        /** Unmaps the file; what is written down is still seen, and faults stay as they are. No call may follow. */
        @Override
        public void close() {
            arena.close();
        }
    }
}
