package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads base and records that recovery found and hands them over through a ring; writing thread on one end, the consumer's on the other. */
final class ReplayFeed {
    private static final int RING_BYTES = 256 << 10;
    private static final int PART_BYTES = 8192;
    private static final int BASE = 1;
    private static final int PART = 2;
    private static final int RECORD = 3;
    private static final int BASE_MESSAGE_BYTES = 32;
    /** What a record counts in the progress, beside a byte of the base. */
    private static final long RECORD_WEIGHT = 100;

    private final Disk disk;
    private final RecordFormat format;
    private final BaseFile.Found base;
    private final List<Run.Piece> pieces;
    private final long firstIndex;
    private final long total;
    private final ByteRing ring = new ByteRing(RING_BYTES);
    private final byte[] taken = new byte[Format.MOST_RECORD_BYTES];
    private final ByteBuffer chunk = RecordFormat.buffer(PART_BYTES);

    private SegmentReader reader;
    private Disk.File baseFile;
    private boolean baseAnnounced;
    private long baseAt;
    private int piece;
    private boolean pieceOpen;
    private boolean pending;
    private volatile boolean handedOver;
    private long delivered;

    ReplayFeed(Disk disk, RecordFormat format, LogScan.Result found) {
        this.disk = disk;
        this.format = format;
        base = found.base();
        pieces = found.run() == null ? List.of() : found.run().pieces();
        firstIndex = base == null ? 1 : base.last().index() + 1;
        long records = found.run() == null ? 0 : Math.max(0, found.last().index() - firstIndex + 1);
        total = (base == null ? 0 : base.lengthBytes()) + records * RECORD_WEIGHT;
    }

    /** Writing thread: puts more into the ring. @return whether all is in */
    boolean pump() throws IOException {
        if (!handedOver && pumpBase() && pumpRecords()) {
            close();
            handedOver = true;
        }
        return handedOver;
    }

    private boolean pumpBase() throws IOException {
        if (base == null) {
            return true;
        }
        if (!baseAnnounced) {
            chunk.putLong(0, base.last().term()).putLong(8, base.last().index()).putLong(16, base.last().digest()).putLong(24, base.lengthBytes());
            if (!ring.offer(BASE, chunk, 0, BASE_MESSAGE_BYTES, 0)) {
                return false;
            }
            baseAnnounced = true;
        }
        while (baseAt < base.lengthBytes()) {
            if (baseFile == null) {
                baseFile = disk.open(base.path(), false);
            }
            int bytes = (int) Math.min(PART_BYTES, base.lengthBytes() - baseAt);
            chunk.clear().limit(bytes);
            baseFile.read(chunk, Format.BASE_HEADER_BYTES + baseAt);
            chunk.clear();
            if (!ring.offer(PART, chunk, 0, bytes, 0)) {
                return false;
            }
            baseAt += bytes;
        }
        return true;
    }

    private boolean pumpRecords() throws IOException {
        for (; piece < pieces.size(); piece++, pieceOpen = false) {
            Run.Piece now = pieces.get(piece);
            if (now.lastIndex() >= firstIndex && !pumpPiece(now)) {
                return false;
            }
        }
        return true;
    }

    private boolean pumpPiece(Run.Piece now) throws IOException {
        if (!pieceOpen) {
            if (reader == null) {
                reader = new SegmentReader(disk);
            }
            String bad = reader.load(now.file(), now.segment());
            if (bad != null) {
                throw new IOException(now.file() + " became unreadable: " + bad);
            }
            reader.seek(now.offset());
            pieceOpen = true;
            pending = false;
        }
        while (true) {
            if (!pending && reader.next() != Format.RECORD) {
                throw new IOException(now.file() + " became unreadable at offset " + reader.frameOffset());
            }
            pending = true;
            long index = format.index(reader.buffer(), reader.contentOffset());
            if (index >= firstIndex && !ring.offer(RECORD, reader.buffer(), reader.contentOffset(), reader.contentBytes(), 0)) {
                return false;
            }
            pending = false;
            if (index == now.lastIndex()) {
                return true;
            }
        }
    }

    /** Consumer's thread: at most {@code limit} messages; allocates nothing. @return how many were taken */
    int deliver(Replay consumer, int limit) {
        int count = 0;
        for (int type = ring.peek(); count < limit && type != ByteRing.NOTHING; type = ring.peek()) {
            int at = ring.offset();
            int bytes = ring.lengthBytes();
            ByteBuffer from = ring.buffer();
            if (type == BASE) {
                if (!consumer.base(from.getLong(at), from.getLong(at + 8), from.getLong(at + 16), from.getLong(at + 24))) {
                    break;
                }
            } else {
                from.get(at, taken, 0, bytes);
                if (!(type == PART ? consumer.part(taken, 0, bytes) : consumer.record(taken, 0, bytes))) {
                    break;
                }
                delivered += type == PART ? bytes : RECORD_WEIGHT;
            }
            ring.take();
            count++;
        }
        return count;
    }

    /** Consumer's thread: whether everything was taken. */
    boolean isOver() {
        return handedOver && ring.isEmpty();
    }

    /** Consumer's thread: 0 to 1000. */
    int permille() {
        return total == 0 ? 1000 : (int) (delivered * 1000 / total);
    }

    /** Writing thread. */
    void close() throws IOException {
        if (baseFile != null) {
            baseFile.close();
            baseFile = null;
        }
        reader = null;
    }
}
