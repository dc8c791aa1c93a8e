package io.hotpair.sync;

import io.hotpair.sync.port.JournalPort;
import io.hotpair.sync.port.SyncEvents;
import io.hotpair.sync.port.TaskPort;

/**
 * What is the same on both boards at the same index, and the way of a record through one board:
 *
 * <pre>
 *   ordered, or taken from the stream or the journal
 *        │ append: log, sources, recent keys, time
 *        ▼
 *      log ring ──offered──▶ task ──▶ outputs
 *        └──────journaled──▶ journal
 * </pre>
 *
 * A record stays in the ring at least until the task and the journal have taken it.
 */
final class Replicated {
    final SyncConfig config;
    final TaskPort task;
    final JournalPort journal;
    final SyncEvents events;
    final Counters counters = new Counters();
    final LogRing log;
    final RecentKeys keys;
    final SourceTable sources;
    final Copies copies;
    final Outputs outputs;
    final Results results = new Results();
    final Record record = new Record();

    /** The clock of the present cycle. */
    long nowNs;
    /** Time of the newest record. */
    long timeNs;
    /** Before the first tick. */
    static final long NO_TICK = Long.MIN_VALUE;

    /** Number of the newest tick ordered. */
    long lastTick = NO_TICK;
    /** Number of the newest output that left, as far as the records and the peer tell. */
    long told;
    /** Newest index that the task has taken. */
    long offered;
    /** Newest index that the journal has taken. */
    long journaled;
    /** Records from here on are needed for the peer. */
    long neededByPeer = Long.MAX_VALUE;
    /** Outputs may not be dropped for lack of room: this board leads. */
    boolean keepsOutputs;
    /** The disk failed and has not got whole again since by a snapshot: the board goes on as if it had none. */
    boolean impaired;
    /** A snapshot is on its way into the journal: a record would abandon it. */
    boolean journalBusy;
    /** The state was handed to the task, which has not said yet that it has it. */
    boolean loading;
    /** Index up to which a snapshot that is being taken contains everything, and the newest output of those records. */
    long snapshotIndex;
    long snapshotOutput;
    private long observed;
    private long durableSeen;
    private long durableSinceNs;

    Replicated(SyncConfig config, TaskPort task, JournalPort journal, SyncEvents events, long nowNs) {
        this.config = config;
        this.task = task;
        this.journal = journal;
        this.events = events;
        this.nowNs = nowNs;
        durableSinceNs = nowNs;
        log = new LogRing(config.logRecords, config.logBytes);
        keys = new RecentKeys(log, config.logRecords);
        sources = new SourceTable(config.sources);
        copies = new Copies(config.copies);
        outputs = new Outputs(config.outputs, config.outputBytes);
    }

    void event(SyncEvent event, long term, long index, long detail) {
        events.onEvent(event.ordinal(), term, index, detail, nowNs);
    }

    /** Room for a record; -1 if there is none. See {@link LogRing#makeRoom}. */
    int makeRoom(int lengthBytes) {
        long needed = Math.min(offered + 1, neededByPeer);
        return log.makeRoom(lengthBytes, journal.durable() && !impaired ? Math.min(needed, journaled + 1) : needed);
    }

    /** Takes a record of another board, or from the disk, that fits the chain; returns whether there was room. */
    boolean append(Record from, boolean matched) {
        int length = from.lengthBytes();
        int at = makeRoom(length);
        if (at < 0) {
            return false;
        }
        System.arraycopy(from.buffer(), from.offset(), log.buffer(), at, length);
        added(record.wrap(log.buffer(), at), matched);
        return true;
    }

    /** The record at the place that {@link #makeRoom} gave is the newest; {@code matched}: this board's own copy of it has come. */
    void added(Record newest, boolean matched) {
        log.added(newest);
        timeNs = newest.timeNs();
        told = Math.max(told, newest.emitted());
        if (newest.kind() == TaskPort.TICK) {
            lastTick = newest.sequence();
        } else if (newest.kind() == TaskPort.INPUT) {
            if (newest.numbered()) {
                sources.add(newest.port(), newest.source(), newest.sequence());
            } else {
                keys.onRecord(newest.index(), newest.sequence(), matched, nowNs);
            }
        }
    }

    /** Hands records on to the task and the journal, and takes what the task has put out. */
    void pump() {
        loading &= !task.loaded();
        offer();
        takeOutputs();
        store();
    }

    private void offer() {
        for (int i = 0; i < config.recordsPerCycle && log.holds(offered + 1) && task.ready() && task.loaded(); i++) {
            Record next = record.wrap(log.buffer(), log.offset(offered + 1));
            if (!task.offer(next.index(), next.kind(), next.port(), next.timeNs(), next.buffer(), next.payloadOffset(), next.payloadBytes())) {
                break;
            }
            offered++;
            observe();
        }
        observe();
    }

    private void observe() {
        long executed = task.executedIndex();
        if (executed != observed && task.loaded()) {
            observed = executed;
            results.own(executed, task.digest());
        }
    }

    private void takeOutputs() {
        for (int i = 0; i < config.recordsPerCycle && task.outputWaits(); i++) {
            int at = outputs.room();
            while (at < 0 && !keepsOutputs) {
                outputs.removeFirst();
                counters.count(SyncCounter.LOST_OUTPUTS);
                at = outputs.room();
            }
            if (at < 0) {
                return;
            }
            long index = task.outputIndex();
            outputs.added(index, task.outputPort(), task.copyOutput(outputs.buffer(), at));
            if (index <= snapshotIndex) {
                snapshotOutput = outputs.last();
            }
            task.takeOutput();
        }
    }

    private void store() {
        if (!journal.durable()) {
            journaled = log.last();
            return;
        }
        judgeDisk();
        journaled = Math.max(journaled, log.first() - 1); // a gap, while the disk failed: the journal will want a base
        for (int i = 0; i < config.recordsPerCycle && log.holds(journaled + 1) && !journalBusy; i++) {
            if (!journal.append(log.buffer(), log.offset(journaled + 1), log.lengthBytes(journaled + 1))) {
                return;
            }
            journaled++;
        }
    }

    /** A gap shows by a disk that wants a base and gets no further. */
    private void judgeDisk() {
        long durable = journal.durableIndex();
        if (durable != durableSeen || durable >= journaled) {
            durableSeen = durable;
            durableSinceNs = nowNs;
        }
        boolean stuck = nowNs - durableSinceNs >= config.standbyWaitNs;
        impaired = journal.failing() || journal.wantsBase() && (impaired || stuck);
    }

    /** Newest index that outlives this board's power. */
    long durable() {
        return journal.durable() ? Math.min(journal.durableIndex(), log.last()) : log.last();
    }

    /** Whether the task is there and has its state. */
    boolean taskServes() {
        return task.ready() && task.loaded();
    }

    /** Whether the task lost its state by a failure. */
    boolean taskLost() {
        return task.ready() && !task.loaded() && !loading;
    }

    /** The state was replaced by a snapshot; its front is already checked. */
    void reset(byte[] front) {
        long index = BaseFront.index(front);
        log.reset(index, BaseFront.term(front), BaseFront.digest(front));
        keys.clear();
        sources.load(front, BaseFront.HEADER_BYTES);
        outputs.reset(BaseFront.outputNumber(front));
        results.clear();
        timeNs = BaseFront.timeNs(front);
        lastTick = BaseFront.tick(front);
        told = BaseFront.outputNumber(front);
        offered = index;
        observed = index;
        journaled = index;
        snapshotIndex = 0;
        loading = true;
    }
}
