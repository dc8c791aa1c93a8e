package io.hotpair.sim;

import io.hotpair.sync.Commit;

/** What the data path of both boards is configured to, and what flows through it. */
final class DataProfile {
    Commit commit = Commit.BOTH;
    /** A journal on each board, else none. */
    boolean mirror;
    /** Bytes of the task's state. */
    int stateBytes = 256;
    /** Cycles of the board that the task needs for a record; 0 = done at once. */
    int taskCycles;
    /** The task of board B does something of its own once in so many records; 0 = never. */
    int randomOneIn;
    /** From now on it is deterministic. */
    boolean mended;
    /** Clients that number their inputs, and that do not. */
    int numbered = 2;
    int unnumbered = 1;
    /** Mean time between two inputs of a client. */
    long inputGapNs = 10_000_000;
    /** Of an input's way to one board. */
    int inputLossPermille = 20;
    /** Room of a connection in one direction, bytes. */
    int streamBytes = 64 << 10;
    /** A standby may owe an acknowledgement for so long. */
    long standbyWaitNs = 60_000_000;
    int logRecords = 256;
    boolean slowNetwork;
    /** Between two ticks; 0 = there are none. */
    long tickNs;
    /** Whether they are the edges of an oscillator, which is off by so much and has its first edge then; and whether its line suffers. */
    boolean tickLine;
    long tickPpm;
    long tickPhaseNs;
    boolean tickFaults;
    int startAfterTicks = 10;
    long startWaitNs = 200_000_000;

    String text() {
        return ", data: commit " + commit + (mirror ? ", mirror" : ", no journal") + ", state " + stateBytes + ", task " + taskCycles + " cycles"
                + (randomOneIn > 0 ? ", not deterministic" : "") + ", input every " + inputGapNs / 1000 + " us"
                + (tickNs > 0 ? ", tick every " + tickNs / 1000 + " us" + (tickLine ? " by a line" : "") : "");
    }
}
