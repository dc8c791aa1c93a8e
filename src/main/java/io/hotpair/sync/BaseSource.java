package io.hotpair.sync;

/**
 * A snapshot of this board's state, for the peer or for the journal.
 *
 * <pre>
 *   NONE ──want──▶ WANTED ──the task has all records──▶ TAKEN ──the task has written it──▶ READY ──release──▶ NONE
 *                 no input is ordered meanwhile          inputs go on
 * </pre>
 */
final class BaseSource {
    private enum Step { NONE, WANTED, TAKEN, READY }

    private final Replicated r;
    private final byte[] front;
    private final long[] partDigest;
    private final byte[] part = new byte[Messages.PART_BYTES];
    private Step step = Step.NONE;
    private int frontBytes;
    private long totalBytes;
    private int digested;
    private long refusedNs;
    private boolean refused;

    BaseSource(Replicated r) {
        this.r = r;
        front = new byte[BaseFront.HEADER_BYTES + SourceTable.savedBytes(r.config.sources)];
        partDigest = new long[(front.length + r.config.snapshotBytes) / Messages.PART_BYTES + 2];
    }

    /** Asks for a snapshot of now, unless one is there or on its way, or the state was found too large lately. */
    void want() {
        if (step == Step.NONE && !(refused && r.nowNs - refusedNs < r.config.standbyWaitNs)) {
            step = Step.WANTED;
        }
    }

    /** Whether no input may be ordered, so that the task can have all records at once. */
    boolean pausesOrdering() {
        return step == Step.WANTED;
    }

    boolean ready() {
        return step == Step.READY;
    }

    /** Number of the newest output of all records contained: the receiver never sees these outputs, so they have to have left first. */
    long outputNumber() {
        return BaseFront.outputNumber(front);
    }

    /** Whether it is of a committed record, and all outputs that it stands for have left. */
    boolean mayShare(long committed, long emitted) {
        return ready() && index() <= committed && outputNumber() <= emitted;
    }

    long index() {
        return BaseFront.index(front);
    }

    long term() {
        return BaseFront.term(front);
    }

    long digest() {
        return BaseFront.digest(front);
    }

    long totalBytes() {
        return totalBytes;
    }

    void release() {
        if (step == Step.TAKEN || step == Step.READY) {
            r.task.releaseSnapshot();
        }
        step = Step.NONE;
        r.snapshotIndex = 0;
    }

    /** One step; {@code reign} for the record of what happened. */
    void doWork(long reign) {
        if (step == Step.WANTED && r.taskServes() && r.offered == r.log.last()) {
            BaseFront.write(front, r);
            frontBytes = BaseFront.HEADER_BYTES + r.sources.savedBytes();
            r.snapshotIndex = r.log.last();
            r.snapshotOutput = r.outputs.last();
            r.task.requestSnapshot();
            step = Step.TAKEN;
        }
        if (step == Step.TAKEN) {
            taken(reign);
        }
    }

    private void taken(long reign) {
        long stateBytes = r.task.snapshotLengthBytes();
        if (stateBytes == -2 || stateBytes > r.config.snapshotBytes || !r.task.ready()) {
            r.event(SyncEvent.STATE_TOO_LARGE, reign, index(), stateBytes);
            release();
            refused = true;
            refusedNs = r.nowNs;
        } else if (stateBytes >= 0 && outputsCounted()) {
            BaseFront.complete(front, r.snapshotOutput, r.task.snapshotDigest(), stateBytes);
            totalBytes = frontBytes + stateBytes;
            digested = 0;
            refused = false;
            step = Step.READY;
        }
    }

    /** Whether all outputs of the records contained have been taken from the task, so that their number is known. */
    private boolean outputsCounted() {
        return r.task.executedIndex() >= r.snapshotIndex && (!r.task.outputWaits() || r.task.outputIndex() > r.snapshotIndex);
    }

    int partBytes(long position) {
        return (int) Math.min(Messages.PART_BYTES, totalBytes - position);
    }

    /** Copies the part that begins at {@code position}, a multiple of the size of a part. */
    void copy(long position, byte[] destination, int offset) {
        int length = partBytes(position);
        int ofFront = (int) Math.max(0, Math.min(length, frontBytes - position));
        if (ofFront > 0) {
            System.arraycopy(front, (int) position, destination, offset, ofFront);
        }
        if (ofFront < length) {
            r.task.copySnapshot(position + ofFront - frontBytes, destination, offset + ofFront, length - ofFront);
        }
    }

    /** Digest of everything up to the end of the part that begins at {@code position}. */
    long digestThrough(long position) {
        int wanted = (int) (position / Messages.PART_BYTES);
        for (; digested <= wanted; digested++) {
            long at = (long) digested * Messages.PART_BYTES;
            copy(at, part, 0);
            partDigest[digested] = Digest64.of(digested == 0 ? 0 : partDigest[digested - 1], part, 0, partBytes(at));
        }
        return partDigest[wanted];
    }
}
