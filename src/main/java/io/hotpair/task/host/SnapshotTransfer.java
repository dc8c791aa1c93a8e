package io.hotpair.task.host;

import static io.hotpair.task.host.TaskMessages.SAVED_TOO_LARGE;
import static io.hotpair.task.host.TaskMessages.SNAPSHOT;
import static io.hotpair.task.host.TaskMessages.SNAPSHOT_BYTES;

import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** A snapshot asked of a task in another process: at most one; the newest request counts. */
final class SnapshotTransfer {
    private static final long NOT_THERE = -1;

    private final StateArea area;
    private boolean toBeSent;
    private boolean sent;
    private long number;
    private long lengthBytes = NOT_THERE;
    private long index;
    private long digest;

    SnapshotTransfer(StateArea area) {
        this.area = area;
    }

    void request() {
        number++;
        lengthBytes = NOT_THERE;
        toBeSent = true;
        sent = false;
    }

    void release() {
        lengthBytes = NOT_THERE;
        toBeSent = false;
        sent = false;
    }

    /** Sends what is due and fits; whether something was sent. */
    boolean send(OneToOneRingBuffer ring) {
        if (!toBeSent) {
            return false;
        }
        int at = ring.tryClaim(SNAPSHOT, SNAPSHOT_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at, number);
        ring.commit(at);
        toBeSent = false;
        sent = true;
        return true;
    }

    /**
     * The task saved.
     *
     * @return false if it says what cannot be
     */
    boolean onSaved(long number, long lengthBytes, long executedIndex, long digest) {
        if (!sent || number != this.number) {
            return true; // of a request that was replaced
        }
        if (lengthBytes < SAVED_TOO_LARGE || lengthBytes == NOT_THERE || lengthBytes > area.byteSize()) {
            return false;
        }
        sent = false;
        this.lengthBytes = lengthBytes;
        this.index = executedIndex;
        this.digest = digest;
        return true;
    }

    boolean tooLarge() {
        return lengthBytes == SAVED_TOO_LARGE;
    }

    long boundBytes() {
        return area.byteSize();
    }

    long lengthBytes() {
        return lengthBytes;
    }

    long index() {
        return index;
    }

    long digest() {
        return digest;
    }

    void copy(long position, byte[] destination, int offset, int lengthBytes) {
        area.read(position, destination, offset, lengthBytes);
    }
}
