package io.hotpair.node;

import io.hotpair.drivers.linux.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * Files that others find by their names only: asked every second whether these still lead to what they led to at first, and whether that is still
 * as long, which allocates nothing.
 */
final class NamedFiles {
    private final Libc libc;
    private final MemorySegment found;
    private final MemorySegment[] names;
    private final long[] inodes;
    private final long[] sizesBytes;
    private final String trouble;

    /**
     * @param arena stays open as long as {@link #trouble()} is called
     * @param trouble what to say when one of the files is gone, another one, or shorter
     */
    NamedFiles(Arena arena, String trouble, Path... files) {
        libc = new Libc(arena);
        found = arena.allocate(Libc.STATX_BYTES, Long.BYTES);
        names = new MemorySegment[files.length];
        inodes = new long[files.length];
        sizesBytes = new long[files.length];
        for (int i = 0; i < files.length; i++) {
            names[i] = arena.allocateFrom(files[i].toString());
            if (libc.statx(names[i], found) == 0) {
                inodes[i] = found.get(ValueLayout.JAVA_LONG, Libc.STATX_INODE_AT);
                sizesBytes[i] = found.get(ValueLayout.JAVA_LONG, Libc.STATX_SIZE_AT);
            }
        }
        this.trouble = trouble;
    }

    /** What is wrong now, or null. */
    synchronized String trouble() {
        for (int i = 0; i < names.length; i++) {
            if (libc.statx(names[i], found) != 0
                    || found.get(ValueLayout.JAVA_LONG, Libc.STATX_INODE_AT) != inodes[i]
                    || found.get(ValueLayout.JAVA_LONG, Libc.STATX_SIZE_AT) < sizesBytes[i]) {
                return trouble;
            }
        }
        return null;
    }
}
