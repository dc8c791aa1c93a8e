package io.hotpair.task.host;

/** Where a state lies for the other process, as the node sees it. */
interface StateArea {
    long byteSize();

    void read(long position, byte[] destination, int offset, int lengthBytes);

    void write(long position, byte[] source, int offset, int lengthBytes);
}
