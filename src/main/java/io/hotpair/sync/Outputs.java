package io.hotpair.sync;

/**
 * Outputs of the task that have not left yet or may not have: on the primary until they leave, on a standby until the primary tells that they did.
 * They have numbers 1, 2, 3... in a group, the same on both boards because the task is deterministic.
 */
final class Outputs {
    private final int mask;
    private final byte[] bytes;
    private final long[] index;
    private final int[] port;
    private final int[] length;
    private final long[] position;
    private long first = 1;
    private long next = 1;
    private long writePosition;

    Outputs(int count, int lengthBytes) {
        mask = count - 1;
        bytes = new byte[lengthBytes];
        index = new long[count];
        port = new int[count];
        length = new int[count];
        position = new long[count];
    }

    /** Number of the newest output, 0 before the first. */
    long last() {
        return next - 1;
    }

    boolean isEmpty() {
        return first == next;
    }

    /** Number of the oldest output that is kept; one more than {@link #last} if there is none. */
    long firstNumber() {
        return first;
    }

    long firstIndex() {
        return index[(int) first & mask];
    }

    int firstPort() {
        return port[(int) first & mask];
    }

    int firstLengthBytes() {
        return length[(int) first & mask];
    }

    byte[] buffer() {
        return bytes;
    }

    int firstOffset() {
        return (int) (position[(int) first & mask] % bytes.length);
    }

    /** Where an output of the largest size may be written, or -1 if there is no room. */
    int room() {
        int start = (int) (writePosition % bytes.length);
        long from = start + Record.PAYLOAD_MAX_BYTES <= bytes.length ? writePosition : writePosition + bytes.length - start;
        boolean full = next - first > mask || (first < next && from + Record.PAYLOAD_MAX_BYTES - position[(int) first & mask] > bytes.length);
        if (full) {
            return -1;
        }
        position[(int) next & mask] = from;
        return (int) (from % bytes.length);
    }

    /** The bytes at the place that {@link #room} gave are the next output. */
    void added(long ofIndex, int ofPort, int lengthBytes) {
        int slot = (int) next & mask;
        index[slot] = ofIndex;
        port[slot] = ofPort;
        length[slot] = lengthBytes;
        writePosition = position[slot] + lengthBytes;
        next++;
    }

    void removeFirst() {
        first++;
    }

    /** The task's state was replaced; the next output has the number {@code last + 1}. */
    void reset(long last) {
        first = last + 1;
        next = last + 1;
    }
}
