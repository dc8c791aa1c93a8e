package io.hotpair.sync.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A bounded queue of byte messages from one thread to one other, preallocated outside the heap; neither side blocks or allocates.
 *
 * <p>Agrona's {@code OneToOneRingBuffer} does the same. On JDK 25 its newer releases want {@code --add-opens java.base/jdk.internal.misc} in every
 * command line that starts a node, a test or a tool, and its older ones have the JVM print a warning about {@code sun.misc.Unsafe}. This class does
 * with plain buffers and two positions.
 *
 * <p>A message is (length i32, type i32, bytes), begins on a multiple of 8 and never wraps: what does not fit before the end of the buffer is skipped
 * over with a message of type {@link #PADDING}. Positions rise for ever; each side publishes its own with release and reads the other's with acquire.
 */
final class ByteRing {
    /** {@link #peek}: there is no message. */
    static final int NOTHING = 0;
    private static final int PADDING = -1;
    private static final int HEADER_BYTES = 8;
    private static final VarHandle POSITION = MethodHandles.arrayElementVarHandle(long[].class);
    /** The two positions are in cache lines of their own. */
    private static final int HEAD = 16;
    private static final int TAIL = 48;

    private final ByteBuffer buffer;
    private final int capacityBytes;
    private final long[] positions = new long[64];
    private long headSeen;
    private int peekedBytes;

    /** @param capacityBytes a power of two, at least 1 KiB; the largest message takes at most half of it */
    ByteRing(int capacityBytes) {
        if (Integer.bitCount(capacityBytes) != 1 || capacityBytes < 1024) {
            throw new IllegalArgumentException("ring of " + capacityBytes + " bytes: not a power of two from 1024 on");
        }
        this.capacityBytes = capacityBytes;
        buffer = ByteBuffer.allocateDirect(capacityBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Puts a message in; producer only.
     *
     * @param type above 0
     * @param reserveBytes that must stay free behind it, for messages that matter more
     * @return whether there was room
     */
    boolean offer(int type, byte[] source, int offset, int lengthBytes, int reserveBytes) {
        int start = claim(lengthBytes, reserveBytes);
        if (start < 0) {
            return false;
        }
        buffer.put(start + HEADER_BYTES, source, offset, lengthBytes);
        publish(type, start, lengthBytes);
        return true;
    }

    /** The same with bytes of a buffer, {@code source[offset ...]}. */
    boolean offer(int type, ByteBuffer source, int offset, int lengthBytes, int reserveBytes) {
        int start = claim(lengthBytes, reserveBytes);
        if (start < 0) {
            return false;
        }
        buffer.put(start + HEADER_BYTES, source, offset, lengthBytes);
        publish(type, start, lengthBytes);
        return true;
    }

    /** Where the next message begins in the buffer, or -1. A padding message may have been published by then, which is harmless. */
    private int claim(int lengthBytes, int reserveBytes) {
        int bytes = aligned(lengthBytes);
        if (bytes > capacityBytes / 2) {
            return -1;
        }
        long tail = positions[TAIL];
        int at = (int) tail & capacityBytes - 1;
        int skip = capacityBytes - at < bytes ? capacityBytes - at : 0;
        if (tail + skip + bytes + reserveBytes - headSeen > capacityBytes) {
            headSeen = (long) POSITION.getAcquire(positions, HEAD);
            if (tail + skip + bytes + reserveBytes - headSeen > capacityBytes) {
                return -1;
            }
        }
        if (skip == 0) {
            return at;
        }
        buffer.putInt(at, skip - HEADER_BYTES);
        buffer.putInt(at + 4, PADDING);
        POSITION.setRelease(positions, TAIL, tail + skip);
        return 0;
    }

    private void publish(int type, int start, int lengthBytes) {
        buffer.putInt(start, lengthBytes);
        buffer.putInt(start + 4, type);
        POSITION.setRelease(positions, TAIL, positions[TAIL] + aligned(lengthBytes));
    }

    /** Type of the oldest message or {@link #NOTHING}; consumer only. It is at {@link #offset} of {@link #buffer} until {@link #take}. */
    int peek() {
        while (true) {
            long head = positions[HEAD];
            if (head == (long) POSITION.getAcquire(positions, TAIL)) {
                return NOTHING;
            }
            int at = (int) head & capacityBytes - 1;
            peekedBytes = aligned(buffer.getInt(at));
            int type = buffer.getInt(at + 4);
            if (type != PADDING) {
                return type;
            }
            take();
        }
    }

    ByteBuffer buffer() {
        return buffer;
    }

    int offset() {
        return ((int) positions[HEAD] & capacityBytes - 1) + HEADER_BYTES;
    }

    int lengthBytes() {
        return buffer.getInt((int) positions[HEAD] & capacityBytes - 1);
    }

    void take() {
        POSITION.setRelease(positions, HEAD, positions[HEAD] + peekedBytes);
    }

    /** Whether nothing is in it, as either side sees it. */
    boolean isEmpty() {
        return (long) POSITION.getAcquire(positions, HEAD) == (long) POSITION.getAcquire(positions, TAIL);
    }

    private static int aligned(int lengthBytes) {
        return lengthBytes + HEADER_BYTES + 7 & ~7;
    }
}
