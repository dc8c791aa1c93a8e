package io.hotpair.core.port;

/** Takes the record of what happened (I6). Must not block or allocate. */
public interface EventSink {
    /**
     * @param code ordinal of {@code io.hotpair.core.EventCode}
     * @param group 0, 1, or -1 for the whole board
     * @param term the group's term, 0 for the whole board
     * @param detail meaning depends on the code
     */
    void onEvent(int code, int group, long term, long detail, long nowNs);
}
