package io.hotpair.lab;

/** Told how a drill goes on; called on the drill's thread, must return at once. */
public interface DrillObserver {
    /** What is being done, in words; {@code done} of {@code total} faults are judged. */
    void step(String what, int done, int total);

    /** What the plant saw of a fault by now broke a promise; the pair is not whole again yet, and {@link #judged} follows. */
    default void breaks(Verdict soFar) { }

    /** A fault was judged. */
    void judged(DrillRun run);
}
