package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** What the journal asks of a file system; a seam, so that a test can fill it, hang it and cut its power. */
interface Disk {
    /** Opens for reading and writing, creating it if asked to. @throws java.nio.file.NoSuchFileException if it is not there */
    File open(Path path, boolean create) throws IOException;

    /** Names in a folder in ascending order; empty if the folder is not there. */
    List<Path> list(Path folder) throws IOException;

    void createFolder(Path folder) throws IOException;

    /** Renames within the file system, replacing what has that name. */
    void move(Path from, Path to) throws IOException;

    /** Deletes a file or an empty folder; nothing happens if it is not there. */
    void delete(Path path) throws IOException;

    /** Makes creations, renames and deletions in the folder durable. */
    void syncFolder(Path folder) throws IOException;

    /** Takes the lock on a file, creating it; null if somebody has it. Closing the answer releases it. */
    AutoCloseable lock(Path path) throws IOException;

    /** An open file. */
    interface File extends AutoCloseable {
        /** Writes everything from the buffer's position to its limit. */
        void write(ByteBuffer source, long position) throws IOException;

        /** Reads up to the buffer's limit; fewer bytes only at the end of the file. Returns how many. */
        int read(ByteBuffer destination, long position) throws IOException;

        /** Makes the content durable, and the length with it. */
        void force() throws IOException;

        long sizeBytes() throws IOException;

        @Override
        void close() throws IOException;
    }
}
