package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** Files that processes share as memory. They belong on a tmpfs ({@code /run}): a store into a page under write-back may wait for a disk. */
public final class MappedFile {
    private static final int PIECE_BYTES = 64 << 10;

    private MappedFile() {
    }

    /**
     * A new file full of zeros, mapped; one of that name from an earlier run is replaced, and whoever still has the old one mapped keeps it to
     * himself.
     *
     * @param permissions as {@code rw-r-----}
     */
    public static MemorySegment create(Path path, long sizeBytes, String permissions, Arena arena) throws IOException {
        return create(path, sizeBytes, sizeBytes, permissions, arena);
    }

    /** The same with only the first bytes touched; the rest costs memory, and a fault, when it is used. */
    public static MemorySegment create(Path path, long sizeBytes, long touchedBytes, String permissions, Arena arena) throws IOException {
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
        Files.deleteIfExists(path);
        try (FileChannel channel = FileChannel.open(path,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)))) {
            Files.setPosixFilePermissions(path, mode); // what the umask took away
            writeZeros(channel, path, sizeBytes);
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, sizeBytes, arena);
            memory.asSlice(0, touchedBytes).fill((byte) 0); // touched now, so that no later store faults
            return memory;
        }
    }

    /**
     * Written, not just sized: a full file system is an exception here instead of a fatal signal at the first store.
     *
     * @throws IOException that names the file
     */
    public static void writeZeros(FileChannel channel, Path path, long lengthBytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(lengthBytes, PIECE_BYTES)); // the JDK keeps a copy outside the heap for good
        try {
            for (long left = lengthBytes; left > 0; ) {
                zeros.clear().limit((int) Math.min(left, zeros.capacity()));
                left -= channel.write(zeros);
            }
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Looks whether a file that was found is one of those that are shared. */
    @FunctionalInterface
    public interface Check {
        /**
         * @param header its first bytes, as many as were asked for, little endian
         * @param right whether it has the length and begins as a new one does
         * @throws IOException that names the file and the cure
         */
        void check(ByteBuffer header, boolean right) throws IOException;
    }

    /**
     * A file that several processes share, mapped; whoever comes first creates it. It is written under a name of its own, then linked: a link fails
     * if the name is taken, so exactly one wins, and nobody finds it half made.
     *
     * @param header what a new one begins with; zeros follow
     * @param lengthBytes of the whole file
     * @param check told of the file before it is mapped
     * @throws IOException if it cannot be created or opened, or {@code check} says so
     */
    public static MemorySegment share(Path path, ByteBuffer header, int lengthBytes, Check check, Arena arena) throws IOException {
        if (!Files.exists(path)) {
            createUnlessPresent(path, header, lengthBytes);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer found = ByteBuffer.allocate(header.capacity()).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(found, 0);
            check.check(found, Arrays.equals(found.array(), header.array()) && channel.size() == lengthBytes);
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, lengthBytes, arena);
        }
    }

    private static void createUnlessPresent(Path path, ByteBuffer header, int lengthBytes) throws IOException {
        Path own = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid() + "-" + System.nanoTime());
        try {
            Files.write(own, Arrays.copyOf(header.array(), lengthBytes), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.createLink(path, own);
        } catch (FileAlreadyExistsException e) {
            // Another was first: its file is as good.
        } finally {
            Files.deleteIfExists(own);
        }
    }

    /** An existing file, mapped. */
    public static MemorySegment open(Path path, boolean writable, Arena arena) throws IOException {
        Set<StandardOpenOption> options = writable
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
                : Set.of(StandardOpenOption.READ);
        try (FileChannel channel = FileChannel.open(path, options)) {
            return channel.map(writable ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }
}
