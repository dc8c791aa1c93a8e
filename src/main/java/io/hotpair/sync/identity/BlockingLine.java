package io.hotpair.sync.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * A line of a pair without a stream: a thread that accepts and one that seeks. Such a pair pays nothing for a network library that only the
 * stream needs. A connection for the stream is admitted, answered and closed: its configuration is another one, and the peer learns that.
 */
final class BlockingLine extends IdentityLine {
    private static final long JOIN_MS = 1_000;

    private final Semaphore inboundSlots = new Semaphore(settings.maxInbound());
    private final Thread acceptor;
    private final Thread seeker;
    private volatile ServerSocket server;
    private volatile Socket outgoing;

    BlockingLine(IdentityService service, int network) {
        super(service, network);
        // Platform threads: waking a virtual one from the duty cycle could start a carrier thread that inherits its priority.
        acceptor = Thread.ofPlatform().daemon().name("identity-accept-" + "AB".charAt(network)).unstarted(this::accept);
        seeker = Thread.ofPlatform().daemon().name("identity-seek-" + "AB".charAt(network)).unstarted(this::seek);
    }

    @Override
    void listen() throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(addresses.own(), BACKLOG);
            server = socket;
            trouble = null;
        } catch (IOException e) {
            socket.close();
            cannotListen(e);
        }
    }

    @Override
    void start() {
        acceptor.start();
        seeker.start();
    }

    private void accept() {
        while (!service.closing()) {
            ServerSocket listening = server;
            try {
                if (listening == null) {
                    LockSupport.parkNanos(REBIND_NS);
                    if (!service.closing()) {
                        listen();
                    }
                    continue;
                }
                admit(listening.accept());
            } catch (IOException e) {
                if (!service.closing()) {
                    // Descriptors used up, or the address went away: not at full speed.
                    trouble = "listening on " + text(addresses.own()) + ": " + e.getMessage();
                    LockSupport.parkNanos(REBIND_NS);
                }
            }
        }
    }

    private void admit(Socket socket) throws IOException {
        trouble = null;
        if (!socket.getInetAddress().equals(addresses.peer().getAddress())) {
            service.countStranger();
            socket.close();
        } else if (!inboundSlots.tryAcquire()) {
            service.countBusy();
            IdentityLink.rejectBusy(socket);
        } else {
            Thread.ofVirtual().start(() -> {
                try {
                    finish(true, new IdentityLink(socket, false, settings).exchange(statement));
                } finally {
                    inboundSlots.release();
                }
            });
        }
    }

    private void seek() {
        while (!service.closing()) {
            if (service.seeking()) {
                attempt();
                asked = true;
            }
            LockSupport.parkNanos(settings.retryNs());
        }
    }

    private void attempt() {
        Socket socket = new Socket();
        outgoing = socket;
        try {
            InetAddress own = addresses.own().getAddress();
            if (own != null && !own.isAnyLocalAddress()) {
                socket.bind(new InetSocketAddress(own, 0)); // over this network, and from the address that the peer admits
            }
            socket.connect(addresses.peer(), (int) Math.max(1, settings.stepTimeoutNs() / 1_000_000));
        } catch (IOException e) {
            closeQuietly(socket);
            finish(false, new IdentityLink.End(notConnected(e), whyNotConnected(e, e instanceof SocketTimeoutException), null));
            return;
        }
        finish(false, new IdentityLink(socket, true, settings).exchange(statement));
    }

    private void finish(boolean inbound, IdentityLink.End end) {
        service.finish(this, inbound, end.outcome(), end.detail(), end.handshake());
    }

    @Override
    InetSocketAddress listening() {
        ServerSocket listening = server;
        return listening == null ? null : (InetSocketAddress) listening.getLocalSocketAddress();
    }

    @Override
    void close() {
        closeQuietly(server);
        closeQuietly(outgoing);
        LockSupport.unpark(acceptor);
        LockSupport.unpark(seeker);
        try {
            acceptor.join(JOIN_MS);
            seeker.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            // It is of no more use either way.
        }
    }
}
