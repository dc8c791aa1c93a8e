package io.hotpair.drivers.linux;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that the calling thread allocates. */
public final class Allocation {
    private static final int CALLS = 100_000;
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {
    }

    /**
     * Bytes over 100,000 calls once compiled. A loop allocates until the compiler is through with it, and when that is depends on the
     * machine, so rounds are repeated for a while; code that allocates by itself never reaches 0.
     */
    public static long steadyStateBytes(Runnable call) {
        long startNs = System.nanoTime();
        long bytes;
        do {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        } while (bytes != 0 && System.nanoTime() - startNs < PATIENCE_NS);
        return bytes;
    }
}
