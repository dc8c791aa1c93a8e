package io.hotpair.task.host;

/**
 * Bounds and times of a task's host. Set what differs from the default, then hand it over; the host checks it as a whole. What both boards
 * have to agree on is marked: a difference there shows as a difference of digests.
 */
public final class HostSettings {
    /** Longest input or output, bytes. */
    public static final int PAYLOAD_BYTES = 1400;
    /** Key of the configuration that bounds a state, for messages. */
    public static final String STATE_KEY = "task.state-max";

    private static final long NS_PER_MS = 1_000_000L;
    private static final long HANG_LEAST_NS = 300 * NS_PER_MS;

    private long stateMaxBytes = 16L << 20;
    private int outputQueueBytes = 1 << 20;
    private int outputsPerRecord = 16;
    private int stateDigestEvery = 1000;
    private int stateDigestMaxBytes = 64 << 10;
    private int ringBytes = 512 << 10;
    private long deadlineNs = 10 * NS_PER_MS;
    private long hangNs = 5_000 * NS_PER_MS;
    private long backoffNs = 100 * NS_PER_MS;
    private long backoffMaxNs = 10_000 * NS_PER_MS;
    private long spinNs;

    /** Largest state, bytes; 1 KiB to 1 GiB, 16 MiB unless set. On both boards. */
    public HostSettings stateMaxBytes(long bytes) {
        stateMaxBytes = bytes;
        return this;
    }

    /** Room for outputs that wait to be taken, bytes; a power of two, 1 MiB unless set. */
    public HostSettings outputQueueBytes(int bytes) {
        outputQueueBytes = bytes;
        return this;
    }

    /** Most outputs of one input or tick; 1 to 256, 16 unless set. On both boards. */
    public HostSettings outputsPerRecord(int count) {
        outputsPerRecord = count;
        return this;
    }

    /**
     * The state itself goes into the digest at each index that is a multiple of this, 1000 unless set; 0 for never. It costs a save each time.
     * A state above {@code maxBytes}, 64 KiB unless set, is not looked at: then the digest knows only outputs. On both boards.
     */
    public HostSettings stateDigest(int everyRecords, int maxBytes) {
        stateDigestEvery = everyRecords;
        stateDigestMaxBytes = maxBytes;
        return this;
    }

    /** Each of the two rings to and from a task's process, bytes; a power of two from 16 KiB, 512 KiB unless set. */
    public HostSettings ringBytes(int bytes) {
        ringBytes = bytes;
        return this;
    }

    /** A record that takes longer than this, 10 ms unless set, counts against the board's health. */
    public HostSettings deadlineNs(long ns) {
        deadlineNs = ns;
        return this;
    }

    /** A task that has not answered for this long, 5 s unless set, is killed and started anew. */
    public HostSettings hangNs(long ns) {
        hangNs = ns;
        return this;
    }

    /** Pause before the first restart, 100 ms unless set; it doubles up to {@code maxNs}, 10 s unless set. */
    public HostSettings backoffNs(long firstNs, long maxNs) {
        backoffNs = firstNs;
        backoffMaxNs = maxNs;
        return this;
    }

    /**
     * How long an idle task in its own process looks at its ring before it sleeps; 0 unless set, for it costs that much processor after each record.
     */
    public HostSettings spinNs(long ns) {
        spinNs = ns;
        return this;
    }

    /** @throws IllegalArgumentException naming each value that is out of range or does not fit the others */
    HostSettings conclude() {
        StringBuilder wrong = new StringBuilder();
        check(wrong, stateMaxBytes >= 1 << 10 && stateMaxBytes <= 1 << 30, "state of " + stateMaxBytes + " bytes is outside 1 KiB..1 GiB");
        check(wrong, outputsPerRecord >= 1 && outputsPerRecord <= 256, "outputs per record " + outputsPerRecord + " outside 1..256");
        check(wrong, Integer.bitCount(outputQueueBytes) == 1 && outputQueueBytes >= 2 * outputsPerRecord * OutputQueue.ENTRY_MAX_BYTES,
                "output queue of " + outputQueueBytes + " bytes is no power of two with room for twice " + outputsPerRecord + " outputs of "
                        + OutputQueue.ENTRY_MAX_BYTES + " bytes");
        check(wrong, stateDigestEvery >= 0 && stateDigestMaxBytes > 0 && stateDigestMaxBytes <= 1 << 30,
                "state digest every " + stateDigestEvery + " records of " + stateDigestMaxBytes + " bytes is out of range");
        check(wrong, Integer.bitCount(ringBytes) == 1 && ringBytes >= 16 << 10 && ringBytes <= 1 << 28,
                "ring of " + ringBytes + " bytes is no power of two within 16 KiB..256 MiB");
        check(wrong, deadlineNs > 0 && hangNs >= deadlineNs, "deadline " + deadlineNs + " ns, 0 < deadline <= hang " + hangNs + " ns is broken");
        check(wrong, hangNs >= HANG_LEAST_NS, "hang of " + hangNs + " ns is below the " + HANG_LEAST_NS
                + " ns within which an idle task shows that it lives");
        check(wrong, backoffNs > 0 && backoffMaxNs >= backoffNs, "0 < backoff " + backoffNs + " ns <= its maximum " + backoffMaxNs + " ns is broken");
        check(wrong, spinNs >= 0 && spinNs <= Integer.MAX_VALUE, "spin of " + spinNs + " ns is outside 0..2 s");
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("task host: " + wrong);
        }
        return this;
    }

    private static void check(StringBuilder wrong, boolean right, String text) {
        if (!right) {
            wrong.append(wrong.isEmpty() ? "" : "; ").append(text);
        }
    }

    long stateMaxBytes() {
        return stateMaxBytes;
    }

    int outputQueueBytes() {
        return outputQueueBytes;
    }

    int outputsPerRecord() {
        return outputsPerRecord;
    }

    int stateDigestEvery() {
        return stateDigestEvery;
    }

    int stateDigestMaxBytes() {
        return stateDigestMaxBytes;
    }

    int ringBytes() {
        return ringBytes;
    }

    long deadlineNs() {
        return deadlineNs;
    }

    long hangNs() {
        return hangNs;
    }

    long backoffNs() {
        return backoffNs;
    }

    long backoffMaxNs() {
        return backoffMaxNs;
    }

    long spinNs() {
        return spinNs;
    }
}
