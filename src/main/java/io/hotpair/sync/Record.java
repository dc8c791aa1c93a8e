package io.hotpair.sync;

/**
 * One record of a group's log, the same bytes in memory, on the stream and in the journal. A flyweight: it owns no memory.
 *
 * <pre>
 *  offset size field (little endian)
 *       0    4 length of the whole record, bytes: header and payload
 *       4    4 term of the reign that ordered it
 *       8    8 index, from 1
 *      16    8 chain digest of the record before, 0 for the first
 *      24    8 time of the group's task clock, ns; rises with every record
 *      32    8 source of the input
 *      40    8 the source's sequence; content hash of an unnumbered input; number of a tick
 *      48    8 number of the newest output that had left when this was ordered
 *      56    1 kind: INPUT, TICK, REIGN of TaskPort
 *      57    1 input port
 *      58    1 bit 0: numbered
 *      59    5 zero
 *      64      payload, at most 1400 bytes
 * </pre>
 *
 * The chain digest of a record is {@link Digest64#of} over all its bytes, so that it stands for everything before it as well.
 */
public final class Record {
    /** Bytes in front of the payload. */
    public static final int HEADER_BYTES = 64;
    /** Largest payload: what fits an Ethernet frame beside its headers. */
    public static final int PAYLOAD_MAX_BYTES = 1400;
    /** Largest record. */
    public static final int MAX_BYTES = HEADER_BYTES + PAYLOAD_MAX_BYTES;
    private static final int NUMBERED = 1;

    private byte[] buffer;
    private int offset;

    /** Looks at the record that begins at {@code buffer[offset]}. */
    public Record wrap(byte[] buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /** Whether {@code buffer[offset, offset + availableBytes)} begins with a record that is whole and keeps the layout. */
    public static boolean wellFormed(byte[] buffer, int offset, int availableBytes) {
        if (availableBytes < HEADER_BYTES) {
            return false;
        }
        int length = Bytes.getInt(buffer, offset);
        int kind = buffer[offset + 56];
        return length >= HEADER_BYTES && length <= MAX_BYTES && length <= availableBytes && kind >= 1 && kind <= 3
                && Bytes.getLong(buffer, offset + 8) > 0;
    }

    /** Writes everything but the payload, which is {@code payloadBytes} long and begins at {@link #payloadOffset}. */
    Record header(int payloadBytes, long term, long index, long digestBefore, long timeNs, int kind) {
        Bytes.putInt(buffer, offset, HEADER_BYTES + payloadBytes);
        Bytes.putInt(buffer, offset + 4, (int) term);
        Bytes.putLong(buffer, offset + 8, index);
        Bytes.putLong(buffer, offset + 16, digestBefore);
        Bytes.putLong(buffer, offset + 24, timeNs);
        Bytes.putLong(buffer, offset + 32, 0);
        Bytes.putLong(buffer, offset + 40, 0);
        Bytes.putLong(buffer, offset + 48, 0);
        Bytes.putLong(buffer, offset + 56, kind);
        return this;
    }

    Record key(int port, long source, long sequence, boolean numbered) {
        Bytes.putLong(buffer, offset + 32, source);
        Bytes.putLong(buffer, offset + 40, sequence);
        buffer[offset + 57] = (byte) port;
        buffer[offset + 58] = (byte) (numbered ? NUMBERED : 0);
        return this;
    }

    Record emitted(long number) {
        Bytes.putLong(buffer, offset + 48, number);
        return this;
    }

    /** Array that holds the record. */
    public byte[] buffer() {
        return buffer;
    }

    /** Where the record begins in {@link #buffer}. */
    public int offset() {
        return offset;
    }

    /** Bytes of the whole record. */
    public int lengthBytes() {
        return Bytes.getInt(buffer, offset);
    }

    /** Term of the reign that ordered it. */
    public long term() {
        return Bytes.getInt(buffer, offset + 4) & 0xFFFF_FFFFL;
    }

    /** Index, from 1. */
    public long index() {
        return Bytes.getLong(buffer, offset + 8);
    }

    /** Chain digest of the record before. */
    public long digestBefore() {
        return Bytes.getLong(buffer, offset + 16);
    }

    /** Chain digest of this record. */
    public long digest() {
        return Digest64.of(buffer, offset, lengthBytes());
    }

    /** Time of the group's task clock, ns. */
    public long timeNs() {
        return Bytes.getLong(buffer, offset + 24);
    }

    /** Source of the input. */
    public long source() {
        return Bytes.getLong(buffer, offset + 32);
    }

    /** The source's sequence, the content hash of an unnumbered input, or the number of a tick. */
    public long sequence() {
        return Bytes.getLong(buffer, offset + 40);
    }

    /** Number of the newest output that had left when this was ordered. */
    public long emitted() {
        return Bytes.getLong(buffer, offset + 48);
    }

    /** INPUT, TICK or REIGN of {@link io.hotpair.sync.port.TaskPort}. */
    public int kind() {
        return buffer[offset + 56];
    }

    /** Input port. */
    public int port() {
        return buffer[offset + 57] & 0xFF;
    }

    /** Whether the source numbers its inputs. */
    public boolean numbered() {
        return (buffer[offset + 58] & NUMBERED) != 0;
    }

    /** Where the payload begins in {@link #buffer}. */
    public int payloadOffset() {
        return offset + HEADER_BYTES;
    }

    /** Bytes of the payload. */
    public int payloadBytes() {
        return lengthBytes() - HEADER_BYTES;
    }
}
