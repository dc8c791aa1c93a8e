package io.hotpair.task.host;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Outputs between the task that made them and the replication that takes them, in one preallocated ring of bytes. Those of a record are staged, and
 * can be taken once the record was executed whole: what a task made before it failed in the middle must not leave, for the record is executed
 * again. One thread.
 *
 * <pre>
 *  offset  an entry, aligned to 8; it may run over the end of the ring
 *       0  u32 length, 4 u32 port
 *       8  u64 index of the record
 *      16  the bytes
 * </pre>
 */
final class OutputQueue {
    private static final int HEADER_BYTES = 16;
    /** Room that the longest output takes. */
    static final int ENTRY_MAX_BYTES = HEADER_BYTES + HostSettings.PAYLOAD_BYTES;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] ring;
    private final int mask;
    private long head;
    private long committed;
    private long tail;

    /** @param capacityBytes a power of two */
    OutputQueue(int capacityBytes) {
        ring = new byte[capacityBytes];
        mask = capacityBytes - 1;
    }

    /** Whether so many outputs fit, each of the longest. */
    boolean hasRoom(int outputs) {
        return ring.length - (tail - head) >= (long) outputs * ENTRY_MAX_BYTES;
    }

    /** Adds one behind the others, not yet to be taken. There is room. */
    void stage(long index, int port, byte[] bytes, int lengthBytes) {
        LONG.set(ring, (int) tail & mask, (long) port << 32 | lengthBytes);
        LONG.set(ring, (int) tail + Long.BYTES & mask, index);
        int at = (int) tail + HEADER_BYTES & mask;
        int first = Math.min(lengthBytes, ring.length - at);
        System.arraycopy(bytes, 0, ring, at, first);
        System.arraycopy(bytes, first, ring, 0, lengthBytes - first);
        tail += entryBytes(lengthBytes);
    }

    /** What is staged can be taken. */
    void commit() {
        committed = tail;
    }

    /** What is staged never was. */
    void rollback() {
        tail = committed;
    }

    /** Nothing waits, nothing is staged. */
    void clear() {
        head = tail;
        committed = tail;
    }

    boolean waits() {
        return head != committed;
    }

    long index() {
        return (long) LONG.get(ring, (int) head + Long.BYTES & mask);
    }

    int port() {
        return (int) (word() >>> 32);
    }

    /** Copies the bytes of the oldest; returns their number. */
    int copy(byte[] destination, int offset) {
        int lengthBytes = (int) word();
        int at = (int) head + HEADER_BYTES & mask;
        int first = Math.min(lengthBytes, ring.length - at);
        System.arraycopy(ring, at, destination, offset, first);
        System.arraycopy(ring, 0, destination, offset + first, lengthBytes - first);
        return lengthBytes;
    }

    void take() {
        head += entryBytes((int) word());
    }

    private long word() {
        if (!waits()) {
            throw new IllegalStateException("no output waits");
        }
        return (long) LONG.get(ring, (int) head & mask);
    }

    private static int entryBytes(int lengthBytes) {
        return HEADER_BYTES + (lengthBytes + Long.BYTES - 1 & -Long.BYTES);
    }
}
