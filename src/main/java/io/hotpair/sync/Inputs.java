package io.hotpair.sync;

import io.hotpair.sync.port.TaskPort;

/**
 * Inputs of this board: ordered if it leads, else kept until their record comes, forwarded if it does not, and forgotten after the match window.
 *
 * <p>Which input is which: a numbered one by its source and sequence, exactly once. An unnumbered one by port, source and content; of several equal
 * ones each copy stands for one record. A primary orders its own copy unless a record of the key, forwarded or of an earlier reign, still waits for
 * one. A forwarded copy is the k-th of its key that waits on the standby, which holds the log up to h: it is known if k records of the key lie
 * behind h, else it is ordered. Both answers are the same however often it comes.
 */
final class Inputs {
    private final Replicated r;
    private final Record record = new Record();

    Inputs(Replicated r) {
        this.r = r;
    }

    /** An input that this board received. */
    void onInput(int port, long source, long sequence, byte[] buffer, int offset, int length, long arrivedNs) {
        r.counters.count(SyncCounter.INPUTS);
        boolean numbered = sequence != GroupSync.NO_SEQUENCE;
        if (length < 0 || length > Record.PAYLOAD_MAX_BYTES || port < 0 || port > 255 || numbered && sequence < 0) {
            r.counters.count(SyncCounter.BAD_INPUTS);
        } else if (numbered && r.sources.known(port, source, sequence)) {
            r.counters.count(SyncCounter.DUPLICATE_INPUTS);
        } else if (r.nowNs - arrivedNs >= r.config.matchWindowNs) {
            r.counters.count(SyncCounter.EXPIRED_COPIES); // it takes no room from those that came while this board stood still
        } else if (!r.copies.add(port, source, sequence, key(port, source, sequence, buffer, offset, length), buffer, offset, length, arrivedNs)) {
            r.counters.count(SyncCounter.DROPPED_INPUTS);
        }
    }

    private static long key(int port, long source, long sequence, byte[] buffer, int offset, int length) {
        return sequence == GroupSync.NO_SEQUENCE ? RecentKeys.of(port, source, buffer, offset, length)
                : Digest64.mix(Digest64.mix(source, port), sequence);
    }

    /** Whether a copy is done with: too old, or its record is there. */
    private boolean done(int copy) {
        if (tooOld(copy)) {
            r.counters.count(SyncCounter.EXPIRED_COPIES);
            return true;
        }
        boolean known = r.copies.numbered(copy) ? r.sources.known(r.copies.port[copy], r.copies.source[copy], r.copies.sequence[copy])
                : r.keys.match(r.copies.key[copy], r.nowNs - r.config.matchWindowNs);
        r.counters.count(SyncCounter.MATCHED_COPIES, known ? 1 : 0);
        return known;
    }

    /** Whether executing it now would be a surprise. */
    private boolean tooOld(int copy) {
        return r.nowNs - r.copies.arrivedNs[copy] >= r.config.matchWindowNs;
    }

    // ---- primary ----

    /** Orders what waits, the oldest first, as far as there is room. */
    void order(long term, long timeOffsetNs, long emitted) {
        Copies copies = r.copies;
        for (int i = 0; i < r.config.recordsPerCycle && copies.size() > 0; i++) {
            int copy = copies.oldestForwarded() != Copies.NONE ? copies.oldestForwarded() : copies.oldestFresh();
            if (!done(copy)) {
                if (!order(term, timeOffsetNs, emitted, TaskPort.INPUT, copies.port[copy], copies.source[copy], copies.sequence[copy],
                        copies.key[copy],
                        copies.buffer(), copies.offset(copy), copies.lengthBytes[copy], true)) {
                    return;
                }
            }
            copies.remove(copy);
        }
    }

    /** Orders one record; returns whether there was room. */
    boolean order(long term, long timeOffsetNs, long emitted, int kind, int port, long source, long sequence, long key, byte[] buffer, int offset,
            int length, boolean ownCopy) {
        int at = r.makeRoom(Record.HEADER_BYTES + length);
        if (at < 0) {
            return false;
        }
        boolean numbered = kind == TaskPort.INPUT && sequence != GroupSync.NO_SEQUENCE;
        long timeNs = Math.max(r.timeNs + 1, r.nowNs + timeOffsetNs);
        record.wrap(r.log.buffer(), at).header(length, term, r.log.last() + 1, r.log.lastDigest(), timeNs, kind)
                .key(port, source, kind == TaskPort.INPUT && !numbered ? key : sequence, numbered).emitted(emitted);
        System.arraycopy(buffer, offset, r.log.buffer(), record.payloadOffset(), length);
        r.added(record, ownCopy);
        r.counters.count(SyncCounter.ORDERED);
        return true;
    }

    /** Whether a forwarded copy is known, or too old to be ordered. */
    boolean rejects(byte[] message, int offset, int length) {
        long ageNs = Bytes.getLong(message, offset + 32);
        long heardNs = Bytes.getLong(message, offset + 40);
        // the primary's own clock when it said what the standby had heard last: the copy has been on its way for less than since then
        if (ageNs < 0 || heardNs - r.nowNs > 0 || r.nowNs - heardNs + ageNs >= r.config.matchWindowNs) {
            return true;
        }
        int port = message[offset + 60] & 0xFF;
        long source = Bytes.getLong(message, offset + 16);
        long sequence = Bytes.getLong(message, offset + 24);
        if (sequence != GroupSync.NO_SEQUENCE) {
            return sequence < 0 || r.sources.known(port, source, sequence);
        }
        int occurrence = Bytes.getInt(message, offset + 56);
        long key = key(port, source, sequence, message, offset + Messages.FORWARD_HEADER_BYTES, length - Messages.FORWARD_HEADER_BYTES);
        return occurrence < 1
                || r.keys.countAfter(Bytes.getLong(message, offset + 48), key, occurrence, r.nowNs - r.config.matchWindowNs) >= occurrence;
    }

    /** Orders a forwarded copy that {@link #rejects} did not reject. */
    void orderForwarded(long term, long timeOffsetNs, long emitted, byte[] message, int offset, int length) {
        int port = message[offset + 60] & 0xFF;
        long source = Bytes.getLong(message, offset + 16);
        long sequence = Bytes.getLong(message, offset + 24);
        int payload = offset + Messages.FORWARD_HEADER_BYTES;
        int bytes = length - Messages.FORWARD_HEADER_BYTES;
        long key = key(port, source, sequence, message, payload, bytes);
        if (order(term, timeOffsetNs, emitted, TaskPort.INPUT, port, source, sequence, key, message, payload, bytes, false)) {
            r.counters.count(SyncCounter.FORWARDS_ORDERED);
        }
    }

    // ---- standby ----

    /** A record of the stream takes its copy away; returns whether there was one. */
    boolean take(Record ofPrimary) {
        if (ofPrimary.kind() != TaskPort.INPUT) {
            return false;
        }
        long key = ofPrimary.numbered() ? Digest64.mix(Digest64.mix(ofPrimary.source(), ofPrimary.port()), ofPrimary.sequence())
                : ofPrimary.sequence();
        int copy = r.copies.oldest(key);
        if (copy == Copies.NONE) {
            return false;
        }
        r.copies.remove(copy);
        r.counters.count(SyncCounter.MATCHED_COPIES);
        return true;
    }

    /** Forgets copies that are done with; returns one that is due to be forwarded, or NONE. */
    int nextToForward() {
        Copies copies = r.copies;
        for (int i = 0; i < r.config.recordsPerCycle; i++) {
            int again = copies.oldestForwarded();
            int fresh = copies.oldestFresh();
            boolean againDue = again != Copies.NONE && r.nowNs - copies.forwardedNs[again] >= r.config.forwardAgainNs;
            boolean freshDue = fresh != Copies.NONE && r.nowNs - copies.arrivedNs[fresh] >= r.config.forwardAfterNs;
            if (!againDue && !freshDue) {
                return Copies.NONE;
            }
            int copy = againDue ? again : fresh;
            if (!done(copy)) {
                return copy;
            }
            copies.remove(copy);
        }
        return Copies.NONE;
    }

    /** When the next copy is due, at the latest. */
    long dueNs() {
        Copies copies = r.copies;
        int again = copies.oldestForwarded();
        int fresh = copies.oldestFresh();
        long dueNs = Long.MAX_VALUE;
        if (again != Copies.NONE) {
            dueNs = copies.forwardedNs[again] + r.config.forwardAgainNs;
        }
        return fresh == Copies.NONE ? dueNs : Math.min(dueNs, copies.arrivedNs[fresh] + r.config.forwardAfterNs);
    }

    /** Writes a FORWARD behind its message header; returns its length. */
    int write(int copy, byte[] message, long primaryHeardNs) {
        Copies copies = r.copies;
        Bytes.putLong(message, 16, copies.source[copy]);
        Bytes.putLong(message, 24, copies.sequence[copy]);
        Bytes.putLong(message, 32, r.nowNs - copies.arrivedNs[copy]);
        Bytes.putLong(message, 40, primaryHeardNs);
        Bytes.putLong(message, 48, r.log.last());
        Bytes.putInt(message, 56, copies.occurrence(copy));
        Bytes.putInt(message, 60, copies.port[copy]);
        System.arraycopy(copies.buffer(), copies.offset(copy), message, Messages.FORWARD_HEADER_BYTES, copies.lengthBytes[copy]);
        return Messages.FORWARD_HEADER_BYTES + copies.lengthBytes[copy];
    }
}
