package io.hotpair.sync.journal;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import org.tinylog.Logger;

/**
 * The writing thread: recovers, then takes messages out of the ring as long as there are any, makes them durable together, and tells it. While one
 * fsync is under way the next group gathers in the ring.
 */
final class JournalWriter implements Runnable {
    static final int RECORD = 1;
    static final int BASE_BEGIN = 2;
    static final int BASE_PART = 3;
    static final int DIVERT = 4;
    static final int MARK = 5;
    private static final String WRITING = "writing the journal";
    /** Longest a message waits for something that no wake-up announces. */
    private static final long WAIT_NS = 10_000_000L;
    private static final long REPLAY_WAIT_NS = 200_000L;

    private final ByteRing ring;
    private final IoWatch watch;
    private final JournalConfig config;
    private final Disk disk;
    private final RecordFormat format;
    private final ByteBuffer part;
    private Store store;
    private Housekeeper housekeeper;
    private ReplayFeed feeding;
    private boolean pumping;

    private volatile boolean closing;
    private volatile boolean asleep;
    volatile Store.Recovered recovered;
    volatile ReplayFeed feed;
    /** Written before {@link #divertsDone}, so that whoever sees a divert done sees an index that was not taken back by it. */
    volatile long durableIndex;
    volatile long divertsDone;
    volatile long marksDone;
    private volatile boolean wantsBase;
    private volatile boolean baseBusy;

    JournalWriter(ByteRing ring, IoWatch watch, JournalConfig config, Disk disk, RecordFormat format) {
        this.ring = ring;
        this.watch = watch;
        this.config = config;
        this.disk = disk;
        this.format = format;
        part = ring.buffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    void use(Store newStore, Housekeeper newHousekeeper) {
        store = newStore;
        housekeeper = newHousekeeper;
    }

    @Override
    public void run() {
        while (!closing && recovered == null) {
            try {
                watch.begin("recovering the journal");
                recover();
                watch.done();
            } catch (IOException e) {
                failed(e);
            }
        }
        while (recovered != null && (!closing || !ring.isEmpty())) {
            try {
                long waitNs = round();
                if (waitNs != 0 && !closing) {
                    sleep(waitNs);
                } else if (waitNs == WAIT_NS) {
                    LockSupport.parkNanos(this, WAIT_NS); // closing, but something still has to become ready
                }
            } catch (IOException e) {
                failed(e);
                if (closing) {
                    return;
                }
            }
        }
    }

    private void recover() throws IOException {
        Store.Recovered found = store.recover();
        if (found.findings() != null) {
            Logger.warn("journal: {}", found.findings());
        }
        feeding = new ReplayFeed(disk, format, found.log());
        feed = feeding;
        pumping = true;
        durableIndex = store.durableIndex();
        wantsBase = store.wantsBase();
        recovered = found;
    }

    private void failed(IOException cause) {
        boolean first = watch.trouble() == null;
        watch.failed(cause);
        if (first) {
            Logger.error("journal: {}", watch.trouble());
        }
        LockSupport.parkNanos(this, config.retryNs());
    }

    /** @return how long there is nothing to do at most; 0 to go on at once */
    private long round() throws IOException {
        watch.begin(WRITING);
        store.settle();
        boolean allTaken = drain();
        store.commit();
        publish();
        if (allTaken && pumping && feeding.pump()) {
            pumping = false;
        }
        watch.done();
        if (!allTaken) {
            return WAIT_NS;
        }
        return !ring.isEmpty() ? 0 : !pumping ? Long.MAX_VALUE : REPLAY_WAIT_NS;
    }

    private void publish() {
        durableIndex = store.durableIndex();
        wantsBase = store.wantsBase();
        baseBusy = store.baseBusy();
    }

    /** Takes messages, but no more than one group, so that what is durable is told in time however many come. @return false if one has to wait */
    private boolean drain() throws IOException {
        int bytes = 0;
        for (int type = ring.peek(); type != ByteRing.NOTHING && bytes < config.groupBytes(); type = ring.peek()) {
            int lengthBytes = ring.lengthBytes();
            watch.begin(WRITING);
            if (!handle(type, ring.buffer(), ring.offset(), lengthBytes)) {
                return false;
            }
            bytes += lengthBytes;
            ring.take();
        }
        return true;
    }

    private boolean handle(int type, ByteBuffer from, int at, int bytes) throws IOException {
        switch (type) {
            case RECORD -> {
                endReplay();
                return store.record(from, at, bytes);
            }
            case BASE_BEGIN -> {
                endReplay();
                return store.beginBase(new Position(from.getLong(at), from.getLong(at + 8), from.getLong(at + 16)), from.getLong(at + 24));
            }
            case BASE_PART -> {
                part.clear().position(at).limit(at + bytes);
                store.basePart(part);
                return true;
            }
            case DIVERT -> {
                endReplay();
                if (!store.divert(from.getLong(at))) {
                    return false;
                }
                durableIndex = store.durableIndex();
                divertsDone = from.getLong(at + 8);
                return true;
            }
            case MARK -> {
                store.commit();
                watch.begin("writing the mark");
                store.mark((int) from.getLong(at), from.getLong(at + 8), from.getLong(at + 16));
                marksDone = from.getLong(at + 24);
                return true;
            }
            default -> throw new IllegalStateException("message " + type);
        }
    }

    /** What is appended now was held before or comes from the peer: whoever does so has no use for the rest of the replay. */
    void endReplay() {
        if (feeding != null) {
            feeding.close();
            feeding = null;
            pumping = false;
        }
    }

    private void sleep(long waitNs) {
        asleep = true;
        VarHandle.fullFence(); // the flag, then a look at the ring; the producer: the ring, a full fence, then a look at the flag
        if (waitNs == WAIT_NS) {
            LockSupport.parkNanos(this, waitNs);
        } else if (ring.isEmpty() && !closing && !housekeeper.hasAnswer()) {
            LockSupport.parkNanos(this, waitNs);
        }
        asleep = false;
    }

    /** Producer's side, after a message was put in and a full fence: whether to wake this thread; answers once only per sleep. */
    boolean isAsleep() {
        boolean was = asleep;
        if (was) {
            asleep = false;
        }
        return was;
    }

    boolean wantsBase() {
        return wantsBase;
    }

    boolean baseBusy() {
        return baseBusy;
    }

    void close() {
        closing = true;
    }
}
