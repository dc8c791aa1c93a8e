package io.hotpair.lab;

/** Told how a drill goes on; called on the drill's thread, must return at once. */
public interface DrillObserver {
    /** What is being done, in words; {@code done} of {@code total} faults are judged. */
    void step(String what, int done, int total);

    /** What the plant saw of a fault by now; bringing the board back takes seconds, then {@link #judged} follows. */
    default void seen(Verdict soFar) { }

    /** A fault was judged. */
    void judged(DrillRun run);
}
