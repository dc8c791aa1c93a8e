package io.hotpair.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way of one board's TCP connections to its peer. While a direction is cut its bytes are held, as TCP would repeat them, and the
 * end of a connection is not told; a connection made meanwhile is accepted by the kernel but meets silence.
 */
public final class TcpRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;
    /** How often a held connection looks whether the cut is mended. */
    private static final long HOLD_POLL_MS = 5;

    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final InetSocketAddress from;
    private final InetSocketAddress target;
    private final PathFaults there;
    private final PathFaults back;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Listens and starts forwarding.
     *
     * @param local address to listen on; the port is ephemeral
     * @param from address to connect from: the peer admits nobody but its peer, which the relay stands in for
     * @param target where the peer listens
     * @param there condition of the direction from the connecting board to its peer
     * @param back condition of the other direction
     */
    public TcpRelay(String name, InetAddress local, InetAddress from, InetSocketAddress target, PathFaults there, PathFaults back)
            throws IOException {
        this.from = new InetSocketAddress(from, 0);
        this.target = target;
        this.there = there;
        this.back = back;
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(local, 0));
        address = (InetSocketAddress) listener.getLocalAddress();
        Thread.ofVirtual().name(name).start(this::acceptLoop);
    }

    /** Where the board has to connect to. */
    public InetSocketAddress address() {
        return address;
    }

    /** Ends every connection, towards both sides. */
    public void dropConnections() {
        open.forEach(TcpRelay::closeQuietly);
    }

    private void acceptLoop() {
        while (!closed) {
            try {
                SocketChannel near = listener.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> serve(near));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel near) {
        SocketChannel far = null;
        try {
            holdWhileCut(there, near);
            far = SocketChannel.open();
            open.add(far);
            far.bind(from).connect(target);
            SocketChannel farEnd = far;
            Thread backPump = Thread.ofVirtual().start(() -> pump(farEnd, near, back));
            pump(near, far, there);
            backPump.join();
        } catch (IOException e) {
            // Nobody listens at the peer, or it reset the connection at once: told as soon as the way back carries it.
            holdQuietly(back, near);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeQuietly(near);
            open.remove(near);
            if (far != null) {
                closeQuietly(far);
                open.remove(far);
            }
        }
    }

    private void pump(SocketChannel in, SocketChannel out, PathFaults path) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        Corruption corruption = new Corruption(System.identityHashCode(in));
        try {
            while (true) {
                buffer.clear();
                int lengthBytes = in.read(buffer);
                holdWhileCut(path, in);
                if (lengthBytes < 0) {
                    out.shutdownOutput();
                    return;
                }
                buffer.flip();
                corruption.apply(path, buffer, lengthBytes);
                if (path.delayNs() > 0) {
                    Thread.sleep(path.delayNs() / 1_000_000, (int) (path.delayNs() % 1_000_000));
                }
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                path.countForwarded();
            }
        } catch (IOException e) {
            holdQuietly(path, in);
            closeQuietly(in);
            closeQuietly(out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void holdWhileCut(PathFaults path, SocketChannel channel) throws InterruptedException, IOException {
        while (!path.passes()) {
            if (closed || !channel.isOpen()) {
                throw new IOException("closed while cut");
            }
            Thread.sleep(HOLD_POLL_MS);
        }
    }

    /** A connection that failed during a cut is not ended towards the other side before the cut is over. */
    private void holdQuietly(PathFaults path, SocketChannel channel) {
        try {
            holdWhileCut(path, channel);
        } catch (IOException e) {
            // Ended from our side.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone, which is all that was asked for.
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        dropConnections();
    }
}
