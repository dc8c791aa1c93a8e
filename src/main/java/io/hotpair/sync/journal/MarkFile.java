package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

import io.hotpair.sync.port.JournalPort;

/**
 * The mark, kept twice: each is written to one slot and fsynced, then to the other. A power cut in the middle of the first leaves the mark before,
 * which is right, because the new one was not reported yet; a slot that rots later leaves the same mark in the other.
 */
final class MarkFile {
    static final int SLOTS = 2;
    static final int SLOT_STRIDE_BYTES = 4096;
    static final int SLOT_BYTES = 44;

    private final Disk disk;
    private final Path path;
    private final ByteBuffer slot = RecordFormat.buffer(SLOT_BYTES);
    private final CRC32C crc = new CRC32C();
    private long generation;
    private int mark;
    private long term;
    private long index;

    MarkFile(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    int mark() {
        return mark;
    }

    long term() {
        return term;
    }

    long index() {
        return index;
    }

    /**
     * Reads the newest whole slot; no mark if there is none.
     *
     * @return what is wrong with it, for a person, or null
     */
    String read() throws IOException {
        generation = 0;
        mark = JournalPort.MARK_NONE;
        int damaged = 0;
        try (Disk.File file = disk.open(path, false)) {
            for (int i = 0; i < SLOTS; i++) {
                slot.clear();
                int bytes = file.read(slot, (long) i * SLOT_STRIDE_BYTES);
                if (bytes == 0 || bytes == SLOT_BYTES && isZero()) {
                    continue;
                }
                if (bytes < SLOT_BYTES || slot.getLong(0) != Format.MARK_MAGIC || slot.getInt(40) != Format.checksum(crc, slot, 0, 40)) {
                    damaged++;
                } else if (slot.getShort(8) > Format.VERSION) {
                    throw new Format.NewerVersion(path, slot.getShort(8));
                } else if (slot.getLong(16) > generation) {
                    generation = slot.getLong(16);
                    mark = slot.getShort(10);
                    term = slot.getLong(24);
                    index = slot.getLong(32);
                }
            }
        } catch (NoSuchFileException e) {
            return null;
        }
        if (damaged == SLOTS || damaged > 0 && generation == 0) {
            return path + ": no slot is whole, so this board does not lead by itself";
        }
        return damaged == 0 ? null : path + ": one of two slots is damaged, the other is used";
    }

    private boolean isZero() {
        for (int i = 0; i < SLOT_BYTES; i++) {
            if (slot.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Writes a mark; it is durable on return. May be repeated after a failure. */
    void write(int newMark, long newTerm, long newIndex) throws IOException {
        try (Disk.File file = disk.open(path, true)) {
            disk.syncFolder(path.getParent());
            for (int i = 0; i < SLOTS; i++) {
                generation++;
                slot.putLong(0, Format.MARK_MAGIC).putShort(8, (short) Format.VERSION).putShort(10, (short) newMark).putInt(12, 0);
                slot.putLong(16, generation).putLong(24, newTerm).putLong(32, newIndex);
                slot.putInt(40, Format.checksum(crc, slot, 0, 40));
                slot.clear();
                file.write(slot, generation % SLOTS * SLOT_STRIDE_BYTES);
                file.force();
            }
        }
        mark = newMark;
        term = newTerm;
        index = newIndex;
    }
}
