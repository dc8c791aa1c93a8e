package io.hotpair.drivers.gpio;

import io.hotpair.drivers.linux.Futex;
import io.hotpair.drivers.linux.MappedFile;
import io.hotpair.drivers.port.EdgeInput;
import io.hotpair.drivers.port.LevelOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * A wire with two levels, simulated in a mapped file: both boards and the world may be connected to it, to drive it and to watch it.
 *
 * <p>Each may pull it away from its resting level, as three open collectors on a resistor do (the resistor, and so the resting level, is the safe
 * level of whoever drives it first). It rests while nobody pulls. So a board that is not primary, which drives the safe level, stands in nobody's
 * way; and a board that drives the other level keeps the line there whatever its peer drives, until it lets go or the guard lets go for it.
 *
 * <p>Levels alternate, so the number of a change tells the level after it, and a watcher that comes late or is slow knows how many it missed.
 *
 * <pre>
 * little endian                                                                                       written
 *    0  u64  magic "HPLINE02"                                                                         before the file has its name
 *    8  u32  resting level: 0 not said yet, 1 low, 2 high                                             compare and set
 *   16  u64  bits 0-2 who pulls (board A, board B, the world), bits 3-63 changes of the level so far  compare and set; the low half is slept on
 *   24       reserved
 *   64  (u64 number of a change, u64 when it was made, monotonic ns) x 256, by number                 whoever made the change, right after it
 * </pre>
 *
 * <p>Who dies between a change and its time leaves the change without one; a watcher then takes the time at which it sees it.
 */
public final class SimulatedLine {
    /** Number of a driver that is no board. */
    public static final int WORLD = 2;

    private static final long MAGIC = 0x3230_454E_494C_5048L; // "HPLINE02"
    private static final long RESTING_AT = 8;
    private static final long STATE_AT = 16;
    private static final long RING_AT = 64;
    private static final int SLOTS = 256;
    private static final int SLOT_BYTES = 16;
    private static final int FILE_BYTES = (int) RING_AT + SLOTS * SLOT_BYTES;
    private static final int PULLS = 3;
    private static final long PULL_MASK = (1 << PULLS) - 1;
    private static final int UNSAID = 0;
    private static final int LOW = 1;
    private static final int HIGH = 2;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private SimulatedLine() {}

    /**
     * One of the three that may drive; its pull of an earlier life is taken back. The file is created if nobody has yet.
     *
     * @param driver 0 board A, 1 board B, 2 the world
     * @param restsHigh the level of the line while nobody pulls
     * @throws IOException if the file cannot be used, or the line rests at the other level; the message says which
     */
    public static Driver drive(Path path, int driver, boolean restsHigh) throws IOException {
        if (driver < 0 || driver >= PULLS) {
            throw new IllegalArgumentException("driver " + driver + " is none of 0 (A), 1 (B), 2 (the world)");
        }
        Arena arena = Arena.ofShared();
        MemorySegment file = map(path, arena);
        int wanted = restsHigh ? HIGH : LOW;
        int found = (int) INT.compareAndExchange(file, RESTING_AT, UNSAID, wanted);
        if (found != UNSAID && found != wanted) {
            arena.close();
            throw new IOException(path + " is driven by another with the safe level " + (found == HIGH ? "high" : "low")
                    + ": one line has one safe level; if nobody uses it any more, remove the file");
        }
        Driver made = new Driver(arena, file, driver, restsHigh);
        made.drive(restsHigh);
        return made;
    }

    /** Edges of the line from now on, for one thread. The file is created if nobody has yet. */
    public static Watcher watch(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        return new Watcher(arena, map(path, arena));
    }

    private static MemorySegment map(Path path, Arena arena) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, MAGIC);
        try {
            return MappedFile.share(path, magic, FILE_BYTES, (found, right) -> {
                if (!right) {
                    throw new IOException(path + " is no simulated line; remove it, or name another file");
                }
            }, arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static long countOf(long state) {
        return state >>> PULLS;
    }

    private static boolean levelAfter(MemorySegment file, long changes) {
        return (int) INT.getOpaque(file, RESTING_AT) == HIGH ^ (changes & 1) != 0;
    }

    private static long slot(long change) {
        return RING_AT + (change & SLOTS - 1) * SLOT_BYTES;
    }

    /** One end that drives. One thread calls it; no call blocks or allocates. */
    public static final class Driver implements LevelOutput.Line {
        private final Arena arena;
        private final MemorySegment file;
        private final MemorySegment sleepers;
        private final Futex futex;
        private final long pull;
        private final boolean restsHigh;

        private Driver(Arena arena, MemorySegment file, int driver, boolean restsHigh) {
            this.arena = arena;
            this.file = file;
            this.restsHigh = restsHigh;
            pull = 1L << driver;
            sleepers = file.asSlice(STATE_AT, Integer.BYTES);
            futex = new Futex(arena);
        }

        @Override
        public boolean drive(boolean high) {
            for (;;) {
                long state = (long) LONG.getAcquire(file, STATE_AT);
                long pulls = high == restsHigh ? state & PULL_MASK & ~pull : state & PULL_MASK | pull;
                boolean changes = (pulls == 0) != ((state & PULL_MASK) == 0);
                long next = countOf(state) + (changes ? 1 : 0) << PULLS | pulls;
                if (next == state) {
                    return true;
                }
                if (LONG.compareAndSet(file, STATE_AT, state, next)) {
                    if (changes) {
                        stamp(countOf(next));
                    }
                    return true;
                }
            }
        }

        private void stamp(long change) {
            LONG.setOpaque(file, slot(change) + Long.BYTES, System.nanoTime());
            LONG.setRelease(file, slot(change), change);
            futex.wakeAll(sleepers);
        }

        /** Unmaps the file. No call may follow. */
        @Override
        public void close() {
            arena.close();
        }
    }

    /** One end that watches. One thread calls it, but for {@link #level}. */
    public static final class Watcher implements EdgeInput.Edges {
        private final Arena arena;
        private final MemorySegment file;
        private final MemorySegment sleepers;
        private final Futex futex;
        private long seen;
        private boolean high;
        private long atNs;
        private volatile long lost;

        private Watcher(Arena arena, MemorySegment file) {
            this.arena = arena;
            this.file = file;
            sleepers = file.asSlice(STATE_AT, Integer.BYTES);
            futex = new Futex(arena);
            seen = changes(); // a pin that is watched from now on reports no edge of the past
            high = levelAfter(file, seen);
        }

        @Override
        public boolean await(long timeoutNs) {
            long state = (long) LONG.getAcquire(file, STATE_AT);
            if (countOf(state) == seen && timeoutNs > 0) {
                futex.await(sleepers, (int) state, timeoutNs);
                state = (long) LONG.getAcquire(file, STATE_AT);
            }
            if (countOf(state) == seen) {
                return false;
            }
            // The oldest slot may be half way to its next life.
            long behind = countOf(state) - seen;
            if (behind >= SLOTS) {
                lost += behind - 1;
                seen = countOf(state) - 1;
            }
            seen++;
            high = levelAfter(file, seen);
            atNs = time(seen);
            return true;
        }

        private long time(long change) {
            long before = (long) LONG.getAcquire(file, slot(change));
            long madeNs = (long) LONG.getOpaque(file, slot(change) + Long.BYTES);
            return before == change ? madeNs : System.nanoTime();
        }

        @Override
        public boolean high() {
            return high;
        }

        @Override
        public long atNs() {
            return atNs;
        }

        @Override
        public long lost() {
            return lost;
        }

        /** The level of the line at this moment. */
        public boolean level() {
            return levelAfter(file, countOf((long) LONG.getAcquire(file, STATE_AT)));
        }

        /** Changes of the level since the file was made. */
        public long changes() {
            return countOf((long) LONG.getAcquire(file, STATE_AT));
        }

        /** Unmaps the file. No call may follow. */
        @Override
        public void close() {
            arena.close();
        }
    }
}
