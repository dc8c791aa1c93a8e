package io.hotpair.sim;

import io.hotpair.sync.port.TaskPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

/**
 * The task of one group on one board: a state that every record changes, outputs that follow from it. It may be some cycles behind, and it may be
 * made not to be deterministic.
 */
final class SimTask implements TaskPort {
    private static final int QUEUE = 16;
    private static final int OUTPUTS = 48;
    private static final int OUTPUT_BYTES = 40;
    private static final int HEADER_BYTES = 32;
    /** In the log a record's header lies in front of its payload; the term of a reign tells two of the same time apart. */
    private static final int RECORD_HEADER_BYTES = 64;

    /** When a record was ordered that this task was too busy for. */
    static final long NOT_KNOWN = -1;

    private final World world;
    private final Board board;
    private final int group;
    private final DataProfile profile;
    private final DataChecker checker;
    private final History history;
    private final ByteBuffer state;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final ArrayDeque<Output> outputs = new ArrayDeque<>();
    private long cycle;
    private long offered;
    private long executed;
    private long digest;
    private int node;
    private long snapshotWanted = -1;
    private byte[] snapshot;
    private long snapshotIndex;
    private long snapshotDigest;
    private byte[] loading;
    private int loadedBytes;
    /** Records up to here were ordered while it was busy, and offered later. */
    private long lateUpTo;
    private boolean hasState = true;
    private long readyNs;

    private record Waiting(long index, int kind, long timeNs, long term, byte[] data, long dueCycle, long offeredNs) { }

    private record Output(long index, int port, byte[] data) { }

    SimTask(World world, Board board, int group, DataChecker checker) {
        this.world = world;
        this.board = board;
        this.group = group;
        this.checker = checker;
        profile = world.profile().data;
        history = checker.history(group);
        state = ByteBuffer.allocate(profile.stateBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int node() {
        return node;
    }

    /** Its process dies, with its state, and is there again after a while. */
    void crash(long backAfterNs) {
        checker.onEnd(board, group);
        hasState = false;
        readyNs = world.nowNs() + backAfterNs;
        node = 0;
        queue.clear();
        outputs.clear();
        releaseSnapshot();
    }

    void onCycle() {
        cycle++;
        while (!queue.isEmpty() && queue.peek().dueCycle <= cycle && outputs.size() < OUTPUTS - 2) {
            execute(queue.poll());
        }
    }

    @Override
    public boolean ready() {
        return world.nowNs() >= readyNs;
    }

    @Override
    public boolean offer(long index, int kind, int port, long timeNs, byte[] buffer, int offset, int lengthBytes) {
        if (index != offered + 1) {
            throw new Violation("order", "board " + World.name(board.id) + ": record " + index + " after " + offered);
        }
        if (!ready() || !hasState) {
            return false;
        }
        if (queue.size() >= QUEUE || outputs.size() >= OUTPUTS - 2) {
            lateUpTo = Math.max(lateUpTo, ((SyncReplica) board.replica).sync(group).heldIndex());
            return false;
        }
        byte[] data = java.util.Arrays.copyOfRange(buffer, offset, offset + lengthBytes);
        offered = index;
        long term = kind == REIGN ? ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).getInt(offset - RECORD_HEADER_BYTES + 4) : 0;
        Waiting waiting = new Waiting(index, kind, timeNs, term, data, cycle + profile.taskCycles, index <= lateUpTo ? NOT_KNOWN : world.nowNs());
        if (profile.taskCycles == 0 && queue.isEmpty()) {
            execute(waiting);
        } else {
            queue.add(waiting);
        }
        return true;
    }

    private void execute(Waiting w) {
        long hash = SimRandom.mix(w.timeNs * 31 + w.kind + w.index * 0x1000003L) ^ w.term;
        ByteBuffer data = ByteBuffer.wrap(w.data).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i + 8 <= w.data.length; i += 8) {
            hash = SimRandom.mix(hash ^ data.getLong(i));
        }
        int cell = (int) (Long.remainderUnsigned(hash, state.capacity() / 8) * 8);
        long value = SimRandom.mix(hash ^ state.getLong(cell));
        if (profile.randomOneIn > 0 && !profile.mended && board.id == 1 && board.random.oneIn(profile.randomOneIn)) {
            value ^= 1;
        }
        state.putLong(cell, value);
        digest = SimRandom.mix(digest ^ value);
        executed = w.index;
        boolean input = w.kind == INPUT && w.data.length >= 16;
        long client = input ? data.getLong(0) : 0;
        long number = input ? data.getLong(8) : 0;
        int count = input ? hash % 16 == 0 ? 2 : 1 : 0;
        int from = node;
        node = checker.onExecute(board, group, from, hash, w.kind, client, number, count, digest, w.offeredNs);
        checker.ticks.onExecute(board, group, from, node, w.kind, w.kind == TICK ? data.getLong(0) : 0, w.term, w.offeredNs);
        for (int i = 0; i < count; i++) {
            ByteBuffer out = ByteBuffer.allocate(OUTPUT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.putLong(client).putLong(number).putLong(node).putLong(i).putLong(digest);
            outputs.add(new Output(w.index, DataPath.numbered(client) ? DataPath.REPLAY_PORT : DataPath.ONCE_PORT, out.array()));
        }
        takeSnapshot();
    }

    private void takeSnapshot() {
        if (snapshotWanted == executed && snapshot == null) {
            ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES + state.capacity()).order(ByteOrder.LITTLE_ENDIAN);
            b.putLong(node).putLong(digest).putLong(executed).putLong(0).put(state.array());
            snapshot = b.array();
            snapshotIndex = executed;
            snapshotDigest = digest;
        }
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
        return !outputs.isEmpty();
    }

    @Override
    public long outputIndex() {
        return outputs.peek().index;
    }

    @Override
    public int outputPort() {
        return outputs.peek().port;
    }

    @Override
    public int copyOutput(byte[] destination, int offset) {
        byte[] data = outputs.peek().data;
        System.arraycopy(data, 0, destination, offset, data.length);
        return data.length;
    }

    @Override
    public void takeOutput() {
        outputs.poll();
    }

    @Override
    public void requestSnapshot() {
        snapshot = null;
        snapshotWanted = offered;
        takeSnapshot();
    }

    @Override
    public long snapshotLengthBytes() {
        return snapshot == null ? -1 : snapshot.length;
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
        System.arraycopy(snapshot, (int) position, destination, offset, lengthBytes);
    }

    @Override
    public void releaseSnapshot() {
        snapshot = null;
        snapshotWanted = -1;
    }

    @Override
    public void beginLoad(long lengthBytes) {
        loading = new byte[(int) lengthBytes];
        loadedBytes = 0;
        releaseSnapshot();
    }

    @Override
    public void load(byte[] buffer, int offset, int lengthBytes) {
        System.arraycopy(buffer, offset, loading, loadedBytes, lengthBytes);
        loadedBytes += lengthBytes;
    }

    @Override
    public void endLoad(long index, long newDigest) {
        ByteBuffer b = ByteBuffer.wrap(loading).order(ByteOrder.LITTLE_ENDIAN);
        if (loadedBytes != loading.length || b.getLong(16) != index || b.getLong(8) != newDigest) {
            throw new Violation("row 32", "board " + World.name(board.id) + " loads " + loadedBytes + " of " + loading.length
                    + " bytes of the state at "
                    + index);
        }
        hasState = true;
        node = (int) b.getLong(0);
        digest = newDigest;
        executed = index;
        offered = index;
        state.put(0, loading, HEADER_BYTES, state.capacity());
        queue.clear();
        outputs.clear();
        checker.onLoad(board, group, node);
    }

    @Override
    public boolean loaded() {
        return hasState && ready();
    }
}
