package io.hotpair.sync.identity;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A line of a pair with a stream: but for {@link #listen} all of it runs on the network loop, which the stream shares. */
final class LoopLine extends IdentityLine {
    private final NetworkLoop loop;
    private volatile Channel server;
    private int inboundExchanges;
    private boolean attempting;

    LoopLine(IdentityService service, NetworkLoop loop, int network) {
        super(service, network);
        this.loop = loop;
    }

    @Override
    void listen() throws IOException {
        ChannelFuture bound = bind().awaitUninterruptibly();
        if (bound.isSuccess()) {
            server = bound.channel();
            return;
        }
        cannotListen(bound.cause());
    }

    @Override
    void start() {
        loop.loop().scheduleWithFixedDelay(this::rebind, REBIND_NS, REBIND_NS, TimeUnit.NANOSECONDS);
        loop.loop().scheduleWithFixedDelay(this::seek, 0, settings.retryNs(), TimeUnit.NANOSECONDS);
    }

    private ChannelFuture bind() {
        return new ServerBootstrap().group(loop.loop()).channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                        // Descriptors used up: Netty does not accept for a second, so not at full speed.
                        trouble = "listening on " + text(addresses.own()) + ": " + cause.getMessage();
                    }
                })
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, loop.receiveBuffer())
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        admit(channel);
                    }
                })
                .bind(addresses.own());
    }

    private void rebind() {
        if (service.closing() || server != null) {
            return;
        }
        bind().addListener((ChannelFutureListener) bound -> {
            if (bound.isSuccess() && service.closing()) {
                bound.channel().close();
            } else if (bound.isSuccess()) {
                server = bound.channel();
                trouble = null;
            }
        });
    }

    private void admit(Channel channel) {
        trouble = null;
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        if (remote == null || !remote.getAddress().equals(addresses.peer().getAddress())) {
            service.countStranger();
            channel.close();
        } else if (inboundExchanges == settings.maxInbound()) {
            service.countBusy();
            IdentityExchange.rejectBusy(channel);
        } else {
            inboundExchanges++;
            channel.pipeline().addLast(new IdentityExchange(settings, false, Purpose.IDENTITY, statement, (exchange, outcome, detail) -> {
                inboundExchanges--;
                service.finish(this, true, outcome, detail, exchange.handshake());
                handOver(exchange, outcome);
            }));
        }
    }

    private void handOver(IdentityExchange exchange, Outcome outcome) {
        if (outcome == Outcome.VERIFIED && exchange.handshake().purpose() == Purpose.STREAM) {
            service.streams().onVerified(network,
                    new IdentityService.Verified(exchange.channel(), exchange, exchange.handshake(), exchange.openedNs()));
        }
    }

    private void seek() {
        if (service.closing() || attempting || !service.seeking()) {
            return;
        }
        attempting = true;
        connect(Purpose.IDENTITY, (exchange, outcome, detail) -> {
            attempting = false;
            service.finish(this, false, outcome, detail, exchange == null ? null : exchange.handshake());
            asked = true;
        });
    }

    @Override
    void connectStream(IdentityService.StreamAttempt attempt) {
        connect(Purpose.STREAM, (exchange, outcome, detail) -> {
            attempt.onEnd(outcome, detail);
            if (exchange != null) {
                handOver(exchange, outcome);
            }
        });
    }

    /** @param end told once, of a failed connection without an exchange */
    private void connect(Purpose purpose, IdentityExchange.End end) {
        Bootstrap bootstrap = new Bootstrap().group(loop.loop()).channel(EpollSocketChannel.class).disableResolver()
                .option(ChannelOption.RECVBUF_ALLOCATOR, loop.receiveBuffer())
                .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, settings.stepTimeoutNs() / 1_000_000))
                .handler(new ChannelInboundHandlerAdapter());
        InetAddress own = addresses.own().getAddress();
        if (own != null && !own.isAnyLocalAddress()) {
            bootstrap.localAddress(own, 0); // over this network, and from the address that the peer admits
        }
        bootstrap.connect(addresses.peer()).addListener((ChannelFutureListener) connected -> {
            if (connected.isSuccess()) {
                connected.channel().pipeline().addLast(new IdentityExchange(settings, true, purpose, statement, end));
            } else {
                failed(connected.cause(), end);
            }
        });
    }

    private void failed(Throwable cause, IdentityExchange.End end) {
        end.onEnd(null, notConnected(cause), whyNotConnected(cause, cause instanceof ConnectTimeoutException));
    }

    @Override
    InetSocketAddress listening() {
        Channel listening = server;
        return listening == null ? null : (InetSocketAddress) listening.localAddress();
    }

    @Override
    void close() {
        Channel listening = server;
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
    }
}
