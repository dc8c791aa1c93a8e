package io.hotpair.lab;

/** Whether one of the process's standard descriptors is a terminal, and how large it is. */
public final class TerminalDevice {
    /** Descriptor of the standard output. */
    public static final int STANDARD_OUTPUT = 1;

    private final LinuxCalls linux = new LinuxCalls();
    private final int fd;

    /** @param fd the descriptor, for instance {@link #STANDARD_OUTPUT} */
    public TerminalDevice(int fd) {
        this.fd = fd;
    }

    /** Whether it is a terminal at all. */
    public boolean present() {
        return linux.isTerminal(fd);
    }

    /** Width in characters; 0 if unknown. */
    public int columns() {
        return linux.windowSize(fd) & 0xFFFF;
    }

    /** Height in lines; 0 if unknown. */
    public int rows() {
        return linux.windowSize(fd) >>> 16;
    }
}
