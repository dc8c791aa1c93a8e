package io.hotpair.lab;

/** Told how a drill goes on; called on the drill's thread, must return at once. */
public interface DrillObserver {
    /** What is being done, in words; {@code done} of {@code total} faults are judged. */
    void step(String what, int done, int total);

    /** A fault was judged. */
    void judged(DrillRun run);
}
