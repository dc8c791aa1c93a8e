package io.hotpair.sync;

import io.hotpair.sync.port.TaskPort;

/** A task, of 1 KiB unless said otherwise, that executes at once and puts out a few bytes for each input, in memory taken at the start. */
final class FixedTask implements TaskPort {
    private static final int OUTPUTS = 64;
    private static final int OUTPUT_BYTES = 16;
    private final int stateBytes;
    private final byte[] state;
    private final byte[] snapshot;
    private final byte[] loading;
    private final long[] outputIndex = new long[OUTPUTS];
    private int firstOutput;
    private int nextOutput;
    private int loaded;
    private long executed;
    private long digest;
    private long snapshotIndex = -1;
    private long snapshotDigest;

    FixedTask() {
        this(1024);
    }

    FixedTask(int stateBytes) {
        this.stateBytes = stateBytes;
        state = new byte[stateBytes];
        snapshot = new byte[stateBytes];
        loading = new byte[stateBytes];
    }

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
        state[(int) (index % stateBytes)] = (byte) digest;
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
        System.arraycopy(state, 0, snapshot, 0, stateBytes);
        snapshotIndex = executed;
        snapshotDigest = digest;
    }

    @Override
    public long snapshotLengthBytes() {
        return snapshotIndex < 0 ? -1 : stateBytes;
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
        System.arraycopy(loading, 0, state, 0, stateBytes);
        executed = index;
        digest = newDigest;
        firstOutput = nextOutput;
    }

    @Override
    public boolean loaded() {
        return true;
    }
}
