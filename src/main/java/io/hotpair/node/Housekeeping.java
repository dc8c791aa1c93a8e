package io.hotpair.node;

import com.sun.management.ThreadMXBean;
import io.hotpair.core.EventCode;
import io.hotpair.drivers.guard.Guard;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.EventRing;
import io.hotpair.sync.SyncEvent;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.tinylog.Logger;

/**
 * The low-priority thread that puts the duty cycle's events into words and publishes figures that take longer to gather: so that the duty cycle
 * itself never formats, logs or walks a histogram.
 */
final class Housekeeping implements Runnable {
    private static final long PERIOD_NS = 100_000_000L;
    private static final int PERIODS_PER_REPORT = 10;
    private static final long NS_PER_MS = 1_000_000L;
    /** What comes and goes quickly (a channel, lateness) is told this often a second, then counted; the ring keeps every event. */
    private static final int LINES_PER_REPORT = 2;
    private static final int KINDS = 4;

    private final CountersFile file;
    private final NodeCounters counters;
    private final DutyCycle dutyCycle;
    private final long dutyThreadId;
    private final Guard guard;
    private final NodeIdentity identity;
    private final List<Supplier<String>> troubles;
    private final Figures figures;
    private final List<String> told = new ArrayList<>();
    private final EventRing.Cursor cursor;
    private final EventLog log;
    private final EventRing.Event event = new EventRing.Event();
    private final Histogram allLateness;
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private Histogram interval;
    private boolean guardTold;
    private boolean guardSeen;
    private final int[] lines = new int[(EventCode.values().length + SyncEvent.values().length) * KINDS];
    private int unsaid;
    private long lostEvents;
    private volatile boolean closing;

    /** @param troubles each answers one line that says what is wrong now, or null */
    Housekeeping(CountersFile file, NodeCounters counters, DutyCycle dutyCycle, long dutyThreadId, Guard guard,
            NodeIdentity identity, List<Supplier<String>> troubles, Figures figures, EventLog log) {
        this.file = file;
        this.counters = counters;
        this.dutyCycle = dutyCycle;
        this.dutyThreadId = dutyThreadId;
        this.guard = guard;
        this.identity = identity;
        this.troubles = troubles;
        this.figures = figures;
        cursor = file.events().cursor(0);
        this.log = log;
        interval = dutyCycle.lateness.getIntervalHistogram();
        allLateness = new Histogram(interval);
        for (int i = 0; i < troubles.size(); i++) {
            told.add(null);
        }
    }

    @Override
    public void run() {
        for (int period = 0; !closing; period++) {
            logEvents();
            identity.maintain();
            if (period % PERIODS_PER_REPORT == 0) {
                report();
            }
            LockSupport.parkNanos(PERIOD_NS);
        }
        logEvents();
    }

    void close() {
        closing = true;
    }

    private void logEvents() {
        while (cursor.poll(event)) {
            EventCode code = EventCode.of(event.code());
            EventLog.Line line = log.line(event);
            SyncEvent replication = SyncEventText.of(event.code());
            if (replication != null && tooOften(EventCode.values().length + replication.ordinal(), 0)
                    || code != null && !code.roleChange() && tooOften(code.ordinal(),
                            code == EventCode.LATE ? 0 : (int) event.detail() & KINDS - 1)) {
                continue;
            }
            if (code == EventCode.SELF_TEST_PASSED) {
                publishStart(event.timeNs());
            }
            if (line.warning()) {
                Logger.warn(line.text());
            } else {
                Logger.info(line.text());
            }
        }
        if (cursor.lost() != lostEvents) {
            Logger.warn("{} events went by faster than they could be logged", cursor.lost() - lostEvents);
            lostEvents = cursor.lost();
        }
    }

    private boolean tooOften(int code, int which) {
        int kind = code * KINDS + which;
        if (lines[kind]++ < LINES_PER_REPORT) {
            return false;
        }
        unsaid++;
        return true;
    }

    private void publishStart(long joiningNs) {
        long jvmStartAgoNs = (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) * NS_PER_MS;
        file.set(counters.startToJoiningNs, joiningNs - (System.nanoTime() - jvmStartAgoNs));
    }

    private void report() {
        Arrays.fill(lines, 0);
        if (unsaid > 0) {
            Logger.info("and {} more like these", unsaid);
            unsaid = 0;
        }
        interval = dutyCycle.lateness.getIntervalHistogram(interval);
        allLateness.add(interval);
        file.set(counters.lateP50Ns, allLateness.getValueAtPercentile(50));
        file.set(counters.lateP99Ns, allLateness.getValueAtPercentile(99));
        file.set(counters.lateMaxNs, allLateness.getMaxValue());
        file.set(counters.cycleCpuNs, threads.getThreadCpuTime(dutyThreadId));
        file.set(counters.cycleAllocatedBytes, threads.getThreadAllocatedBytes(dutyThreadId));
        file.set(counters.processAllocatedBytes, threads.getTotalThreadAllocatedBytes());
        long collections = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            collections += Math.max(0, collector.getCollectionCount());
        }
        file.set(counters.collections, collections);
        figures.publish();
        watchGuard();
        tellTroubles();
    }

    private void watchGuard() {
        boolean watching = guard.watching();
        file.set(counters.guardWatching, watching ? 1 : 0);
        if (watching && !guardSeen) {
            guardSeen = true;
            if (guard.warning() != null) {
                Logger.warn(guard.warning());
            }
        } else if (!watching && guardSeen && !guardTold) {
            guardTold = true;
            Logger.error("ALARM: the guard is gone: the peer would learn of this node's death by silence only; restart the node");
        }
    }

    private void tellTroubles() {
        for (int i = 0; i < troubles.size(); i++) {
            String trouble = troubles.get(i).get();
            if (trouble != null && !trouble.equals(told.get(i))) {
                Logger.warn(trouble);
            } else if (trouble == null && told.get(i) != null) {
                Logger.info("over: " + told.get(i));
            }
            told.set(i, trouble);
        }
    }
}
