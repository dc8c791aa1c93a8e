package io.hotpair.node;

import io.hotpair.core.PairCore;
import io.hotpair.core.port.FrameChannel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;

/**
 * The built-in task: a numbered output stream to the plant, one number each interval, silent on the standby.
 *
 * <p>Its whole state is the newest number, which travels as the commit index of the heartbeat. A new primary goes on with the next number
 * at once. What the old primary sent after its last heartbeat is not known to it, so it marks as many of its first outputs as possible
 * repetitions as the old primary can have sent since it was last heard.
 *
 * <pre>
 *  offset size field of an output (48 bytes, little endian)
 *       0    4 magic 0x48505354
 *       4    1 version 1
 *       5    1 board
 *       6    1 group
 *       7    1 bit 0: may be a repetition
 *       8    4 term
 *      12    4 boot id
 *      16    8 number, from 1
 *      24    8 CLOCK_MONOTONIC when the gate was asked, ns
 *      32   16 zero
 * </pre>
 */
final class NumberedStream implements Workload {
    /** First field of an output. */
    static final int MAGIC = 0x48505354;
    /** Bytes of an output. */
    static final int OUTPUT_BYTES = 48;
    private static final int VERSION = 1;
    private static final int FLAG_REPLAY = 1;
    /** Outputs that the old primary can have sent between its output and the heartbeat that told of it. */
    private static final int UNTOLD = 2;
    /** Marked at most, however long ago the old primary was heard. */
    private static final int MOST_REPLAYS = 1000;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The clock, read anew for every emission. */
    interface Clock {
        long nowNs();
    }

    private final int board;
    private final int bootId;
    private final long intervalNs;
    private final FrameChannel plant;
    private final Clock clock;
    private final byte[] output = new byte[OUTPUT_BYTES];
    private final long[] number;
    private final long[] nextNs;
    private final long[] emitted;
    private final int[] replays;
    private final boolean[] primary;
    private final boolean[] heard;
    private final long[] heardNs;
    private final boolean[] frozen;
    private PairCore core;
    private BooleanSupplier sameConfiguration = () -> true;

    /** @param plant where outputs go, or null: then numbers are counted, but nothing is sent */
    NumberedStream(int board, int bootId, int groups, long intervalNs, FrameChannel plant, Clock clock) {
        this.board = board;
        this.bootId = bootId;
        this.intervalNs = intervalNs;
        this.plant = plant;
        this.clock = clock;
        number = new long[groups];
        nextNs = new long[groups];
        emitted = new long[groups];
        replays = new int[groups];
        primary = new boolean[groups];
        heard = new boolean[groups];
        heardNs = new long[groups];
        frozen = new boolean[groups];
    }

    @Override
    public void attach(PairCore core) {
        this.core = core;
    }

    /**
     * A standby is not hot before its peer is known to run the same configuration and version. Set before it works; where nothing is set, as in
     * a rehearsal, both do.
     *
     * @param sameConfiguration asked by the duty cycle; must only look
     */
    void hotOnlyIf(BooleanSupplier sameConfiguration) {
        this.sameConfiguration = sameConfiguration;
    }

    /** Emits what is due; returns when the next output is, or {@code Long.MAX_VALUE} while this board does not lead. */
    @Override
    public long doWork(long nowNs) {
        long earliestNs = Long.MAX_VALUE;
        for (int g = 0; g < number.length; g++) {
            if (!primary[g] || frozen[g]) {
                continue;
            }
            if (nowNs - nextNs[g] >= 0) {
                emit(g);
                long dueNs = nextNs[g] + intervalNs;
                nextNs[g] = nowNs - dueNs > intervalNs ? nowNs + intervalNs : dueNs; // outputs missed are not made up for in a burst
            }
            earliestNs = Math.min(earliestNs, nextNs[g]);
        }
        return earliestNs;
    }

    /** The gate opened: the plant waits, so the first output leaves at once. */
    @Override
    public void onGateOpen(int group, long nowNs) {
        nextNs[group] = nowNs;
        doWork(nowNs);
    }

    private void emit(int group) {
        long askedNs = clock.nowNs();
        if (!core.gateOpen(group, askedNs)) {
            return;
        }
        number[group]++;
        boolean replay = replays[group] > 0;
        if (replay) {
            replays[group]--;
        }
        if (plant == null) {
            emitted[group]++;
            return;
        }
        INT.set(output, 0, MAGIC);
        output[4] = VERSION;
        output[5] = (byte) board;
        output[6] = (byte) group;
        output[7] = (byte) (replay ? FLAG_REPLAY : 0);
        INT.set(output, 8, (int) core.term(group));
        INT.set(output, 12, bootId);
        LONG.set(output, 16, number[group]);
        LONG.set(output, 24, askedNs);
        if (plant.send(output, 0, OUTPUT_BYTES)) {
            emitted[group]++;
        }
    }

    @Override
    public long emitted(int group) {
        return emitted[group];
    }

    @Override
    public long commitIndex(int group) {
        return number[group];
    }

    @Override
    public boolean hot(int group) {
        return heard[group] && sameConfiguration.getAsBoolean();
    }

    @Override
    public void onPeerCommitIndex(int group, boolean peerIsPrimary, long term, int peerIndex) {
        if (peerIsPrimary && !primary[group]) {
            heard[group] = true;
            heardNs[group] = clock.nowNs();
            number[group] += Math.max(0, peerIndex - (int) number[group]); // serial number arithmetic, RFC 1982
        }
    }

    @Override
    public void onPeerCold(int group, long heardNs) { } // a number waits for nobody

    @Override
    public void freeze(int group, boolean on) {
        frozen[group] = on;
    }

    @Override
    public boolean drained(int group) {
        return true; // a number is committed when it is sent
    }

    @Override
    public void onRole(int group, boolean leads, long term) {
        if (leads && !primary[group] && heard[group]) {
            long sinceNs = clock.nowNs() - heardNs[group];
            replays[group] = UNTOLD + (int) Math.min(sinceNs / intervalNs, MOST_REPLAYS);
        }
        primary[group] = leads;
    }
}
