package io.hotpair.drivers.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A process-shared, robust pthread mutex in mapped memory: when its owner dies, whether thread or process, the kernel hands it to a waiter and
 * says so.
 *
 * <p>Owned by the calling platform thread, never by the process. The memory must stay mapped for as long as a thread holds the mutex:
 * the C library keeps it in the thread's own list, which the kernel walks at the thread's end.
 */
public final class RobustMutex {
    /** Room for a {@code pthread_mutex_t}: 40 bytes on x86-64, 48 on aarch64. */
    public static final int BYTES = 64;

    /** What {@link #lock} and {@link #tryLock} found. */
    public enum Outcome {
        /** The caller holds it now. */
        LOCKED,
        /** The caller holds it now; the one who held it before died. */
        OWNER_DIED,
        /** Someone else holds it. */
        BUSY
    }

    private static final int PTHREAD_PROCESS_SHARED = 1;
    private static final int PTHREAD_MUTEX_ROBUST = 1;
    private static final int ATTRIBUTE_BYTES = 64; // 4 on x86-64, 8 on aarch64

    private static final long ATTR_INIT = Downcall.address("pthread_mutexattr_init");
    private static final long ATTR_SETPSHARED = Downcall.address("pthread_mutexattr_setpshared");
    private static final long ATTR_SETROBUST = Downcall.address("pthread_mutexattr_setrobust");
    private static final long INIT = Downcall.address("pthread_mutex_init");
    private static final long LOCK = Downcall.address("pthread_mutex_lock");
    private static final long TRYLOCK = Downcall.address("pthread_mutex_trylock");
    private static final long CONSISTENT = Downcall.address("pthread_mutex_consistent");
    private static final long UNLOCK = Downcall.address("pthread_mutex_unlock");

    private final MemorySegment memory;

    private RobustMutex(MemorySegment memory) {
        if (memory.byteSize() < BYTES || memory.address() % 8 != 0) {
            throw new IllegalArgumentException("a mutex needs " + BYTES + " bytes, aligned to 8");
        }
        this.memory = memory;
    }

    /** Makes a new mutex in {@code memory}; exactly one process does so, before any other looks. */
    public static RobustMutex create(MemorySegment memory) {
        RobustMutex mutex = new RobustMutex(memory);
        try (Arena arena = Arena.ofConfined()) {
            long attribute = arena.allocate(ATTRIBUTE_BYTES, 8).address();
            must("pthread_mutexattr_init", Downcall.call(ATTR_INIT, attribute));
            must("pthread_mutexattr_setpshared", Downcall.call(ATTR_SETPSHARED, attribute, PTHREAD_PROCESS_SHARED));
            must("pthread_mutexattr_setrobust", Downcall.call(ATTR_SETROBUST, attribute, PTHREAD_MUTEX_ROBUST));
            must("pthread_mutex_init", Downcall.call(INIT, memory.address(), attribute));
        }
        return mutex;
    }

    /** One that another process made. */
    public static RobustMutex attach(MemorySegment memory) {
        return new RobustMutex(memory);
    }

    /** Blocks until the calling thread holds the mutex; {@link Outcome#LOCKED} or {@link Outcome#OWNER_DIED}. */
    public Outcome lock() {
        return outcome("pthread_mutex_lock", Downcall.call(LOCK, memory.address()));
    }

    public Outcome tryLock() {
        return outcome("pthread_mutex_trylock", Downcall.call(TRYLOCK, memory.address()));
    }

    /** Only by the thread that holds it. */
    public void unlock() {
        must("pthread_mutex_unlock", Downcall.call(UNLOCK, memory.address()));
    }

    private Outcome outcome(String function, int error) {
        if (error == Errno.EBUSY) {
            return Outcome.BUSY;
        }
        if (error == Errno.EOWNERDEAD) {
            must("pthread_mutex_consistent", Downcall.call(CONSISTENT, memory.address())); // it guards no data that could be half written
            return Outcome.OWNER_DIED;
        }
        must(function, error);
        return Outcome.LOCKED;
    }

    private static void must(String function, int error) {
        if (error != 0) {
            throw new IllegalStateException(function + ": " + Errno.text(error));
        }
    }
}
