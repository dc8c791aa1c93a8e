package io.hotpair.lab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An output of the built-in task {@code stream} as it arrives at the plant: 48 bytes, little endian.
 *
 * <pre>
 *  0 u32 magic 0x48505354      8 u32 term            24 u64 sent time (CLOCK_MONOTONIC, ns)
 *  4 u8  version 1            12 u32 boot id         32 u64 reserved, 0
 *  5 u8  board                16 u64 number          40 u64 reserved, 0
 *  6 u8  group                       1, 2, 3, ... for the pair as a whole, one per interval
 *  7 u8  flags                       bit 0: replay, may be a repetition
 * </pre>
 */
final class OutputDatagram {
    static final int LENGTH_BYTES = 48;
    static final int MAGIC = 0x48505354;
    static final int VERSION = 1;
    static final int FLAG_REPLAY = 1;

    private static final int MAGIC_OFFSET = 0;
    private static final int VERSION_OFFSET = 4;
    private static final int BOARD_OFFSET = 5;
    private static final int GROUP_OFFSET = 6;
    private static final int FLAGS_OFFSET = 7;
    private static final int TERM_OFFSET = 8;
    private static final int BOOT_ID_OFFSET = 12;
    private static final int NUMBER_OFFSET = 16;
    private static final int SENT_OFFSET = 24;

    private final ByteBuffer buffer;

    /** A view of a buffer that this object then owns: it sets its byte order. */
    OutputDatagram(ByteBuffer buffer) {
        this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether the buffer holds an output of the given board, {@code lengthBytes} long. */
    boolean valid(int lengthBytes, int boardId) {
        return lengthBytes == LENGTH_BYTES
                && buffer.getInt(MAGIC_OFFSET) == MAGIC
                && buffer.get(VERSION_OFFSET) == VERSION
                && buffer.get(BOARD_OFFSET) == boardId;
    }

    int group() {
        return buffer.get(GROUP_OFFSET);
    }

    boolean replay() {
        return (buffer.get(FLAGS_OFFSET) & FLAG_REPLAY) != 0;
    }

    long term() {
        return buffer.getInt(TERM_OFFSET) & 0xFFFF_FFFFL;
    }

    int bootId() {
        return buffer.getInt(BOOT_ID_OFFSET);
    }

    long number() {
        return buffer.getLong(NUMBER_OFFSET);
    }

    long sentNs() {
        return buffer.getLong(SENT_OFFSET);
    }

    /** Writes a whole datagram of group 0 and leaves the buffer ready to be sent. */
    ByteBuffer write(int boardId, boolean replay, long term, int bootId, long number, long sentNs) {
        buffer.clear().limit(LENGTH_BYTES);
        for (int i = 0; i < LENGTH_BYTES; i += Long.BYTES) {
            buffer.putLong(i, 0);
        }
        return buffer.putInt(MAGIC_OFFSET, MAGIC)
                .put(VERSION_OFFSET, (byte) VERSION)
                .put(BOARD_OFFSET, (byte) boardId)
                .put(FLAGS_OFFSET, (byte) (replay ? FLAG_REPLAY : 0))
                .putInt(TERM_OFFSET, (int) term)
                .putInt(BOOT_ID_OFFSET, bootId)
                .putLong(NUMBER_OFFSET, number)
                .putLong(SENT_OFFSET, sentNs);
    }
}
