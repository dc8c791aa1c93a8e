package io.hotpair.lab;

import io.hotpair.node.status.ProcessMark;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directories of one demonstration; closing removes them. What a demonstration left that was killed is removed by the next one of the same
 * user: the name of a directory carries the process id of its owner and when that process started.
 */
public final class Workspace implements AutoCloseable {
    private static final int ATTEMPTS = 20;
    private static final long BETWEEN_ATTEMPTS_NS = 50_000_000;
    /** Memory-backed on every Linux: mapped files there never wait for a disk. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Pattern NAME = Pattern.compile("hotpair-demo-(\\d{1,18})-(\\d{1,18})-.*");
    private static final String KEPT = "kept";

    private final Path directory;
    private final Path run;
    private volatile boolean keep;

    public Workspace() throws IOException {
        this(Path.of(System.getProperty("java.io.tmpdir")), SHARED_MEMORY);
    }

    Workspace(Path temporary, Path sharedMemory) throws IOException {
        boolean shared = Files.isWritable(sharedMemory);
        ProcessMark owner = ProcessMark.current();
        String prefix = "hotpair-demo-" + owner.pid() + '-' + owner.startTicks() + '-';
        directory = Files.createTempDirectory(temporary, prefix);
        run = shared ? Files.createTempDirectory(sharedMemory, prefix) : Files.createDirectory(directory.resolve("run"));
        UserPrincipal user = Files.getOwner(directory);
        removeLeftovers(temporary, user);
        if (shared) {
            removeLeftovers(sharedMemory, user);
        }
    }

    /** For configuration, key, state and logs. */
    public Path directory() {
        return directory;
    }

    /** For mapped files. */
    public Path run() {
        return run;
    }

    /** Leaves everything where it is, now and later. */
    public void keep() throws IOException {
        keep = true;
        Files.createFile(directory.resolve(KEPT));
        if (!run.startsWith(directory)) {
            Files.createFile(run.resolve(KEPT));
        }
    }

    /** By whoever is first: on Ctrl-C two threads come to this. */
    @Override
    public synchronized void close() {
        if (!keep) {
            remove(run);
            remove(directory);
        }
    }

    /** Somebody else's directory is not touched, nor one that was named like this by hand and is a link. */
    private static void removeLeftovers(Path parent, UserPrincipal user) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, "hotpair-demo-*")) {
            for (Path path : found) {
                Matcher name = NAME.matcher(path.getFileName().toString());
                if (name.matches() && !ProcessMark.of(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))).alive()
                        && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)
                        && !Files.exists(path.resolve(KEPT))) {
                    remove(path);
                }
            }
        } catch (IOException e) {
            // Another demonstration cleans up at the same time, or the place cannot be looked through: this one runs all the same.
        }
    }

    /** A process that is just dying may still put a file into it. */
    private static void remove(Path root) {
        IOException trouble = null;
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(root); attempt++) {
            LockSupport.parkNanos(trouble == null ? 0 : BETWEEN_ATTEMPTS_NS);
            trouble = removed(root);
        }
        if (trouble != null) {
            System.err.println("could not remove " + root + ": " + trouble);
        }
    }

    /** Null, or what stood in the way. */
    private static IOException removed(Path root) {
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
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
