package io.hotpair.sync;

import io.hotpair.sync.port.JournalPort;

/**
 * The durable mark that tells, after everything was off, whether this board may lead unaccompanied.
 *
 * <pre>
 *   NONE ──commits without its peer──▶ ALONE ──the peer is close; on disk before it is granted HOT──▶ NONE
 *        └──both stop at the same index──▶ CLEAN      both ──follows a primary, or hears that the other has as much──▶ NONE
 * </pre>
 */
final class Mark {
    private final JournalPort journal;
    private int mark = JournalPort.MARK_NONE;

    Mark(JournalPort journal) {
        this.journal = journal;
    }

    void recovered() {
        mark = journal.recoveredMark();
    }

    int value() {
        return mark;
    }

    void set(int value, long term, long index) {
        if (mark != value) {
            mark = value;
            journal.mark(value, term, index);
        }
    }

    /** Whether the mark in force is the one on disk. */
    boolean onDisk() {
        return !journal.durable() || journal.markDurable();
    }
}
