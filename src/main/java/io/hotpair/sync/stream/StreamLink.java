package io.hotpair.sync.stream;

import io.hotpair.sync.identity.IdentityService;
import io.hotpair.sync.identity.NetworkLoop;
import io.hotpair.sync.identity.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * One network of the stream on the network loop: makes connections where this board is the one to do so, keeps the present one, sends what lies in
 * the ring. Only the rings, {@link #established} and {@link #heldBack} are touched by the duty cycle.
 *
 * <pre>
 *   WAITING ──backoff──▶ CONNECTING ──verified──▶ UP ──any end──▶ WAITING
 *      ▲                      │                    │
 *      └──────failed──────────┘     (accepting side: a newer verified connection takes the place of the present one)
 * </pre>
 */
final class StreamLink {
    /** Messages that wait together go out in one write of up to this. */
    private static final int BATCH_BYTES = 64 * 1024;
    /** Batches under way to the socket: what the socket does not take stays in the ring. */
    private static final int BATCHES = 4;

    private final int network;
    private final StreamSettings settings;
    private final StreamService service;
    private final IdentityService identity;
    private final NetworkLoop loop;
    private final boolean connects;
    private final StreamCounters counters = new StreamCounters();
    private final StreamTrouble trouble;
    private final MessageRing outbound;
    private final MessageRing inbound;
    private final ByteBuf aside = Unpooled.buffer(NetworkLoop.RECEIVE_BYTES, NetworkLoop.RECEIVE_BYTES);
    private final SendBuffer[] free = new SendBuffer[BATCHES];
    private final byte[] keepAlive = new byte[StreamMessage.EXTRA_BYTES];
    private int freeCount;
    private boolean stalled;
    private boolean sentSinceTick;
    private boolean attempting;
    private boolean waiting;
    private boolean closed;
    private long backoffNs;
    private StreamConnection current;
    private volatile long established;
    private volatile boolean heldBack;

    StreamLink(int network, StreamSettings settings, StreamService service, IdentityService identity, NetworkLoop loop, boolean connects) {
        this.network = network;
        this.settings = settings;
        this.service = service;
        this.identity = identity;
        this.loop = loop;
        this.connects = connects;
        trouble = new StreamTrouble(network, counters);
        outbound = new MessageRing(settings.outboundBytes());
        inbound = new MessageRing(settings.inboundBytes());
        backoffNs = settings.shortestRetryNs();
        for (int i = 0; i < BATCHES; i++) {
            returned(new SendBuffer(BATCH_BYTES, this::returned));
        }
    }

    MessageRing outbound() {
        return outbound;
    }

    MessageRing inbound() {
        return inbound;
    }

    StreamCounters counters() {
        return counters;
    }

    StreamTrouble trouble() {
        return trouble;
    }

    /** Number of the connection that messages can be sent on now, or 0. */
    long established() {
        return established;
    }

    /** A connection in memory takes the place of the one before. */
    void establish(long number) {
        established = number;
    }

    // ---- making connections

    /** Connects if that is this board's part, there is no connection, and none is being made. */
    void connect() {
        waiting = false;
        if (connects && current == null && !attempting && !closed) {
            attempting = true;
            identity.connectStream(network, this::onAttempt);
        }
    }

    private void onAttempt(Outcome outcome, String detail) {
        attempting = false;
        counters.attempt(outcome);
        trouble.attempt(outcome, detail);
        if (outcome != Outcome.VERIFIED) {
            retryLater();
        }
    }

    void retryLater() {
        if (connects && !waiting && !closed) {
            waiting = true;
            loop.loop().schedule(this::connect, backoffNs, TimeUnit.NANOSECONDS);
            backoffNs = Math.min(2 * backoffNs, settings.longestRetryNs());
        }
    }

    /** A verified connection does not become the stream; the handshake closes it, and the peer draws the same conclusion. */
    void refuse(StreamCount cause, String detail) {
        counters.add(cause, 1);
        trouble.refused(cause, detail);
        retryLater();
    }

    void open(IdentityService.Verified verified, long number, long nowNs) {
        Channel channel = verified.channel();
        if (current != null) {
            current.end(StreamCount.REPLACED);
        }
        channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int) TimeUnit.NANOSECONDS.toMillis(settings.silenceNs()));
        current = new StreamConnection(this, channel, verified.handshake(), number, nowNs);
        channel.pipeline().replace(verified.handler(), "stream", current);
        counters.add(StreamCount.CONNECTIONS, 1);
        established = number;
        sendKeepAlive();
        service.signal();
    }

    /** The present connection's peer, if there is one. */
    boolean connectedTo(int bootId) {
        return current == null || current.peerBootId() == bootId;
    }

    void end(StreamCount cause) {
        if (current != null) {
            current.end(cause);
        }
    }

    /** Told once by each connection that ends. */
    void down(StreamConnection connection, StreamCount cause) {
        counters.add(cause, 1);
        trouble.ended(cause);
        if (connection != current) {
            return;
        }
        established = 0;
        current = null;
        aside.clear();
        letGo();
        service.signal();
        retryLater();
    }

    /** The peer has said something that is right. */
    void heard() {
        backoffNs = settings.shortestRetryNs();
        trouble.heard();
    }

    // ---- receiving

    void delivered() {
        service.signalIfWaiting();
    }

    /** Nothing more is read from now on. The fence is one half of a pair, see {@link StreamService#poll}. */
    boolean holdBack() {
        if (!heldBack) {
            heldBack = true;
            counters.add(StreamCount.HELD_BACK, 1);
        }
        VarHandle.fullFence();
        return true;
    }

    void letGo() {
        heldBack = false;
    }

    boolean heldBack() {
        return heldBack;
    }

    /** Keeps what there is no room for. It is at most what was read at once, for nothing is read after it. */
    void layAside(ByteBuf bytes) {
        if (bytes != aside) {
            aside.clear().writeBytes(bytes);
        }
    }

    ByteBuf aside() {
        return aside;
    }

    void resume() {
        if (heldBack && current != null) {
            current.resume();
        }
    }

    // ---- sending

    /** Sends what lies in the ring, up to what the socket takes; answers whether it is to be called again. */
    boolean drain() {
        SendBuffer batch = null;
        int batches = 0;
        for (int length = outbound.next(); length >= 0; length = outbound.next()) {
            if (current == null || outbound.number() != current.number()) {
                outbound.release();
                counters.add(StreamCount.DROPPED, 1);
                continue;
            }
            if (batch != null && batch.writableBytes() < length) {
                write(batch);
                batch = null;
                if (current == null) {
                    continue; // the write ended the connection
                }
            }
            if (batch == null) {
                if (batches == BATCHES) {
                    return true; // reading has its turn
                }
                batch = take();
                if (batch == null) {
                    return false; // goes on when the socket has taken one
                }
                batches++;
            }
            int offset = outbound.offset();
            current.seal(outbound.array(), offset, StreamMessage.MESSAGE, length - StreamMessage.EXTRA_BYTES);
            batch.writeBytes(outbound.array(), offset, length);
            outbound.release();
            counters.add(StreamCount.SENT, 1);
        }
        if (batch != null) {
            write(batch);
        }
        return false;
    }

    private void write(SendBuffer batch) {
        counters.add(StreamCount.SENT_BYTES, batch.readableBytes());
        counters.add(StreamCount.WRITES, 1);
        sentSinceTick = true;
        Channel channel = current.channel();
        channel.writeAndFlush(batch, channel.voidPromise());
    }

    private SendBuffer take() {
        if (freeCount == 0) {
            stalled = true;
            return null;
        }
        return free[--freeCount];
    }

    private void returned(SendBuffer buffer) {
        if (closed) {
            buffer.retire(true);
            return;
        }
        free[freeCount++] = buffer;
        if (stalled) {
            stalled = false;
            service.wakeLoop();
        }
    }

    private void sendKeepAlive() {
        if (freeCount > 0) { // else much is under way, which says as much
            SendBuffer buffer = take();
            current.seal(keepAlive, 0, StreamMessage.KEEP_ALIVE, 0);
            buffer.writeBytes(keepAlive);
            write(buffer);
        }
    }

    /** Once in each keep-alive interval. */
    void tick(long nowNs) {
        if (current != null) {
            current.watch(nowNs, settings.silenceNs());
        }
        if (current != null && !sentSinceTick) {
            sendKeepAlive();
        }
        sentSinceTick = false;
    }

    /** Ends the connection and makes no other. */
    void close() {
        if (!closed) {
            end(StreamCount.CLOSED_HERE);
            closed = true;
            while (freeCount > 0) {
                free[--freeCount].retire(true);
            }
        }
    }
}
