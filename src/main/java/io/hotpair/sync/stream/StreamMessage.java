package io.hotpair.sync.stream;

import io.hotpair.sync.port.StreamPort;
import io.hotpair.wire.HmacSeal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A message of the stream, little endian:
 *
 * <pre>
 *    0  u32  length of the payload: 1 to 8192 of a message, 0 of a keep-alive
 *    4  u8   type: 1 message, 2 keep-alive
 *    5       3 zeros
 *    8  u64  sequence: 1, 2, 3, ... in each connection and direction
 *   16       payload
 *            HMAC-SHA256 over all of that with the key of the connection and direction, the first 16 bytes
 * </pre>
 */
final class StreamMessage {
    static final int HEADER_BYTES = 16;
    /** What a message is longer than its payload. */
    static final int EXTRA_BYTES = HEADER_BYTES + HmacSeal.SEAL_BYTES;
    static final int MAX_BYTES = EXTRA_BYTES + StreamPort.MESSAGE_MAX_BYTES;

    static final int MESSAGE = 1;
    static final int KEEP_ALIVE = 2;

    private static final int TYPE_OFFSET = 4; // with the zeros behind it: 32 bits
    private static final int SEQUENCE_OFFSET = 8;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private StreamMessage() {
    }

    static void header(byte[] buffer, int offset, int type, int payloadBytes, long sequence) {
        INT.set(buffer, offset, payloadBytes);
        INT.set(buffer, offset + TYPE_OFFSET, type);
        LONG.set(buffer, offset + SEQUENCE_OFFSET, sequence);
    }

    /** Length of the whole message whose header lies here, or -1 if there cannot be one like it. */
    static int wholeBytes(byte[] buffer, int offset) {
        int payloadBytes = (int) INT.get(buffer, offset);
        int type = type(buffer, offset);
        boolean right = type == MESSAGE ? payloadBytes >= 1 && payloadBytes <= StreamPort.MESSAGE_MAX_BYTES : type == KEEP_ALIVE && payloadBytes == 0;
        return right ? EXTRA_BYTES + payloadBytes : -1;
    }

    static int type(byte[] buffer, int offset) {
        return (int) INT.get(buffer, offset + TYPE_OFFSET);
    }

    static long sequence(byte[] buffer, int offset) {
        return (long) LONG.get(buffer, offset + SEQUENCE_OFFSET);
    }
}
