package io.hotpair.sync;

import java.util.Arrays;

/**
 * Exactly once: which sequences of which sources have been ordered. It follows from the records alone, so it is the same on both boards at the same
 * index, and it travels in front of the task's state in a snapshot.
 *
 * <p>For each source the highest sequence and a window of {@value #WINDOW} bits below it; what lies below the window counts as ordered. A new source
 * takes the place of the one that has been quiet for most records; that one's old inputs could be ordered again.
 */
final class SourceTable {
    /** Sequences of a source that may overtake each other. */
    static final int WINDOW = 1024;
    /** Bytes in front of the sources. */
    static final int HEADER_BYTES = 8;
    /** Bytes of one source: port, source, highest sequence, window. */
    static final int ENTRY_BYTES = 24 + WINDOW / 8;
    private static final int WORDS = WINDOW / 64;
    private static final int NONE = -1;

    private final int capacity;
    private final int bucketMask;
    private final int[] bucket;
    private final int[] nextInBucket;
    private final int[] port;
    private final long[] source;
    private final long[] highest;
    private final long[] bits;
    /** Order of use, a ring through the place behind the last: its {@code newer} is the one quiet for longest. */
    private final int[] newer;
    private final int[] older;
    private int size;
    private long forgotten;

    SourceTable(int capacity) {
        this.capacity = capacity;
        int buckets = Integer.highestOneBit(Math.max(2, capacity)) << 2;
        bucketMask = buckets - 1;
        bucket = new int[buckets];
        nextInBucket = new int[capacity];
        port = new int[capacity];
        source = new long[capacity];
        highest = new long[capacity];
        bits = new long[capacity * WORDS];
        newer = new int[capacity + 1];
        older = new int[capacity + 1];
        clear();
    }

    void clear() {
        Arrays.fill(bucket, NONE);
        size = 0;
        newer[capacity] = capacity;
        older[capacity] = capacity;
    }

    int size() {
        return size;
    }

    /** Sources that were forgotten for new ones, since the start. */
    long forgotten() {
        return forgotten;
    }

    /** Whether the sequence was ordered. */
    boolean known(int ofPort, long ofSource, long sequence) {
        int i = find(ofPort, ofSource);
        if (i == NONE || sequence > highest[i]) {
            return false;
        }
        return highest[i] - sequence >= WINDOW || (bits[word(i, sequence)] & bit(sequence)) != 0;
    }

    /** The sequence is ordered. */
    void add(int ofPort, long ofSource, long sequence) {
        int i = find(ofPort, ofSource);
        if (i == NONE) {
            i = insert(ofPort, ofSource, sequence);
        } else {
            unlink(i);
            link(i);
        }
        if (sequence > highest[i]) {
            long clearFrom = Math.max(highest[i] + 1, sequence - WINDOW + 1);
            for (long s = clearFrom; s < sequence; s++) {
                bits[word(i, s)] &= ~bit(s);
            }
            highest[i] = sequence;
        }
        if (highest[i] - sequence < WINDOW) {
            bits[word(i, sequence)] |= bit(sequence);
        }
    }

    private int insert(int ofPort, long ofSource, long sequence) {
        int i;
        if (size < capacity) {
            i = size++;
        } else {
            i = newer[capacity];
            removeFromBucket(i);
            unlink(i);
            forgotten++;
        }
        port[i] = ofPort;
        source[i] = ofSource;
        highest[i] = sequence;
        Arrays.fill(bits, i * WORDS, (i + 1) * WORDS, 0);
        int b = hash(ofPort, ofSource);
        nextInBucket[i] = bucket[b];
        bucket[b] = i;
        link(i);
        return i;
    }

    private void removeFromBucket(int i) {
        int b = hash(port[i], source[i]);
        if (bucket[b] == i) {
            bucket[b] = nextInBucket[i];
            return;
        }
        int at = bucket[b];
        while (nextInBucket[at] != i) {
            at = nextInBucket[at];
        }
        nextInBucket[at] = nextInBucket[i];
    }

    private void link(int i) {
        int last = older[capacity];
        older[i] = last;
        newer[i] = capacity;
        newer[last] = i;
        older[capacity] = i;
    }

    private void unlink(int i) {
        newer[older[i]] = newer[i];
        older[newer[i]] = older[i];
    }

    private int find(int ofPort, long ofSource) {
        int i = bucket[hash(ofPort, ofSource)];
        while (i != NONE && (source[i] != ofSource || port[i] != ofPort)) {
            i = nextInBucket[i];
        }
        return i;
    }

    private int hash(int ofPort, long ofSource) {
        return (int) Digest64.mix(ofSource, ofPort) & bucketMask;
    }

    private static int word(int i, long sequence) {
        return i * WORDS + ((int) (sequence & WINDOW - 1) >>> 6);
    }

    private static long bit(long sequence) {
        return 1L << (sequence & 63);
    }

    // ---- in a snapshot ----

    int savedBytes() {
        return HEADER_BYTES + size * ENTRY_BYTES;
    }

    static int savedBytes(int sources) {
        return HEADER_BYTES + sources * ENTRY_BYTES;
    }

    /** Writes all sources, the one quiet for longest first: the order of use is part of the state. */
    void save(byte[] buffer, int offset) {
        Bytes.putLong(buffer, offset, size);
        int at = offset + HEADER_BYTES;
        for (int i = newer[capacity]; i != capacity; i = newer[i]) {
            Bytes.putLong(buffer, at, port[i]);
            Bytes.putLong(buffer, at + 8, source[i]);
            Bytes.putLong(buffer, at + 16, highest[i]);
            for (int w = 0; w < WORDS; w++) {
                Bytes.putLong(buffer, at + 24 + 8 * w, bits[i * WORDS + w]);
            }
            at += ENTRY_BYTES;
        }
    }

    /** Whether {@code buffer[offset, offset + lengthBytes)} is what {@link #save} of a table of this capacity may have written. */
    boolean readable(byte[] buffer, int offset, int lengthBytes) {
        if (lengthBytes < HEADER_BYTES) {
            return false;
        }
        long count = Bytes.getLong(buffer, offset);
        return count >= 0 && count <= capacity && lengthBytes == HEADER_BYTES + count * ENTRY_BYTES;
    }

    /** Replaces everything by what {@link #save} wrote and {@link #readable} found good. */
    void load(byte[] buffer, int offset) {
        clear();
        int count = (int) Bytes.getLong(buffer, offset);
        int at = offset + HEADER_BYTES;
        for (int n = 0; n < count; n++) {
            int i = insert((int) Bytes.getLong(buffer, at), Bytes.getLong(buffer, at + 8), Bytes.getLong(buffer, at + 16));
            for (int w = 0; w < WORDS; w++) {
                bits[i * WORDS + w] = Bytes.getLong(buffer, at + 24 + 8 * w);
            }
            at += ENTRY_BYTES;
        }
    }
}
