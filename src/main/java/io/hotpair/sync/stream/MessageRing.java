package io.hotpair.sync.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Messages from one thread to one other, through one array: nothing is allocated or copied on the way, and neither side ever waits. Each message
 * lies in one piece and carries a number.
 *
 * <pre>
 *    0  u32  bytes of the message, or {@link #PADDING}: the rest of the array is skipped
 *    8  u64  number
 *   16       the message; the next one begins at the next multiple of 8
 * </pre>
 *
 * <p>Agrona's ring of the same kind wants its memory aligned to 8 bytes, and under compact object headers a byte array's is not; over direct memory
 * each message would be copied once more on each side, for the codes are computed over arrays.
 */
final class MessageRing {
    private static final int HEADER_BYTES = 16;
    private static final int NUMBER_OFFSET = 8;
    private static final int ALIGNMENT = 8;
    private static final int PADDING = -1;
    /** The two positions lie apart from each other and from anything else, each on cache lines of its own. */
    private static final int HEAD = 16;
    private static final int TAIL = 48;
    private static final int POSITIONS = 64;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle POSITION = MethodHandles.arrayElementVarHandle(long[].class);

    private final byte[] bytes;
    private final int mask;
    private final long[] positions = new long[POSITIONS];

    // the writer's
    private long tail;
    private long headSeen;
    // the reader's
    private long head;
    private long tailSeen;

    /** @param capacityBytes a power of two */
    MessageRing(int capacityBytes) {
        if (Integer.bitCount(capacityBytes) != 1 || capacityBytes < 64) {
            throw new IllegalArgumentException("a ring of " + capacityBytes + " bytes: not a power of two of at least 64");
        }
        bytes = new byte[capacityBytes];
        mask = capacityBytes - 1;
    }

    /** Where all messages lie. */
    byte[] array() {
        return bytes;
    }

    private static int space(int lengthBytes) {
        return HEADER_BYTES + lengthBytes + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /**
     * Finds room for a message of at most this length; what is written there is not seen before {@link #commit}, and a claim that is not committed
     * is forgotten at the next. Writer only.
     *
     * @return where the message is to be written in {@link #array}, or -1 if there is no room
     */
    int claim(int mostBytes) {
        int needed = space(mostBytes);
        int index = (int) tail & mask;
        int toEnd = bytes.length - index;
        long wanted = needed <= toEnd ? needed : toEnd + needed;
        if (bytes.length - (tail - headSeen) < wanted) {
            headSeen = (long) POSITION.getAcquire(positions, HEAD);
            if (bytes.length - (tail - headSeen) < wanted) {
                return -1;
            }
        }
        if (needed > toEnd) {
            INT.set(bytes, index, PADDING);
            tail += toEnd;
            index = 0;
        }
        return index + HEADER_BYTES;
    }

    /** Hands over what was written where {@link #claim} said. Writer only. */
    void commit(int lengthBytes, long number) {
        int index = (int) tail & mask;
        INT.set(bytes, index, lengthBytes);
        LONG.set(bytes, index + NUMBER_OFFSET, number);
        tail += space(lengthBytes);
        POSITION.setRelease(positions, TAIL, tail);
    }

    /** Length of the oldest message, or -1 if there is none. Reader only, like everything below. */
    int next() {
        for (;;) {
            if (head == tailSeen) {
                tailSeen = (long) POSITION.getAcquire(positions, TAIL);
                if (head == tailSeen) {
                    return -1;
                }
            }
            int index = (int) head & mask;
            int lengthBytes = (int) INT.get(bytes, index);
            if (lengthBytes != PADDING) {
                return lengthBytes;
            }
            head += bytes.length - index;
        }
    }

    /** Where the oldest message lies in {@link #array}; only after {@link #next} found one. */
    int offset() {
        return ((int) head & mask) + HEADER_BYTES;
    }

    /** The oldest message's number; only after {@link #next} found one. */
    long number() {
        return (long) LONG.get(bytes, ((int) head & mask) + NUMBER_OFFSET);
    }

    /** Gives the oldest message's room back; only after {@link #next} found one. */
    void release() {
        head += space((int) INT.get(bytes, (int) head & mask));
        POSITION.setRelease(positions, HEAD, head);
    }
}
