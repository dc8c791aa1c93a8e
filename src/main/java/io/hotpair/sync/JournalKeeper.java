package io.hotpair.sync;

/** Gives the journal a base of this board's own state when it wants one: after a gap, or after many records. No record is journaled meanwhile. */
final class JournalKeeper {
    private static final long NOTHING = -1;
    private final Replicated r;
    private final BaseSource base;
    private final byte[] part = new byte[Messages.PART_BYTES];
    private long position = NOTHING;

    JournalKeeper(Replicated r, BaseSource base) {
        this.r = r;
        this.base = base;
    }

    /** Whether a base is on its way into the journal. */
    boolean busy() {
        return position != NOTHING;
    }

    void abandon() {
        position = NOTHING;
        base.release();
    }

    /**
     * One step.
     *
     * @param peerWaits whether the peer needs the snapshot
     * @param committed newest index known to be committed: a base is never of a record that a fork may leave out
     * @param emitted newest output known to have left
     */
    void doWork(boolean peerWaits, long committed, long emitted, long reign) {
        boolean wanted = r.journal.durable() && r.journal.wantsBase() && !r.journal.failing() && !r.loading;
        if (position != NOTHING) {
            write();
        } else if (wanted) {
            base.want();
            // with a gap the records behind the base were lost as well, and come again; without one they are there
            boolean known = r.impaired || r.journal.durableIndex() >= base.index();
            if (base.mayShare(committed, emitted) && known && r.journal.beginBase(base.term(), base.index(), base.digest(), base.totalBytes())) {
                r.journaled = r.impaired ? base.index() : r.journaled;
                position = 0;
            }
        }
        base.doWork(reign);
        if (base.ready() && position == NOTHING && !peerWaits && !wanted) {
            base.release();
        }
    }

    private void write() {
        for (int i = 0; i < r.config.basePerCycleBytes / Messages.PART_BYTES && position < base.totalBytes(); i++) {
            base.copy(position, part, 0);
            if (!r.journal.base(part, 0, base.partBytes(position))) {
                break;
            }
            position += base.partBytes(position);
        }
        if (position >= base.totalBytes() || r.journal.failing()) {
            position = NOTHING;
        }
    }
}
