package io.hotpair.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The one frame that the boards exchange: a flyweight over a preallocated buffer, {@value #LENGTH_BYTES} bytes, little endian, followed by
 * the channel's {@link Seal}.
 *
 * <pre>
 *  offset size field
 *       0    1 version (high 4 bits), type (low 4 bits): 1 heartbeat, 2 dead, 3 answer to a hello
 *       1    1 bit 0 board (0 = A, 1 = B), bits 1-2 channel, bit 3 may lead, bit 4 leaving, bit 5 preparing, bit 6 waiting; bit 7 0
 *       2    1 penalty, 0..255: 0 is healthy
 *       3    1 checkpoint view, 2 bits a network (0 unknown, 1 up, 2 down); other bits 0
 *       4    4 boot id of the sender, never 0
 *       8    8 transmit time, ns since the sender started: also the sender's age; strictly rising on a channel
 *      16    8 echo: the newest transmit time of the receiver that arrived on this channel as a sign of life, 0 = none;
 *             of an answer the hello's transmit time
 *      24    4 boot id of the receiver as the sender knows it, 0 = none
 *      28    4 term of group 0 (unsigned)
 *      32    4 term of group 1 (unsigned)
 *      36    4 commit index of group 0, low 32 bits
 *      40    4 commit index of group 1, low 32 bits
 *      44    2 sequence of the heartbeats on this channel, modulo 65536; 0 of other types
 *      46    1 state of group 0: bits 0-2 role, bits 3-4 intent, bit 5 in sync, bits 6-7 verdict
 *      47    1 state of group 1, alike; 0 where there is one group
 * </pre>
 *
 * A frame that does not name the receiver's present boot id is a <em>hello</em>, never a sign of life: nothing recorded before a boot can
 * keep a dead peer alive.
 */
public final class Frame {
    /** Bytes of a frame before its seal. */
    public static final int LENGTH_BYTES = 48;
    /** The version that this software speaks. */
    public static final int VERSION = 1;
    /** {@link #type()} of a heartbeat. */
    public static final int HEARTBEAT = 1;
    /** {@link #type()} of the guard's last word: the process with this boot id is gone. */
    public static final int DEAD = 2;
    /**
     * {@link #type()} of the answer to a hello. It returns the hello's transmit time, so that its sender can prove itself; but to this frame's
     * sender the hello was no sign of life, so that echo is no lease.
     */
    public static final int ANSWER = 3;

    /** Checkpoint view of a network: not configured or not yet known. */
    public static final int CHECKPOINT_UNKNOWN = 0;
    /** Checkpoint view of a network: answers. */
    public static final int CHECKPOINT_UP = 1;
    /** Checkpoint view of a network: does not answer. */
    public static final int CHECKPOINT_DOWN = 2;

    private static final int FLAG_BOARD = 0x01;
    private static final int CHANNEL_SHIFT = 1;
    private static final int CHANNEL_MASK = 0x03;
    private static final int FLAG_MAY_LEAD = 0x08;
    private static final int FLAG_LEAVING = 0x10;
    private static final int FLAG_PREPARING = 0x20;
    private static final int FLAG_WAITING = 0x40;
    private static final int FLAGS_RESERVED = 0x80;
    private static final int CHECKPOINTS_RESERVED = 0xF0;

    private static final int OFFSET_VERSION_TYPE = 0;
    private static final int OFFSET_FLAGS = 1;
    private static final int OFFSET_PENALTY = 2;
    private static final int OFFSET_CHECKPOINTS = 3;
    private static final int OFFSET_BOOT_ID = 4;
    private static final int OFFSET_TX_TIME = 8;
    private static final int OFFSET_ECHO_TIME = 16;
    private static final int OFFSET_PEER_BOOT_ID = 24;
    private static final int OFFSET_TERM = 28;
    private static final int OFFSET_COMMIT_INDEX = 36;
    private static final int OFFSET_SEQUENCE = 44;
    private static final int OFFSET_GROUP_STATE = 46;

    private static final int ROLE_MASK = 0x07;
    private static final int INTENT_SHIFT = 3;
    private static final int INTENT_MASK = 0x03;
    private static final int IN_SYNC = 0x20;
    private static final int VERDICT_SHIFT = 6;
    private static final int HIGHEST_ROLE = 5;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] buffer;
    private int offset;

    /** Lays this flyweight over {@code buffer[offset, offset + LENGTH_BYTES)}, which must exist. */
    public Frame wrap(byte[] buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    /** Whether the fixed fields hold values that a sender of this version can produce; says nothing about who sent it. */
    public boolean wellFormed() {
        int type = type();
        return (type == HEARTBEAT || type == DEAD || type == ANSWER)
                && (buffer[offset + OFFSET_FLAGS] & FLAGS_RESERVED) == 0
                && (buffer[offset + OFFSET_CHECKPOINTS] & CHECKPOINTS_RESERVED) == 0
                && bootId() != 0 && txTimeNs() > 0 && echoTimeNs() >= 0
                && role(0) <= HIGHEST_ROLE && role(1) <= HIGHEST_ROLE && verdict(0) != 1 && verdict(1) != 1;
    }

    /** Protocol version, 0..15. */
    public int version() {
        return (buffer[offset + OFFSET_VERSION_TYPE] & 0xFF) >>> 4;
    }

    /** {@link #HEARTBEAT}, {@link #DEAD} or {@link #ANSWER}. */
    public int type() {
        return buffer[offset + OFFSET_VERSION_TYPE] & 0x0F;
    }

    /** Starts a frame: version, type, board, channel and flags; every other field is set by its own method. */
    public Frame header(int type, int board, int channel, boolean mayLead, boolean leaving) {
        buffer[offset + OFFSET_VERSION_TYPE] = (byte) (VERSION << 4 | type);
        buffer[offset + OFFSET_FLAGS] =
                (byte) (board | channel << CHANNEL_SHIFT | (mayLead ? FLAG_MAY_LEAD : 0) | (leaving ? FLAG_LEAVING : 0));
        return this;
    }

    /** Sender: 0 = board A, 1 = board B. */
    public int board() {
        return buffer[offset + OFFSET_FLAGS] & FLAG_BOARD;
    }

    /** Channel that the frame was sent on, 0..3. */
    public int channel() {
        return buffer[offset + OFFSET_FLAGS] >>> CHANNEL_SHIFT & CHANNEL_MASK;
    }

    /** Whether the sender may claim the primary role. */
    public boolean mayLead() {
        return (buffer[offset + OFFSET_FLAGS] & FLAG_MAY_LEAD) != 0;
    }

    /** Whether the sender will be able to claim the primary role shortly: it is getting ready. */
    public boolean preparing() {
        return (buffer[offset + OFFSET_FLAGS] & FLAG_PREPARING) != 0;
    }

    /** Sets the flag of {@link #preparing()}; after {@link #header}. */
    public Frame preparing(boolean preparing) {
        buffer[offset + OFFSET_FLAGS] |= (byte) (preparing ? FLAG_PREPARING : 0);
        return this;
    }

    /** Whether the sender rehearses and leads nothing: for the settle time after this frame it replaces nobody by silence. */
    public boolean waiting() {
        return (buffer[offset + OFFSET_FLAGS] & FLAG_WAITING) != 0;
    }

    /** Sets the flag of {@link #waiting()}; after {@link #header}. */
    public Frame waiting(boolean waiting) {
        buffer[offset + OFFSET_FLAGS] |= (byte) (waiting ? FLAG_WAITING : 0);
        return this;
    }

    /** Whether the sender is about to end on purpose; its gates are shut for good. */
    public boolean leaving() {
        return (buffer[offset + OFFSET_FLAGS] & FLAG_LEAVING) != 0;
    }

    /** Penalty points, 0..255. */
    public int penalty() {
        return buffer[offset + OFFSET_PENALTY] & 0xFF;
    }

    /** Sets {@link #penalty()}. */
    public Frame penalty(int penalty) {
        buffer[offset + OFFSET_PENALTY] = (byte) penalty;
        return this;
    }

    /** One of the CHECKPOINT constants for a network, 0..1. */
    public int checkpoint(int network) {
        return buffer[offset + OFFSET_CHECKPOINTS] >>> (2 * network) & 0x03;
    }

    /** Sets the checkpoint views of both networks. */
    public Frame checkpoints(int networkA, int networkB) {
        buffer[offset + OFFSET_CHECKPOINTS] = (byte) (networkA | networkB << 2);
        return this;
    }

    /** Boot id of the sender. */
    public int bootId() {
        return (int) INT.get(buffer, offset + OFFSET_BOOT_ID);
    }

    /** Sets {@link #bootId()}. */
    public Frame bootId(int bootId) {
        INT.set(buffer, offset + OFFSET_BOOT_ID, bootId);
        return this;
    }

    /** Transmit time, ns since the sender started. */
    public long txTimeNs() {
        return (long) LONG.get(buffer, offset + OFFSET_TX_TIME);
    }

    /** Sets {@link #txTimeNs()}. */
    public Frame txTimeNs(long txTimeNs) {
        LONG.set(buffer, offset + OFFSET_TX_TIME, txTimeNs);
        return this;
    }

    /** Newest transmit time of the receiver that the sender got on this channel, ns since the receiver started; 0 = none. */
    public long echoTimeNs() {
        return (long) LONG.get(buffer, offset + OFFSET_ECHO_TIME);
    }

    /** Sets {@link #echoTimeNs()}. */
    public Frame echoTimeNs(long echoTimeNs) {
        LONG.set(buffer, offset + OFFSET_ECHO_TIME, echoTimeNs);
        return this;
    }

    /** Boot id of the receiver as the sender knows it; 0 = none. */
    public int peerBootId() {
        return (int) INT.get(buffer, offset + OFFSET_PEER_BOOT_ID);
    }

    /** Sets {@link #peerBootId()}. */
    public Frame peerBootId(int peerBootId) {
        INT.set(buffer, offset + OFFSET_PEER_BOOT_ID, peerBootId);
        return this;
    }

    /** Term of a group, 0..2^32-1. */
    public long term(int group) {
        return (int) INT.get(buffer, offset + OFFSET_TERM + 4 * group) & 0xFFFF_FFFFL;
    }

    /** Sets {@link #term(int)}. */
    public Frame term(int group, long term) {
        INT.set(buffer, offset + OFFSET_TERM + 4 * group, (int) term);
        return this;
    }

    /** Low 32 bits of a group's commit index; compare by the serial number arithmetic of RFC 1982. */
    public int commitIndex(int group) {
        return (int) INT.get(buffer, offset + OFFSET_COMMIT_INDEX + 4 * group);
    }

    /** Sets {@link #commitIndex(int)}. */
    public Frame commitIndex(int group, int commitIndex) {
        INT.set(buffer, offset + OFFSET_COMMIT_INDEX + 4 * group, commitIndex);
        return this;
    }

    /** Sequence on this channel, 0..65535. */
    public int sequence() {
        return (short) SHORT.get(buffer, offset + OFFSET_SEQUENCE) & 0xFFFF;
    }

    /** Sets {@link #sequence()}; only the low 16 bits count. */
    public Frame sequence(int sequence) {
        SHORT.set(buffer, offset + OFFSET_SEQUENCE, (short) sequence);
        return this;
    }

    /** Ordinal of the group's role, 0..7. */
    public int role(int group) {
        return buffer[offset + OFFSET_GROUP_STATE + group] & ROLE_MASK;
    }

    /** Ordinal of the group's intent, 0..3. */
    public int intent(int group) {
        return buffer[offset + OFFSET_GROUP_STATE + group] >>> INTENT_SHIFT & INTENT_MASK;
    }

    /** Whether the sender holds the group's whole state. */
    public boolean inSync(int group) {
        return (buffer[offset + OFFSET_GROUP_STATE + group] & IN_SYNC) != 0;
    }

    /** Who leads after a joint start: 0 none yet, 2 board A, 3 board B. */
    public int verdict(int group) {
        return (buffer[offset + OFFSET_GROUP_STATE + group] & 0xFF) >>> VERDICT_SHIFT;
    }

    /** Sets a group's role and intent (ordinals), in-sync flag and verdict. */
    public Frame groupState(int group, int role, int intent, boolean inSync, int verdict) {
        buffer[offset + OFFSET_GROUP_STATE + group] =
                (byte) (role | intent << INTENT_SHIFT | (inSync ? IN_SYNC : 0) | verdict << VERDICT_SHIFT);
        return this;
    }
}
