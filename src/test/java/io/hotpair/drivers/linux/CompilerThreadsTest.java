package io.hotpair.drivers.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** When the compiler begins and is done is its own affair: each state is awaited, and only that it never comes fails. */
class CompilerThreadsTest {
    private static final long LONG_ENOUGH_NS = 10_000_000_000L;
    /** Enough turns for every level of the compiler. */
    private static final int TURNS = 200_000;

    /** Defined anew each time, so that there is always something to compile. */
    static final class Work {
        private Work() {
        }

        static int run(int turns) {
            int sum = 0;
            for (int i = 0; i < turns; i++) {
                sum += Integer.rotateLeft(sum ^ i, 5) * 31;
            }
            return sum;
        }
    }

    @Test
    void theyAreAwakeWhileThereIsCodeToCompileAndAsleepAfterwards() throws Throwable {
        byte[] bytes;
        try (InputStream code = Work.class.getResourceAsStream("CompilerThreadsTest$Work.class")) {
            bytes = code.readAllBytes();
        }
        long sinceNs = System.nanoTime();
        int sum = 1;
        while (CompilerThreads.asleep()) {
            assertTrue(System.nanoTime() - sinceNs < LONG_ENOUGH_NS, "none was ever seen awake; the work came to " + sum);
            Class<?> fresh = MethodHandles.lookup().defineHiddenClass(bytes, false).lookupClass();
            MethodHandle run = MethodHandles.privateLookupIn(fresh, MethodHandles.lookup())
                    .findStatic(fresh, "run", MethodType.methodType(int.class, int.class));
            sum += (int) run.invokeExact(TURNS);
        }
        sinceNs = System.nanoTime();
        while (!CompilerThreads.asleep()) { // the thread that asks runs, and is none of them
            assertTrue(System.nanoTime() - sinceNs < LONG_ENOUGH_NS, "never asleep though nothing is left to compile");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
