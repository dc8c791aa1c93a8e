package io.hotpair.sync;

import io.hotpair.sync.port.JournalPort;

/**
 * Where a board stands: all that the two tell each other apart from the data itself. Sent on change and every 20 ms, on both networks; only the
 * newest counts, by its sequence.
 *
 * <pre>
 *  offset size field (little endian), behind the header of Messages
 *      16    8 sequence of this statement
 *      24    8 when it was sent, the sender's clock, ns
 *      32    8 newest statement of the peer, the peer's clock, ns; 0 if none
 *      40    4 boot of the peer as the sender knows it, 0 if none
 *      44    1 flags: 1 leads, 2 HOT granted, 4 is HOT, 8 needs a snapshot, 16 recovery is over, 32 has a durable journal, 64 stops on purpose,
 *             128 takes no records yet
 *      45    1 mark in force: NONE, ALONE, CLEAN of JournalPort
 *      46    1 whether that mark is on disk
 *      47    1 zero
 *      48    8 term of the newest record held     ┐
 *      56    8 newest index held                  │ the join position
 *      64    8 chain digest up to it              ┘
 *      72    8 newest index on disk
 *      80    8 newest index executed              ┐ the determinism check
 *      88    8 digest of its results              ┘
 *      96    8 number of the newest output that left, as far as known
 *     104    8 newest index committed
 *     112    4 cold requests (primary), cold requests acknowledged (standby)
 *     116    4 zero
 *     120    8 index of the snapshot that is being received, 0 if none
 *     128    8 bytes of it received
 *     136    8 primary: the last index that the peer has in common with it, -1 if unknown
 *     144    8 how long ago the newest statement of the peer came when this one was written, ns
 *     152    8 number of the sender's newest tick
 *     160    8 its age, ns
 *     168    8 the tick with which the tasks are to begin, or began, as announced; 0 if none
 *     176    4 ordinal of TickState
 *     180    4 zero
 * </pre>
 */
final class State {
    static final int LENGTH_BYTES = 184;
    private static final int LEADS = 1;
    private static final int GRANTED = 2;
    private static final int HOT = 4;
    private static final int NEEDS_BASE = 8;
    private static final int RECOVERED = 16;
    private static final int JOURNAL = 32;
    private static final int STOPS = 64;
    private static final int NOT_READY = 128;

    int boot;
    long term;
    long sequence;
    long sentNs;
    long echoNs;
    int peerBoot;
    boolean leads;
    boolean granted;
    boolean hot;
    boolean needsBase;
    boolean recovered;
    boolean journal;
    boolean stops;
    boolean ready = true;
    int mark;
    boolean markDurable;
    long lastTerm;
    long held;
    long heldDigest;
    long durable;
    long executed;
    long result;
    long emitted;
    long committed;
    int cold;
    long baseIndex;
    long baseBytes;
    long fork;
    long echoAgeNs;
    long tick;
    long tickAgeNs;
    long startTick;
    TickState ticks = TickState.OFF;

    /** Sequence of the statement in a message. */
    static long sequence(byte[] buffer, int offset) {
        return Bytes.getLong(buffer, offset + 16);
    }

    /** Writes it as a message. */
    void write(byte[] buffer, int group) {
        Messages.header(buffer, Messages.STATE, group, boot, term);
        Bytes.putLong(buffer, 16, sequence);
        Bytes.putLong(buffer, 24, sentNs);
        Bytes.putLong(buffer, 32, echoNs);
        Bytes.putInt(buffer, 40, peerBoot);
        buffer[44] = (byte) ((leads ? LEADS : 0) | (granted ? GRANTED : 0) | (hot ? HOT : 0) | (needsBase ? NEEDS_BASE : 0)
                | (recovered ? RECOVERED : 0) | (journal ? JOURNAL : 0) | (stops ? STOPS : 0) | (ready ? 0 : NOT_READY));
        buffer[45] = (byte) mark;
        buffer[46] = (byte) (markDurable ? 1 : 0);
        buffer[47] = 0;
        Bytes.putLong(buffer, 48, lastTerm);
        Bytes.putLong(buffer, 56, held);
        Bytes.putLong(buffer, 64, heldDigest);
        Bytes.putLong(buffer, 72, durable);
        Bytes.putLong(buffer, 80, executed);
        Bytes.putLong(buffer, 88, result);
        Bytes.putLong(buffer, 96, emitted);
        Bytes.putLong(buffer, 104, committed);
        Bytes.putInt(buffer, 112, cold);
        Bytes.putInt(buffer, 116, 0);
        Bytes.putLong(buffer, 120, baseIndex);
        Bytes.putLong(buffer, 128, baseBytes);
        Bytes.putLong(buffer, 136, fork);
        Bytes.putLong(buffer, 144, echoAgeNs);
        Bytes.putLong(buffer, 152, tick);
        Bytes.putLong(buffer, 160, tickAgeNs);
        Bytes.putLong(buffer, 168, startTick);
        Bytes.putInt(buffer, 176, ticks.ordinal());
        Bytes.putInt(buffer, 180, 0);
    }

    /** Takes over what a message of this length says. */
    void read(byte[] buffer, int offset) {
        boot = Messages.boot(buffer, offset);
        term = Messages.term(buffer, offset);
        sequence = Bytes.getLong(buffer, offset + 16);
        sentNs = Bytes.getLong(buffer, offset + 24);
        echoNs = Bytes.getLong(buffer, offset + 32);
        peerBoot = Bytes.getInt(buffer, offset + 40);
        int flags = buffer[offset + 44];
        leads = (flags & LEADS) != 0;
        granted = (flags & GRANTED) != 0;
        hot = (flags & HOT) != 0;
        needsBase = (flags & NEEDS_BASE) != 0;
        recovered = (flags & RECOVERED) != 0;
        journal = (flags & JOURNAL) != 0;
        stops = (flags & STOPS) != 0;
        ready = (flags & NOT_READY) == 0;
        mark = buffer[offset + 45];
        markDurable = buffer[offset + 46] != 0;
        lastTerm = Bytes.getLong(buffer, offset + 48);
        held = Bytes.getLong(buffer, offset + 56);
        heldDigest = Bytes.getLong(buffer, offset + 64);
        durable = Bytes.getLong(buffer, offset + 72);
        executed = Bytes.getLong(buffer, offset + 80);
        result = Bytes.getLong(buffer, offset + 88);
        emitted = Bytes.getLong(buffer, offset + 96);
        committed = Bytes.getLong(buffer, offset + 104);
        cold = Bytes.getInt(buffer, offset + 112);
        baseIndex = Bytes.getLong(buffer, offset + 120);
        baseBytes = Bytes.getLong(buffer, offset + 128);
        fork = Bytes.getLong(buffer, offset + 136);
        echoAgeNs = Bytes.getLong(buffer, offset + 144);
        tick = Bytes.getLong(buffer, offset + 152);
        tickAgeNs = Bytes.getLong(buffer, offset + 160);
        startTick = Bytes.getLong(buffer, offset + 168);
        ticks = TickState.of(Bytes.getInt(buffer, offset + 176));
    }

    /** Whether the mark in force is none, and that is on disk or needs no disk. */
    boolean unmarked() {
        return mark == JournalPort.MARK_NONE && markDurable;
    }
}
