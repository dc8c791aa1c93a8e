package io.hotpair.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * A wired serial line between two boards: a pseudo-terminal for each and a thread per direction between their masters.
 *
 * <p>A pseudo-terminal delivers at once whatever the baud rate says. With a line rate the relay takes the time that the bytes would
 * need on the wire (10 bits each), so figures do not flatter. What a stalled reader leaves no room for is lost, as on a wire.
 */
public final class UartRelay implements AutoCloseable {
    /** How soon a thread notices {@link #close}. */
    private static final int CLOSE_POLL_MS = 250;
    private static final int POLLFD_BYTES = 8;
    private static final int BITS_PER_BYTE_ON_THE_WIRE = 10;

    private final PseudoTerminal[] ends = new PseudoTerminal[2];
    private final PathFaults[] faults;
    private final long byteTimeNs;
    private final Runnable threadSetup;
    private final Thread[] threads = new Thread[2];
    private volatile boolean closed;

    /**
     * Opens both ends and starts forwarding.
     *
     * @param baud bits per second that the line is paced at; 0 for no pacing
     * @param faults condition of the direction from A and of the direction from B
     * @param threadSetup run first on each of the relay's threads
     */
    public UartRelay(int baud, PathFaults[] faults, Runnable threadSetup) throws IOException {
        this.faults = faults.clone();
        this.threadSetup = threadSetup;
        byteTimeNs = baud == 0 ? 0 : 1_000_000_000L * BITS_PER_BYTE_ON_THE_WIRE / baud;
        ends[0] = new PseudoTerminal();
        ends[1] = new PseudoTerminal();
        for (int from = 0; from < 2; from++) {
            int source = from;
            threads[from] = Thread.ofPlatform().daemon().name("uart-from-" + (char) ('a' + from)).start(() -> run(source));
        }
    }

    /** The serial device of the given board (0 or 1). */
    public String device(int boardId) {
        return ends[boardId].path();
    }

    /** Condition of the direction that starts at the given board. */
    public PathFaults from(int boardId) {
        return faults[boardId];
    }

    /** Empties the receive buffer of a board that was switched off. */
    public void forgetUnread(int boardId) throws IOException {
        ends[boardId].forgetUnread();
    }

    private void run(int from) {
        threadSetup.run();
        LinuxCalls linux = new LinuxCalls();
        PathFaults path = faults[from];
        Corruption corruption = new Corruption(from + 11);
        int in = ends[from].master();
        int out = ends[1 - from].master();
        DelayLine line = null;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(DelayLine.SLOT_BYTES);
            ByteBuffer bytes = buffer.asByteBuffer();
            MemorySegment poll = arena.allocate(POLLFD_BYTES, 4);
            poll.set(ValueLayout.JAVA_INT, 0, in);
            poll.set(ValueLayout.JAVA_SHORT, 4, LinuxCalls.POLLIN);
            while (!closed) {
                if (linux.poll(poll, 1, CLOSE_POLL_MS) == 0) {
                    continue;
                }
                int lengthBytes = linux.read(in, buffer);
                if (lengthBytes == 0) {
                    continue;
                }
                if (byteTimeNs > 0 && path.passes()) {
                    LockSupport.parkNanos(lengthBytes * byteTimeNs);
                }
                if (!path.passes()) {
                    path.countDropped();
                    continue;
                }
                corruption.apply(path, bytes, lengthBytes);
                long delayNs = path.delayNs();
                if (delayNs > 0 || line != null && !line.isEmpty()) {
                    if (line == null) {
                        line = newDelayLine(from, out, path);
                    }
                    if (!line.put(bytes.limit(lengthBytes).position(0), System.nanoTime() + delayNs)) {
                        path.countDropped();
                    }
                    bytes.clear();
                    continue;
                }
                send(linux, out, path, buffer, lengthBytes);
            }
        } catch (IOException e) {
            if (!closed) {
                throw new IllegalStateException("the serial line failed", e);
            }
        } finally {
            if (line != null) {
                line.close();
            }
        }
    }

    private DelayLine newDelayLine(int from, int out, PathFaults path) {
        LinuxCalls linux = new LinuxCalls();
        return new DelayLine("uart-from-" + (char) ('a' + from),
                message -> send(linux, out, path, MemorySegment.ofBuffer(message), message.remaining()), threadSetup);
    }

    private void send(LinuxCalls linux, int out, PathFaults path, MemorySegment buffer, int lengthBytes) {
        if (closed || !path.passes()) {
            path.countDropped();
            return;
        }
        try {
            if (linux.write(out, buffer, lengthBytes) == lengthBytes) {
                path.countForwarded();
            } else {
                path.countDropped();
            }
        } catch (IOException e) {
            path.countDropped();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (int i = 0; i < 2; i++) {
            // The descriptors may be closed only when nobody uses them: a number is soon given to another file.
            try {
                threads[i].join(4L * CLOSE_POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (!threads[0].isAlive() && !threads[1].isAlive()) {
            ends[0].close();
            ends[1].close();
        }
    }
}
