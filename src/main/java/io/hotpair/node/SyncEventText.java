package io.hotpair.node;

import io.hotpair.node.status.EventRing;
import io.hotpair.sync.SyncEvent;

/**
 * Events of the replication in the ring: their codes lie above those of the core, the detail is the index of a record. Where two boards' results
 * differ, how far back they last agreed is put above the index.
 */
final class SyncEventText {
    /** Added to the ordinal of a {@link SyncEvent}. */
    static final int FIRST_CODE = 1000;
    private static final int INDEX_BITS = 40;
    private static final long INDEX = (1L << INDEX_BITS) - 1;
    private static final long MOST_BACK = (1L << 62 - INDEX_BITS) - 1;

    private SyncEventText() { }

    /** The detail for the ring. */
    static long detail(int code, long index, long detail) {
        long back = code == SyncEvent.RESULTS_DIFFER.ordinal() ? Math.clamp(index - detail, 0L, MOST_BACK) : 0;
        return index & INDEX | back << INDEX_BITS;
    }

    /** The event of a code of the ring, or null if it is not one of the replication's. */
    static SyncEvent of(int code) {
        return SyncEvent.of(code - FIRST_CODE);
    }

    static String of(SyncEvent what, EventRing.Event event) {
        long index = event.detail() & INDEX;
        return switch (what) {
            case REIGN -> "reign " + event.term() + " begins with record " + index;
            case PEER_STREAMS -> "the peer goes on from record " + index;
            case PEER_NEEDS_BASE -> "the peer holds up to record " + index + " and needs the whole state";
            case GRANTED -> "the standby is in step at record " + index;
            case COLD_REQUESTED -> "REDUNDANCY LOST: the standby does not keep up and is to be left behind, record " + index;
            case COLD_ACKNOWLEDGED -> "the standby knows that it is left behind: outputs wait for it no more, record " + index;
            case ALONE -> "without the peer: outputs wait for it no more, record " + index;
            case BASE_LOADED -> "the whole state was taken over at record " + index;
            case BASE_REFUSED -> "ALARM: a state of the peer was refused at record " + index;
            case STATE_TOO_LARGE -> "ALARM: the task's state is larger than task.state-max, so no standby can be brought into step";
            case RESULTS_DIFFER -> "ALARM: the two boards' results differ at record " + index + "; they last agreed "
                    + (event.detail() >>> INDEX_BITS) + " records before: the task is not deterministic";
            case STAYS_COLD -> "ALARM: the results differed three times; this board stays out of step until it is started anew";
            case RECOVERED -> "the journal was read back up to record " + index;
            case DIVERTED -> "ALARM: records after " + index + " are not what the pair agreed on; they were put into a file of their own";
            case PEER_IS_NEWER -> "the peer holds newer data, so this board does not lead; it ends at record " + index;
            case UNSURE -> "ALARM: this board does not know whether its peer holds newer data than record " + index
                    + ", so it does not lead unaccompanied; start the peer, or order 'hotpair repair --lead'";
            case START_ANNOUNCED -> "the tasks of both boards begin with tick " + index;
            case TICKS_STARTED -> "the ticks have begun, with tick " + index;
            case TICKS_LOCKED -> "the ticks are those of the sync line, from tick " + index + " on";
            case TICKS_HOLDOVER -> "ALARM: the sync line is lost at tick " + index + ": the ticks go on by this board's clock";
            case TICKS_NUMBERED -> "this board numbers the ticks as the primary does: the newest is " + index;
        };
    }
}
