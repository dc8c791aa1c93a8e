package io.hotpair.drivers.gpio;

import io.hotpair.drivers.linux.MappedFile;
import io.hotpair.drivers.port.LevelOutput;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * An output line, simulated in a mapped file that others may look at. Layout, little endian: u64 magic "HPLINE01", u64 changes of the level so far,
 * whose lowest bit is the level (low at first), u64 when it changed last, monotonic ns.
 */
public final class SimulatedLine implements LevelOutput.Line {
    private static final long MAGIC = 0x3130_454E_494C_5048L; // "HPLINE01"
    private static final long CHANGES_AT = 8;
    private static final long CHANGED_AT = 16;
    private static final int FILE_BYTES = 24;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment file;

    /** The driving end; a file of that name is replaced. */
    public SimulatedLine(Path path) throws IOException {
        file = MappedFile.create(path, FILE_BYTES, "rw-r--r--", arena);
        LONG.setRelease(file, 0L, MAGIC);
    }

    @Override
    public boolean drive(boolean high) {
        long changes = (long) LONG.get(file, CHANGES_AT);
        if ((changes & 1) != (high ? 1 : 0)) {
            LONG.setOpaque(file, CHANGED_AT, System.nanoTime());
            LONG.setRelease(file, CHANGES_AT, changes + 1);
        }
        return true;
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Whether the line in this file is high. */
    public static boolean high(Path path) throws IOException {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment seen = MappedFile.open(path, false, temporary);
            if (seen.byteSize() < FILE_BYTES || (long) LONG.getAcquire(seen, 0L) != MAGIC) {
                throw new IOException(path + " is no simulated line");
            }
            return ((long) LONG.getAcquire(seen, CHANGES_AT) & 1) != 0;
        }
    }
}
