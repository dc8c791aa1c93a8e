package io.hotpair.drivers.gpio;

import io.hotpair.core.port.PulseChannel;
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
 * The two GPIO heartbeat wires between the boards, simulated in a mapped file that two node processes on one machine share and a
 * third may spoil. Edges are stamped with CLOCK_MONOTONIC, which all processes of a machine have in common.
 *
 * <p>A line is a delay line, first in first out: the driving end appends the time at which each edge will be seen, the receiving
 * end takes what is due. Each position of the ring is written by one process only, so neither end waits for the other; an end may
 * die and come back. The layout, version 1, little endian:
 *
 * <pre>
 * Header (128 bytes)                                        written
 *    0  u64  magic "HPWIRES1" (never changes)               by whoever comes first, before the file has its name
 *    8  u32  layout version (never moves)                   likewise
 *   12  u32  ring slots per line (R = 1024)                 likewise
 *   16       reserved
 * Line A to B at 128, line B to A at 128 + 192 + 8 R
 *    0  u64  edges driven so far; bit 0 is the driven level, low at first   driving end, release
 *    8       reserved
 *   64  u64  edges appended to the ring                     driving end, release
 *   72       reserved
 *  128  u64  fault: bits 0-2 kind, bits 3-63 delay in ns    lab, release, after the word below
 *  136  i64  when the fault was set, monotonic ns           lab
 *  144       reserved
 *  192  u64  x R: time the edge is seen, monotonic ns, shifted left by one; bit 0 is the level after it
 * </pre>
 *
 * <p>A stuck line shows one last edge if it was at the other level when it got stuck, and perhaps one when it comes free, as a real
 * one does. A cut line reads low, for the receiving pin has a pull-down.
 */
public final class SimulatedWire {
    /** What is wrong with a line. */
    public enum Fault {
        /** Nothing. */
        NORMAL,
        /** Reads high whatever is driven. */
        STUCK_HIGH,
        /** Reads low whatever is driven. */
        STUCK_LOW,
        /** Nothing gets through; the pull-down makes it read low. */
        CUT,
        /** Every edge is seen, and stamped, later. */
        DELAYED
    }

    /** From board A (0) to board B (1). */
    public static final int LINE_A_TO_B = 0;
    /** From board B (1) to board A (0). */
    public static final int LINE_B_TO_A = 1;

    /** Longest delay: with one edge per quarter of a millisecond, a whole ring. */
    public static final long MAX_DELAY_NS = 250_000_000;

    static final long MAGIC = 0x3153_4552_4957_5048L; // "HPWIRES1"
    static final int VERSION = 1;
    static final int VERSION_OFFSET = 8;
    private static final int SLOTS_OFFSET = 12;
    private static final int HEADER_BYTES = 16;
    static final int SLOTS = 1024;

    private static final int HEADER_LENGTH = 128;
    private static final int APPENDED_OFFSET = 64;
    private static final int FAULT_OFFSET = 128;
    private static final int FAULT_SET_OFFSET = 136;
    private static final int RING_OFFSET = 192;
    private static final int LINE_LENGTH = RING_OFFSET + 8 * SLOTS;
    private static final int FILE_LENGTH = HEADER_LENGTH + 2 * LINE_LENGTH;

    private static final Fault[] FAULTS = Fault.values();

    /** Coordinates: segment, offset in bytes. */
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private SimulatedWire() {}

    /**
     * One board's end of the wires; the file is created if this board comes first.
     *
     * @param board 0 = A, 1 = B
     * @throws IOException if the file cannot be created, or is of another kind or version; the message says which
     */
    public static End end(Path file, int board) throws IOException {
        if (board != 0 && board != 1) {
            throw new IllegalArgumentException("board " + board + " is neither 0 (A) nor 1 (B)");
        }
        Arena arena = Arena.ofShared();
        return new End(arena, map(file, arena), board);
    }

    /** The hand that spoils the wires; the file is created if nobody has yet. */
    public static Faults faults(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        return new Faults(arena, map(file, arena));
    }

    private static MemorySegment map(Path path, Arena arena) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(0, MAGIC).putInt(VERSION_OFFSET, VERSION).putInt(SLOTS_OFFSET, SLOTS);
        try {
            return MappedFile.share(path, header, FILE_LENGTH, (found, right) -> check(path, found, right), arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static void check(Path path, ByteBuffer found, boolean right) throws IOException {
        if (found.getLong(0) != MAGIC) {
            throw new IOException(path + " is not a file of simulated wires");
        }
        int version = found.getInt(VERSION_OFFSET);
        if (version != VERSION) {
            throw new IOException(path + ": simulated wires of another version: found " + Integer.toUnsignedString(version)
                    + ", this program uses " + VERSION + "; remove the file");
        }
        if (!right) {
            throw new IOException(path + " is damaged: wrong length; remove the file");
        }
    }

    private static long lineOffset(int line) {
        return HEADER_LENGTH + (long) line * LINE_LENGTH;
    }

    private static Fault kind(long faultWord) {
        return FAULTS[(int) (faultWord & 7) % FAULTS.length];
    }

    private static boolean blocks(Fault fault) {
        return fault != Fault.NORMAL && fault != Fault.DELAYED;
    }

    private static long acquire(MemorySegment file, long offset) {
        return (long) WORD.getAcquire(file, offset);
    }

    /** One board's end. One thread calls it; no call blocks, enters the kernel or allocates. */
    public static final class End implements PulseChannel, AutoCloseable {
        private final Arena arena;
        private final MemorySegment file;
        private final long out;
        private final long in;
        private long newestSeenNs;
        private long taken;
        private long seenLevel;
        private long seenFault;
        private long overflows;
        private long lostEdges;

        private End(Arena arena, MemorySegment file, int board) {
            this.arena = arena;
            this.file = file;
            this.out = lineOffset(board == 0 ? LINE_A_TO_B : LINE_B_TO_A);
            this.in = lineOffset(board == 0 ? LINE_B_TO_A : LINE_A_TO_B);
            // A pin that is watched from now on reports no edge of the past.
            this.taken = acquire(file, in + APPENDED_OFFSET);
            this.seenFault = acquire(file, in + FAULT_OFFSET);
            this.seenLevel = levelUnder(kind(seenFault));
        }

        @Override
        public void toggle() {
            toggle(System.nanoTime());
        }

        void toggle(long nowNs) {
            long driven = (long) WORD.getOpaque(file, out) + 1;
            WORD.setRelease(file, out, driven);
            long faultWord = acquire(file, out + FAULT_OFFSET);
            Fault fault = kind(faultWord);
            if (blocks(fault)) {
                return;
            }
            long seenNs = fault == Fault.DELAYED ? nowNs + (faultWord >>> 3) : nowNs;
            // First in, first out: when a delay ends, later edges do not overtake the earlier ones.
            if (newestSeenNs != 0 && seenNs - newestSeenNs < 0) {
                seenNs = newestSeenNs;
            }
            newestSeenNs = seenNs;
            long appended = (long) WORD.getOpaque(file, out + APPENDED_OFFSET);
            // Whoever sees the slot overwritten must also see that all slots before it were given out: the reader's check relies on it.
            VarHandle.releaseFence();
            WORD.setOpaque(file, slot(out, appended), seenNs << 1 | driven & 1);
            WORD.setRelease(file, out + APPENDED_OFFSET, appended + 1);
        }

        @Override
        public long pollEdgeNs() {
            return pollEdgeNs(System.nanoTime());
        }

        long pollEdgeNs(long nowNs) {
            long faultWord = acquire(file, in + FAULT_OFFSET);
            long faultSetNs = (long) WORD.getOpaque(file, in + FAULT_SET_OFFSET);
            boolean blocked = blocks(kind(faultWord));
            boolean skipped = false;
            for (;;) {
                long appended = acquire(file, in + APPENDED_OFFSET);
                if (taken == appended) {
                    break;
                }
                long edge = (long) WORD.getOpaque(file, slot(in, taken));
                VarHandle.acquireFence();
                appended = (long) WORD.getOpaque(file, in + APPENDED_OFFSET);
                // The slot after the newest may be half way to its next life, so a whole ring behind is already too far.
                if (appended - taken >= SLOTS) {
                    overflows++;
                    lostEdges += appended - 1 - taken;
                    taken = appended - 1;
                    skipped = true;
                    continue;
                }
                long seenNs = edge >> 1;
                if (blocked && seenNs - faultSetNs > 0) {
                    taken++; // on its way when the line was cut
                    continue;
                }
                if (nowNs - seenNs < 0) {
                    break;
                }
                taken++;
                if (skipped || (edge & 1) != seenLevel) {
                    seenLevel = edge & 1;
                    return seenNs;
                }
                // Driven while stuck, or already told as the edge of a fault: no change on the pin.
            }
            if (faultWord != seenFault && nowNs - faultSetNs >= 0) {
                boolean wasBlocked = blocks(kind(seenFault));
                seenFault = faultWord;
                long level = blocked || wasBlocked ? levelUnder(kind(faultWord)) : seenLevel;
                if (level != seenLevel) {
                    seenLevel = level;
                    return faultSetNs;
                }
            }
            return NO_EDGE;
        }

        private long levelUnder(Fault fault) {
            return switch (fault) {
                case STUCK_HIGH -> 1;
                case STUCK_LOW, CUT -> 0;
                case NORMAL, DELAYED -> acquire(file, in) & 1;
            };
        }

        private static long slot(long line, long position) {
            return line + RING_OFFSET + 8 * (position & SLOTS - 1);
        }

        /** Whether the incoming line reads high, as of the edges taken. */
        public boolean high() {
            return seenLevel != 0;
        }

        /** How often this end was too slow for the ring and skipped to the newest edge. */
        public long overflows() {
            return overflows;
        }

        /** Edges skipped that way. */
        public long lostEdges() {
            return lostEdges;
        }

        /** Unmaps the file. No call may follow. */
        @Override
        public void close() {
            arena.close();
        }
    }

    /** Sets and shows the faults of both lines, from any process. */
    public static final class Faults implements AutoCloseable {
        private final Arena arena;
        private final MemorySegment file;

        private Faults(Arena arena, MemorySegment file) {
            this.arena = arena;
            this.file = file;
        }

        /**
         * Sets a line's fault; {@link Fault#DELAYED} needs {@link #delay}.
         *
         * @param line {@link #LINE_A_TO_B} or {@link #LINE_B_TO_A}
         */
        public void set(int line, Fault fault) {
            if (fault == Fault.DELAYED) {
                throw new IllegalArgumentException("a delayed line needs its delay");
            }
            store(line, fault, 0, System.nanoTime());
        }

        /**
         * Delays every edge driven from now on.
         *
         * @param delayNs 0 to {@link #MAX_DELAY_NS}
         */
        public void delay(int line, long delayNs) {
            if (delayNs < 0 || delayNs > MAX_DELAY_NS) {
                throw new IllegalArgumentException("delay of " + delayNs + " ns is not within 0.." + MAX_DELAY_NS + " ns");
            }
            store(line, Fault.DELAYED, delayNs, System.nanoTime());
        }

        void store(int line, Fault fault, long delayNs, long nowNs) {
            WORD.setOpaque(file, offset(line) + FAULT_SET_OFFSET, nowNs);
            WORD.setRelease(file, offset(line) + FAULT_OFFSET, delayNs << 3 | fault.ordinal());
        }

        /** The line's fault. */
        public Fault get(int line) {
            return kind(acquire(file, offset(line) + FAULT_OFFSET));
        }

        /** Edges that the driving end has made since the file was created, seen or not. */
        public long drivenEdges(int line) {
            return acquire(file, offset(line));
        }

        private static long offset(int line) {
            if (line != LINE_A_TO_B && line != LINE_B_TO_A) {
                throw new IllegalArgumentException("line " + line);
            }
            return lineOffset(line);
        }

        /** Unmaps the file; faults stay as they are. No call may follow. */
        @Override
        public void close() {
            arena.close();
        }
    }
}
