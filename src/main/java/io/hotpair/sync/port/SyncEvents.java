package io.hotpair.sync.port;

/** Takes the record of what happened in the replication of one group. Must not block, throw or allocate. */
public interface SyncEvents {
    /**
     * @param code ordinal of {@code io.hotpair.sync.SyncEvent}
     * @param term the term of the reign, 0 if there is none
     * @param index the index that it is about
     * @param detail meaning depends on the code
     */
    void onEvent(int code, long term, long index, long detail, long nowNs);
}
