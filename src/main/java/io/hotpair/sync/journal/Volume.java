package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The group's folder on a volume of both boards, and the folders of the reigns in it. An empty folder where the volume is not mounted looks like a
 * new volume; so the volume carries a number, and a board that has seen it once waits for that one.
 */
final class Volume {
    private static final String REIGN = "term-";
    private static final int TERM_DIGITS = 10;
    private static final int ID_BYTES = 8;

    private final Disk disk;
    private final Path folder;
    private final Path local;

    Volume(Disk disk, Path folder, Path local) {
        this.disk = disk;
        this.folder = folder;
        this.local = local;
    }

    Path folder() {
        return folder;
    }

    /** @throws IOException if it is not there, or another than before */
    void check() throws IOException {
        disk.createFolder(local);
        Path copy = local.resolve("volume");
        long known = read(copy);
        long found = read(folder.resolve("volume"));
        if (known != 0 && found != known) {
            throw new IOException(folder + (found == 0 ? ": the shared volume is not mounted there" : ": this is another volume than before")
                    + "; mount it, or delete " + copy + " to begin with what is there");
        }
        if (found == 0) {
            disk.createFolder(folder);
            write(folder.resolve("volume"), new SecureRandom().nextLong() | 1);
        }
    }

    /**
     * Keeps the number of the volume from now on: not before records flow, when two boards that began a new volume at once are long through with it.
     */
    void remember() throws IOException {
        Path copy = local.resolve("volume");
        if (read(copy) == 0) {
            write(copy, read(folder.resolve("volume")));
        }
    }

    private long read(Path path) throws IOException {
        ByteBuffer id = RecordFormat.buffer(ID_BYTES);
        try (Disk.File file = disk.open(path, false)) {
            return file.read(id, 0) == ID_BYTES ? id.getLong(0) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private void write(Path path, long value) throws IOException {
        try (Disk.File file = disk.open(path, true)) {
            file.write(RecordFormat.buffer(ID_BYTES).putLong(0, value), 0);
            file.force();
        }
        disk.syncFolder(path.getParent());
    }

    Path reign(long term) {
        String digits = Long.toString(term);
        return folder.resolve(REIGN + "0".repeat(TERM_DIGITS - digits.length()) + digits);
    }

    Path createReign(long term) throws IOException {
        Path reign = reign(term);
        disk.createFolder(reign);
        disk.syncFolder(folder);
        return reign;
    }

    /** Folders of the reigns before a term, ascending. */
    List<Path> reignsBelow(long term) throws IOException {
        List<Path> reigns = new ArrayList<>();
        for (Path path : disk.list(folder)) {
            String name = path.getFileName().toString();
            if (name.matches(REIGN + "\\d{" + TERM_DIGITS + "}") && Long.parseLong(name.substring(REIGN.length())) < term) {
                reigns.add(path);
            }
        }
        return reigns;
    }
}
