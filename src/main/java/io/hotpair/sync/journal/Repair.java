package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What is taken out of a journal is first put, durably, into a file for a person. Each step may be cut off and done again: until the last one the
 * journal still holds what is being taken out.
 */
final class Repair {
    private static final int CHUNK_BYTES = 65_536;

    private final Disk disk;
    private final Path folder;

    Repair(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /**
     * Moves everything from an offset in a segment on into a {@code damaged} file; what is left of the segment is zeros.
     *
     * @param offset 0: the whole segment goes, and an empty one of {@code segmentBytes} takes its place, so that the one before leads to it
     * @return the file, or null if there was nothing but zeros
     */
    Path cutOff(long segment, int offset, int segmentBytes) throws IOException {
        TreeMap<Long, Path> files = LogScan.segmentFiles(disk, folder);
        Path target = unusedName("damaged-" + segment + "-" + offset, ".bin");
        long copied = copyRest(files.tailMap(segment).values(), segment, offset, target);
        for (Path later : files.tailMap(segment, offset == 0).descendingMap().values()) {
            disk.delete(later);
        }
        if (offset > 0 && files.containsKey(segment)) {
            zeroFrom(files.get(segment), offset);
        } else {
            BlankSegment.create(disk, folder, segment, 0, segmentBytes).close();
        }
        disk.syncFolder(folder);
        keepNewest("damaged-", ".bin");
        return copied == 0 ? null : target;
    }

    private long copyRest(Iterable<Path> files, long segment, int offset, Path target) throws IOException {
        ByteBuffer chunk = RecordFormat.buffer(CHUNK_BYTES);
        long written = 0;
        long meant = 0;
        try (Disk.File out = disk.open(target, true)) {
            for (Path path : files) {
                try (Disk.File in = disk.open(path, false)) {
                    int from = Format.segmentNumber(path) == segment ? offset : 0;
                    for (long at = from; ; at += CHUNK_BYTES) {
                        chunk.clear();
                        int bytes = in.read(chunk, at);
                        if (bytes == 0) {
                            break;
                        }
                        int used = withoutZerosAtTheEnd(chunk, bytes);
                        if (used > 0) {
                            chunk.position(0).limit(used);
                            out.write(chunk, meant);
                            written = meant + used;
                        }
                        meant += bytes;
                    }
                }
            }
            out.force();
        }
        if (written == 0) {
            disk.delete(target);
        }
        disk.syncFolder(folder);
        return written;
    }

    private static int withoutZerosAtTheEnd(ByteBuffer chunk, int bytes) {
        int used = bytes;
        while (used > 0 && chunk.get(used - 1) == 0) {
            used--;
        }
        return used;
    }

    private void zeroFrom(Path path, int offset) throws IOException {
        try (Disk.File file = disk.open(path, false)) {
            ByteBuffer header = RecordFormat.buffer(Format.SEGMENT_HEADER_BYTES);
            file.read(header, 0);
            int end = Math.min(header.getInt(12), SegmentReader.MOST_SEGMENT_BYTES);
            ByteBuffer zeros = RecordFormat.buffer(CHUNK_BYTES);
            for (int at = offset; at < end; at += zeros.limit()) {
                zeros.clear().limit(Math.min(CHUNK_BYTES, end - at));
                file.write(zeros, at);
            }
            file.force();
        }
    }

    /**
     * Copies the records above an index into a {@code divergent} file, which has the format of a segment.
     *
     * @return the file, or null if there are none
     */
    Path copyDivergent(Run run, long aboveIndex, RecordFormat format) throws IOException {
        SegmentReader reader = new SegmentReader(disk);
        DivergentWriter out = new DivergentWriter(disk, this);
        for (Run.Piece piece : run.pieces()) {
            if (piece.lastIndex() <= aboveIndex || reader.load(piece.file(), piece.segment()) != null) {
                continue;
            }
            reader.seek(piece.offset());
            for (int kind = reader.next(); kind != Format.END; kind = reader.next()) {
                if (kind != Format.RECORD) {
                    continue;
                }
                long index = format.index(reader.buffer(), reader.contentOffset());
                if (index > aboveIndex && index >= piece.firstIndex()) {
                    out.record(reader, format);
                }
                if (index == piece.lastIndex()) {
                    break;
                }
            }
        }
        Path file = out.finish();
        keepNewest("divergent-", ".journal");
        return file;
    }

    Path folder() {
        return folder;
    }

    Path unusedName(String stem, String suffix) throws IOException {
        List<Path> taken = disk.list(folder);
        Path name = folder.resolve(stem + suffix);
        for (int i = 2; taken.contains(name); i++) {
            name = folder.resolve(stem + "-" + i + suffix);
        }
        return name;
    }

    /** Deletes the oldest beyond the bound; the number or term in the name, then the one behind it, tells the age. */
    void keepNewest(String prefix, String suffix) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : disk.list(folder)) {
            String name = path.getFileName().toString();
            if (name.startsWith(prefix) && name.endsWith(suffix)) {
                files.add(path);
            }
        }
        files.sort((one, other) -> {
            int byFirst = Long.compare(number(one, 1), number(other, 1));
            return byFirst != 0 ? byFirst : Long.compare(number(one, 2), number(other, 2));
        });
        for (int i = 0; i < files.size() - Format.KEPT_FOR_A_PERSON; i++) {
            disk.delete(files.get(i));
        }
    }

    private static long number(Path file, int part) {
        String[] parts = file.getFileName().toString().split("[-.]");
        return part < parts.length && parts[part].matches("\\d{1,18}") ? Long.parseLong(parts[part]) : 0;
    }

    /** Writes records as one segment of the size that they need. */
    private static final class DivergentWriter {
        private static final int GROUP_BYTES = 131_072;
        private final Disk disk;
        private final Repair repair;
        private final ByteBuffer group = RecordFormat.buffer(GROUP_BYTES);
        private final CRC32C crc = new CRC32C();
        private Disk.File file;
        private Path path;
        private int fileOffset = Format.SEGMENT_HEADER_BYTES;
        private int groupBytes;

        DivergentWriter(Disk disk, Repair repair) {
            this.disk = disk;
            this.repair = repair;
        }

        void record(SegmentReader from, RecordFormat format) throws IOException {
            int at = from.contentOffset();
            if (file == null) {
                path = repair.unusedName("divergent-" + format.term(from.buffer(), at) + "-" + format.index(from.buffer(), at), ".journal");
                file = disk.open(path, true);
            }
            int bytes = Format.paddedBytes(from.contentBytes());
            if (groupBytes + bytes > GROUP_BYTES) {
                flush();
            }
            group.put(groupBytes + Format.FRAME_HEADER_BYTES, from.buffer(), at, from.contentBytes());
            groupBytes += Format.sealFrame(group, groupBytes, Format.RECORD, from.contentBytes(), 0, fileOffset + groupBytes, crc);
        }

        private void flush() throws IOException {
            group.clear().limit(groupBytes);
            file.write(group, fileOffset);
            group.clear();
            fileOffset += groupBytes;
            groupBytes = 0;
        }

        Path finish() throws IOException {
            if (file == null) {
                return null;
            }
            flush();
            Format.putSegmentHeader(group, fileOffset, 0, 0, crc);
            group.limit(Format.SEGMENT_HEADER_BYTES);
            file.write(group, 0);
            file.force();
            file.close();
            disk.syncFolder(repair.folder);
            return path;
        }
    }
}
