package io.hotpair.sim;

import io.hotpair.sync.port.JournalPort;

/** Storage {@code none}. */
final class NoJournal implements JournalPort {
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
        // there is none
    }

    @Override
    public int nextRecovered(byte[] destination, int offset) {
        return 0;
    }

    @Override
    public boolean append(byte[] buffer, int offset, int lengthBytes) {
        return true;
    }

    @Override
    public boolean wantsBase() {
        return false;
    }

    @Override
    public long durableIndex() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean beginBase(long term, long index, long digest, long lengthBytes) {
        return true;
    }

    @Override
    public boolean base(byte[] buffer, int offset, int lengthBytes) {
        return true;
    }

    @Override
    public void divert(long index) {
        // nothing is kept
    }

    @Override
    public void mark(int mark, long term, long index) {
        // nothing is kept
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
