package io.hotpair.sync.journal;

import io.hotpair.sync.port.JournalPort;

/** Storage {@code none}: everything is durable at once and nothing outlives the process. */
public final class NoJournal implements JournalPort {
    private final RecordFormat format;
    private long newestIndex;

    public NoJournal(RecordFormat format) {
        this.format = format;
    }

    @Override
    public boolean durable() {
        return false;
    }

    @Override
    public boolean recovered() {
        return true;
    }

    @Override
    public long recoveredTerm() {
        return 0;
    }

    @Override
    public long recoveredIndex() {
        return 0;
    }

    @Override
    public long recoveredDigest() {
        return 0;
    }

    @Override
    public int recoveredMark() {
        return MARK_NONE;
    }

    @Override
    public long recoveredBaseLengthBytes() {
        return 0;
    }

    @Override
    public long recoveredBaseIndex() {
        return 0;
    }

    @Override
    public void copyRecoveredBase(long position, byte[] destination, int offset, int lengthBytes) {
    }

    @Override
    public int nextRecovered(byte[] destination, int offset) {
        return 0;
    }

    @Override
    public boolean append(byte[] buffer, int offset, int lengthBytes) {
        newestIndex = format.index(buffer, offset);
        return true;
    }

    @Override
    public boolean wantsBase() {
        return false;
    }

    @Override
    public long durableIndex() {
        return newestIndex;
    }

    @Override
    public boolean beginBase(long term, long index, long digest, long lengthBytes) {
        newestIndex = Math.max(newestIndex, index);
        return true;
    }

    @Override
    public boolean base(byte[] buffer, int offset, int lengthBytes) {
        return true;
    }

    @Override
    public void divert(long index) {
        newestIndex = Math.min(newestIndex, index);
    }

    @Override
    public void mark(int mark, long term, long index) {
    }

    @Override
    public boolean markDurable() {
        return true;
    }

    @Override
    public boolean failing() {
        return false;
    }
}
