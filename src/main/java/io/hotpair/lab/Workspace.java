package io.hotpair.lab;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** The directories of one demonstration; closing removes them. */
public final class Workspace implements AutoCloseable {
    /** Memory-backed on every Linux: mapped files there never wait for a disk. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private final Path run;
    private volatile boolean keep;

    public Workspace() throws IOException {
        directory = Files.createTempDirectory("hotpair-demo-");
        run = Files.isWritable(SHARED_MEMORY)
                ? Files.createTempDirectory(SHARED_MEMORY, "hotpair-demo-")
                : Files.createDirectory(directory.resolve("run"));
    }

    /** For configuration, key, state and logs. */
    public Path directory() {
        return directory;
    }

    /** For mapped files. */
    public Path run() {
        return run;
    }

    /** Leaves everything where it is. */
    public void keep() {
        keep = true;
    }

    @Override
    public void close() {
        if (!keep) {
            remove(run);
            remove(directory);
        }
    }

    private static void remove(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            if (Files.exists(root)) {
                System.err.println("could not remove " + root + ": " + e.getMessage());
            }
        }
    }
}
