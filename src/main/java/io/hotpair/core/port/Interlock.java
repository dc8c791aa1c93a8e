package io.hotpair.core.port;

/** The cross-coupled output enable between the boards, read back. */
public interface Interlock {
    /** Whether the wired latch grants this board the outputs. Always true where no interlock is wired. */
    boolean granted();
}
