package io.hotpair.sync;

import io.hotpair.sync.port.TaskPort;

/** A task of 1 KiB that executes at once and puts out a few bytes for each input, in memory taken at the start. */
final class FixedTask implements TaskPort {
    private static final int STATE_BYTES = 1024;
    private static final int OUTPUTS = 64;
    private static final int OUTPUT_BYTES = 16;
    private final byte[] state = new byte[STATE_BYTES];
    private final byte[] snapshot = new byte[STATE_BYTES];
    private final byte[] loading = new byte[STATE_BYTES];
    private final long[] outputIndex = new long[OUTPUTS];
    private int firstOutput;
    private int nextOutput;
    private int loaded;
    private long executed;
    private long digest;
    private long snapshotIndex = -1;
    private long snapshotDigest;

    /** From here on it is another state than the other board's. */
    void differ() {
        digest++;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public boolean offer(long index, int kind, int port, long timeNs, byte[] buffer, int offset, int lengthBytes) {
        if (index != executed + 1) {
            throw new AssertionError(index + " after " + executed);
        }
        if (nextOutput - firstOutput == OUTPUTS) {
            return false;
        }
        executed = index;
        digest = digest * 31 + timeNs + kind;
        state[(int) (index % STATE_BYTES)] = (byte) digest;
        if (kind == INPUT) {
            outputIndex[nextOutput++ & OUTPUTS - 1] = index;
        }
        return true;
    }

    @Override
    public long executedIndex() {
        return executed;
    }

    @Override
    public long digest() {
        return digest;
    }

    @Override
    public boolean outputWaits() {
        return firstOutput != nextOutput;
    }

    @Override
    public long outputIndex() {
        return outputIndex[firstOutput & OUTPUTS - 1];
    }

    @Override
    public int outputPort() {
        return 0;
    }

    @Override
    public int copyOutput(byte[] destination, int offset) {
        System.arraycopy(state, 0, destination, offset, OUTPUT_BYTES);
        return OUTPUT_BYTES;
    }

    @Override
    public void takeOutput() {
        firstOutput++;
    }

    @Override
    public void requestSnapshot() {
        System.arraycopy(state, 0, snapshot, 0, STATE_BYTES);
        snapshotIndex = executed;
        snapshotDigest = digest;
    }

    @Override
    public long snapshotLengthBytes() {
        return snapshotIndex < 0 ? -1 : STATE_BYTES;
    }

    @Override
    public long snapshotIndex() {
        return snapshotIndex;
    }

    @Override
    public long snapshotDigest() {
        return snapshotDigest;
    }

    @Override
    public void copySnapshot(long position, byte[] destination, int offset, int lengthBytes) {
        if (snapshotIndex < 0) {
            throw new AssertionError("there is no snapshot");
        }
        System.arraycopy(snapshot, (int) position, destination, offset, lengthBytes);
    }

    @Override
    public void releaseSnapshot() {
        snapshotIndex = -1;
    }

    @Override
    public void beginLoad(long lengthBytes) {
        loaded = 0;
        snapshotIndex = -1;
    }

    @Override
    public void load(byte[] buffer, int offset, int lengthBytes) {
        System.arraycopy(buffer, offset, loading, loaded, lengthBytes);
        loaded += lengthBytes;
    }

    @Override
    public void endLoad(long index, long newDigest) {
        System.arraycopy(loading, 0, state, 0, STATE_BYTES);
        executed = index;
        digest = newDigest;
        firstOutput = nextOutput;
    }

    @Override
    public boolean loaded() {
        return true;
    }
}
