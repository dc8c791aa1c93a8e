package io.hotpair.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/**
 * A network between two boards: datagrams of either reach the other unless the direction is cut.
 *
 * <p>Towards each board the relay has one socket that stands in for the peer: what it forwards comes from the very address that the
 * board is configured to send to, so the boards may use connected sockets. The relay's own sockets are not connected: a dead board's
 * port is then no error here, and no ICMP message reaches the survivor. One thread per direction blocks in the kernel; a wake-up per
 * datagram is all that the relay costs.
 *
 * <p>It is the network's remote checkpoint as well, as an echo service (RFC 862) for each board: whatever else than the board's frames comes to
 * the board's stand-in is returned. A network that stands still then has a checkpoint that stands still: one that the kernel answered by itself
 * would tell two boards, each cut off by a busy machine, that the other is gone.
 */
public final class UdpRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 2048;

    private final DatagramChannel[] facing = new DatagramChannel[2];
    private final InetSocketAddress[] facingAddress = new InetSocketAddress[2];
    private final InetSocketAddress[] board;
    private final PathFaults[] faults;
    private final BoardPower[] power;
    private final Runnable threadSetup;
    private final String name;
    private volatile boolean closed;

    /**
     * Opens the sockets and starts forwarding.
     *
     * @param boards address of board A and of board B on this network
     * @param facing local address towards A (standing in for B) and towards B (standing in for A); the ports are ephemeral
     * @param faults condition of the direction from A and of the direction from B
     * @param power of board A and of board B: without it nobody answers the board
     * @param threadSetup run first on each of the relay's threads, for instance to raise its priority
     */
    public UdpRelay(String name, InetSocketAddress[] boards, InetAddress[] facing, PathFaults[] faults, BoardPower[] power, Runnable threadSetup)
            throws IOException {
        this.name = name;
        this.board = boards.clone();
        this.faults = faults.clone();
        this.power = power.clone();
        this.threadSetup = threadSetup;
        for (int i = 0; i < 2; i++) {
            this.facing[i] = DatagramChannel.open(java.net.StandardProtocolFamily.INET)
                    .setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20)
                    .bind(new InetSocketAddress(facing[i], 0));
            facingAddress[i] = (InetSocketAddress) this.facing[i].getLocalAddress();
        }
        for (int from = 0; from < 2; from++) {
            int source = from;
            Thread.ofPlatform().daemon().name(name + "-from-" + (char) ('a' + from)).start(() -> run(source));
        }
    }

    /** Where the given board (0 or 1) has to send to: the stand-in for its peer, and its checkpoint. */
    public InetSocketAddress addressFacing(int boardId) {
        return facingAddress[boardId];
    }

    /** Condition of the direction that starts at the given board. */
    public PathFaults from(int boardId) {
        return faults[boardId];
    }

    private void run(int from) {
        threadSetup.run();
        DatagramChannel in = facing[from];
        DatagramChannel out = facing[1 - from];
        InetSocketAddress source = board[from];
        InetSocketAddress target = board[1 - from];
        PathFaults path = faults[from];
        Corruption corruption = new Corruption(from + 1);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        DelayLine line = null;
        try {
            while (!closed) {
                buffer.clear();
                SocketAddress sender = in.receive(buffer);
                buffer.flip();
                if (!source.equals(sender)) {
                    echo(in, sender, power[from], buffer);
                    continue;
                }
                if (!path.passes()) {
                    path.countDropped();
                    continue;
                }
                corruption.apply(path, buffer, buffer.limit());
                long delayNs = path.delayNs();
                if (delayNs > 0 || line != null && !line.isEmpty()) {
                    if (line == null) {
                        line = new DelayLine(name, message -> send(out, target, path, message), threadSetup);
                    }
                    if (!line.put(buffer, System.nanoTime() + delayNs)) {
                        path.countDropped();
                    }
                    continue;
                }
                send(out, target, path, buffer);
            }
        } catch (ClosedChannelException e) {
            // close() ends the thread this way.
        } catch (IOException e) {
            if (!closed) {
                throw new IllegalStateException("relay " + name + " failed", e);
            }
        } finally {
            if (line != null) {
                line.close();
            }
        }
    }

    private static void echo(DatagramChannel channel, SocketAddress sender, BoardPower board, ByteBuffer message) {
        if (!board.on()) {
            return;
        }
        try {
            channel.send(message, sender);
        } catch (IOException e) {
            // An answer that is lost is one that is not given.
            Thread.onSpinWait();
        }
    }

    private static void send(DatagramChannel out, InetSocketAddress target, PathFaults path, ByteBuffer message) {
        // Asked again: what waited in a delay line is lost with the cut like everything else under way.
        if (!path.passes()) {
            path.countDropped();
            return;
        }
        try {
            out.send(message, target);
            path.countForwarded();
        } catch (IOException e) {
            path.countDropped();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        facing[0].close();
        facing[1].close();
    }
}
