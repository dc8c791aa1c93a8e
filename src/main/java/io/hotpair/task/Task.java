package io.hotpair.task;

import java.nio.ByteBuffer;

/**
 * A user's program for one group. The pair runs one on each board, feeds both the same inputs in the same order, and lets the outputs of one of
 * them leave. So the one thing asked of it is that it be <em>deterministic</em>: what it does follows from its state, the inputs and the times that
 * it is handed, and from nothing else: no clock of its own, no randomness, no thread, no file. One that is not is found out by its digest.
 *
 * <p>All calls come from one thread, one at a time. Buffers are little endian and belong to the caller: they are valid during the call only.
 * Nothing needs to be allocated.
 */
public interface Task {
    /** Looks up ports by their configured names. Called once, before anything else. */
    default void start(Setup setup) { }

    /**
     * The next input.
     *
     * @param port number that {@link Setup#input} gave
     * @param data from position 0 to limit, at most 1400 bytes; read only
     */
    void onInput(int port, ByteBuffer data, Context context);

    /**
     * A tick of the common clock, where {@code [ticks]} are configured. The first one is a tick that was announced to both boards.
     *
     * @param tick its number, the same on both boards; rises by one, or by more where no board led or the task was behind when a tick was due; never
     *     the same twice, whichever board leads
     */
    default void onTick(long tick, Context context) { }

    /** Writes the whole state from the buffer's position on. The buffer holds as much as the configuration allows a state to have. */
    void save(ByteBuffer state);

    /** Replaces the whole state by what {@link #save} wrote, from position 0 to limit. */
    void load(ByteBuffer state);
}
