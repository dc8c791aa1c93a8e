package io.hotpair.node.status;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The layout of the mapped counters file, version 2. Little endian; every 64-bit field is aligned to 8 bytes, so a load never
 * sees half a store.
 *
 * <pre>
 * Header (512 bytes)                                          written
 *    0  u64  magic "HPSTATUS" (never changes)                 at start
 *    8  u32  layout version (never moves)                     at start
 *   12  u32  board id, 0 = A, 1 = B                           at start
 *   16  u32  boot id of the node's run                        at start
 *   20  u32  counters in use (n)                              at seal
 *   24  u32  counter capacity (C)                             at start
 *   28  u32  event capacity (E), a power of two               at start
 *   32  u64  process id of the node                           at start
 *   40  u64  start time of that process, clock ticks since the machine's boot (proc(5), stat, field 22); 0 = unknown
 *   48  16 B boot id of the machine's kernel; zeros = unknown at start
 *   64  i64  node start, monotonic ns                         at start
 *   72  i64  wall clock minus monotonic clock at start, ns    at start
 *   80  i64  newest duty cycle, monotonic ns                  every cycle, opaque
 *   88       reserved
 *  128  text pair name                                        at start
 *  256  text software version                                 at start
 *  384       reserved
 * Event ring head (64 bytes) at 512
 *    0  u64  sequence of the next event                       release
 * Labels at 576: C slots of 128 bytes                         before seal
 *    0  text label (120 bytes)
 *  120  u32  kind: 0 counter (only rises), 1 gauge
 * Values at 576 + 128 C: C values of 8 bytes                  opaque, one writing thread per value
 * Events at the next multiple of 64: E slots of 64 bytes, see {@link EventRing}
 *    0  u64  lock: 2 s + 1 while event s is being written, 2 s + 2 when it is complete
 *    8  i64  time, monotonic ns
 *   16  u32  event code
 *   20  i32  group, -1 = whole board
 *   24  i64  term
 *   32  i64  detail
 *   40       reserved
 *
 * text: u16 length in bytes, then UTF-8
 * </pre>
 */
final class StatusLayout {
    static final long MAGIC = 0x5355_5441_5453_5048L; // "HPSTATUS"
    static final int VERSION = 2;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int BOARD_OFFSET = 12;
    static final int BOOT_ID_OFFSET = 16;
    static final int COUNTERS_USED_OFFSET = 20;
    static final int COUNTER_CAPACITY_OFFSET = 24;
    static final int EVENT_CAPACITY_OFFSET = 28;
    static final int PID_OFFSET = 32;
    static final int PROCESS_START_OFFSET = 40;
    static final int KERNEL_BOOT_OFFSET = 48;
    static final int START_NS_OFFSET = 64;
    static final int WALL_MINUS_MONOTONIC_NS_OFFSET = 72;
    static final int NEWEST_CYCLE_NS_OFFSET = 80;
    static final int PAIR_NAME_OFFSET = 128;
    static final int SOFTWARE_VERSION_OFFSET = 256;
    static final int HEADER_TEXT_LENGTH = 128;

    static final int EVENT_HEAD_OFFSET = 512;
    static final int LABELS_OFFSET = 576;
    static final int LABEL_SLOT_LENGTH = 128;
    static final int LABEL_TEXT_LENGTH = 120;
    static final int LABEL_KIND_OFFSET = 120;

    static final int EVENT_SLOT_LENGTH = 64;
    static final int EVENT_LOCK_OFFSET = 0;
    static final int EVENT_TIME_OFFSET = 8;
    static final int EVENT_CODE_OFFSET = 16;
    static final int EVENT_GROUP_OFFSET = 20;
    static final int EVENT_TERM_OFFSET = 24;
    static final int EVENT_DETAIL_OFFSET = 32;

    /** Far above any use; keeps a damaged header from asking for a giant mapping. */
    static final int MAX_CAPACITY = 1 << 16;

    private static final ValueLayout.OfInt INT_LE = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG_LE = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT_LE = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Coordinates: segment, offset in bytes. */
    static final VarHandle INT = INT_LE.varHandle();
    /** Coordinates: segment, offset in bytes. */
    static final VarHandle LONG = LONG_LE.varHandle();

    private StatusLayout() {}

    static long valuesOffset(int counterCapacity) {
        return LABELS_OFFSET + (long) LABEL_SLOT_LENGTH * counterCapacity;
    }

    static long eventsOffset(int counterCapacity) {
        return (valuesOffset(counterCapacity) + 8L * counterCapacity + 63) & -64L;
    }

    static long fileLength(int counterCapacity, int eventCapacity) {
        return eventsOffset(counterCapacity) + (long) EVENT_SLOT_LENGTH * eventCapacity;
    }

    static int getInt(MemorySegment file, long offset) {
        return file.get(INT_LE, offset);
    }

    static void putInt(MemorySegment file, long offset, int value) {
        file.set(INT_LE, offset, value);
    }

    static long getLong(MemorySegment file, long offset) {
        return file.get(LONG_LE, offset);
    }

    static void putLong(MemorySegment file, long offset, long value) {
        file.set(LONG_LE, offset, value);
    }

    static String getText(MemorySegment file, long offset, int slotLength) {
        // The length may come from a damaged file: never read beyond the slot.
        int length = Math.min(Short.toUnsignedInt(file.get(SHORT_LE, offset)), slotLength - 2);
        byte[] bytes = file.asSlice(offset + 2, length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void putText(MemorySegment file, long offset, int slotLength, String what, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > slotLength - 2) {
            throw new IllegalArgumentException(
                    what + " \"" + text + "\" has " + bytes.length + " bytes; at most " + (slotLength - 2) + " fit");
        }
        file.set(SHORT_LE, offset, (short) bytes.length);
        MemorySegment.copy(bytes, 0, file, ValueLayout.JAVA_BYTE, offset + 2, bytes.length);
    }
}
