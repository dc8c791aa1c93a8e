package io.hotpair.node;

import io.hotpair.drivers.linux.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Files that others find by their names only: asked every second whether these are still there, which allocates nothing. */
final class NamedFiles {
    private final Libc libc;
    private final MemorySegment[] names;
    private final String trouble;

    /**
     * @param arena stays open as long as {@link #trouble()} is called
     * @param trouble what to say when one of the files is gone
     */
    NamedFiles(Arena arena, String trouble, Path... files) {
        libc = new Libc(arena);
        names = new MemorySegment[files.length];
        for (int i = 0; i < files.length; i++) {
            names[i] = arena.allocateFrom(files[i].toString());
        }
        this.trouble = trouble;
    }

    /** What is wrong now, or null. */
    String trouble() {
        for (MemorySegment name : names) {
            if (!libc.exists(name)) {
                return trouble;
            }
        }
        return null;
    }
}
