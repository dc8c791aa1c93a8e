package io.hotpair.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the pair works for, and the only witness that counts: it records every output that arrives, from whom and when, and knows
 * nothing else of the boards.
 *
 * <p>Each board has its own way in, cut with the board's power, and its own thread, which blocks in the kernel, stamps and records
 * without allocating.
 */
public final class Plant implements AutoCloseable {
    private static final int BUFFER_BYTES = 2048;

    private final DatagramChannel[] inlets = new DatagramChannel[2];
    private final OutputLog[] logs = new OutputLog[2];
    private final PathFaults[] faults;
    private volatile long malformed;
    private volatile boolean closed;

    /**
     * Opens the inlets and starts recording.
     *
     * @param local address of the plant; the ports are ephemeral
     * @param faults condition of the way from board A and from board B
     * @param capacity outputs of each board that fit between two calls of {@link #take}, a power of two
     * @param threadSetup run first on each of the plant's threads
     */
    public Plant(InetAddress local, PathFaults[] faults, int capacity, Runnable threadSetup) throws IOException {
        this.faults = faults.clone();
        for (int i = 0; i < 2; i++) {
            logs[i] = new OutputLog(i, capacity);
            inlets[i] = DatagramChannel.open(StandardProtocolFamily.INET)
                    .setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20)
                    .bind(new InetSocketAddress(local, 0));
        }
        for (int i = 0; i < 2; i++) {
            int board = i;
            Thread.ofPlatform().daemon().name("plant-" + (char) ('a' + i)).start(() -> {
                threadSetup.run();
                run(board);
            });
        }
    }

    /** Where the given board (0 or 1) has to send its outputs. */
    public InetSocketAddress inlet(int boardId) throws IOException {
        return (InetSocketAddress) inlets[boardId].getLocalAddress();
    }

    /** What the given board sent. */
    public OutputLog log(int boardId) {
        return logs[boardId];
    }

    /** Condition of the way from the given board. */
    public PathFaults from(int boardId) {
        return faults[boardId];
    }

    /** Datagrams that were no outputs. */
    public long malformed() {
        return malformed;
    }

    /** Outputs received from both boards. */
    public long total() {
        return logs[0].count() + logs[1].count();
    }

    /** Whether outputs were lost to a full log, so that nothing can be judged. */
    public boolean overflowed() {
        return logs[0].overflowed() || logs[1].overflowed();
    }

    /** The outputs of both boards since the last call that arrived before {@code untilNs}, in the order of arrival. One caller only. */
    public List<Output> take(long untilNs) {
        List<Output> window = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            logs[i].take(untilNs, window);
        }
        window.sort(Comparator.comparingLong(output -> output.receivedNs() - untilNs));
        return window;
    }

    private void run(int boardId) {
        DatagramChannel inlet = inlets[boardId];
        OutputLog log = logs[boardId];
        PathFaults path = faults[boardId];
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        OutputDatagram datagram = new OutputDatagram(buffer);
        try {
            while (!closed) {
                buffer.clear();
                inlet.receive(buffer);
                long nowNs = System.nanoTime();
                if (!path.passes()) {
                    path.countDropped();
                } else if (!datagram.valid(buffer.position(), boardId)) {
                    malformed = malformed + 1;
                } else {
                    log.append(nowNs, datagram.bootId(), datagram.term(), datagram.number(), datagram.sentNs(),
                            datagram.replay());
                    path.countForwarded();
                }
            }
        } catch (ClosedChannelException e) {
            // close() ends the thread this way.
        } catch (IOException e) {
            if (!closed) {
                throw new IllegalStateException("the plant failed", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        inlets[0].close();
        inlets[1].close();
    }
}
