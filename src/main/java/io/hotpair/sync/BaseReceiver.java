package io.hotpair.sync;

/**
 * Takes a snapshot part by part, from the peer or from the journal. The old state stays in force until the last part is here and right: never half a
 * state (fault table, row 32).
 */
final class BaseReceiver {
    private final Replicated r;
    private final byte[] front;
    private boolean active;
    private long index;
    private long totalBytes;
    private long received;
    private long digest;
    private int frontBytes;
    private boolean stored;

    BaseReceiver(Replicated r) {
        this.r = r;
        front = new byte[BaseFront.HEADER_BYTES + SourceTable.savedBytes(r.config.sources)];
    }

    /** Index of the snapshot that is being received, 0 if none. */
    long index() {
        return active ? index : 0;
    }

    long received() {
        return active ? received : 0;
    }

    /** Whether a snapshot is on its way into the journal. */
    boolean storing() {
        return active && stored;
    }

    /** What came so far is not wanted any more. */
    void abandon() {
        active = false;
    }

    /**
     * Takes a part.
     *
     * @param fork last index that this board's log has in common with the sender's, -1 if unknown
     * @param store whether it is to go to the journal as well
     * @return whether this was the last part and the state is replaced
     */
    boolean part(long ofIndex, long ofTotalBytes, long position, long digestThrough, byte[] buffer, int offset, int length, long fork,
            boolean store) {
        if (position == 0 && (!active || index != ofIndex || totalBytes != ofTotalBytes)) {
            begin(ofIndex, ofTotalBytes, buffer, offset, length, fork, store);
        }
        if (!active || index != ofIndex || position != received || length > totalBytes - received) {
            return false;
        }
        long through = Digest64.of(received == 0 ? 0 : digest, buffer, offset, length);
        if (through != digestThrough) {
            refuse();
            return false;
        }
        if (stored && !r.journal.base(buffer, offset, length)) {
            stored = !r.journal.failing(); // goes on without the disk; the journal will want a base of its own
            if (stored) {
                return false;
            }
        }
        digest = through;
        int ofFront = (int) Math.max(0, Math.min(length, frontBytes - received));
        if (ofFront > 0) {
            System.arraycopy(buffer, offset, front, (int) received, ofFront);
        }
        if (ofFront < length) {
            r.task.load(buffer, offset + ofFront, length - ofFront);
        }
        received += length;
        return received == totalBytes && finish();
    }

    private void begin(long ofIndex, long ofTotalBytes, byte[] buffer, int offset, int length, long fork, boolean store) {
        active = false;
        if (ofTotalBytes > (long) front.length + r.config.snapshotBytes || !BaseFront.plausible(buffer, offset, length, ofTotalBytes, front.length)
                || Bytes.getLong(buffer, offset + 16) != ofIndex) {
            r.counters.count(SyncCounter.BASES_REFUSED);
            return;
        }
        if (!r.task.mayBeginLoad()) {
            return; // the sender sees no progress, and begins again
        }
        stored = store && r.journal.durable() && !r.journal.failing();
        if (stored) {
            divert(ofIndex, fork);
            if (!r.journal.beginBase(Bytes.getLong(buffer, offset + 8), ofIndex, Bytes.getLong(buffer, offset + 24), ofTotalBytes)) {
                return;
            }
        }
        index = ofIndex;
        totalBytes = ofTotalBytes;
        received = 0;
        frontBytes = BaseFront.HEADER_BYTES + BaseFront.tableBytes(buffer, offset);
        r.task.beginLoad(BaseFront.stateBytes(buffer, offset));
        active = true;
    }

    /** What this board holds beyond the fork is kept for a person to look at. */
    private void divert(long ofIndex, long fork) {
        long known = fork >= 0 ? fork : r.journaled >= ofIndex ? 0 : r.journaled;
        long common = Math.min(known, ofIndex); // the records behind the snapshot come again
        if (r.journaled > common) {
            r.journal.divert(common);
            r.event(SyncEvent.DIVERTED, r.log.lastTerm(), common, r.log.last());
            r.journaled = common;
        }
    }

    private boolean finish() {
        active = false;
        if (!r.sources.readable(front, BaseFront.HEADER_BYTES, frontBytes - BaseFront.HEADER_BYTES)) {
            refuse();
            return false;
        }
        r.task.endLoad(index, BaseFront.result(front));
        r.reset(front);
        r.counters.count(SyncCounter.BASES_LOADED);
        r.event(SyncEvent.BASE_LOADED, r.log.lastTerm(), index, totalBytes);
        return true;
    }

    private void refuse() {
        active = false;
        r.counters.count(SyncCounter.BASES_REFUSED);
        r.event(SyncEvent.BASE_REFUSED, r.log.lastTerm(), index, totalBytes);
    }
}
