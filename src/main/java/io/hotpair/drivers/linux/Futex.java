package io.hotpair.drivers.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sleeping on a word of memory that processes share, futex(2). An instance belongs to one thread at a time; its calls allocate nothing.
 */
public final class Futex {
    // not FUTEX_PRIVATE_FLAG: the word lies in a file that two processes map
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long SYS_FUTEX = switch (System.getProperty("os.arch")) {
        case "amd64" -> 202;
        case "aarch64" -> 98;
        default -> throw new UnsatisfiedLinkError("futex on " + System.getProperty("os.arch") + ": x86-64 and aarch64 are known");
    };
    private static final long SYSCALL = Downcall.address("syscall");

    private final MemorySegment timeout; // struct timespec: long seconds, long nanoseconds

    /** @param arena stays open as long as calls are made */
    public Futex(Arena arena) {
        timeout = arena.allocate(16, 8);
    }

    /**
     * Sleeps while the word has the expected value, until a {@link #wake}, a signal or the time-out; whoever returns looks again.
     *
     * @param word an {@code int}, aligned to 4
     * @param timeoutNs above 0
     */
    public void await(MemorySegment word, int expected, long timeoutNs) {
        timeout.set(ValueLayout.JAVA_LONG, 0, timeoutNs / NS_PER_SECOND);
        timeout.set(ValueLayout.JAVA_LONG, 8, timeoutNs % NS_PER_SECOND);
        call(word.address(), FUTEX_WAIT, expected, timeout.address());
    }

    /** Wakes one sleeper, if there is one. Does not block. */
    public void wake(MemorySegment word) {
        call(word.address(), FUTEX_WAKE, 1, 0);
    }

    /** Wakes all sleepers. Does not block. */
    public void wakeAll(MemorySegment word) {
        call(word.address(), FUTEX_WAKE, Integer.MAX_VALUE, 0);
    }

    private void call(long word, int operation, int value, long timeoutAddress) {
        Downcall.call(SYSCALL, SYS_FUTEX, word, operation, value, timeoutAddress, 0);
    }
}
