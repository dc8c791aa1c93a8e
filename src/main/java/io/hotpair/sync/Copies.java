package io.hotpair.sync;

import java.util.Arrays;

/**
 * This board's copies of inputs that wait: on the primary for room, on a standby for their record. None outlives the match window.
 *
 * <pre>
 *            add                    forwarded
 *   ───────────────▶ fresh ───────────────────▶ forwarded ──┐ forwarded again
 *                      │ oldest first             │   ▲─────┘
 *                      └── matched, ordered, expired ──▶ free
 * </pre>
 */
final class Copies {
    static final int NONE = -1;

    private final int capacity;
    private final byte[] bytes;
    final int[] port;
    final long[] source;
    final long[] sequence;
    final long[] key;
    final int[] lengthBytes;
    final long[] arrivedNs;
    final long[] forwardedNs;
    /** Two rings through the places {@code capacity} (fresh) and {@code capacity + 1} (forwarded), oldest first. */
    private final int[] after;
    private final int[] before;
    private final int[] bucket;
    private final int[] nextInBucket;
    private final int bucketMask;
    private int free;
    private int size;

    Copies(int capacity) {
        this.capacity = capacity;
        bytes = new byte[capacity * Record.PAYLOAD_MAX_BYTES];
        port = new int[capacity];
        source = new long[capacity];
        sequence = new long[capacity];
        key = new long[capacity];
        lengthBytes = new int[capacity];
        arrivedNs = new long[capacity];
        forwardedNs = new long[capacity];
        after = new int[capacity + 2];
        before = new int[capacity + 2];
        int buckets = Integer.highestOneBit(Math.max(2, capacity)) << 1;
        bucketMask = buckets - 1;
        bucket = new int[buckets];
        nextInBucket = new int[capacity];
        Arrays.fill(bucket, NONE);
        for (int i = 0; i < capacity; i++) {
            after[i] = i + 1 < capacity ? i + 1 : NONE;
        }
        for (int ring = capacity; ring < capacity + 2; ring++) {
            after[ring] = ring;
            before[ring] = ring;
        }
    }

    int size() {
        return size;
    }

    byte[] buffer() {
        return bytes;
    }

    int offset(int copy) {
        return copy * Record.PAYLOAD_MAX_BYTES;
    }

    boolean numbered(int copy) {
        return sequence[copy] != GroupSync.NO_SEQUENCE;
    }

    /** Keeps a copy; returns whether there was room. */
    boolean add(int ofPort, long ofSource, long ofSequence, long ofKey, byte[] buffer, int offset, int length, long atNs) {
        if (size == capacity) {
            return false;
        }
        int i = free;
        free = after[i];
        size++;
        port[i] = ofPort;
        source[i] = ofSource;
        sequence[i] = ofSequence;
        key[i] = ofKey;
        lengthBytes[i] = length;
        arrivedNs[i] = atNs;
        forwardedNs[i] = atNs;
        System.arraycopy(buffer, offset, bytes, offset(i), length);
        link(i, capacity);
        int b = (int) ofKey & bucketMask;
        nextInBucket[i] = bucket[b];
        bucket[b] = i;
        return true;
    }

    /** Oldest of the copies that were not forwarded yet, or NONE. */
    int oldestFresh() {
        return after[capacity] == capacity ? NONE : after[capacity];
    }

    /** The copy whose last forwarding is longest ago, or NONE. */
    int oldestForwarded() {
        return after[capacity + 1] == capacity + 1 ? NONE : after[capacity + 1];
    }

    void onForwarded(int copy, long nowNs) {
        forwardedNs[copy] = nowNs;
        unlink(copy);
        link(copy, capacity + 1);
    }

    void remove(int copy) {
        int b = (int) key[copy] & bucketMask;
        if (bucket[b] == copy) {
            bucket[b] = nextInBucket[copy];
        } else {
            int at = bucket[b];
            while (nextInBucket[at] != copy) {
                at = nextInBucket[at];
            }
            nextInBucket[at] = nextInBucket[copy];
        }
        unlink(copy);
        after[copy] = free;
        free = copy;
        size--;
    }

    /** The copy of this key that came first, or NONE. */
    int oldest(long ofKey) {
        int found = NONE;
        for (int i = bucket[(int) ofKey & bucketMask]; i != NONE; i = nextInBucket[i]) {
            found = key[i] == ofKey ? i : found; // a bucket runs from the newest to the oldest
        }
        return found;
    }

    /** How many copies of the same key came before this one, itself included. */
    int occurrence(int copy) {
        int count = 1;
        for (int i = nextInBucket[copy]; i != NONE; i = nextInBucket[i]) {
            count += key[i] == key[copy] ? 1 : 0;
        }
        return count;
    }

    private void link(int i, int ring) {
        int last = before[ring];
        before[i] = last;
        after[i] = ring;
        after[last] = i;
        before[ring] = i;
    }

    private void unlink(int i) {
        after[before[i]] = after[i];
        before[after[i]] = before[i];
    }
}
