package io.hotpair.drivers.port;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Edges of a line as inputs of one byte, the level after the edge, 0 or 1. A thread of its own waits for them and wakes the duty cycle.
 *
 * <p>With a debounce time an edge counts once the level has kept for so long, and only if it is another than the last that counted: a contact that
 * bounces is one edge, a pulse shorter than the time is none. It counts as arrived when it was found to last, and then no sooner: who waits for the
 * sake of certainty is not late.
 *
 * <p>The source is 0 and numbers nothing: both boards watch the same line. The level at the start is no edge.
 */
public final class EdgeInput implements InputDriver {
    /** The hardware: edges in their order, with the time at which the driver saw them. One thread. */
    public interface Edges extends AutoCloseable {
        /**
         * Waits for the next edge.
         *
         * @param timeoutNs 0 only looks
         * @return whether there is one; the calls below then tell about it
         */
        boolean await(long timeoutNs);

        /** The level after it; before the first one the level at the start. */
        boolean high();

        /** When it was, monotonic ns. */
        long atNs();

        /** Edges that found no room on their way here. */
        long lost();

        @Override
        void close();
    }

    /** How long the thread sleeps at most, and so how long a {@link #close} may take. */
    private static final long LOOK_NS = 100_000_000;
    /** For room, while the newest edge found none. */
    private static final long ROOM_NS = 1_000_000;
    private static final long END_MS = 1_000;
    /** Between two looks of the duty cycle, a millisecond apart; a signal of 100 kHz brings 200. */
    private static final int QUEUE = 256;

    private final Edges edges;
    private final long debounceNs;
    private final Runnable wake;
    private final Thread thread;
    private Runnable setup;
    /** Times shifted left by one, the level in bit 0. */
    private final AtomicLongArray queue = new AtomicLongArray(QUEUE);
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private volatile long overflowed;
    private volatile long bounced;
    private volatile boolean closing;

    private boolean pending;
    private boolean pendingHigh;
    private long pendingNs;
    private boolean counted;
    private boolean owed;
    private long owedNs;
    private long arrivedNs;

    /**
     * @param edges closed with this
     * @param debounceNs 0 for none
     * @param wake called by the thread of this input after each; must not block or throw
     */
    public EdgeInput(Edges edges, long debounceNs, Runnable wake) {
        this.edges = edges;
        this.debounceNs = debounceNs;
        this.wake = wake;
        counted = edges.high();
        thread = Thread.ofPlatform().name("gpio-edges").daemon().unstarted(this::run);
    }

    /** Begins to watch. @param onThread run first on this input's thread */
    public EdgeInput start(Runnable onThread) {
        setup = onThread;
        thread.start();
        return this;
    }

    private void run() {
        setup.run();
        while (!closing) {
            look(System.nanoTime());
        }
    }

    /** One wait of the thread, at most until the edge that waits to last has done so. */
    void look(long nowNs) {
        if (owed && added.get() - taken.get() < QUEUE) {
            owed = false;
            offer(owedNs);
        }
        long longestNs = owed ? ROOM_NS : LOOK_NS;
        long lastsNs = pendingNs + debounceNs;
        boolean due = pending && lastsNs - nowNs <= longestNs;
        if (edges.await(due ? Math.max(0, lastsNs - nowNs) : longestNs)) {
            edge(edges.high(), edges.atNs());
        } else if (due) {
            lasted(lastsNs);
        }
    }

    private void edge(boolean high, long atNs) {
        if (debounceNs == 0) {
            count(high, atNs);
            return;
        }
        if (pending && atNs - pendingNs >= debounceNs) {
            lasted(pendingNs + debounceNs); // this thread was late, the contact was not
        } else if (pending) {
            bounced++;
        }
        pending = true;
        pendingHigh = high;
        pendingNs = atNs;
    }

    private void lasted(long sinceNs) {
        pending = false;
        if (counted != pendingHigh) {
            count(pendingHigh, sinceNs);
        }
    }

    /** Of those that find no room the newest is kept: a task may have missed pulses, but in the end it knows the level. */
    private void count(boolean high, long atNs) {
        counted = high;
        if (added.get() - taken.get() == QUEUE) {
            overflowed++;
            owed = true;
            owedNs = atNs;
        } else {
            offer(atNs);
        }
    }

    private void offer(long atNs) {
        long next = added.get();
        queue.setPlain((int) next & QUEUE - 1, atNs << 1 | (counted ? 1 : 0));
        added.setRelease(next + 1);
        wake.run();
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int receive(byte[] destination, int offset) {
        long next = taken.getPlain();
        if (next == added.getAcquire()) {
            return -1;
        }
        long edge = queue.getPlain((int) next & QUEUE - 1);
        taken.setRelease(next + 1);
        destination[offset] = (byte) (edge & 1);
        arrivedNs = edge >> 1;
        return 1;
    }

    @Override
    public long source() {
        return 0;
    }

    @Override
    public boolean numbered() {
        return false;
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public long arrivedNs() {
        return arrivedNs;
    }

    @Override
    public long malformed() {
        return 0;
    }

    /** {@inheritDoc} Those that the hardware's own queue had no room for among them. */
    @Override
    public long overflowed() {
        return overflowed + edges.lost();
    }

    /** Edges that did not last for the debounce time. */
    public long bounced() {
        return bounced;
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            edges.close(); // else the process is about to end, and an unmapped file under the hands of the thread would be fatal
        }
    }
}
