package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.PairCore;
import io.hotpair.drivers.guard.Guard;
import io.hotpair.drivers.linux.EventFd;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.linux.RealTime;
import io.hotpair.node.config.Config;
import io.hotpair.wire.UartFraming;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The one thread that decides and emits: it sleeps until something arrives or is due, reads everything that arrived, runs the core, and emits.
 * After its first cycles it neither allocates nor touches a disk, a name service or a lock.
 *
 * <p>It busy-waits only where the configuration says so: two spinning SCHED_FIFO threads starve a small machine, and the kernel stops one
 * that spins for more than {@code sched_rt_runtime_us} of each second.
 */
final class DutyCycle implements Runnable {
    /** Something that frames are read from. */
    interface Inbox {
        /** Copies the next frame into {@code destination} and returns its length, or -1 if none waits. Does not block. */
        int receive(byte[] destination);

        /** Called about once a second, to mend what can be mended without blocking. */
        default void maintain() { }
    }

    /**
     * One channel's side of the duty cycle.
     *
     * @param channel number of the core
     * @param inbox where its frames come from
     * @param fd descriptor to wake up by, or -1 if the channel wakes the cycle by the event descriptor
     */
    record Source(int channel, Inbox inbox, int fd) {}

    /** Frames read from one channel in one cycle; what a socket's buffer holds after a long pause, and a bound for a flood. */
    private static final int FRAMES_PER_CYCLE = 1024;
    private static final int FRAME_BYTES = 2048;
    private static final int DEAD_BYTES = 80;
    private static final long MAINTAIN_NS = 1_000_000_000L;
    private static final long LONGEST_LATENESS_NS = 60_000_000_000L;

    private final Config.Realtime realtime;
    private final NumberedStream.Clock clock;
    private final PairCore core;
    private final Workload workload;
    private final NodeCounters counters;
    private final Source[] sources;
    private final EventFd wake;
    private final Guard guard;
    private final int[] guardIndex;
    private final int groups;
    private final long publishEveryNs;
    private final Poller poller;
    private final int wakeIndex;
    private final int[] sourceIndex;
    private final byte[] frame = new byte[FRAME_BYTES];
    private final byte[] dead = new byte[DEAD_BYTES];
    private final byte[] line = new byte[UartFraming.encodedLengthMax(DEAD_BYTES)];
    private final long[] deadTerm = new long[CoreConfig.MAX_GROUPS];
    private final List<String> warnings = new ArrayList<>();
    private final CountDownLatch running = new CountDownLatch(1);

    /** How late cycles were that had slept to their deadline, ns. */
    final SingleWriterRecorder lateness;

    private int deadBootId;
    private long publishNs;
    private long maintainNs;
    private volatile boolean ended;
    private volatile Throwable failure;

    /**
     * @param clock the monotonic clock, or a rehearsal's
     * @param lateness takes how late cycles were that had slept to their deadline, ns
     * @param guardIndex index of each frame channel at the guard, -1 where the guard does not know the channel
     */
    DutyCycle(Config.Realtime realtime, NumberedStream.Clock clock, CoreConfig config, PairCore core, Workload workload, NodeCounters counters,
            List<Source> sources, EventFd wake, Guard guard, int[] guardIndex, SingleWriterRecorder lateness) {
        this.realtime = realtime;
        this.clock = clock;
        this.core = core;
        this.workload = workload;
        this.counters = counters;
        this.sources = sources.toArray(new Source[0]);
        this.wake = wake;
        this.guard = guard;
        this.guardIndex = guardIndex;
        this.lateness = lateness;
        groups = config.groups();
        publishEveryNs = config.intervalNs();
        poller = new Poller(sources.size() + 1 + workload.descriptors());
        wakeIndex = poller.add(wake.fd());
        sourceIndex = new int[this.sources.length];
        for (int i = 0; i < sourceIndex.length; i++) {
            if (this.sources[i].fd() >= 0) {
                sourceIndex[i] = poller.add(this.sources[i].fd());
            }
        }
        workload.watch(poller);
    }

    /** Room for the lateness of any cycle, ns. */
    static SingleWriterRecorder newLatenessRecorder() {
        return new SingleWriterRecorder(LONGEST_LATENESS_NS, 2);
    }

    @Override
    public void run() {
        try {
            enterRealTime();
            guard.takeMutex();
            running.countDown();
            long deadlineNs = becomeReady(clock.nowNs());
            while (!core.stopped(deadlineNs)) {
                deadlineNs = cycle(deadlineNs);
            }
            guard.cleanStop();
        } catch (Throwable e) { // the peer takes over: ending is the safe answer to a broken invariant
            failure = e;
        } finally {
            ended = true;
            running.countDown();
        }
    }

    /**
     * The cycles of a board that is not ready to lead yet, with ordinary priority while its peer is out as well. Their code is not compiled yet and
     * costs ten times what it will: two boards that start on two cores would keep their own compilers from ever ending that, and with them the
     * rehearsal that both wait for (measured: 10 s, not 5). Beside a peer that leads nothing is given up: its gate rests on this board's answers from
     * the first one on.
     */
    private long becomeReady(long firstDeadlineNs) {
        long deadlineNs = firstDeadlineNs;
        boolean inLine = false;
        while (realtime.priority() > 0 && core.unready() && !core.stopped(deadlineNs)) {
            deadlineNs = cycle(deadlineNs);
            inLine = waitInLine(inLine, core.peerOut(clock.nowNs()));
        }
        waitInLine(inLine, false);
        return deadlineNs;
    }

    /** Returns {@code wanted}. Whether real-time priority is permitted was told at the start. */
    private boolean waitInLine(boolean inLine, boolean wanted) {
        if (wanted && !inLine) {
            RealTime.ordinary();
        } else if (inLine && !wanted) {
            RealTime.fifo(realtime.priority());
        }
        return wanted;
    }

    /** One cycle, begun at {@code deadlineNs} or when something arrives; returns the next deadline. */
    long cycle(long deadlineNs) {
        long beforeNs = clock.nowNs();
        int ready = poller.await(realtime.spin() ? 0 : deadlineNs - beforeNs);
        long nowNs = clock.nowNs();
        if (ready == 0 && nowNs - deadlineNs >= 0) {
            lateness.recordValue(Math.min(nowNs - deadlineNs, LONGEST_LATENESS_NS));
        } else if (ready > 0 && poller.ready(wakeIndex)) {
            wake.drain();
        }
        // Woken before its time, a board reads what has woken it. At its time, and above all late, it reads everything before it judges.
        boolean woken = ready > 0 && nowNs - deadlineNs < 0;
        for (int i = 0; i < sources.length; i++) {
            if (!woken || sources[i].fd() < 0 || poller.ready(sourceIndex[i])) {
                drain(sources[i], nowNs);
            }
        }
        workload.receive(nowNs);
        long coreNs = core.doWork(nowNs);
        long workNs = workload.doWork(nowNs);
        counters.onCycle(nowNs);
        if (nowNs - publishNs >= publishEveryNs) {
            publishNs = nowNs;
            counters.publish(core, workload, nowNs);
            workload.publish(nowNs);
            prepareDead(nowNs);
            maintain(nowNs);
        }
        return workNs != Long.MAX_VALUE && workNs - coreNs < 0 ? workNs : coreNs;
    }

    private void drain(Source source, long nowNs) {
        for (int i = 0; i < FRAMES_PER_CYCLE; i++) {
            int lengthBytes = source.inbox().receive(frame);
            if (lengthBytes < 0) {
                return;
            }
            core.onFrame(source.channel(), frame, 0, lengthBytes, nowNs);
        }
    }

    private void maintain(long nowNs) {
        if (nowNs - maintainNs >= MAINTAIN_NS) {
            maintainNs = nowNs;
            for (Source source : sources) {
                source.inbox().maintain();
            }
        }
    }

    /** The guard's last word names the peer's boot and the terms; it is renewed when one of them changes. */
    private void prepareDead(long nowNs) {
        boolean changed = deadBootId != core.peerBootId();
        for (int g = 0; g < groups; g++) {
            changed |= deadTerm[g] != core.term(g);
            deadTerm[g] = core.term(g);
        }
        if (!changed) {
            return;
        }
        deadBootId = core.peerBootId();
        for (int c = 0; c < guardIndex.length; c++) {
            if (guardIndex[c] >= 0) {
                int lengthBytes = core.writeDead(c, dead, nowNs);
                writeToGuard(c, lengthBytes);
            }
        }
    }

    private void writeToGuard(int channel, int lengthBytes) {
        if (channel == CoreConfig.UART) {
            int lineBytes = UartFraming.encode(dead, 0, lengthBytes, line);
            guard.updateDead(guardIndex[channel], line, 0, lineBytes);
        } else {
            guard.updateDead(guardIndex[channel], dead, 0, lengthBytes);
        }
    }

    private void enterRealTime() {
        if (realtime.priority() > 0) {
            note(RealTime.fifo(realtime.priority()));
        }
        if (realtime.cpu().isPresent()) {
            note(RealTime.pin(realtime.cpu().getAsInt()));
        }
        note(RealTime.timerSlack());
    }

    private void note(String warning) {
        if (warning != null) {
            warnings.add(warning);
        }
    }

    /** Waits until the thread runs; returns what it was not permitted, with the cure. */
    List<String> awaitRunning() throws InterruptedException {
        running.await();
        return warnings;
    }

    /** Frees what a duty cycle holds that never ran as a thread. */
    void discard() {
        poller.close();
    }

    /** Whether the thread has ended. */
    boolean ended() {
        return ended;
    }

    /** What ended the thread, or null for a stop. */
    Throwable failure() {
        return failure;
    }
}
