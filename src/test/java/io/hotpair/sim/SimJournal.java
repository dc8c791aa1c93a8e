package io.hotpair.sim;

import io.hotpair.sync.port.JournalPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * The journal of one group on one board. What is appended reaches the disk in batches, later; a process or a power supply that dies takes away any
 * tail of what was not synced. The disk outlives the board's boots.
 */
final class SimJournal implements JournalPort {
    private static final int BEHIND = 64;
    private static final int BASE_AFTER = 1500;
    /** A write that takes longer is noticed, as the journal in files is configured. */
    private static final long NOTICED_AFTER_NS = 2_000_000_000;

    /** What is on the disk. */
    private static final class Disk {
        byte[] base = {};
        long baseIndex;
        final ArrayList<byte[]> records = new ArrayList<>();
        int mark;

        long last() {
            return baseIndex + records.size();
        }
    }

    private enum Kind { RECORD, BASE, DIVERT, MARK }

    private record Operation(Kind kind, byte[] data, long index) { }

    private final DataPath path;
    private final SimDisk faults;
    private final SimRandom random;
    private final Disk disk = new Disk();
    private final ArrayDeque<Operation> queue = new ArrayDeque<>();
    private final ArrayList<Operation> refusedMarks = new ArrayList<>();
    private int batch;
    private boolean writing;
    private long writingSinceNs;
    private boolean broken;
    private long appended;
    private long marksQueued;
    private byte[] basePart;
    private int baseBytes;
    private long baseIndex;
    private int handedOut;
    private long readyNs;
    private long dueNs = Long.MAX_VALUE;
    /** Whether the board ever saw that the disk fails, and went on without it. */
    boolean everRefused;
    /** Likewise, and the disk has not got whole again since. */
    boolean incomplete;
    int diverted;

    SimJournal(DataPath path, SimDisk faults, SimRandom random) {
        this.path = path;
        this.faults = faults;
        this.random = random;
    }

    // ---- the simulator's side ----

    void onProcessStart(long nowNs) {
        handedOut = 0;
        basePart = null;
        broken = false;
        appended = disk.last();
        readyNs = nowNs + random.between(100_000, 20_000_000);
    }

    /** What was handed over but not synced is lost from any point on; a torn last record counts as lost. */
    void onProcessEnd() {
        int survive = random.below(queue.size() + 1);
        while (survive-- > 0 && !faults.refuses) {
            apply(queue.poll());
        }
        queue.clear();
        marksQueued = 0;
        batch = 0;
        writing = false;
        dueNs = Long.MAX_VALUE;
        basePart = null;
    }

    long dueNs() {
        return dueNs;
    }

    void doWork(long nowNs) {
        if (nowNs < dueNs) {
            return;
        }
        if (faults.stalls) {
            dueNs = nowNs + 5_000_000;
            return;
        }
        everRefused |= faults.refuses;
        incomplete |= faults.refuses;
        for (; batch > 0; batch--) {
            Operation operation = queue.poll();
            if (!faults.refuses) {
                apply(operation);
            } else if (operation.kind == Kind.MARK) {
                refusedMarks.add(operation); // is tried again
            } else {
                broken = true;
            }
        }
        while (!refusedMarks.isEmpty()) {
            queue.addFirst(refusedMarks.removeLast());
        }
        writing = false;
        dueNs = Long.MAX_VALUE;
        write(nowNs);
    }

    private void write(long nowNs) {
        if (!writing && !queue.isEmpty()) {
            writing = true;
            writingSinceNs = nowNs;
            batch = queue.size();
            dueNs = nowNs + random.between(faults.writeNs / 2, faults.writeNs * 3 / 2);
            path.wakeAt(dueNs);
        }
    }

    private void apply(Operation operation) {
        applyTo(operation);
        incomplete &= operation.kind == Kind.MARK || broken || !queue.isEmpty() || disk.last() != appended;
    }

    private void applyTo(Operation operation) {
        switch (operation.kind) {
            case RECORD -> {
                if (operation.index == disk.last() + 1) {
                    disk.records.add(operation.data);
                }
            }
            case BASE -> {
                disk.base = operation.data;
                int from = (int) Math.max(0, Math.min(disk.records.size(), operation.index - disk.baseIndex));
                ArrayList<byte[]> later = new ArrayList<>(disk.records.subList(from, disk.records.size()));
                if (operation.index > disk.last() || operation.index < disk.baseIndex) {
                    later.clear();
                }
                disk.records.clear();
                disk.records.addAll(later);
                disk.baseIndex = operation.index;
            }
            case DIVERT -> {
                if (operation.index < disk.baseIndex) {
                    disk.base = new byte[0];
                    disk.baseIndex = 0;
                    disk.records.clear();
                }
                while (disk.last() > operation.index) {
                    disk.records.removeLast();
                    diverted++;
                }
            }
            case MARK -> {
                disk.mark = (int) operation.index;
                marksQueued--;
            }
        }
    }

    /** Newest index on the disk. */
    long onDisk() {
        return disk.last();
    }

    String text() {
        return " disk " + disk.last() + " appended " + appended + (broken ? " broken" : "") + " mark " + disk.mark + " queue " + queue.size()
                + (basePart != null ? " base " + baseBytes + "/" + basePart.length : "") + (writing ? " writing" : "");
    }

    int markOnDisk() {
        return disk.mark;
    }

    /** Node of the history up to an index that the disk's content leads to is not known here; its chain is: the record at an index, or null. */
    byte[] recordOnDisk(long index) {
        return index > disk.baseIndex && index <= disk.last() ? disk.records.get((int) (index - disk.baseIndex - 1)) : null;
    }

    private void add(Kind kind, byte[] data, long index) {
        queue.add(new Operation(kind, data, index));
        write(path.nowNs());
    }

    // ---- the board's side ----

    @Override
    public boolean durable() {
        return true;
    }

    @Override
    public boolean recovered() {
        return path.nowNs() >= readyNs && !faults.stalls;
    }

    @Override
    public long recoveredTerm() {
        return disk.records.isEmpty() ? 0 : ByteBuffer.wrap(disk.records.getLast()).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    }

    @Override
    public long recoveredIndex() {
        return disk.last();
    }

    @Override
    public long recoveredDigest() {
        return 0;
    }

    @Override
    public int recoveredMark() {
        return disk.mark;
    }

    @Override
    public long recoveredBaseLengthBytes() {
        return disk.base.length;
    }

    @Override
    public long recoveredBaseIndex() {
        return disk.baseIndex;
    }

    @Override
    public void copyRecoveredBase(long position, byte[] destination, int offset, int lengthBytes) {
        System.arraycopy(disk.base, (int) position, destination, offset, lengthBytes);
    }

    @Override
    public int nextRecovered(byte[] destination, int offset) {
        if (handedOut == disk.records.size()) {
            return 0;
        }
        if (random.oneIn(50)) {
            return -1;
        }
        byte[] record = disk.records.get(handedOut++);
        System.arraycopy(record, 0, destination, offset, record.length);
        return record.length;
    }

    @Override
    public boolean append(byte[] buffer, int offset, int lengthBytes) {
        if (queue.size() >= BEHIND) {
            return false;
        }
        if (basePart != null) {
            basePart = null; // abandoned
        }
        long index = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).getLong(offset + 8);
        if (index != appended + 1) {
            broken = true;
        }
        if (!broken) {
            appended = index;
            add(Kind.RECORD, Arrays.copyOfRange(buffer, offset, offset + lengthBytes), index);
        }
        return true;
    }

    @Override
    public boolean wantsBase() {
        return broken || disk.records.size() > BASE_AFTER;
    }

    @Override
    public long durableIndex() {
        long durable = Math.min(disk.last(), appended);
        for (Operation operation : queue) {
            if (operation.kind == Kind.RECORD || operation.kind == Kind.DIVERT) {
                durable = Math.min(durable, operation.kind == Kind.RECORD ? operation.index - 1 : operation.index);
            }
        }
        return durable;
    }

    @Override
    public boolean beginBase(long term, long index, long digest, long lengthBytes) {
        if (queue.size() >= BEHIND || failing()) {
            return false;
        }
        if (index < appended && index < 0) {
            throw new Violation("sane", "base below what was appended");
        }
        basePart = new byte[(int) lengthBytes];
        baseBytes = 0;
        baseIndex = index;
        return true;
    }

    @Override
    public boolean base(byte[] buffer, int offset, int lengthBytes) {
        if (basePart == null || random.oneIn(16)) {
            return basePart == null;
        }
        System.arraycopy(buffer, offset, basePart, baseBytes, lengthBytes);
        baseBytes += lengthBytes;
        if (baseBytes == basePart.length) {
            add(Kind.BASE, basePart, baseIndex);
            appended = broken ? baseIndex : Math.max(appended, baseIndex);
            broken = false;
            basePart = null;
        }
        return true;
    }

    @Override
    public void divert(long index) {
        add(Kind.DIVERT, null, index);
        appended = Math.min(appended, index);
    }

    @Override
    public void mark(int mark, long term, long index) {
        marksQueued++;
        path.trace("mark " + mark + " at " + index + text());
        add(Kind.MARK, null, mark);
    }

    @Override
    public boolean markDurable() {
        return marksQueued == 0;
    }

    @Override
    public boolean failing() {
        boolean failing = faults.refuses || writing && path.nowNs() - writingSinceNs >= NOTICED_AFTER_NS;
        everRefused |= failing;
        incomplete |= failing;
        return failing;
    }
}
