package io.hotpair.sync.stream;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.wire.HmacSeal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One network of the stream on the duty cycle: what is sent and what has arrived. The duty cycle reads and writes the socket itself: by way of the
 * network loop each message costs two wake-ups of a thread more, 180 us of a round trip on two cores.
 *
 * <p>Nothing here blocks or allocates. A message is checked before it is handed over; a wrong one ends the connection.
 */
final class StreamLine {
    /** Most bytes written in one cycle. */
    private static final int WRITE_BYTES = 64 * 1024;
    /** Most bytes read at once. */
    private static final int READ_BYTES = 64 * 1024;
    private static final int NOT_WATCHED = -1;

    private final StreamSettings settings;
    private final StreamService service;
    private final StreamCounters counters = new StreamCounters();
    private final StreamTrouble trouble;
    private final AtomicReference<StreamSocket> next = new AtomicReference<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment outbound;
    private final MemorySegment inbound = arena.allocate(READ_BYTES);
    private final byte[] message = new byte[StreamMessage.MAX_BYTES];
    private final byte[] received = new byte[READ_BYTES + StreamMessage.MAX_BYTES];
    private final byte[] nothing = new byte[StreamMessage.EXTRA_BYTES];

    private StreamSocket current;
    private Poller poller;
    private int readable;
    private int writable;
    private boolean blocked;
    private boolean failed;
    private int head;
    private int tail;
    private int have;
    private long sendSequence;
    private long receiveSequence;
    private long lastSentNs;
    private long lastReceivedNs;
    private volatile long established;
    private volatile long ended;
    private volatile long heard;

    StreamLine(int network, StreamSettings settings, StreamService service) {
        this.settings = settings;
        this.service = service;
        trouble = new StreamTrouble(network, counters);
        outbound = arena.allocate(settings.outboundBytes());
    }

    StreamCounters counters() {
        return counters;
    }

    StreamTrouble trouble() {
        return trouble;
    }

    // ---- any thread

    /** Number of the present connection, or 0. */
    long established() {
        return established;
    }

    /** Number of the newest connection that has ended. */
    long ended() {
        return ended;
    }

    /** Number of the newest connection on which the peer has said something that is right. */
    long heard() {
        return heard;
    }

    /** From now on the socket is this line's. One that was handed over before and not taken yet is closed. */
    void handOver(StreamSocket socket) {
        StreamSocket before = next.getAndSet(socket);
        if (before != null) {
            before.close();
        }
    }

    // ---- the duty cycle

    void watch(Poller poller) {
        this.poller = poller;
        readable = poller.add(NOT_WATCHED);
        writable = poller.add(NOT_WATCHED, Poller.OUT);
    }

    private void watchReading() {
        if (poller != null) {
            poller.set(readable, current != null ? current.fd() : NOT_WATCHED);
        }
    }

    private void block(boolean on) {
        if (blocked != on) {
            blocked = on;
            if (poller != null) {
                poller.set(writable, on ? current.fd() : NOT_WATCHED);
            }
        }
    }

    /** Whether there may be something to take: the socket has woken the duty cycle, or a connection waits. */
    boolean woken() {
        return poller == null || current != null && poller.ready(readable) || next.getPlain() != null;
    }

    /** Seals one message and lays it down for {@link #flush}; false if there is no room, or no connection any more. */
    boolean offer(byte[] buffer, int offset, int lengthBytes) {
        if (failed) {
            return false;
        }
        if (!makeRoom(StreamMessage.EXTRA_BYTES + lengthBytes)) {
            counters.add(StreamCount.REFUSED_FULL, 1);
            return false;
        }
        System.arraycopy(buffer, offset, message, StreamMessage.HEADER_BYTES, lengthBytes);
        append(message, StreamMessage.MESSAGE, lengthBytes);
        counters.add(StreamCount.SENT, 1);
        return true;
    }

    private boolean makeRoom(int lengthBytes) {
        if (outbound.byteSize() - tail >= lengthBytes) {
            return true;
        }
        if (head < outbound.byteSize() / 4) {
            return false; // what is gained is not worth the copy
        }
        MemorySegment.copy(outbound, head, outbound, 0, tail - head);
        tail -= head;
        head = 0;
        return true;
    }

    private void append(byte[] buffer, int type, int payloadBytes) {
        StreamMessage.header(buffer, 0, type, payloadBytes, ++sendSequence);
        current.sendSeal().seal(buffer, 0, StreamMessage.HEADER_BYTES + payloadBytes);
        MemorySegment.copy(buffer, 0, outbound, ValueLayout.JAVA_BYTE, tail, StreamMessage.EXTRA_BYTES + payloadBytes);
        tail += StreamMessage.EXTRA_BYTES + payloadBytes;
    }

    /** Sends what was offered, as much as the socket and one cycle take; returns whether there is more for the next cycle at once. */
    boolean flush(long nowNs) {
        if (current == null) {
            return false;
        }
        if (nowNs - lastReceivedNs > settings.silenceNs()) {
            end(StreamCount.SILENCE);
            return false;
        }
        if (head == tail && nowNs - lastSentNs >= settings.keepAliveNs() && !failed) {
            append(nothing, StreamMessage.KEEP_ALIVE, 0);
        }
        boolean more = send(nowNs);
        if (head == tail) {
            head = 0;
            tail = 0;
        }
        return more;
    }

    private boolean send(long nowNs) {
        int untilByte = Math.min(tail, head + WRITE_BYTES);
        while (head < untilByte) {
            int sentBytes = current.send(outbound.address() + head, untilByte - head);
            if (sentBytes > 0) {
                head += sentBytes;
                lastSentNs = nowNs;
                counters.add(StreamCount.SENT_BYTES, sentBytes);
                counters.add(StreamCount.WRITES, 1);
            } else if (sentBytes == -Errno.EAGAIN) {
                block(true);
                return false;
            } else if (sentBytes != -Errno.EINTR) {
                failed = true; // what the peer has sent before is still to be read
                head = tail;
            }
        }
        block(false);
        return head < tail;
    }

    /**
     * Takes what has arrived, and a new connection once nothing is left of the present one.
     *
     * @param mostBytes after which the rest waits for the next cycle
     * @return bytes taken; if fewer than {@code mostBytes}, there was no more
     */
    int receive(StreamReceiver receiver, int mostBytes, long nowNs) {
        int takenBytes = 0;
        boolean more = true;
        while (current != null && more && takenBytes < mostBytes) {
            int readBytes = current.receive(inbound.address(), READ_BYTES);
            more = readBytes == READ_BYTES || readBytes == -Errno.EINTR;
            if (readBytes > 0) {
                takenBytes += readBytes;
                lastReceivedNs = nowNs;
                MemorySegment.copy(inbound, ValueLayout.JAVA_BYTE, 0, received, have, readBytes);
                take(readBytes, receiver);
            } else if (readBytes == 0) {
                end(have > 0 ? StreamCount.CUT : StreamCount.CLOSED_BY_PEER);
            } else if (readBytes != -Errno.EAGAIN && readBytes != -Errno.EINTR) {
                end(StreamCount.BROKEN);
            }
        }
        if (takenBytes < mostBytes && next.getPlain() != null) {
            adopt(receiver, nowNs);
            takenBytes += receive(receiver, mostBytes - takenBytes, nowNs);
        }
        return takenBytes;
    }

    private void adopt(StreamReceiver receiver, long nowNs) {
        StreamSocket socket = next.getAndSet(null);
        if (current != null) {
            end(StreamCount.REPLACED);
        }
        current = socket;
        have = 0;
        head = 0;
        tail = 0;
        failed = false;
        sendSequence = 0;
        receiveSequence = 0;
        lastReceivedNs = nowNs;
        established = socket.number();
        counters.add(StreamCount.CONNECTIONS, 1);
        watchReading();
        append(nothing, StreamMessage.KEEP_ALIVE, 0);
        System.arraycopy(socket.early(), 0, received, 0, socket.early().length);
        take(socket.early().length, receiver);
    }

    /** So many bytes have come behind those that were there: hands over every whole message, and keeps the rest. */
    private void take(int moreBytes, StreamReceiver receiver) {
        counters.add(StreamCount.RECEIVED_BYTES, moreBytes);
        have += moreBytes;
        int at = 0;
        while (current != null && have - at >= StreamMessage.HEADER_BYTES) {
            int wholeBytes = StreamMessage.wholeBytes(received, at);
            if (wholeBytes > have - at) {
                break;
            }
            if (wholeBytes < 0) {
                end(StreamCount.MALFORMED);
            } else {
                accept(at, wholeBytes, receiver);
                at += wholeBytes;
            }
        }
        if (current != null) {
            have -= at;
            System.arraycopy(received, at, received, 0, have);
        }
    }

    private void accept(int at, int wholeBytes, StreamReceiver receiver) {
        long sequence = StreamMessage.sequence(received, at);
        if (!current.receiveSeal().verify(received, at, wholeBytes - HmacSeal.SEAL_BYTES)) {
            end(StreamCount.FORGED);
        } else if (sequence != receiveSequence + 1) {
            end(sequence <= receiveSequence ? StreamCount.REPLAYED : StreamCount.GAP);
        } else if (!service.ofNewestBoot(current.number())) {
            end(StreamCount.PEER_RESTARTED);
        } else {
            receiveSequence = sequence;
            if (heard != current.number()) {
                heard = current.number();
            }
            trouble.heard();
            if (StreamMessage.type(received, at) == StreamMessage.MESSAGE) {
                counters.add(StreamCount.RECEIVED, 1);
                service.deliver(trouble.network(), received, at + StreamMessage.HEADER_BYTES, wholeBytes - StreamMessage.EXTRA_BYTES, receiver);
            }
        }
    }

    /** Ends the present connection. */
    void end(StreamCount cause) {
        long number = current.number();
        block(false);
        counters.add(cause, 1);
        trouble.ended(cause);
        current.close();
        current = null;
        watchReading();
        established = 0;
        ended = number;
        service.wakeLoop();
    }

    /** Ends what there is and frees the buffers; nobody must call any more. */
    void close() {
        poller = null; // may be gone
        handOver(null);
        if (current != null) {
            end(StreamCount.CLOSED_HERE);
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
