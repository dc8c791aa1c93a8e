package io.hotpair.drivers.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Waits for a fixed set of descriptors and for time, whichever comes first, with the resolution of the kernel's timers.
 *
 * <p>Filled at set-up; one thread waits. {@link #await} and the questions after it allocate nothing.
 */
public final class Poller implements AutoCloseable {
    public static final short IN = 0x1;
    public static final short OUT = 0x4;
    private static final int FAILED = 0x8 | 0x10 | 0x20; // POLLERR | POLLHUP | POLLNVAL
    private static final int POLLFD_BYTES = 8; // int fd; short events; short revents
    private static final int EVENTS = 4;
    private static final int REVENTS = 6;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long PPOLL = Downcall.address("ppoll");

    private final Arena arena = Arena.ofShared();
    private final MemorySegment timeout = arena.allocate(16, 8); // struct timespec: long seconds, long nanoseconds
    private final MemorySegment fds;
    private final int capacity;
    private int size;
    private long interrupted;

    /** @param capacity the most descriptors that will ever be added */
    public Poller(int capacity) {
        this.capacity = capacity;
        fds = arena.allocate((long) Math.max(1, capacity) * POLLFD_BYTES, 8);
    }

    /** Watches {@code fd} for input; answers the index to ask {@link #ready} with. */
    public int add(int fd) {
        return add(fd, IN);
    }

    /** Watches {@code fd} for {@link #IN} or {@link #OUT}; a negative {@code fd} keeps the place free for {@link #set}. */
    public int add(int fd, short events) {
        if (size == capacity) {
            throw new IllegalStateException("a poller of " + capacity + " descriptors is full");
        }
        int index = size++;
        fds.set(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + EVENTS, events);
        set(index, fd);
        return index;
    }

    /** Watches another descriptor at this place from now on, or none ({@code fd} negative): a reopened device, one that hung up. */
    public void set(int index, int fd) {
        long at = (long) index * POLLFD_BYTES;
        fds.set(ValueLayout.JAVA_INT, at, fd);
        fds.set(ValueLayout.JAVA_SHORT, at + REVENTS, (short) 0);
    }

    /**
     * Sleeps until a descriptor is ready or {@code timeoutNs} has passed; zero or less only looks.
     *
     * @return how many descriptors are ready; 0 after the time-out or a signal
     */
    public int await(long timeoutNs) {
        long boundedNs = Math.max(0L, timeoutNs);
        timeout.set(ValueLayout.JAVA_LONG, 0, boundedNs / NS_PER_SECOND);
        timeout.set(ValueLayout.JAVA_LONG, 8, boundedNs % NS_PER_SECOND);
        int ready = Downcall.call(PPOLL, fds.address(), size, timeout.address(), 0);
        if (ready < 0) {
            if (ready != -Errno.EINTR) {
                throw new IllegalStateException("ppoll: " + Errno.text(-ready));
            }
            // the kernel leaves the answers of the call before in place
            for (int index = 0; index < size; index++) {
                fds.set(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + REVENTS, (short) 0);
            }
            interrupted++;
            return 0;
        }
        return ready;
    }

    /** Whether the descriptor has something to tell since the last {@link #await}: data, room, or a failure. */
    public boolean ready(int index) {
        return fds.get(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + REVENTS) != 0;
    }

    /**
     * Whether it reported an error, a hang-up or an invalid descriptor. A socket's pending error goes away by being read; a hang-up stays
     * and would turn waiting into spinning, so take the descriptor out by {@link #set}.
     */
    public boolean failed(int index) {
        return (fds.get(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + REVENTS) & FAILED) != 0;
    }

    /** How often a signal cut a wait short. */
    public long interrupted() {
        return interrupted;
    }

    /** The descriptors stay open. No thread may be waiting. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
