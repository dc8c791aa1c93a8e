package io.hotpair.sync.journal;

import io.hotpair.sync.port.JournalPort;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.tinylog.Logger;

/**
 * A journal on files. The calls of {@link JournalPort} come from one thread and neither block nor allocate; {@link #trouble}, {@link #findings} and
 * {@link #forces} may be asked by any.
 *
 * <p>A base at or below the newest record is taken as a state of the same history: {@link #divert} comes first if it is not.
 */
public final class FileJournal implements JournalPort, AutoCloseable {
    private static final long CLOSE_MS = 5_000;
    /** Kept free for marks and diverts when records have filled the ring: 40 bytes each. */
    private static final int RESERVE_BYTES = 512;
    private static final int CONTROL_BYTES = 32;

    private final RecordFormat format;
    private final ByteRing ring;
    private final IoWatch watch;
    private final Housekeeper housekeeper;
    private final JournalWriter writer;
    private final Store store;
    private final Thread thread;
    private final byte[] control = new byte[CONTROL_BYTES];
    private final ByteBuffer controlLongs = ByteBuffer.wrap(control).order(ByteOrder.LITTLE_ENDIAN);

    private long lowestIndex;
    private long diverts;
    private boolean divertWaits;
    private long divertIndex;
    private long marks;
    private boolean markWaits;
    private int markKind;
    private long markTerm;
    private long markIndex;

    /** How a store is made. */
    interface StoreMaker {
        Store make(Housekeeper housekeeper, IoWatch watch);
    }

    FileJournal(Disk disk, RecordFormat format, JournalConfig config, String name, StoreMaker maker) {
        this.format = format;
        ring = new ByteRing(config.ringBytes());
        watch = new IoWatch(config.hangNs());
        writer = new JournalWriter(ring, watch, config, disk, format);
        thread = Thread.ofPlatform().name("hotpair-journal-" + name).daemon().unstarted(writer);
        housekeeper = new Housekeeper(disk, config, "hotpair-journal-files-" + name, thread);
        store = maker.make(housekeeper, watch);
        writer.use(store, housekeeper);
        housekeeper.start();
        thread.start();
    }

    /** A journal in a folder of this board. */
    public static FileJournal mirror(Path folder, RecordFormat format, JournalConfig config, String name) {
        return mirror(new RealDisk(), folder, format, config, name);
    }

    /**
     * A journal on a volume that both boards have mounted.
     *
     * @param volume the group's folder on it
     * @param local a folder of this board, where it remembers which volume it used
     * @param board 0 or 1, the lowest bit of the terms of its own reigns
     */
    public static FileJournal shared(Path volume, Path local, int board, RecordFormat format, JournalConfig config, String name) {
        return shared(new RealDisk(), volume, local, board, format, config, name);
    }

    static FileJournal shared(Disk disk, Path volume, Path local, int board, RecordFormat format, JournalConfig config, String name) {
        return new FileJournal(disk, format, config, name,
                (housekeeper, watch) -> new SharedStore(disk, format, config, new Volume(disk, volume, local), board, housekeeper, watch));
    }

    static FileJournal mirror(Disk disk, Path folder, RecordFormat format, JournalConfig config, String name) {
        return new FileJournal(disk, format, config, name, (housekeeper, watch) -> new MirrorStore(disk, format, config, folder, housekeeper, watch));
    }

    @Override
    public boolean durable() {
        return true;
    }

    @Override
    public boolean recovered() {
        return writer.recovered != null;
    }

    private Position last() {
        Store.Recovered found = writer.recovered;
        return found == null ? Position.NOTHING : found.log().last();
    }

    @Override
    public long recoveredTerm() {
        return last().term();
    }

    @Override
    public long recoveredIndex() {
        return last().index();
    }

    @Override
    public long recoveredDigest() {
        return last().digest();
    }

    @Override
    public int recoveredMark() {
        Store.Recovered found = writer.recovered;
        return found == null ? MARK_NONE : found.mark();
    }

    @Override
    public long recoveredBaseLengthBytes() {
        ReplayFeed feed = writer.feed;
        return feed == null ? 0 : feed.baseLengthBytes();
    }

    @Override
    public long recoveredBaseIndex() {
        ReplayFeed feed = writer.feed;
        return feed == null ? 0 : feed.baseIndex();
    }

    /** Not after the first append, base or divert: the memory is given back then. */
    @Override
    public void copyRecoveredBase(long position, byte[] destination, int offset, int lengthBytes) {
        writer.feed.copyBase(position, destination, offset, lengthBytes);
    }

    /** Ends with the first append, base or divert. */
    @Override
    public int nextRecovered(byte[] destination, int offset) {
        ReplayFeed feed = writer.feed;
        return feed == null ? -1 : feed.next(destination, offset);
    }

    /** How much of the recovered records was handed out, 0 to 1000. */
    public int replayPermille() {
        ReplayFeed feed = writer.feed;
        return feed == null ? 0 : feed.permille();
    }

    @Override
    public boolean append(byte[] buffer, int offset, int lengthBytes) {
        if (lengthBytes < format.leastBytes() || lengthBytes > Format.MOST_RECORD_BYTES) {
            throw new IllegalArgumentException("record of " + lengthBytes + " bytes: " + format.leastBytes() + " to " + Format.MOST_RECORD_BYTES);
        }
        return flushWaiting() && wake(ring.offer(JournalWriter.RECORD, buffer, offset, lengthBytes, RESERVE_BYTES));
    }

    private boolean wake(boolean offered) {
        if (offered) {
            VarHandle.fullFence();
            if (writer.isAsleep()) {
                LockSupport.unpark(thread);
            }
        }
        return offered;
    }

    @Override
    public long durableIndex() {
        if (writer.divertsDone == diverts) {
            lowestIndex = writer.durableIndex;
            return lowestIndex;
        }
        return Math.min(lowestIndex, divertIndex);
    }

    @Override
    public boolean beginBase(long term, long index, long digest, long lengthBytes) {
        if (lengthBytes < 0) {
            throw new IllegalArgumentException("a base of " + lengthBytes + " bytes");
        }
        if (!flushWaiting() || writer.baseBusy()) {
            return false;
        }
        controlLongs.putLong(0, term).putLong(8, index).putLong(16, digest).putLong(24, lengthBytes);
        return wake(ring.offer(JournalWriter.BASE_BEGIN, control, 0, CONTROL_BYTES, RESERVE_BYTES));
    }

    @Override
    public boolean base(byte[] buffer, int offset, int lengthBytes) {
        return flushWaiting() && wake(ring.offer(JournalWriter.BASE_PART, buffer, offset, lengthBytes, RESERVE_BYTES));
    }

    @Override
    public void divert(long index) {
        flushWaiting();
        lowestIndex = durableIndex();
        // One that still waits has nothing appended behind it, so the lower of the two says it all.
        divertIndex = divertWaits ? Math.min(divertIndex, index) : index;
        lowestIndex = Math.min(lowestIndex, divertIndex);
        diverts++;
        divertWaits = true;
        flushWaiting();
    }

    @Override
    public void mark(int mark, long term, long index) {
        flushWaiting();
        markKind = mark;
        markTerm = term;
        markIndex = index;
        marks++;
        markWaits = true;
        flushWaiting();
    }

    /** Puts in what found no room before. @return whether nothing waits any more */
    private boolean flushWaiting() {
        if (divertWaits) {
            controlLongs.putLong(0, divertIndex).putLong(8, diverts);
            divertWaits = !wake(ring.offer(JournalWriter.DIVERT, control, 0, CONTROL_BYTES, 0));
        }
        if (markWaits && !divertWaits) {
            controlLongs.putLong(0, markKind).putLong(8, markTerm).putLong(16, markIndex).putLong(24, marks);
            markWaits = !wake(ring.offer(JournalWriter.MARK, control, 0, CONTROL_BYTES, 0));
        }
        return !divertWaits && !markWaits;
    }

    @Override
    public boolean markDurable() {
        flushWaiting();
        return writer.marksDone == marks;
    }

    /** Whether it cannot be recovered to the newest record, or grows beyond its bound, without a new base; false while one is on its way. */
    public boolean wantsBase() {
        return writer.wantsBase();
    }

    /** Whether all that was put in has been worked on. */
    boolean idle() {
        return ring.isEmpty();
    }

    @Override
    public boolean failing() {
        return watch.inTrouble() || housekeeper.watch().inTrouble() || store.notice() != null || !thread.isAlive();
    }

    /** What is wrong with the disk, for a person, or null. */
    public String trouble() {
        String cause = thread.isAlive() ? watch.trouble() : "the journal's thread has ended";
        if (cause == null) {
            cause = housekeeper.watch().trouble();
        }
        if (cause == null) {
            return store.notice();
        }
        return cause + (recovered() ? "; records beyond " + writer.durableIndex + " are not on disk" : "; the journal is not recovered yet");
    }

    /** What recovery found damaged and where it put it, a line each, or null. */
    public String findings() {
        Store.Recovered found = writer.recovered;
        return found == null ? null : found.findings();
    }

    /** How many fsyncs the records have cost so far. */
    public long forces() {
        return store.forces();
    }

    /** Waits at most some seconds until what was appended is on disk. */
    @Override
    public void close() throws IOException {
        writer.close();
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MS);
            housekeeper.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            Logger.warn("journal: given up after {} s, not everything is on disk: {}", CLOSE_MS / 1000, trouble());
            return;
        }
        writer.endReplay();
        store.close();
        housekeeper.closeFiles();
    }
}
