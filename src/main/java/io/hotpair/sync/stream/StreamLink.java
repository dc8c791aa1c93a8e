package io.hotpair.sync.stream;

import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.NativeHmacSeal;
import io.hotpair.sync.identity.IdentityService;
import io.hotpair.sync.identity.NetworkLoop;
import io.hotpair.sync.identity.Outcome;
import io.hotpair.wire.Seal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;

/**
 * One network of the stream on the network loop: makes connections where this board is the one to do so, and hands each to the duty cycle's
 * {@link StreamLine} once the peer has proved itself.
 *
 * <pre>
 *   WAITING ──backoff──▶ CONNECTING ──verified──▶ UP ──the line tells its end──▶ WAITING
 *      ▲                      │                    (accepting side: a newer verified connection takes the place of the present one)
 *      └──────failed──────────┘
 * </pre>
 */
final class StreamLink {
    private static final Libc LIBC = new Libc(Arena.global());

    private final int network;
    private final StreamSettings settings;
    private final StreamService service;
    private final StreamLine line;
    private final IdentityService identity;
    private final NetworkLoop loop;
    private final boolean connects;
    private boolean attempting;
    private boolean waiting;
    private boolean closed;
    private long backoffNs;
    private long up;

    StreamLink(int network, StreamSettings settings, StreamService service, StreamLine line, IdentityService identity, NetworkLoop loop,
            boolean connects) {
        this.network = network;
        this.settings = settings;
        this.service = service;
        this.line = line;
        this.identity = identity;
        this.loop = loop;
        this.connects = connects;
        backoffNs = settings.shortestRetryNs();
    }

    /** Connects if that is this board's part, there is no connection, and none is being made. */
    void connect() {
        waiting = false;
        if (connects && up == 0 && !attempting && !closed) {
            attempting = true;
            identity.connectStream(network, this::onAttempt);
        }
    }

    private void onAttempt(Outcome outcome, String detail) {
        attempting = false;
        line.counters().attempt(outcome);
        line.trouble().attempt(outcome, detail);
        if (outcome != Outcome.VERIFIED) {
            retryLater();
        }
    }

    private void retryLater() {
        if (connects && !waiting && !closed) {
            waiting = true;
            loop.loop().schedule(this::connect, backoffNs, TimeUnit.NANOSECONDS);
            backoffNs = Math.min(2 * backoffNs, settings.longestRetryNs());
        }
    }

    /** A verified connection does not become the stream; the handshake closes it, and the peer draws the same conclusion. */
    void refuse(StreamCount cause, String detail) {
        line.counters().add(cause, 1);
        line.trouble().refused(cause, detail);
        retryLater();
    }

    void open(IdentityService.Verified verified, long number) {
        Channel channel = verified.channel();
        channel.config().setAutoRead(false); // what comes from now on is read by the line
        channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) TimeUnit.NANOSECONDS.toMillis(settings.silenceNs()));
        HandOver handOver = new HandOver(verified, number);
        channel.pipeline().replace(verified.handler(), "stream", handOver);
        up = number;
        loop.loop().execute(handOver::complete);
    }

    /** Looks whether the present connection has ended. */
    void lookForEnd() {
        if (up != 0 && line.ended() >= up) {
            down();
        }
    }

    private void down() {
        if (line.heard() >= up) {
            backoffNs = settings.shortestRetryNs();
        }
        up = 0;
        retryLater();
    }

    /** Makes no other connection. */
    void close() {
        closed = true;
    }

    /** From the last message of the handshake until the socket is the line's: keeps what came behind that message. */
    private final class HandOver extends ChannelInboundHandlerAdapter {
        private final IdentityService.Verified verified;
        private final long number;
        private final ByteArrayOutputStream early = new ByteArrayOutputStream();

        HandOver(IdentityService.Verified verified, long number) {
            this.verified = verified;
            this.number = number;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object received) {
            ByteBuf bytes = (ByteBuf) received;
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy).release();
            early.writeBytes(copy);
            if (early.size() > NetworkLoop.RECEIVE_BYTES) {
                context.close(); // the peer has ended the connection, and Netty read all that was left
            }
        }

        private Seal seal(boolean own) {
            return NativeHmacSeal.of(verified.handshake().sessionKey(own), StreamMessage.MAX_BYTES);
        }

        /** The line gets a descriptor of its own; closing Netty's ends nothing then. */
        void complete() {
            Channel channel = verified.channel();
            int fd = channel.isOpen() ? LIBC.duplicate(((UnixChannel) channel).fd().intValue()) : -1;
            channel.close();
            if (fd >= 0 && closed) {
                LIBC.close(fd);
                return;
            }
            if (fd < 0) {
                line.counters().add(StreamCount.CLOSED_BY_PEER, 1);
                if (up == number) {
                    down();
                }
                return;
            }
            line.handOver(new StreamSocket(fd, number, seal(true), seal(false), early.toByteArray()));
            service.signal();
        }
    }
}
