package io.hotpair.architecture.wrong.sync;

import io.hotpair.architecture.wrong.core.WrongCore;
import java.nio.file.Path;

/** Knows the core itself instead of its ports, a file, a thread and a clock. */
public class WrongSync {
    private final Path journal = Path.of("journal");
    private final Thread writer = Thread.currentThread();

    /** Asks the clock itself. */
    public long nowNs() {
        return System.nanoTime() + writer.threadId() + journal.getNameCount() + new WrongCore().wakeNs();
    }
}
