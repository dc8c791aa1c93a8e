package io.hotpair.sync;

/** What the replication of a group counts. */
public enum SyncCounter {
    /** Inputs that came to this board. */
    INPUTS,
    /** Records that this board ordered. */
    ORDERED,
    /** Numbered inputs that had been ordered before. */
    DUPLICATE_INPUTS,
    /** Copies that a record took away. */
    MATCHED_COPIES,
    /** Copies that outlived the match window. */
    EXPIRED_COPIES,
    /** Inputs that found no room. */
    DROPPED_INPUTS,
    /** Inputs that are no valid ones. */
    BAD_INPUTS,
    /** Copies sent to the primary. */
    FORWARDED,
    /** Forwarded copies that the primary ordered. */
    FORWARDS_ORDERED,
    /** Forwarded copies that it knew, or that were too old. */
    FORWARDS_REJECTED,
    /** Records of the stream that were taken. */
    RECORDS_TAKEN,
    /** Records that came over the other network before. */
    DUPLICATE_RECORDS,
    /** Records behind a gap. */
    GAPS,
    /** Records that do not fit the chain. */
    BROKEN_CHAINS,
    /** Messages of another reign. */
    FOREIGN_TERMS,
    /** Messages that keep no layout. */
    MALFORMED,
    /** Records for which there was no room. */
    NO_ROOM,
    /** Times that sending began anew from what the peer holds. */
    RESENDS,
    /** Snapshots sent whole. */
    BASES_SENT,
    /** Snapshots taken over. */
    BASES_LOADED,
    /** Snapshots that were refused: too large, or of a wrong digest. */
    BASES_REFUSED,
    /** Outputs that left. */
    EMITTED,
    /** Outputs that left marked as possible repetitions. */
    REPETITIONS,
    /** Outputs of at-most-once ports that the dead primary may have sent. */
    SKIPPED_OUTPUTS,
    /** Outputs that a standby could not keep. */
    LOST_OUTPUTS,
    /** Times that the peer was asked to be COLD. */
    COLD_REQUESTS,
    /** Grants of HOT. */
    GRANTS,
    /** Differences of the results of the two boards. */
    DIFFERENCES,
    /** Sources that were forgotten for new ones. */
    FORGOTTEN_SOURCES,
    /** Ticks that this board ordered. */
    TICKS_ORDERED,
    /** Ticks that it could not order before the next was due. */
    TICKS_SKIPPED,
    /** Edges of the sync line. */
    EDGES,
    /** Edges that are no tick's: bounces and noise. */
    EDGES_REJECTED,
    /** Ticks that came without their edge while the line was believed. */
    EDGES_MISSED,
    /** Times that this board's ticks got other numbers because the primary's differed. */
    TICKS_RENUMBERED
}
