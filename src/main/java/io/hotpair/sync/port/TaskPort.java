package io.hotpair.sync.port;

/**
 * The task of one group, wherever it runs. Records go in by their index, without gaps; outputs come back in the order in which the task made
 * them. It may run in another process, so an output may come cycles after its record. All calls return at once.
 */
public interface TaskPort {
    /** Kind of a record: an input of the task. */
    int INPUT = 1;
    /** Kind of a record: a tick; {@code port} is 0 and the payload is the tick's number, 8 bytes. */
    int TICK = 2;
    /** Kind of a record: a reign begins. Nothing for the task itself, which is only told by way of the index; its payload is empty. */
    int REIGN = 3;

    /**
     * Whether the task runs. One that failed, or whose process is being started anew, does not; nor has it its state when it runs again: see {@link
     * #loaded}.
     */
    boolean ready();

    /**
     * Executes a record, or queues it.
     *
     * @param index one more than the last
     * @return whether it was taken; if not, the task is busy, not ready or not loaded, and it is to be offered again
     */
    boolean offer(long index, int kind, int port, long timeNs, byte[] buffer, int offset, int lengthBytes);

    /** Index of the newest record that was executed whole; its outputs are all there to be taken. */
    long executedIndex();

    /**
     * Digest over all outputs of the records up to {@link #executedIndex}, and over the task's state as often as that is worked out: both boards
     * have the same for the same index.
     */
    long digest();

    /** Whether an output waits; then {@link #outputIndex} to {@link #copyOutput} describe it until {@link #takeOutput}. */
    boolean outputWaits();

    /** Index of the record that caused the waiting output. */
    long outputIndex();

    /** Output port of the waiting output. */
    int outputPort();

    /** Copies the waiting output to {@code destination[offset...]}; returns its length, at most 1400 bytes. */
    int copyOutput(byte[] destination, int offset);

    /** The waiting output is done with. */
    void takeOutput();

    /** Asks for a snapshot of the state after all records offered so far; a later request replaces an earlier one. */
    void requestSnapshot();

    /** Length of the snapshot that was asked for, bytes; -1 while it is not there yet, -2 if the state is larger than the configured bound. */
    long snapshotLengthBytes();

    /** Index of the last record that the snapshot contains. */
    long snapshotIndex();

    /** What {@link #digest} was when exactly the records up to {@link #snapshotIndex} were executed. */
    long snapshotDigest();

    /** Copies a part of the snapshot. */
    void copySnapshot(long position, byte[] destination, int offset, int lengthBytes);

    /** The snapshot is needed no longer. */
    void releaseSnapshot();

    /** Whether a state may begin to come; if not, because one is just being saved or loaded, it is to be offered again from its beginning. */
    default boolean mayBeginLoad() {
        return true;
    }

    /**
     * A state is about to come; the old one stays in force until {@link #endLoad}. May be called whenever {@link #mayBeginLoad}, also while the task
     * is not ready: a whole state is then loaded as soon as it is. Ends a snapshot.
     */
    void beginLoad(long lengthBytes);

    /** A part of it; parts come in order. */
    void load(byte[] buffer, int offset, int lengthBytes);

    /**
     * It is whole: replace the state. The next record is {@code index + 1}; digest and outputs begin anew from {@code digest}, outputs that wait are
     * dropped. With index 0 the task is put into the state that it is born with, whatever was loaded.
     */
    void endLoad(long index, long digest);

    /**
     * Whether the task has a state: the one it was born with, or the one of the newest {@link #endLoad}, once that was carried out. False from a
     * load until then, and after the task lost its state by a failure until the next load. Records are taken only while it is true.
     */
    boolean loaded();
}
