package io.hotpair.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * The remote checkpoints: for each board and network a TCP port that accepts connections and closes them.
 *
 * <p>The kernel answers a connection request by itself, and a closed port is refused aloud. A checkpoint that cannot be reached does
 * neither: its queue is as short as can be and full, and then the kernel drops every further request without a word. (A socket filter would be
 * the direct way, but there are kernels that permit one only to root.)
 */
public final class CheckpointResponders implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int CLOSE_POLL_MS = 250;
    private static final int POLLFD_BYTES = 8;
    private static final int PORTS = 4;
    private static final int NONE = -1;
    /** The kernel queues one more than asked. */
    private static final int FILLERS = 2;

    private final Object lock = new Object();
    private final int[] listeners = new int[PORTS];
    private final boolean[] silent = new boolean[PORTS];
    private final SocketChannel[][] fillers = new SocketChannel[PORTS][FILLERS];
    private final InetSocketAddress[] addresses = new InetSocketAddress[PORTS];
    private final LinuxCalls linux = new LinuxCalls();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param local address of the checkpoint on network A and on network B
     * @param threadSetup run first on the thread that takes the connections. It must not wait for the boards: at a probe each millisecond the
     *     kernel's queue is full after {@value #BACKLOG} ms, and then the checkpoint is silent
     */
    public CheckpointResponders(InetAddress[] local, Runnable threadSetup) throws IOException {
        for (int i = 0; i < PORTS; i++) {
            InetAddress address = local[i & 1];
            listeners[i] = linux.listenTcp(address.getAddress(), BACKLOG);
            addresses[i] = new InetSocketAddress(address, linux.localPort(listeners[i]));
            prepareFillers(i);
            silence(i); // so that the first time is as quick as the others
            speak(i);
        }
        thread = Thread.ofPlatform().daemon().name("checkpoints").start(() -> {
            threadSetup.run();
            run();
        });
    }

    /** The checkpoint of a network (0 or 1) as the given board reaches it. */
    public InetSocketAddress address(int boardId, int network) {
        return addresses[index(boardId, network)];
    }

    /** Makes a checkpoint reachable or silent for one board, at once. */
    public void reachable(int boardId, int network, boolean reachable) {
        int i = index(boardId, network);
        synchronized (lock) {
            try {
                if (reachable && silent[i]) {
                    speak(i);
                } else if (!reachable && !silent[i]) {
                    silence(i);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void silence(int i) throws IOException {
        acceptAll(linux, i);
        linux.listen(listeners[i], FILLERS - 1);
        for (SocketChannel filler : fillers[i]) {
            filler.connect(addresses[i]);
        }
        silent[i] = true;
    }

    private void speak(int i) throws IOException {
        silent[i] = false;
        linux.listen(listeners[i], BACKLOG);
        for (SocketChannel filler : fillers[i]) {
            filler.close();
        }
        prepareFillers(i);
        acceptAll(linux, i);
    }

    private void prepareFillers(int i) throws IOException {
        for (int f = 0; f < FILLERS; f++) {
            fillers[i][f] = SocketChannel.open();
            fillers[i][f].configureBlocking(false);
        }
    }

    private static int index(int boardId, int network) {
        return boardId << 1 | network;
    }

    private void run() {
        LinuxCalls own = new LinuxCalls();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate((long) PORTS * POLLFD_BYTES, 4);
            while (!closed) {
                synchronized (lock) {
                    for (int i = 0; i < PORTS; i++) {
                        poll.set(ValueLayout.JAVA_INT, (long) i * POLLFD_BYTES, silent[i] ? NONE : listeners[i]);
                        poll.set(ValueLayout.JAVA_SHORT, (long) i * POLLFD_BYTES + 4, LinuxCalls.POLLIN);
                    }
                }
                if (own.poll(poll, PORTS, CLOSE_POLL_MS) == 0) {
                    continue;
                }
                synchronized (lock) {
                    for (int i = 0; i < PORTS; i++) {
                        if (!silent[i]) {
                            acceptAll(own, i);
                        }
                    }
                }
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void acceptAll(LinuxCalls calls, int i) throws IOException {
        for (int fd = calls.accept(listeners[i]); fd >= 0; fd = calls.accept(listeners[i])) {
            calls.close(fd);
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
        for (SocketChannel[] ofOne : fillers) {
            for (SocketChannel filler : ofOne) {
                try {
                    filler.close();
                } catch (IOException e) {
                    // It is of no more use either way.
                }
            }
        }
        if (!thread.isAlive()) {
            for (int fd : listeners) {
                linux.close(fd);
            }
        }
    }
}
