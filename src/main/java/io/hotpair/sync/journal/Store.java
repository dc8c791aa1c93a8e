package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where a journal's records go: a folder of this board ({@link MirrorStore}) or a folder per reign on a volume of both ({@link SharedStore}). All
 * calls come from the writing thread; each may fail and is then made again.
 */
interface Store extends AutoCloseable {
    /** What was found, after anything damaged was put aside. */
    record Recovered(LogScan.Result log, int mark, String findings) {
    }

    Recovered recover() throws IOException;

    /**
     * Takes a record.
     *
     * @return false if it has to wait for a segment; the thread is woken then
     */
    boolean record(ByteBuffer buffer, int offset, int lengthBytes) throws IOException;

    /** Makes everything taken durable. @return whether there was anything */
    boolean commit() throws IOException;

    /** Index up to which everything taken and committed can be recovered. */
    long durableIndex();

    /** Begins a base, in place of one that is not complete yet. @return false if it has to wait for the one before to become durable */
    boolean beginBase(Position last, long lengthBytes) throws IOException;

    void basePart(ByteBuffer part) throws IOException;

    /** Looks after a base that became durable meanwhile. */
    void settle() throws IOException;

    /** Takes records above the index back. @return false if it has to wait */
    boolean divert(long index) throws IOException;

    void mark(int mark, long term, long index) throws IOException;

    /** Whether the records cannot be recovered, or take too much room, without a new base. */
    boolean wantsBase();

    /** Whether a base is being made durable: a new one has to wait. */
    boolean baseBusy();

    /** What a person should know though the disk answers, or null; written by the same thread, read by any. */
    String notice();

    long forces();

    @Override
    void close() throws IOException;
}
