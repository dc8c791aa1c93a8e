package io.hotpair.lab;

import java.io.IOException;

/**
 * One end of a wired line: a pseudo-terminal whose slave a node opens like any serial device and whose master the relay holds.
 */
final class PseudoTerminal implements AutoCloseable {
    private final LinuxCalls linux = new LinuxCalls();
    private final int master;
    private final int slave;
    private final String path;

    PseudoTerminal() throws IOException {
        master = linux.openMaster();
        path = linux.slaveName(master);
        // Kept open: without any opener of the slave the master reads an error instead of waiting, and the raw mode is forgotten.
        slave = linux.openTerminal(path);
        linux.makeRaw(slave);
    }

    /** The device that a node opens. */
    String path() {
        return path;
    }

    /** The relay's non-blocking end. */
    int master() {
        return master;
    }

    /** Forgets what arrived at the board and was not read, as a switched-off UART does. Not for concurrent use. */
    void forgetUnread() throws IOException {
        linux.flushInput(slave);
    }

    @Override
    public void close() {
        linux.close(slave);
        linux.close(master);
    }
}
