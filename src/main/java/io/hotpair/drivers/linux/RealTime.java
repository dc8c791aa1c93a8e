package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What makes a thread, and the process around it, keep time. Each step answers {@code null} or a warning that names cause and cure: a board
 * without the right still runs, only less punctually. Called at start; the thread steps act on the calling (platform) thread.
 */
public final class RealTime {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;
    // what the thread starts later (the guard, a helper) begins as an ordinary one
    private static final int SCHED_RESET_ON_FORK = 0x40000000;
    private static final int MCL_CURRENT = 1;
    private static final int MCL_FUTURE = 2;
    private static final int MCL_ONFAULT = 4;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int RLIMIT_MEMLOCK = 8;
    private static final long RLIM_INFINITY = -1L;
    private static final int CAP_IPC_LOCK = 14;
    private static final int CPU_SET_BYTES = 128;
    private static final int PRIO_PROCESS = 0;

    private static final long SCHED_SETSCHEDULER = Downcall.address("sched_setscheduler");
    private static final long SCHED_GETSCHEDULER = Downcall.address("sched_getscheduler");
    private static final long SCHED_SETAFFINITY = Downcall.address("sched_setaffinity");
    private static final long MLOCKALL = Downcall.address("mlockall");
    private static final long PRCTL = Downcall.address("prctl");
    private static final long GETRLIMIT = Downcall.address("getrlimit");
    private static final long SETPRIORITY = Downcall.address("setpriority");
    private static final long GETTID = Downcall.address("gettid");

    private RealTime() {
    }

    /** SCHED_FIFO for the calling thread. */
    public static String fifo(int priority) {
        if (priority < 1 || priority > 99) {
            throw new IllegalArgumentException("SCHED_FIFO priority " + priority + " is outside 1..99");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameter = arena.allocate(ValueLayout.JAVA_INT); // struct sched_param
            parameter.set(ValueLayout.JAVA_INT, 0, priority);
            int result = Downcall.call(SCHED_SETSCHEDULER, 0, SCHED_FIFO | SCHED_RESET_ON_FORK, parameter.address());
            if (result == 0) {
                return null;
            }
            String what = "SCHED_FIFO " + priority + " not permitted (" + Errno.text(-result) + "): ";
            return result == -Errno.EPERM
                    ? what + "needs CAP_SYS_NICE or RLIMIT_RTPRIO of at least " + priority + "; run as root, set LimitRTPRIO=" + priority
                            + " in the unit, or, where the kernel groups real-time time by cgroup, give this one cpu.rt_runtime_us."
                            + " Until then other work on this board can delay the duty cycle"
                    : what + "the kernel refused; the duty cycle runs with ordinary priority";
        }
    }

    /**
     * Puts every thread that the process has now, and so those that they start, ahead of other ordinary work. A SCHED_FIFO thread of a JVM
     * needs this: at a safepoint it waits for the ordinary threads, which on a busy machine wait for a processor.
     *
     * @param nice -20 (most) to 19
     */
    public static String favour(int nice) {
        try (Arena arena = Arena.ofConfined(); DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                int result = Downcall.call(SETPRIORITY, PRIO_PROCESS, Integer.parseInt(thread.getFileName().toString()), nice);
                if (result == -Errno.EPERM || result == -Errno.EACCES) {
                    return "nice " + nice + " not permitted: needs CAP_SYS_NICE or RLIMIT_NICE; run as root or set Nice=" + nice
                            + " in the unit. Until then other work on this board can delay the JVM's own threads, and the duty cycle with them";
                }
            }
            return null;
        } catch (IOException e) {
            return "the process's threads cannot be listed: " + e.getMessage();
        }
    }

    /**
     * SCHED_FIFO for the JVM's thread that does its work at safepoints, collections among them: every other thread waits for it, the duty cycle
     * too, and as an ordinary thread it waits in turn for whatever else wants the processor. It sleeps otherwise.
     */
    public static String fifoForSafepoints(int priority) {
        try (Arena arena = Arena.ofConfined(); DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            MemorySegment parameter = arena.allocate(ValueLayout.JAVA_INT); // struct sched_param
            parameter.set(ValueLayout.JAVA_INT, 0, priority);
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).strip().equals("VM Thread")) {
                    int result = Downcall.call(SCHED_SETSCHEDULER, Integer.parseInt(thread.getFileName().toString()),
                            SCHED_FIFO | SCHED_RESET_ON_FORK, parameter.address());
                    return result == 0 ? null : "the JVM's safepoint thread keeps its ordinary priority (" + Errno.text(-result)
                            + "): needs CAP_SYS_NICE or LimitRTPRIO=. Until then other work on this board can prolong the JVM's pauses";
                }
            }
            return null; // another JVM; its pauses are its own affair
        } catch (IOException e) {
            return "the process's threads cannot be listed: " + e.getMessage();
        }
    }

    /** Back to ordinary scheduling; always permitted, with the flag that {@link #fifo} sets: to clear that takes CAP_SYS_NICE. */
    public static void ordinary() {
        try (Arena arena = Arena.ofConfined()) {
            Downcall.call(SCHED_SETSCHEDULER, 0, SCHED_OTHER | SCHED_RESET_ON_FORK, arena.allocate(ValueLayout.JAVA_INT).address());
        }
    }

    /** Whether the calling thread runs under SCHED_FIFO. */
    public static boolean isFifo() {
        try (Arena arena = Arena.ofConfined()) {
            return (Downcall.call(SCHED_GETSCHEDULER, 0) & ~SCHED_RESET_ON_FORK) == SCHED_FIFO;
        }
    }

    /** Keeps the calling thread on one processor. */
    public static String pin(int cpu) {
        if (cpu < 0 || cpu >= CPU_SET_BYTES * Byte.SIZE) {
            throw new IllegalArgumentException("processor " + cpu + " is outside 0.." + (CPU_SET_BYTES * Byte.SIZE - 1));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(CPU_SET_BYTES, 8);
            set.setAtIndex(ValueLayout.JAVA_LONG, cpu / Long.SIZE, 1L << (cpu % Long.SIZE));
            int result = Downcall.call(SCHED_SETAFFINITY, 0, CPU_SET_BYTES, set.address());
            return result == 0 ? null : "cannot run on processor " + cpu + " (" + Errno.text(-result) + "): the board has "
                    + Runtime.getRuntime().availableProcessors() + " for this process; choose one of them, or widen AllowedCPUs= of the unit."
                    + " The thread is not pinned";
        }
    }

    /**
     * Locks the memory of the process, present and future, each page once touched.
     *
     * <p>Not attempted under a finite limit: the call may succeed there, and a later, harmless allocation of the JVM then fails for it.
     */
    public static String lockMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(16, 8); // struct rlimit: soft, hard
            int limitResult = Downcall.call(GETRLIMIT, RLIMIT_MEMLOCK, limit.address());
            long softBytes = limitResult == 0 ? limit.get(ValueLayout.JAVA_LONG, 0) : 0;
            if (softBytes != RLIM_INFINITY && !hasCapability(CAP_IPC_LOCK)) {
                return "memory not locked: RLIMIT_MEMLOCK is " + softBytes / 1024 + " KiB and there is no CAP_IPC_LOCK; run as root or set"
                        + " LimitMEMLOCK=infinity in the unit. Until then swapping can delay the duty cycle";
            }
            int result = Downcall.call(MLOCKALL, MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
            return result == 0 ? null : "memory not locked (" + Errno.text(-result) + "): run as root or set LimitMEMLOCK=infinity in the"
                    + " unit. Until then swapping can delay the duty cycle";
        }
    }

    /** Timers of the calling thread fire within 1 ns of slack instead of 50 µs; a SCHED_FIFO thread has none anyway. */
    public static String timerSlack() {
        try (Arena arena = Arena.ofConfined()) {
            int result = Downcall.call(PRCTL, PR_SET_TIMERSLACK, 1);
            return result == 0 ? null : "timer slack stays at 50 µs (" + Errno.text(-result) + "): the kernel refused PR_SET_TIMERSLACK";
        }
    }

    /** The kernel's id of the calling thread. */
    public static int gettid() {
        try (Arena arena = Arena.ofConfined()) {
            return Downcall.call(GETTID, 0);
        }
    }

    private static boolean hasCapability(int capability) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("CapEff:")) {
                    return (Long.parseUnsignedLong(line.substring(7).strip(), 16) >>> capability & 1) != 0;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            return false; // without /proc nothing is known, and the careful answer costs a warning only
        }
        return false;
    }
}
