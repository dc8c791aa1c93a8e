package io.hotpair.sync;

/** When an output may leave. */
public enum Commit {
    /** It waits for nothing. */
    ONE,
    /** The record that caused it is held by the standby: survives the loss of one board. */
    BOTH,
    /** The record that caused it is on disk on both boards: survives the loss of both. */
    DURABLE
}
