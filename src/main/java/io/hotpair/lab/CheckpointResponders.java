package io.hotpair.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The remote checkpoints: for each board and network a TCP port that accepts connections and closes them.
 *
 * <p>The kernel answers a connection request by itself, and a closed port is refused aloud. A checkpoint that cannot be reached does
 * neither: a filter on the listener drops every packet to it until it is reachable again.
 */
public final class CheckpointResponders implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int CLOSE_POLL_MS = 250;
    private static final int POLLFD_BYTES = 8;
    private static final int PORTS = 4;

    private final int[] listeners = new int[PORTS];
    private final InetSocketAddress[] addresses = new InetSocketAddress[PORTS];
    private final Thread thread;
    private volatile boolean closed;

    /** @param local address of the checkpoint on network A and on network B */
    public CheckpointResponders(InetAddress[] local) throws IOException {
        LinuxCalls linux = new LinuxCalls();
        for (int i = 0; i < PORTS; i++) {
            InetAddress address = local[i & 1];
            listeners[i] = linux.listenTcp(address.getAddress(), BACKLOG);
            addresses[i] = new InetSocketAddress(address, linux.localPort(listeners[i]));
        }
        thread = Thread.ofPlatform().daemon().name("checkpoints").start(this::run);
    }

    /** The checkpoint of a network (0 or 1) as the given board reaches it. */
    public InetSocketAddress address(int boardId, int network) {
        return addresses[index(boardId, network)];
    }

    /** Makes a checkpoint reachable or silent for one board, at once. */
    public void reachable(int boardId, int network, boolean reachable) {
        LinuxCalls linux = new LinuxCalls();
        try {
            linux.dropNothing(listeners[index(boardId, network)]);
            if (!reachable) {
                linux.dropEverything(listeners[index(boardId, network)]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int index(int boardId, int network) {
        return boardId << 1 | network;
    }

    private void run() {
        LinuxCalls linux = new LinuxCalls();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate((long) PORTS * POLLFD_BYTES, 4);
            for (int i = 0; i < PORTS; i++) {
                poll.set(ValueLayout.JAVA_INT, (long) i * POLLFD_BYTES, listeners[i]);
                poll.set(ValueLayout.JAVA_SHORT, (long) i * POLLFD_BYTES + 4, LinuxCalls.POLLIN);
            }
            while (!closed) {
                if (linux.poll(poll, PORTS, CLOSE_POLL_MS) == 0) {
                    continue;
                }
                for (int i = 0; i < PORTS; i++) {
                    for (int fd = linux.accept(listeners[i]); fd >= 0; fd = linux.accept(listeners[i])) {
                        linux.close(fd);
                    }
                }
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(4L * CLOSE_POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            LinuxCalls linux = new LinuxCalls();
            for (int fd : listeners) {
                linux.close(fd);
            }
        }
    }
}
