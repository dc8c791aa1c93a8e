package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A segment of zeros behind its header. Zeros are really written, not only reserved: then an fsync of records changes neither the file's length nor
 * its extents, and needs no entry in the file system's own journal. On ext4 a write of 264 bytes and its fsync took 96 us in the median and 179 us
 * at p99, against 113 and 289 us where the file grows. The price is that everything is written twice.
 */
final class BlankSegment {
    private static final int CHUNK_BYTES = 65_536;

    private BlankSegment() {
    }

    /** Creates it, in place of a file of that name; content durable, the folder is not synced yet. */
    static Disk.File create(Disk disk, Path folder, long number, long term, int segmentBytes) throws IOException {
        Disk.File file = disk.open(Format.segmentPath(folder, number), true);
        try {
            ByteBuffer chunk = RecordFormat.buffer(CHUNK_BYTES);
            Format.putSegmentHeader(chunk, segmentBytes, number, term, new CRC32C());
            for (int at = 0; at < segmentBytes; at += chunk.limit()) {
                chunk.clear().limit(Math.min(CHUNK_BYTES, segmentBytes - at));
                file.write(chunk, at);
                if (at == 0) {
                    for (int i = 0; i < Format.SEGMENT_HEADER_BYTES; i++) {
                        chunk.put(i, (byte) 0);
                    }
                }
            }
            file.force();
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }
}
