package io.hotpair.drivers.checkpoint;

import io.hotpair.drivers.linux.EventFd;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.linux.RealTime;
import java.io.IOException;
import java.lang.foreign.Arena;

/**
 * The one helper thread of a board that probes its checkpoints and watches its carriers, so that the duty cycle never does.
 *
 * <p>{@link #add} for each network, {@link #start}, {@link #close}. A probe costs the duty cycle one store and one write to an eventfd;
 * an answer or a carrier's change wakes it by its own eventfd. Nothing is allocated once it runs.
 */
public final class ProbeThread implements AutoCloseable {
    private static final int MAX_CHECKPOINTS = 2;
    private static final long CARRIER_INTERVAL_NS = 20_000_000L;
    private static final long STOP_TIMEOUT_MS = 2_000;

    private final EventFd dutyCycle;
    private final int fifoPriority;
    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc(arena);
    private final EventFd wake;
    private final Poller poller = new Poller(1 + MAX_CHECKPOINTS * Prober.OUTSTANDING);
    private final int wakeIndex;
    private final RemoteCheckpoint[] checkpoints = new RemoteCheckpoint[MAX_CHECKPOINTS];
    private final Prober[] probers = new Prober[MAX_CHECKPOINTS];
    private final Carrier[] carriers = new Carrier[MAX_CHECKPOINTS];
    private final long[] sentNs = new long[MAX_CHECKPOINTS];
    private int size;
    private long carrierDueNs = System.nanoTime();
    private Thread thread;
    private volatile boolean stopping;
    private volatile String warning;

    /**
     * @param dutyCycle signalled when something changed
     * @param fifoPriority SCHED_FIFO priority asked for, below that of the duty cycle; 0 for none
     */
    public ProbeThread(EventFd dutyCycle, int fifoPriority) throws IOException {
        this.dutyCycle = dutyCycle;
        this.fifoPriority = fifoPriority;
        wake = new EventFd();
        wakeIndex = poller.add(wake.fd());
    }

    /**
     * The checkpoint of one network. The carrier is known at once.
     *
     * @param interfaceName the network's interface, {@code null} if not configured: its carrier counts as up, and routing decides
     * @throws IOException if probing in this way is not permitted or not possible, with the cure
     */
    public RemoteCheckpoint add(CheckpointSpec spec, String interfaceName) throws IOException {
        if (thread != null || size == MAX_CHECKPOINTS) {
            throw new IllegalStateException("at most " + MAX_CHECKPOINTS + " checkpoints, all before start");
        }
        RemoteCheckpoint checkpoint = new RemoteCheckpoint(spec, wake);
        Prober prober = switch (spec.kind()) {
            case NONE -> null;
            case TCP -> new TcpProber(libc, arena, poller, checkpoint, interfaceName);
            case UDP -> new UdpProber(libc, arena, poller, checkpoint, interfaceName);
            case ICMP -> new IcmpProber(libc, arena, poller, checkpoint, interfaceName);
            case ARP -> new ArpProber(libc, arena, poller, checkpoint, interfaceName);
        };
        carriers[size] = new Carrier(libc, arena, interfaceName);
        checkpoint.onCarrier(carriers[size].read());
        checkpoints[size] = checkpoint;
        probers[size] = prober;
        sentNs[size] = RemoteCheckpoint.NEVER;
        size++;
        return checkpoint;
    }

    public void start() {
        thread = Thread.ofPlatform().name("hotpair-checkpoints").daemon(true).unstarted(this::run);
        thread.start();
    }

    /** Whether the helper thread runs; without it every checkpoint looks unreachable. */
    public boolean running() {
        return thread != null && thread.isAlive();
    }

    /** What is less than asked for, with its cure, or {@code null}. */
    public String warning() {
        return warning;
    }

    /** No checkpoint may be asked for a probe any more. */
    @Override
    public void close() {
        stopping = true;
        wake.signal();
        if (thread != null) {
            try {
                thread.join(STOP_TIMEOUT_MS);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                return; // its memory must not be taken away; the process is about to end anyway
            }
        }
        for (int i = 0; i < size; i++) {
            if (probers[i] != null) {
                probers[i].close();
            }
        }
        poller.close();
        wake.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private void run() {
        warning = fifoPriority > 0 ? RealTime.fifo(fifoPriority) : null;
        RealTime.timerSlack();
        while (!stopping) {
            turn();
        }
    }

    /** What the helper thread does over and over: waits for a request, an answer or the time to look at the carriers, and serves it. */
    void turn() {
        poller.await(carrierDueNs - System.nanoTime());
        boolean news = false;
        if (poller.ready(wakeIndex)) {
            wake.drain(); // before the requests are looked at, so that none is missed
        }
        for (int i = 0; i < size; i++) {
            news |= serve(i);
        }
        long nowNs = System.nanoTime();
        if (nowNs - carrierDueNs >= 0) {
            carrierDueNs = nowNs + CARRIER_INTERVAL_NS;
            for (int i = 0; i < size; i++) {
                news |= checkpoints[i].onCarrier(carriers[i].read());
            }
        }
        if (news) {
            dutyCycle.signal();
        }
    }

    private boolean serve(int i) {
        if (probers[i] == null) {
            return false;
        }
        boolean news = probers[i].service();
        long requestedNs = checkpoints[i].requestedNs();
        if (requestedNs != sentNs[i]) {
            sentNs[i] = requestedNs;
            probers[i].send(requestedNs);
        }
        return news;
    }
}
