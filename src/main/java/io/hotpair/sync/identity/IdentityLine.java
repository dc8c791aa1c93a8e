package io.hotpair.sync.identity;

import io.hotpair.core.port.IdentityPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.util.function.Supplier;

/** One network of the {@link IdentityService}: its listener and its seeker. */
abstract class IdentityLine {
    /** From one attempt to listen to the next. */
    static final long REBIND_NS = 1_000_000_000;
    static final int BACKLOG = 16;

    final int network;
    // One per direction: what was told last.
    final IdentityResult[] told = new IdentityResult[2];
    volatile String trouble;
    volatile boolean asked;
    volatile long foreignNs = IdentityPort.NEVER;

    final IdentityService service;
    final IdentityService.Settings settings;
    final Supplier<IdentityMessage.Statement> statement;
    final IdentityService.Network addresses;

    IdentityLine(IdentityService service, int network) {
        this.service = service;
        this.network = network;
        settings = service.settings();
        statement = service.statement();
        addresses = settings.networks().get(network);
    }

    /** Begins to listen, or says why not; waits for the outcome. */
    abstract void listen() throws IOException;

    /** Begins to admit and to seek. */
    abstract void start();

    /** One attempt to connect for the stream; on the network loop. */
    void connectStream(IdentityService.StreamAttempt attempt) {
        throw new IllegalStateException("a stream needs a network loop");
    }

    /** Where it listens; null while it does not. */
    abstract InetSocketAddress listening();

    /** Ends it. */
    abstract void close();

    /** Throws, unless it is only that this board does not have the address yet. */
    final void cannotListen(Throwable cause) throws IOException {
        InetAddress address = addresses.own().getAddress();
        if (address == null) {
            throw new IOException("identity address " + addresses.own() + " of network " + name() + " cannot be resolved", cause);
        }
        // Of the loopback network only one address is any interface's; the others are there all the same.
        if (address.isAnyLocalAddress() || address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
            throw new IOException("identity address " + text(addresses.own()) + " of network " + name() + " cannot be listened on ("
                    + cause.getMessage() + "): another node runs on this board, or choose another port ('ss -tlpn' shows who has it)", cause);
        }
        trouble = "this board does not have the address " + text(addresses.own()) + " (yet)";
    }

    /** What a connection that failed says of the peer. */
    final Outcome notConnected(Throwable cause) {
        boolean refused = cause instanceof ConnectException && !(cause instanceof NoRouteToHostException)
                && cause.getMessage() != null && cause.getMessage().contains("refused");
        if (refused) {
            foreignNs = IdentityPort.NEVER; // no node is there any more
        }
        return refused ? Outcome.REFUSED : Outcome.NO_ANSWER;
    }

    final String whyNotConnected(Throwable cause, boolean timeout) {
        return text(addresses.peer()) + ": " + (timeout ? "no answer" : cause.getMessage());
    }

    private String name() {
        return network == 0 ? "A" : "B";
    }

    static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
