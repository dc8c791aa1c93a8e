package io.hotpair.sync;

/** Bounds and times of the replication of one group. Fluent: set what differs from the defaults, then {@link #conclude}. */
public final class SyncConfig {
    private static final long MS = 1_000_000;

    /** The group's number, 0 or 1. */
    int group;
    /** When an output may leave. */
    Commit commit = Commit.BOTH;
    /** Records in the log ring, a power of two: 0.65 s at 100,000 a second, longer than any stall that is not worth a snapshot. */
    int logRecords = 65_536;
    /** Bytes of the log ring: 16 MiB as the stated bound of a group's buffers; 256 bytes for each record on average. */
    int logBytes = 16 << 20;
    /** Copies of inputs that wait on a board: 40,000 a second over the match window. */
    int copies = 4_096;
    /** Outputs kept until they have left, or until the peer says that they have: a power of two, as many as there are records. */
    int outputs = 65_536;
    /** Bytes of the outputs kept. */
    int outputBytes = 16 << 20;
    /** Sources that number their inputs; the least recently used is forgotten for a new one. */
    int sources = 1_024;
    /** Largest state of a task, bytes. */
    int snapshotBytes = 16 << 20;
    /** No copy of an input outlives this (design, chapter 5). */
    long matchWindowNs = 100 * MS;
    /** A copy that no record has matched for so long is forwarded. */
    long forwardAfterNs = 5 * MS;
    /** A forwarded copy that still is not matched is forwarded again. */
    long forwardAgainNs = 10 * MS;
    /** STATE is sent on change and at least so often. */
    long stateEveryNs = 20 * MS;
    /** What was sent and not acknowledged is sent again after this, then after twice as long, up to a second: longer than any usual round trip. */
    long resendAfterNs = 50 * MS;
    /** A standby whose acknowledgement is missing for so long is asked to be COLD. */
    long standbyWaitNs = 200 * MS;
    /** A standby is HOT when so few records are under way to it: what a round trip lasts at full load. */
    int hotLagRecords = 256;
    /** Messages to the peer for each network and cycle, so that a cycle stays short. */
    int messagesPerCycle = 256;
    /** Bytes of a snapshot to or from the journal in a cycle: copies only. */
    int basePerCycleBytes = 64 << 10;
    /**
     * Bytes of a snapshot to the peer over each network at once, and how long until the next: 8 MiB a second. The codes of both copies take a quarter
     * of a core then, on either board (64 MB/s measured with the fast compiler), at a priority above every task's; the kernel stops who takes
     * 0.95 s of a second.
     */
    int baseSendBytes = 8 << 10;
    long baseSendEveryNs = MS;
    /** Records handed to the task or read back from the journal in a cycle; outputs taken and emitted likewise. */
    int recordsPerCycle = 256;
    /** How long a board waits for what a peer that is heard says of its data. */
    long compareWaitNs = 200 * MS;
    /** The peer takes over no sooner than this after it last heard this board: the silence of the profile, of the default one here. */
    long silenceNs = 3 * MS;
    /** Unaccompanied and unsure, a board leads after so long; negative: never without a person. */
    long leadWhenUnsureNs = -1;
    /** Between two ticks; 0: there are none. */
    long tickNs;
    /** Whether the ticks are the edges of a line, else of the primary's clock. */
    boolean tickLine;
    /** The first tick that the tasks execute is announced so many ticks ahead. */
    int startAfterTicks = 10;
    /** How long a primary waits for its standby before it begins without. */
    long startWaitNs;

    /** Defaults for a group. */
    public static SyncConfig of(int group, Commit commit) {
        SyncConfig config = new SyncConfig();
        config.group = group;
        config.commit = commit;
        return config;
    }

    /** Records and bytes of the log ring. */
    public SyncConfig log(int records, int bytes) {
        logRecords = records;
        logBytes = bytes;
        return this;
    }

    /** Copies of inputs that wait. */
    public SyncConfig copies(int count) {
        copies = count;
        return this;
    }

    /** Outputs and bytes of outputs that are kept. */
    public SyncConfig outputs(int count, int bytes) {
        outputs = count;
        outputBytes = bytes;
        return this;
    }

    /** Sources that number their inputs. */
    public SyncConfig sources(int count) {
        sources = count;
        return this;
    }

    /** Largest state of a task, bytes. */
    public SyncConfig snapshot(int bytes) {
        snapshotBytes = bytes;
        return this;
    }

    /** How long a standby may owe an acknowledgement. */
    public SyncConfig standbyWait(long ns) {
        standbyWaitNs = ns;
        return this;
    }

    /** When a board that is unsure leads unaccompanied; negative: never. */
    public SyncConfig leadWhenUnsure(long ns) {
        leadWhenUnsureNs = ns;
        return this;
    }

    /** How long this board must be unheard at least before its peer takes over. */
    public SyncConfig silence(long ns) {
        silenceNs = ns;
        return this;
    }

    /** Records under way to a standby that is granted HOT. */
    public SyncConfig hotLag(int records) {
        hotLagRecords = records;
        return this;
    }

    /**
     * Ticks of the common clock.
     *
     * @param intervalNs between two of them
     * @param line whether they are the edges of a line
     * @param startAfter the first one that the tasks execute is announced so many ticks ahead
     * @param startWaitNs how long a primary waits for its standby before it begins without
     */
    public SyncConfig ticks(long intervalNs, boolean line, int startAfter, long startWaitNs) {
        tickNs = intervalNs;
        tickLine = line;
        startAfterTicks = startAfter;
        this.startWaitNs = startWaitNs;
        return this;
    }

    /** @throws IllegalArgumentException naming the setting that does not fit the others */
    public SyncConfig conclude() {
        check(Integer.bitCount(logRecords) == 1 && logRecords >= 16, "records of the log: a power of two, at least 16");
        check(Integer.bitCount(outputs) == 1 && outputs >= 16, "outputs kept: a power of two, at least 16");
        check(logBytes >= 4 * Record.MAX_BYTES, "bytes of the log: at least four of the largest records");
        check(outputBytes >= 4 * Record.PAYLOAD_MAX_BYTES, "bytes of outputs: at least four of the largest");
        check(copies >= 1 && sources >= 1, "copies and sources: at least one");
        check(hotLagRecords < logRecords, "records under way to a HOT standby: fewer than the log holds");
        check(tickNs == 0 || tickNs >= MS && startAfterTicks >= 1, "ticks: at most one in a millisecond, the first announced ahead");
        check(forwardAfterNs < matchWindowNs, "forwarding: within the match window");
        return this;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
