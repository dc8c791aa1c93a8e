package io.hotpair.sync.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * What recovery found, for whoever replays it: the base whole in memory outside the heap, the records through a ring that the writing thread fills.
 * {@link #close} gives the memory back, once the caller has gone on to something new.
 */
final class ReplayFeed {
    private static final int RING_BYTES = 256 << 10;
    private static final int RECORD = 1;
    private static final int CHUNK_BYTES = 65_536;

    private final Disk disk;
    private final RecordFormat format;
    private final BaseFile.Found base;
    private final List<Run.Piece> pieces;
    private final long firstIndex;
    private final long records;
    private final ByteRing ring = new ByteRing(RING_BYTES);
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state;

    private SegmentReader reader;
    private int piece;
    private boolean pieceOpen;
    private boolean pending;
    private volatile boolean handedOver;
    private long delivered;

    ReplayFeed(Disk disk, RecordFormat format, LogScan.Result found) throws IOException {
        this.disk = disk;
        this.format = format;
        base = found.base();
        pieces = found.run() == null ? List.of() : found.run().pieces();
        firstIndex = base == null ? 1 : base.last().index() + 1;
        records = found.run() == null ? 0 : Math.max(0, found.last().index() - firstIndex + 1);
        state = arena.allocate(Math.max(1, baseLengthBytes()));
        try {
            loadState();
        } catch (IOException e) {
            arena.close();
            throw e;
        }
    }

    private void loadState() throws IOException {
        if (base == null) {
            return;
        }
        try (Disk.File file = disk.open(base.path(), false)) {
            for (long at = 0; at < base.lengthBytes(); at += CHUNK_BYTES) {
                long bytes = Math.min(CHUNK_BYTES, base.lengthBytes() - at);
                if (file.read(state.asSlice(at, bytes).asByteBuffer(), Format.BASE_HEADER_BYTES + at) < bytes) {
                    throw new IOException(base.path() + " became shorter");
                }
            }
        }
    }

    long baseLengthBytes() {
        return base == null ? 0 : base.lengthBytes();
    }

    long baseIndex() {
        return base == null ? 0 : base.last().index();
    }

    void copyBase(long position, byte[] destination, int offset, int lengthBytes) {
        MemorySegment.copy(state, ValueLayout.JAVA_BYTE, position, destination, offset, lengthBytes);
    }

    /** Writing thread: puts more into the ring. @return whether all is in */
    boolean pump() throws IOException {
        if (!handedOver && pumpRecords()) {
            reader = null;
            handedOver = true;
        }
        return handedOver;
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

    /** Consumer's thread: copies the next record; its length, 0 behind the last, -1 while it is not read yet. Allocates nothing. */
    int next(byte[] destination, int offset) {
        boolean all = handedOver; // before the ring is looked at
        if (ring.peek() == ByteRing.NOTHING) {
            return all ? 0 : -1;
        }
        int bytes = ring.lengthBytes();
        ring.buffer().get(ring.offset(), destination, offset, bytes);
        ring.take();
        delivered++;
        return bytes;
    }

    /** Consumer's thread: how many of the records were handed out, 0 to 1000. */
    int permille() {
        return records == 0 ? 1000 : (int) (delivered * 1000 / records);
    }

    /** Writing thread, when the consumer is done with it. */
    void close() {
        reader = null;
        arena.close();
    }
}
