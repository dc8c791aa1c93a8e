package io.hotpair.lab;

import io.hotpair.drivers.syncline.SimulatedSyncLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The oscillator of a simulated sync line: a thread that writes the edges down ahead of their time. As a real one it knows nothing of the boards, and
 * they know nothing of it.
 */
public final class Oscillator implements AutoCloseable {
    /** A machine that keeps a thread waiting for longer loses edges. */
    private static final long AHEAD_NS = 2_000_000_000;
    private static final long LOOK_NS = 20_000_000;
    private static final int MOST_AHEAD = 400;

    private final SimulatedSyncLine.Driver line;
    private final Thread thread;
    private final long firstNs;
    private final long periodNs;
    private volatile boolean closing;

    /**
     * @param file of the line, made if it is not there
     * @param setup run first on its thread
     */
    public Oscillator(Path file, long periodNs, Runnable setup) throws IOException {
        this.periodNs = periodNs;
        line = SimulatedSyncLine.driver(file);
        firstNs = System.nanoTime() + periodNs;
        thread = Thread.ofPlatform().name("oscillator").daemon().start(() -> run(setup));
    }

    private void run(Runnable setup) {
        setup.run();
        long edge = 0;
        while (!closing) {
            long nowNs = System.nanoTime();
            long untilNs = nowNs + Math.min(AHEAD_NS, MOST_AHEAD * periodNs);
            while (firstNs + edge * periodNs - untilNs < 0) {
                line.edge(firstNs + edge * periodNs);
                edge++;
            }
            LockSupport.parkNanos(Math.min(LOOK_NS, MOST_AHEAD / 2 * periodNs));
        }
    }

    /** Spoils the line on its way to a board. */
    public void fault(int board, SimulatedSyncLine.Fault fault, long measure) {
        line.fault(board, fault, measure);
    }

    /** The place of the edge that was nearest to an instant, in the order of all; the first is 0. */
    public long edge(long atNs) {
        return Math.floorDiv(atNs - firstNs + periodNs / 2, periodNs);
    }

    /** When an edge was, or will be, monotonic clock. */
    public long edgeNs(long edge) {
        return firstNs + edge * periodNs;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return; // the mapping stays until the process ends
        }
        line.close();
    }
}
