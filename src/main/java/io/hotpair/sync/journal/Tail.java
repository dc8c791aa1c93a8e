package io.hotpair.sync.journal;

import java.nio.ByteBuffer;

/** The newest records of the peer's reign, kept in memory: those that it had not written yet when it died must be written by its successor. */
final class Tail {
    private final ByteRing ring;
    private final RecordFormat format;
    private long newestIndex;

    Tail(RecordFormat format, int bytes) {
        this.format = format;
        ring = new ByteRing(bytes);
    }

    void add(ByteBuffer record, int offset, int lengthBytes) {
        long index = format.index(record, offset);
        if (index != newestIndex + 1) {
            clear();
        }
        while (!ring.offer(1, record, offset, lengthBytes, 0)) {
            ring.peek();
            ring.take(); // the oldest makes room
        }
        newestIndex = index;
    }

    void clear() {
        while (ring.peek() != ByteRing.NOTHING) {
            ring.take();
        }
    }

    /** The oldest record's index, or 0 if there is none; it is at {@link #offset} of {@link #buffer} until {@link #drop}. */
    long oldestIndex() {
        return ring.peek() == ByteRing.NOTHING ? 0 : format.index(ring.buffer(), ring.offset());
    }

    ByteBuffer buffer() {
        return ring.buffer();
    }

    int offset() {
        return ring.offset();
    }

    int lengthBytes() {
        return ring.lengthBytes();
    }

    void drop() {
        ring.take();
    }
}
