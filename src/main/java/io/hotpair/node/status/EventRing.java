package io.hotpair.node.status;

import static io.hotpair.node.status.StatusLayout.*;

import io.hotpair.core.port.EventSink;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The newest events of a node in the mapped file: one writer (the duty cycle), any number of readers in any process, no lock.
 *
 * <p>Each slot carries its own sequence lock: odd while event {@code s} is being written, {@code 2 s + 2} when it is complete. A
 * reader copies the fields between two reads of that word and keeps the copy only if both name the event it asked for, so it
 * never shows an entry put together from two (Lamport, "Concurrent Reading and Writing", 1977). The writer never waits; a
 * reader that falls a whole ring behind loses the oldest entries and knows how many.
 */
public final class EventRing implements EventSink {
    private final MemorySegment file;
    private final long slotsOffset;
    private final int mask;
    private final boolean writable;
    private long nextSequence;

    EventRing(MemorySegment file, long slotsOffset, int capacity, boolean writable) {
        this.file = file;
        this.slotsOffset = slotsOffset;
        this.mask = capacity - 1;
        this.writable = writable;
    }

    /** Events that the ring holds at most. */
    public int capacity() {
        return mask + 1;
    }

    /** Records one event; writer's thread only, 0 B. */
    @Override
    public void onEvent(int code, int group, long term, long detail, long nowNs) {
        if (!writable) {
            throw new IllegalStateException("only the node that created the counters file records events");
        }
        // The sequence lives on the writer's heap: what others may scribble into the file cannot lead the writer astray.
        long sequence = nextSequence++;
        long slot = slotsOffset + (sequence & mask) * EVENT_SLOT_LENGTH;
        LONG.setOpaque(file, slot + EVENT_LOCK_OFFSET, 2 * sequence + 1);
        VarHandle.releaseFence(); // the odd lock is seen before any new field
        putLong(file, slot + EVENT_TIME_OFFSET, nowNs);
        putInt(file, slot + EVENT_CODE_OFFSET, code);
        putInt(file, slot + EVENT_GROUP_OFFSET, group);
        putLong(file, slot + EVENT_TERM_OFFSET, term);
        putLong(file, slot + EVENT_DETAIL_OFFSET, detail);
        LONG.setRelease(file, slot + EVENT_LOCK_OFFSET, 2 * sequence + 2);
        LONG.setRelease(file, (long) EVENT_HEAD_OFFSET, sequence + 1);
    }

    /** Sequence of the event that will be recorded next; events start at 0. */
    public long nextSequence() {
        return (long) LONG.getAcquire(file, (long) EVENT_HEAD_OFFSET);
    }

    /**
     * Copies event {@code sequence} into {@code event}.
     *
     * @return whether the event was there, whole; false if it is not yet written or already overwritten
     */
    public boolean read(long sequence, Event event) {
        long slot = slotsOffset + (sequence & mask) * EVENT_SLOT_LENGTH;
        long complete = 2 * sequence + 2;
        if ((long) LONG.getAcquire(file, slot + EVENT_LOCK_OFFSET) != complete) {
            return false;
        }
        long timeNs = getLong(file, slot + EVENT_TIME_OFFSET);
        int code = getInt(file, slot + EVENT_CODE_OFFSET);
        int group = getInt(file, slot + EVENT_GROUP_OFFSET);
        long term = getLong(file, slot + EVENT_TERM_OFFSET);
        long detail = getLong(file, slot + EVENT_DETAIL_OFFSET);
        VarHandle.acquireFence(); // the fields are read before the lock is looked at again
        if ((long) LONG.getOpaque(file, slot + EVENT_LOCK_OFFSET) != complete) {
            return false;
        }
        event.set(sequence, timeNs, code, group, term, detail);
        return true;
    }

    /** A cursor that starts at the oldest event still held. */
    public Cursor cursor() {
        return new Cursor(Math.max(0, nextSequence() - capacity()));
    }

    /** A cursor that starts at {@code sequence}, for a reader of the same run (see {@link CountersFile#bootId}) that remembers where it was. */
    public Cursor cursor(long sequence) {
        return new Cursor(Math.max(0, sequence));
    }

    /** Walks the events in order; one per reading thread. */
    public final class Cursor {
        private long next;
        private long lost;

        private Cursor(long next) {
            this.next = next;
        }

        /** Copies the next event into {@code event}; false when there is none yet. */
        public boolean poll(Event event) {
            for (;;) {
                long head = nextSequence();
                if (next >= head) {
                    return false;
                }
                if (next < head - capacity()) {
                    lost += head - capacity() - next;
                    next = head - capacity();
                }
                if (read(next, event)) {
                    next++;
                    return true;
                }
                // Below the head, so complete once: the writer has come round. Each turn of this loop skips an event, and a
                // whole ring would have to be written during one turn to keep it going.
                lost++;
                next++;
            }
        }

        /** Sequence of the event that {@link #poll} looks for next. */
        public long position() {
            return next;
        }

        /** Events that were overwritten before this cursor came to them. */
        public long lost() {
            return lost;
        }
    }

    /** One event; reused by its reader. */
    public static final class Event {
        private long sequence;
        private long timeNs;
        private int code;
        private int group;
        private long term;
        private long detail;

        private void set(long sequence, long timeNs, int code, int group, long term, long detail) {
            this.sequence = sequence;
            this.timeNs = timeNs;
            this.code = code;
            this.group = group;
            this.term = term;
            this.detail = detail;
        }

        /** Position in the node's record, from 0. */
        public long sequence() {
            return sequence;
        }

        /** When, monotonic ns; {@link CountersFile#wallNs} turns it into a wall clock time. */
        public long timeNs() {
            return timeNs;
        }

        /** Ordinal of the event code. */
        public int code() {
            return code;
        }

        /** 0, 1, or -1 for the whole board. */
        public int group() {
            return group;
        }

        /** The group's term, 0 for the whole board. */
        public long term() {
            return term;
        }

        /** Meaning depends on the code. */
        public long detail() {
            return detail;
        }
    }
}
