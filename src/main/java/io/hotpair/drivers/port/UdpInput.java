package io.hotpair.drivers.port;

import io.hotpair.drivers.linux.DatagramBatch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/** Inputs as datagrams (IPv4, unicast or multicast), read several at a time. */
public final class UdpInput implements InputDriver {
    /** What makes two datagrams come from the same source. It has to look the same from both boards. */
    public enum SourceBy {
        /** Sender's address and port. */
        ADDRESS_AND_PORT,
        /** Sender's address: a sender that opens a new socket now and then stays the same. */
        ADDRESS,
        /** Everything on this port is one source: a sender that reaches the boards from different addresses. */
        PORT
    }

    private static final int BATCH = 32;
    private static final int SEQUENCE_BYTES = 8;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DatagramBatch batch;
    private final boolean numbered;
    private final SourceBy sourceBy;
    private int position;
    private int count;
    private long source;
    private long sequence;
    private long arrivedNs;
    private long malformed;

    /**
     * @param local address and port to receive at; for multicast the group's address and the port
     * @param multicastInterface address of the interface on which to join {@code local} as a group, or {@code null} for unicast
     * @param numbered whether the first 8 bytes, little endian, are the source's own sequence; they are not part of the input. A source that starts
     *     again has to go on above what it sent before, or be another source
     * @throws IOException if the port is in use or the group cannot be joined
     */
    public UdpInput(InetSocketAddress local, Inet4Address multicastInterface, boolean numbered, SourceBy sourceBy) throws IOException {
        batch = new DatagramBatch(local, multicastInterface, BATCH, PAYLOAD_MAX_BYTES + (numbered ? SEQUENCE_BYTES : 0));
        this.numbered = numbered;
        this.sourceBy = sourceBy;
    }

    @Override
    public int fd() {
        return batch.fd();
    }

    /** The bound port. */
    public int localPort() {
        return batch.localPort();
    }

    @Override
    public int receive(byte[] destination, int offset) {
        for (int looked = 0; looked <= BATCH; looked++) {
            if (position == count) {
                position = 0;
                count = batch.receive();
                if (count == 0) {
                    return -1;
                }
            }
            int lengthBytes = take(position++, destination, offset);
            if (lengthBytes >= 0) {
                return lengthBytes;
            }
            malformed++;
        }
        return -1; // nothing but junk: the rest in the next cycle
    }

    private int take(int i, byte[] destination, int offset) {
        int lengthBytes = batch.lengthBytes(i);
        int at = numbered ? SEQUENCE_BYTES : 0;
        if (batch.cut(i) || lengthBytes < at) {
            return -1;
        }
        MemorySegment data = batch.data(i);
        sequence = numbered ? data.get(LONG, 0) : 0;
        source = switch (sourceBy) {
            case ADDRESS_AND_PORT -> batch.address(i) << 16 | batch.port(i);
            case ADDRESS -> batch.address(i) << 16;
            case PORT -> 0;
        };
        arrivedNs = batch.arrivedNs(i);
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, destination, offset, lengthBytes - at);
        return lengthBytes - at;
    }

    @Override
    public long source() {
        return source;
    }

    @Override
    public boolean numbered() {
        return numbered;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long arrivedNs() {
        return arrivedNs;
    }

    @Override
    public long malformed() {
        return malformed;
    }

    /** What the kernel's limit leaves of the buffer, for a person; null if nothing is wrong. */
    public String shortage() {
        return batch.shortage();
    }

    @Override
    public long overflowed() {
        return batch.overflowed();
    }

    @Override
    public void close() {
        batch.close();
    }
}
