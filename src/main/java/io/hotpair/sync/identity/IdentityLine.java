package io.hotpair.sync.identity;

import io.hotpair.core.port.IdentityPort;
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
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One network of the {@link IdentityService}: its listener and its seeker. But for {@link #listen} all of it runs on the network loop. */
final class IdentityLine {
    private static final long REBIND_NS = 1_000_000_000;
    private static final int BACKLOG = 16;

    final int network;
    // One per direction: what was told last.
    final IdentityResult[] told = new IdentityResult[2];
    volatile Channel server;
    volatile String trouble;
    volatile boolean asked;
    volatile long foreignNs = IdentityPort.NEVER;

    private final IdentityService service;
    private final NetworkLoop loop;
    private final IdentityService.Settings settings;
    private final Supplier<IdentityMessage.Statement> statement;
    private final IdentityService.Network addresses;
    private int inboundExchanges;
    private boolean attempting;

    IdentityLine(IdentityService service, NetworkLoop loop, IdentityService.Settings settings, Supplier<IdentityMessage.Statement> statement,
            int network) {
        this.service = service;
        this.loop = loop;
        this.settings = settings;
        this.statement = statement;
        this.network = network;
        this.addresses = settings.networks().get(network);
    }

    /** Begins to listen; waits for the outcome, so never on the loop. */
    void listen() throws IOException {
        ChannelFuture bound = bind().awaitUninterruptibly();
        if (bound.isSuccess()) {
            server = bound.channel();
            return;
        }
        Throwable cause = bound.cause();
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

    /** One attempt to connect for the stream; on the loop. */
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
        boolean refused = cause instanceof ConnectException && !(cause instanceof NoRouteToHostException)
                && cause.getMessage() != null && cause.getMessage().contains("refused");
        String detail = text(addresses.peer()) + ": " + (cause instanceof ConnectTimeoutException ? "no answer" : cause.getMessage());
        if (refused) {
            foreignNs = IdentityPort.NEVER; // no node is there any more
        }
        end.onEnd(null, refused ? Outcome.REFUSED : Outcome.NO_ANSWER, detail);
    }

    private String name() {
        return network == 0 ? "A" : "B";
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    void close() {
        Channel listening = server;
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
    }
}
