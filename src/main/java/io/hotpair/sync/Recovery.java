package io.hotpair.sync;

/**
 * Reads the journal back at the start: its base, then the records behind it, through the same steps that they took the first time.
 *
 * <pre>
 *   WAITING ──journal read──▶ BASE ──task has it──▶ RECORDS ──no more, or one that does not fit──▶ OVER
 * </pre>
 */
final class Recovery {
    private enum Step { WAITING, BASE, RECORDS, OVER }

    private final Replicated r;
    private final BaseReceiver receiver;
    private final byte[] buffer = new byte[Messages.PART_BYTES];
    private final Record next = new Record();
    private Step step = Step.WAITING;
    private long position;
    private long digest;
    private boolean pending;

    Recovery(Replicated r, BaseReceiver receiver) {
        this.r = r;
        this.receiver = receiver;
    }

    boolean over() {
        return step == Step.OVER;
    }

    void doWork() {
        if (step == Step.WAITING && r.journal.recovered()) {
            step = r.journal.recoveredBaseLengthBytes() > 0 ? Step.BASE : Step.RECORDS;
        }
        if (step == Step.BASE) {
            base();
        }
        if (step == Step.RECORDS && !r.loading) {
            records();
        }
    }

    private void base() {
        long total = r.journal.recoveredBaseLengthBytes();
        long end = position + r.config.basePerCycleBytes;
        while (position < total && position < end) {
            int length = (int) Math.min(Messages.PART_BYTES, total - position);
            r.journal.copyRecoveredBase(position, buffer, 0, length);
            digest = Digest64.of(position == 0 ? 0 : digest, buffer, 0, length);
            receiver.part(r.journal.recoveredBaseIndex(), total, position, digest, buffer, 0, length, -1, false);
            position += length;
        }
        if (position == total) {
            step = Step.RECORDS;
        }
    }

    private void records() {
        for (int i = 0; i < r.config.recordsPerCycle; i++) {
            if (!pending) {
                int length = r.journal.nextRecovered(buffer, 0);
                if (length < 0) {
                    return;
                }
                if (length == 0 || !fits(length)) {
                    end(length != 0);
                    return;
                }
                pending = true;
            }
            r.journaled = r.log.last() + 1;
            if (!r.append(next, false)) {
                r.journaled = r.log.last();
                return;
            }
            pending = false;
        }
    }

    private boolean fits(int length) {
        return Record.wellFormed(buffer, 0, length) && next.wrap(buffer, 0).index() == r.log.last() + 1
                && next.digestBefore() == r.log.lastDigest();
    }

    private void end(boolean broken) {
        step = Step.OVER;
        r.journaled = r.log.last();
        if (broken) {
            r.counters.count(SyncCounter.BROKEN_CHAINS);
            r.journal.divert(r.log.last());
        }
        r.event(SyncEvent.RECOVERED, r.log.lastTerm(), r.log.last(), r.journal.recoveredMark());
    }
}
