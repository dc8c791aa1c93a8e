package io.hotpair.node;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Makes the folders that a node writes in, and has the words for what keeps it from doing so. */
final class Folder {
    private static final String FULL = "No space left on device";

    private Folder() {
    }

    /**
     * The folder, made if it is not there.
     *
     * @param key in the table [pair], for the message
     * @throws StartException naming the path, the reason and the cure
     */
    static Path make(String key, Path path) throws StartException {
        try {
            Files.createDirectories(path);
            if (!Files.isWritable(path)) {
                throw new AccessDeniedException(path.toString());
            }
            return path;
        } catch (IOException e) {
            throw new StartException("pair." + key + ": cannot write in " + path + " (" + reason(e) + "): make a folder there that this user may"
                    + " write in, or name another one", e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException file -> file.getFile() + " is no folder";
            case NoSuchFileException missing -> missing.getFile() + " cannot be made";
            case FileSystemException other -> other.getFile() + ": " + other.getReason();
            default -> e.getMessage();
        };
    }

    /** The message, with what helps where a file system is full. */
    static String withCure(String message) {
        return message != null && message.contains(FULL) ? message + ": make room there, or name another run-dir or state-dir" : message;
    }
}
