package io.hotpair.cli.demo.tank;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What goes between tank and boards, little endian.
 *
 * <pre>
 *  sensor   0 u64 sequence        8 f64 level, m                       to both boards; the input is numbered
 *  command  0 u64 number          8 u32 term   12 u32 flags   16 f64 opening   from the board that leads; the output has a header
 * </pre>
 */
final class TankWire {
    static final int SENSOR_BYTES = 16;
    static final int COMMAND_BYTES = 24;
    private static final int TERM_AT = 8;
    private static final int OPENING_AT = 16;

    private final ByteBuffer buffer;

    /** A view of a buffer that it then owns. */
    TankWire(ByteBuffer buffer) {
        this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    ByteBuffer sensor(long sequence, double levelM) {
        return buffer.clear().putLong(0, sequence).putDouble(Long.BYTES, levelM).limit(SENSOR_BYTES);
    }

    /** Whether the buffer, from 0 to its position, holds a command. */
    boolean isCommand() {
        return buffer.position() == COMMAND_BYTES && Double.isFinite(opening());
    }

    long number() {
        return buffer.getLong(0);
    }

    /** Board that sent it: the lowest bit of a term is the board's id. */
    int board() {
        return buffer.getInt(TERM_AT) & 1;
    }

    double opening() {
        return buffer.getDouble(OPENING_AT);
    }
}
