package io.hotpair.sync.identity;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One connection's worth of handshake, either side, with a deadline for each message; on the network loop.
 *
 * <p>A verified connection for the stream is left open with this handler still in place: who is told of the end puts its own there instead.
 * Bytes behind the last message are passed on to it. Every other connection is closed here.
 */
final class IdentityExchange extends ChannelInboundHandlerAdapter {
    /** Told once how the exchange ended; the handshake holds what a verified peer said. */
    @FunctionalInterface
    interface End {
        void onEnd(IdentityExchange exchange, Outcome outcome, String detail);
    }

    private enum Step { HELLO, PROOF, OVER }

    /** Longest that a last message may take to be read by the other end. */
    private static final int DRAIN_MS = 50;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Supplier<IdentityMessage.Statement> statement;
    private final long stepTimeoutNs;
    private final End end;
    private final boolean connecting;
    private final IdentityHandshake handshake;
    private final byte[] message = new byte[IdentityMessage.PROOF_LENGTH];
    private final long openedNs = System.nanoTime();
    private int have;
    private Step step = Step.HELLO;
    private Future<?> deadline;
    private ChannelHandlerContext context;

    /** @param purpose what the connecting side wants; the accepting side is told by its peer */
    IdentityExchange(IdentityService.Settings settings, boolean connecting, Purpose purpose, Supplier<IdentityMessage.Statement> statement, End end) {
        byte[] nonce = new byte[IdentityMessage.NONCE_LENGTH];
        RANDOM.nextBytes(nonce);
        this.statement = statement;
        this.stepTimeoutNs = settings.stepTimeoutNs();
        this.end = end;
        this.connecting = connecting;
        this.handshake = new IdentityHandshake(settings.key(), connecting, settings.board(), settings.bootId(), purpose, nonce);
    }

    IdentityHandshake handshake() {
        return handshake;
    }

    Channel channel() {
        return context.channel();
    }

    /** When this side's nonce was drawn (monotonic clock): a verified peer was alive after it. */
    long openedNs() {
        return openedNs;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        if (added.channel().isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        begin();
    }

    private void begin() {
        if (deadline == null) {
            arm();
            if (connecting) {
                send(handshake.hello());
            }
        }
    }

    private void arm() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = context.executor().schedule(this::late, stepTimeoutNs, TimeUnit.NANOSECONDS);
    }

    private void late() {
        finish(Outcome.NO_ANSWER, "connected, but no answer within " + stepTimeoutNs / 1_000_000 + " ms");
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object received) {
        ByteBuf bytes = (ByteBuf) received;
        try {
            while (step != Step.OVER && bytes.isReadable()) {
                take(bytes);
            }
            if (bytes.isReadable() && !context.isRemoved()) {
                return; // what follows the last message of a connection that is about to be closed
            }
            if (bytes.isReadable()) {
                context.pipeline().fireChannelRead(bytes.retain());
            }
        } finally {
            bytes.release();
        }
    }

    /** Takes what belongs to the message that is being received, and the message once it is whole. */
    private void take(ByteBuf bytes) {
        int target = have < IdentityMessage.PREFIX_LENGTH ? IdentityMessage.PREFIX_LENGTH : IdentityMessage.length(expected());
        int count = Math.min(target - have, bytes.readableBytes());
        bytes.readBytes(message, have, count);
        have += count;
        if (have == IdentityMessage.PREFIX_LENGTH) {
            onPrefix();
        } else if (have == IdentityMessage.length(expected())) {
            byte[] whole = Arrays.copyOf(message, have);
            have = 0;
            arm();
            if (step == Step.HELLO) {
                onHello(whole);
            } else {
                onProof(whole);
            }
        }
    }

    private int expected() {
        return step == Step.HELLO ? IdentityMessage.HELLO : IdentityMessage.PROOF;
    }

    private void onPrefix() {
        int type = IdentityMessage.type(message);
        if (!IdentityMessage.hasMagic(message)) {
            finish(Outcome.MALFORMED, "something else than a node is at the other end");
        } else if (IdentityMessage.version(message) != IdentityMessage.VERSION) {
            if (!connecting && step == Step.HELLO) {
                send(handshake.hello()); // so that the other end knows as much
            }
            finish(Outcome.OTHER_PROTOCOL, "the other end speaks identity protocol " + IdentityMessage.version(message) + ", this board "
                    + IdentityMessage.VERSION);
        } else if (type == IdentityMessage.REJECT && connecting) {
            if (IdentityMessage.argument(message) == IdentityMessage.REASON_WRONG_KEY) {
                finish(Outcome.WRONG_KEY, "the other end says that this board does not have its key");
            } else {
                finish(Outcome.REFUSED, "the other end is busy with other connections");
            }
        } else if (type != expected()) {
            finish(Outcome.MALFORMED, "a message out of turn");
        }
    }

    private void onHello(byte[] hello) {
        Outcome outcome = handshake.onHello(hello);
        if (!connecting && outcome != Outcome.MALFORMED) {
            send(handshake.hello());
        }
        if (outcome != Outcome.VERIFIED) {
            finish(outcome, outcome.text());
            return;
        }
        step = Step.PROOF;
        if (connecting) {
            send(handshake.proof(statement.get()));
        }
    }

    private void onProof(byte[] proof) {
        Outcome outcome = handshake.onProof(proof);
        if (!connecting && outcome == Outcome.WRONG_KEY) {
            send(IdentityMessage.reject(IdentityMessage.REASON_WRONG_KEY));
        } else if (!connecting && outcome == Outcome.VERIFIED) {
            send(handshake.proof(statement.get()));
        }
        finish(outcome, outcome.text());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        finish(Outcome.REFUSED, "hung up: end of stream");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        finish(Outcome.REFUSED, "hung up: " + cause.getMessage());
        context.close();
    }

    private void finish(Outcome outcome, String detail) {
        if (step == Step.OVER) {
            return;
        }
        step = Step.OVER;
        deadline.cancel(false);
        end.onEnd(this, outcome, detail);
        if (!context.isRemoved()) {
            closeGently();
        }
    }

    /** A socket closed with bytes unread resets the connection, and the reset may overtake our last message. */
    private void closeGently() {
        if (!context.channel().isActive()) {
            context.close();
            return;
        }
        ((SocketChannel) context.channel()).shutdownOutput();
        context.executor().schedule(() -> context.close(), DRAIN_MS, TimeUnit.MILLISECONDS);
    }

    /** No message is longer than a socket's buffer, so this does not wait. */
    private void send(byte[] bytes) {
        context.writeAndFlush(Unpooled.directBuffer(bytes.length).writeBytes(bytes), context.voidPromise());
    }

    /** Turns a connection away without an exchange. */
    static void rejectBusy(Channel channel) {
        byte[] bytes = IdentityMessage.reject(IdentityMessage.REASON_BUSY);
        channel.writeAndFlush(Unpooled.directBuffer(bytes.length).writeBytes(bytes)).addListener(done -> channel.close());
    }
}
