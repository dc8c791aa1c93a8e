package io.hotpair.task;

import java.nio.ByteBuffer;

/** What surrounds one call of a task. The same on both boards. */
public interface Context {
    /** Time of this input or tick as the primary stamped it, ns since the pair's task began; never goes back. The only clock of a task. */
    long timeNs();

    /** Number of this input or tick in the order of all, from 1. */
    long index();

    /**
     * Hands out an output. It leaves if this board leads and once its input is committed; the buffer is copied at once.
     *
     * @param port number that {@link Setup#output} gave
     * @param data from its position to its limit, at most 1400 bytes; its position is left as it is
     * @throws IllegalStateException for more outputs in one call than the configuration allows
     */
    void send(int port, ByteBuffer data);
}
