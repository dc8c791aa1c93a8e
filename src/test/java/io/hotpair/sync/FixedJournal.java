package io.hotpair.sync;

import io.hotpair.sync.port.JournalPort;

/** A disk that is always through with everything, holds nothing at the start and wants a base now and then. */
final class FixedJournal implements JournalPort {
    private static final int BASE_AFTER = 500;
    private long newest;
    private long sinceBase;
    private long baseIndex;
    private long baseBytes;
    int bases;
    /** Whether it keeps anything. */
    boolean durable = true;

    @Override
    public boolean durable() {
        return durable;
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
        throw new AssertionError("there is none");
    }

    @Override
    public int nextRecovered(byte[] destination, int offset) {
        return 0;
    }

    @Override
    public boolean append(byte[] buffer, int offset, int lengthBytes) {
        newest = Bytes.getLong(buffer, offset + 8);
        sinceBase++;
        return true;
    }

    @Override
    public boolean wantsBase() {
        return sinceBase > BASE_AFTER;
    }

    @Override
    public long durableIndex() {
        return newest;
    }

    @Override
    public boolean beginBase(long term, long index, long digest, long lengthBytes) {
        baseIndex = index;
        baseBytes = lengthBytes;
        return true;
    }

    @Override
    public boolean base(byte[] buffer, int offset, int lengthBytes) {
        baseBytes -= lengthBytes;
        if (baseBytes == 0) {
            newest = Math.max(newest, baseIndex);
            sinceBase = 0;
            bases++;
        }
        return true;
    }

    @Override
    public void divert(long index) {
        newest = Math.min(newest, index);
    }

    @Override
    public void mark(int mark, long term, long index) {
        // is on disk at once
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
