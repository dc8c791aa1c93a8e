package io.hotpair.sync.identity;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.function.Supplier;

/**
 * One connection's worth of handshake over a blocking socket, with a deadline for each message; the {@link IdentityExchange} of a {@link
 * BlockingLine}.
 */
final class IdentityLink {
    /** How an exchange ended; the handshake holds what a verified peer said. */
    record End(Outcome outcome, String detail, IdentityHandshake handshake) {}

    private static final int MAX_DRAIN_BYTES = 512;
    private static final int DRAIN_MS = 50;

    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Outcome outcome;

        Failure(Outcome outcome, String detail) {
            super(detail, null, false, false);
            this.outcome = outcome;
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Socket socket;
    private final long stepTimeoutNs;
    private final IdentityHandshake handshake;
    private final boolean connecting;

    IdentityLink(Socket socket, boolean connecting, IdentityService.Settings settings) {
        byte[] nonce = new byte[IdentityMessage.NONCE_LENGTH];
        RANDOM.nextBytes(nonce);
        this.socket = socket;
        this.stepTimeoutNs = settings.stepTimeoutNs();
        this.connecting = connecting;
        this.handshake = new IdentityHandshake(settings.key(), connecting, settings.board(), settings.bootId(), Purpose.IDENTITY, nonce);
    }

    /** Carries the exchange through; blocks for three steps at most, and closes the socket. */
    End exchange(Supplier<IdentityMessage.Statement> statement) {
        try (socket) {
            socket.setTcpNoDelay(true);
            try {
                if (connecting) {
                    connectingSide(statement);
                } else {
                    acceptingSide(statement);
                }
            } finally {
                closeGently();
            }
            return new End(Outcome.VERIFIED, "verified", handshake);
        } catch (Failure e) {
            return new End(e.outcome, e.getMessage(), handshake);
        } catch (SocketTimeoutException e) {
            return new End(Outcome.NO_ANSWER, "connected, but no answer within " + stepTimeoutNs / 1_000_000 + " ms", handshake);
        } catch (IOException e) {
            return new End(Outcome.REFUSED, "hung up: " + e.getMessage(), handshake);
        }
    }

    private void connectingSide(Supplier<IdentityMessage.Statement> statement) throws IOException, Failure {
        check(handshake.onHello(hellos()));
        send(handshake.proof(statement.get()));
        check(handshake.onProof(receive(IdentityMessage.PROOF)));
    }

    /** Says this side's hello. @return the other side's */
    private byte[] hellos() throws IOException, Failure {
        try {
            send(handshake.hello());
            return receive(IdentityMessage.HELLO);
        } catch (SocketException e) {
            throw new Failure(Outcome.HUNG_UP, "hung up before its hello: " + e.getMessage());
        }
    }

    private void acceptingSide(Supplier<IdentityMessage.Statement> statement) throws IOException, Failure {
        byte[] hello;
        try {
            hello = receive(IdentityMessage.HELLO);
        } catch (Failure e) {
            if (e.outcome == Outcome.OTHER_PROTOCOL) {
                send(handshake.hello()); // so that the other end knows as much
            }
            throw e;
        }
        Outcome outcome = handshake.onHello(hello);
        if (outcome != Outcome.MALFORMED) {
            send(handshake.hello());
        }
        check(outcome);
        outcome = handshake.onProof(receive(IdentityMessage.PROOF));
        if (outcome == Outcome.WRONG_KEY) {
            send(IdentityMessage.reject(IdentityMessage.REASON_WRONG_KEY));
        }
        check(outcome);
        send(handshake.proof(statement.get()));
    }

    private static void check(Outcome outcome) throws Failure {
        if (outcome != Outcome.VERIFIED) {
            throw new Failure(outcome, outcome.text());
        }
    }

    /** No message is longer than a socket's buffer, so this does not wait. */
    private void send(byte[] message) throws IOException {
        socket.getOutputStream().write(message);
    }

    private byte[] receive(int type) throws IOException, Failure {
        long deadlineNs = System.nanoTime() + stepTimeoutNs;
        byte[] prefix = new byte[IdentityMessage.PREFIX_LENGTH];
        read(prefix, 0, prefix.length, deadlineNs);
        if (!IdentityMessage.hasMagic(prefix)) {
            throw new Failure(Outcome.MALFORMED, "something else than a node is at the other end");
        }
        int version = IdentityMessage.version(prefix);
        if (version != IdentityMessage.VERSION) {
            throw new Failure(Outcome.OTHER_PROTOCOL,
                    "the other end speaks identity protocol " + version + ", this board " + IdentityMessage.VERSION);
        }
        if (IdentityMessage.type(prefix) == IdentityMessage.REJECT && connecting) {
            throw IdentityMessage.argument(prefix) == IdentityMessage.REASON_WRONG_KEY
                    ? new Failure(Outcome.WRONG_KEY, "the other end says that this board does not have its key")
                    : new Failure(Outcome.REFUSED, "the other end is busy with other connections");
        }
        if (IdentityMessage.type(prefix) != type) {
            throw new Failure(Outcome.MALFORMED, "a message out of turn");
        }
        byte[] message = new byte[IdentityMessage.length(type)];
        System.arraycopy(prefix, 0, message, 0, prefix.length);
        read(message, prefix.length, message.length, deadlineNs);
        return message;
    }

    /** Against the deadline of the whole message: a peer that drips bytes gains nothing. */
    private void read(byte[] bytes, int from, int to, long deadlineNs) throws IOException {
        InputStream in = socket.getInputStream();
        int at = from;
        while (at < to) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) leftMs);
            int count = in.read(bytes, at, to - at);
            if (count < 0) {
                throw new SocketException("end of stream");
            }
            at += count;
        }
    }

    /** A socket closed with bytes unread resets the connection, and the reset may overtake our last message. */
    private void closeGently() {
        try {
            socket.shutdownOutput();
            long deadlineNs = System.nanoTime() + DRAIN_MS * 1_000_000L;
            byte[] rest = new byte[MAX_DRAIN_BYTES];
            socket.setSoTimeout(DRAIN_MS);
            int drained = 0;
            int count = 0;
            while (count >= 0 && drained < MAX_DRAIN_BYTES && System.nanoTime() - deadlineNs < 0) {
                count = socket.getInputStream().read(rest);
                drained += count;
            }
        } catch (IOException e) {
            // The other end is gone already, or keeps silent: enough was done.
        }
    }

    /** Turns a connection away without an exchange. */
    static void rejectBusy(Socket socket) {
        try (socket) {
            socket.getOutputStream().write(IdentityMessage.reject(IdentityMessage.REASON_BUSY));
        } catch (IOException e) {
            // It need not know.
        }
    }
}
