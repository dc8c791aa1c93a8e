package io.hotpair.sync.stream;

import io.hotpair.sync.identity.IdentityHandshake;
import io.hotpair.wire.HmacSeal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * One connection of the stream from its handshake to its end; on the network loop. What arrives is put together in the ring towards the duty cycle,
 * checked there, and only then handed over.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter {
    private static final int NO_CLAIM = -1;

    private final StreamLink link;
    private final Channel channel;
    private final long number;
    private final int peerBootId;
    private final HmacSeal sendSeal;
    private final HmacSeal receiveSeal;
    private final byte[] array;
    private long sendSequence;
    private long receiveSequence;
    private int claim = NO_CLAIM;
    private int have;
    private int whole;
    private boolean alive;
    private boolean delivered;
    private boolean ended;
    private long lastReceivedNs;

    StreamConnection(StreamLink link, Channel channel, IdentityHandshake handshake, long number, long nowNs) {
        this.link = link;
        this.channel = channel;
        this.number = number;
        peerBootId = handshake.peerBootId();
        sendSeal = new HmacSeal(handshake.sessionKey(true));
        receiveSeal = new HmacSeal(handshake.sessionKey(false));
        array = link.inbound().array();
        lastReceivedNs = nowNs;
    }

    long number() {
        return number;
    }

    int peerBootId() {
        return peerBootId;
    }

    Channel channel() {
        return channel;
    }

    /** Writes header and seal around a payload that lies at {@code offset + StreamMessage.HEADER_BYTES}. */
    void seal(byte[] buffer, int offset, int type, int payloadBytes) {
        StreamMessage.header(buffer, offset, type, payloadBytes, ++sendSequence);
        sendSeal.seal(buffer, offset, StreamMessage.HEADER_BYTES + payloadBytes);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object received) {
        ByteBuf bytes = (ByteBuf) received;
        try {
            link.counters().add(StreamCount.RECEIVED_BYTES, bytes.readableBytes());
            if (!ended) {
                take(bytes);
                afterReading();
            }
        } finally {
            bytes.release();
        }
    }

    /** Takes everything; what finds no room in the ring is laid aside, and nothing more is read before it has found some. */
    private void take(ByteBuf bytes) {
        while (bytes.isReadable() && !ended) {
            if (claim == NO_CLAIM && !claim()) {
                link.layAside(bytes);
                channel.config().setAutoRead(false);
                return;
            }
            int target = have < StreamMessage.HEADER_BYTES ? StreamMessage.HEADER_BYTES : whole;
            int count = Math.min(target - have, bytes.readableBytes());
            bytes.readBytes(array, claim + have, count);
            have += count;
            if (have == StreamMessage.HEADER_BYTES) {
                whole = StreamMessage.wholeBytes(array, claim);
                if (whole < 0) {
                    end(StreamCount.MALFORMED);
                }
            } else if (have == whole) {
                accept();
            }
        }
    }

    private boolean claim() {
        claim = link.inbound().claim(StreamMessage.MAX_BYTES);
        if (claim < 0 && link.holdBack()) {
            // The duty cycle may have made room before it could see that it is waited for.
            claim = link.inbound().claim(StreamMessage.MAX_BYTES);
            if (claim >= 0) {
                link.letGo();
            }
        }
        return claim >= 0;
    }

    private void accept() {
        long sequence = StreamMessage.sequence(array, claim);
        if (!receiveSeal.verify(array, claim, whole - HmacSeal.SEAL_BYTES)) {
            end(StreamCount.FORGED);
        } else if (sequence != receiveSequence + 1) {
            end(sequence <= receiveSequence ? StreamCount.REPLAYED : StreamCount.GAP);
        } else {
            receiveSequence = sequence;
            alive = true;
            if (StreamMessage.type(array, claim) == StreamMessage.MESSAGE) {
                link.inbound().commit(whole, number);
                link.counters().add(StreamCount.RECEIVED, 1);
                delivered = true;
            }
            claim = NO_CLAIM;
            have = 0;
        }
    }

    /** Goes on with what was laid aside; the duty cycle has made room. */
    void resume() {
        ByteBuf aside = link.aside();
        take(aside);
        if (!ended && !aside.isReadable()) {
            link.letGo();
            channel.config().setAutoRead(true);
        }
        afterReading();
    }

    private void afterReading() {
        if (alive) {
            alive = false;
            lastReceivedNs = System.nanoTime();
            link.heard();
        }
        if (delivered) {
            delivered = false;
            link.delivered();
        }
    }

    /** Ends the connection if it has been silent for too long; while this side does not read, nobody can say. */
    void watch(long nowNs, long silenceNs) {
        if (link.heldBack()) {
            lastReceivedNs = nowNs;
        } else if (nowNs - lastReceivedNs > silenceNs) {
            end(StreamCount.SILENCE);
        }
    }

    /** Ends the connection; only the first cause counts. */
    void end(StreamCount cause) {
        if (!ended) {
            ended = true;
            link.down(this, cause);
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(have > 0 ? StreamCount.CUT : StreamCount.CLOSED_BY_PEER);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(StreamCount.BROKEN);
    }
}
