package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/** Bases on disk: found, checked, and written to a temporary file that only a rename makes a base. */
final class BaseFile {
    private static final int CHUNK_BYTES = 65_536;

    /** A base whose header is good. */
    record Found(Path path, Position last, long lengthBytes, int contentCrc) {
    }

    private BaseFile() {
    }

    static Path temporary(Path folder) {
        return folder.resolve("base.new");
    }

    /** Bases of a folder with a good header, newest first. */
    static List<Found> find(Disk disk, Path folder) throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path path : disk.list(folder)) {
            if (Format.isBase(path)) {
                Found base = header(disk, path);
                if (base != null) {
                    found.add(base);
                }
            }
        }
        found.sort(Comparator.comparingLong((Found base) -> base.last.index()).thenComparingLong(base -> base.last.term()).reversed());
        return found;
    }

    private static Found header(Disk disk, Path path) throws IOException {
        ByteBuffer header = RecordFormat.buffer(Format.BASE_HEADER_BYTES);
        try (Disk.File file = disk.open(path, false)) {
            int bytes = file.read(header, 0);
            if (bytes >= 10 && header.getLong(0) == Format.BASE_MAGIC && header.getShort(8) > Format.VERSION) {
                throw new Format.NewerVersion(path, header.getShort(8));
            }
            long lengthBytes = header.getLong(40);
            if (bytes < Format.BASE_HEADER_BYTES || header.getLong(0) != Format.BASE_MAGIC
                    || header.getInt(48) != Format.checksum(new CRC32C(), header, 0, 48)
                    || lengthBytes < 0 || lengthBytes > file.sizeBytes() - Format.BASE_HEADER_BYTES) {
                return null;
            }
            return new Found(path, new Position(header.getLong(16), header.getLong(24), header.getLong(32)), lengthBytes, header.getInt(12));
        } catch (NoSuchFileException e) {
            return null; // deleted meanwhile, by another board on a shared volume
        }
    }

    /** Whether the content is what was written. */
    static boolean isWhole(Disk disk, Found base) throws IOException {
        try (Disk.File file = disk.open(base.path, false)) {
            return checksum(file, base.lengthBytes) == base.contentCrc;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static int checksum(Disk.File file, long lengthBytes) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer chunk = RecordFormat.buffer(CHUNK_BYTES);
        for (long at = 0; at < lengthBytes; at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(CHUNK_BYTES, lengthBytes - at));
            if (file.read(chunk, Format.BASE_HEADER_BYTES + at) < chunk.limit()) {
                throw new IOException("the file became shorter");
            }
            chunk.position(0);
            crc.update(chunk);
        }
        return (int) crc.getValue();
    }

    /** A base that is being written; parts come in order. Each call may be repeated after a failure. */
    static final class Writer {
        private final Disk disk;
        private final Path folder;
        final Position last;
        final long lengthBytes;
        private final CRC32C crc = new CRC32C();
        private Disk.File file;
        private long writtenBytes;

        Writer(Disk disk, Path folder, Position last, long lengthBytes) {
            this.disk = disk;
            this.folder = folder;
            this.last = last;
            this.lengthBytes = lengthBytes;
        }

        boolean isComplete() {
            return writtenBytes == lengthBytes;
        }

        /** The bytes from the buffer's position to its limit; what goes beyond the announced length is left out. */
        void part(ByteBuffer source) throws IOException {
            int bytes = (int) Math.min(source.remaining(), lengthBytes - writtenBytes);
            int at = source.position();
            source.limit(at + bytes);
            open().write(source, Format.BASE_HEADER_BYTES + writtenBytes);
            Format.add(crc, source, at, bytes);
            writtenBytes += bytes;
        }

        private Disk.File open() throws IOException {
            if (file == null) {
                disk.delete(temporary(folder));
                file = disk.open(temporary(folder), true);
            }
            return file;
        }

        /** Header, fsync, rename, fsync of the folder: after it the base is there. */
        void finish() throws IOException {
            ByteBuffer header = RecordFormat.buffer(Format.BASE_HEADER_BYTES);
            header.putLong(0, Format.BASE_MAGIC).putShort(8, (short) Format.VERSION).putInt(12, (int) crc.getValue());
            header.putLong(16, last.term()).putLong(24, last.index()).putLong(32, last.digest()).putLong(40, lengthBytes);
            header.putInt(48, Format.checksum(new CRC32C(), header, 0, 48));
            Disk.File open = open();
            open.write(header, 0);
            open.force();
            disk.move(temporary(folder), Format.basePath(folder, last.term(), last.index()));
            disk.syncFolder(folder);
            open.close();
        }

        /** Gives it up. */
        void abandon() throws IOException {
            if (file != null) {
                file.close();
                disk.delete(temporary(folder));
            }
        }
    }
}
