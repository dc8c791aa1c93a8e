package io.hotpair.sync.port;

/** The way out of one group. The gate is asked inside, with the clock read immediately before the emission. */
public interface OutputPort {
    /** Left. */
    int EMITTED = 0;
    /** The gate is shut: offer it again. */
    int GATE_SHUT = 1;
    /** The driver has no room: offer it again. */
    int BUSY = 2;

    /** Whether an output of this port that the dead primary may not have sent is sent again; if not it is sent at most once. */
    boolean replays(int port);

    /**
     * Emits one output.
     *
     * @param number of the output among all of the group, from 1: a receiver tells a repetition by it
     * @param repetition whether the old primary may have sent it already
     * @return one of the constants
     */
    int emit(int port, long number, boolean repetition, byte[] buffer, int offset, int lengthBytes);
}
