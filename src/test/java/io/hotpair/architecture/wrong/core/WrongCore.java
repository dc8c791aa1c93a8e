package io.hotpair.architecture.wrong.core;

import io.hotpair.architecture.wrong.drivers.WrongDriver;
import java.nio.file.Path;

/** Knows a driver (and closes a cycle with it), a file, a thread and a clock. */
public class WrongCore {
    private final Path journal = Path.of("journal");
    private final Thread worker = Thread.currentThread();

    /** Asks the clock itself. */
    public long wakeNs() {
        return System.nanoTime() + worker.threadId() + journal.getNameCount() + new WrongDriver().lengthBytes();
    }
}
