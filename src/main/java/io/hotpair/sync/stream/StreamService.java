package io.hotpair.sync.stream;

import io.hotpair.sync.identity.IdentityMessage;
import io.hotpair.sync.identity.IdentityService;
import io.hotpair.sync.identity.NetworkLoop;
import io.hotpair.sync.identity.Outcome;
import io.hotpair.sync.port.StreamPort;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The stream to the peer over each network. Board A connects, board B accepts, at the address and port of the identity connections.
 *
 * <p>{@link #offer}, {@link #connection} and {@link #poll} belong to one thread, the duty cycle; they never wait and allocate nothing. All else
 * happens on the network loop.
 *
 * <p>A connection's number holds the count of the peer's boots seen in the upper 32 bits and the count of connections in the lower.
 */
public final class StreamService implements StreamPort, AutoCloseable {
    private static final int BOOT_SHIFT = 32;
    private static final int NO_BOOT = 0;
    private static final long CLOSE_MS = 2_000;

    private final NetworkLoop loop;
    private final String softwareVersion;
    private final byte[] configDigest;
    private final Runnable wake;
    private final StreamLink[] links;
    private final Runnable loopWork = this::loopWork;
    private final Future<?> ticks;

    // the duty cycle's
    private final long[] told;
    private long newestBoot;
    // the network loop's
    private int peerBootId = NO_BOOT;
    private long peerBoots;
    private long peerBootNs;
    private long connections;
    // both
    private final AtomicBoolean loopWoken = new AtomicBoolean();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param board 0 = A, which connects; 1 = B
     * @param identity listens, and proves who is who; stays the caller's, to be closed after this
     * @param softwareVersion the peer's must be the same
     * @param configDigest the peer's must be the same
     * @param wake called on the network loop when there is something to {@link #poll} and the duty cycle has found nothing the last time; must
     *     neither wait nor throw
     */
    public StreamService(StreamSettings settings, int board, NetworkLoop loop, IdentityService identity, int networks, String softwareVersion,
            byte[] configDigest, Runnable wake) {
        this.loop = loop;
        this.softwareVersion = softwareVersion;
        this.configDigest = configDigest.clone();
        this.wake = wake;
        links = new StreamLink[networks];
        told = new long[networks];
        for (int network = 0; network < networks; network++) {
            links[network] = new StreamLink(network, settings, this, identity, loop, board == 0);
        }
        identity.setStreams(this::onVerified);
        ticks = loop.loop().scheduleWithFixedDelay(this::tick, settings.keepAliveNs(), settings.keepAliveNs(), TimeUnit.NANOSECONDS);
        for (StreamLink link : links) {
            loop.loop().execute(link::connect);
        }
    }

    /** One end of a {@link StreamPair}: no connection, no thread. */
    StreamService(StreamSettings settings, int networks) {
        loop = null;
        softwareVersion = "";
        configDigest = new byte[0];
        wake = () -> { };
        ticks = null;
        links = new StreamLink[networks];
        told = new long[networks];
        for (int network = 0; network < networks; network++) {
            links[network] = new StreamLink(network, settings, this, null, null, false);
        }
        loopWoken.set(true);
    }

    StreamLink link(int network) {
        return links[network];
    }

    // ---- the duty cycle

    /** {@inheritDoc} The message goes out on the connection that {@link #connection} told last, or not at all. */
    @Override
    public boolean offer(int network, byte[] buffer, int offset, int lengthBytes) {
        if (lengthBytes < 1 || lengthBytes > MESSAGE_MAX_BYTES) {
            throw new IllegalArgumentException("a message of " + lengthBytes + " bytes, outside 1 to " + MESSAGE_MAX_BYTES);
        }
        if (network >= links.length) {
            return false;
        }
        StreamLink link = links[network];
        long number = told[network];
        if (number == 0 || number != link.established()) {
            return false;
        }
        MessageRing ring = link.outbound();
        int claimed = ring.claim(StreamMessage.EXTRA_BYTES + lengthBytes);
        if (claimed < 0) {
            link.counters().add(StreamCount.REFUSED_FULL, 1);
            return false;
        }
        System.arraycopy(buffer, offset, ring.array(), claimed + StreamMessage.HEADER_BYTES, lengthBytes);
        ring.commit(StreamMessage.EXTRA_BYTES + lengthBytes, number);
        wakeLoop();
        return true;
    }

    /** {@inheritDoc} Another number is told only after the last message of the connection before was taken. */
    @Override
    public long connection(int network) {
        if (network >= links.length) {
            return 0; // a pair with one network
        }
        StreamLink link = links[network];
        long established = link.established(); // before the ring is looked at: what lies there is not of a later one then
        if (link.inbound().next() < 0) {
            told[network] = established;
        } else if (link.inbound().number() > told[network]) {
            told[network] = link.inbound().number();
        }
        return told[network];
    }

    /**
     * Hands over what has arrived, network by network. While the receiver is told of a message, {@link #connection} is at least the number of the
     * connection that it came on.
     *
     * @param most messages from each network
     * @return how many were handed over. Only after 0 will there be a wake-up, so the thread does not sleep before
     */
    public int poll(StreamReceiver receiver, int most) {
        int taken = take(receiver, most);
        if (taken == 0) {
            waiting.set(true);
            // One half of a pair: either the loop sees that it is waited for, or its message is seen here.
            VarHandle.fullFence();
            taken = take(receiver, most);
        }
        return taken;
    }

    /** As {@link #poll}, without a wake-up afterwards: for a thread that looks again by itself. */
    public int take(StreamReceiver receiver, int most) {
        int taken = 0;
        boolean room = false;
        for (int network = 0; network < links.length; network++) {
            taken += take(network, receiver, most);
            room |= links[network].heldBack();
        }
        if (room) {
            wakeLoop();
        }
        return taken;
    }

    private int take(int network, StreamReceiver receiver, int most) {
        StreamLink link = links[network];
        MessageRing ring = link.inbound();
        int taken = 0;
        for (int length = ring.next(); length >= 0 && taken < most; length = ring.next()) {
            long number = ring.number();
            long boot = number >>> BOOT_SHIFT;
            if (boot < newestBoot) {
                ring.release();
                link.counters().add(StreamCount.OUTDATED, 1);
                continue;
            }
            newestBoot = boot;
            receiver.onMessage(network, ring.array(), ring.offset() + StreamMessage.HEADER_BYTES, length - StreamMessage.EXTRA_BYTES);
            ring.release();
            taken++;
        }
        return taken;
    }

    // ---- between the two

    /** From any thread: the loop is to look at the rings. */
    void wakeLoop() {
        if (!loopWoken.getAndSet(true) && !closed) {
            try {
                loop.loop().execute(loopWork);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and with it every connection.
            }
        }
    }

    private void loopWork() {
        loopWoken.set(false);
        VarHandle.fullFence();
        boolean more = false;
        for (StreamLink link : links) {
            link.resume();
            more |= link.drain();
        }
        if (more) {
            wakeLoop();
        }
    }

    void signalIfWaiting() {
        VarHandle.fullFence();
        if (waiting.get() && waiting.getAndSet(false)) {
            signal();
        }
    }

    void signal() {
        wake.run();
    }

    // ---- the network loop

    private void onVerified(int network, IdentityService.Verified verified) {
        StreamLink link = links[network];
        IdentityMessage.Statement peer = verified.handshake().peerStatement();
        long nowNs = System.nanoTime();
        if (closed) {
            verified.channel().close();
        } else if (!peer.softwareVersion().equals(softwareVersion)) {
            link.refuse(StreamCount.OTHER_VERSION, "the peer runs version " + peer.softwareVersion() + ", this board " + softwareVersion);
        } else if (!peer.sameConfig(configDigest)) {
            link.refuse(StreamCount.OTHER_CONFIGURATION, "the peer runs another configuration (digest "
                    + HexFormat.of().formatHex(peer.configDigest(), 0, 8) + ", here " + HexFormat.of().formatHex(configDigest, 0, 8) + ")");
        } else if (!isNewestBoot(verified, nowNs)) {
            link.refuse(StreamCount.STALE_BOOT, "the peer has started anew since");
        } else {
            link.open(verified, peerBoots << BOOT_SHIFT | ++connections, nowNs);
        }
    }

    /**
     * Whether this is the boot of the peer that counts; a new one ends every connection of the one before. A proof shows that the peer lived after
     * it got this side's nonce. So one of another boot is newer for certain only if that nonce was drawn after the present boot proved itself; else
     * it may be the last word of a dead process, and whoever lives tries again.
     */
    private boolean isNewestBoot(IdentityService.Verified verified, long nowNs) {
        int bootId = verified.handshake().peerBootId();
        if (bootId == peerBootId) {
            return true;
        }
        if (peerBootId != NO_BOOT && verified.openedNs() - peerBootNs <= 0) {
            return false;
        }
        peerBootId = bootId;
        peerBootNs = nowNs;
        peerBoots++;
        for (StreamLink link : links) {
            if (!link.connectedTo(bootId)) {
                link.end(StreamCount.PEER_RESTARTED);
            }
        }
        return true;
    }

    private void tick() {
        long nowNs = System.nanoTime();
        for (StreamLink link : links) {
            link.tick(nowNs);
        }
    }

    // ---- for people

    public long count(int network, StreamCount count) {
        return links[network].counters().count(count);
    }

    /** This board's attempts to connect that ended this way. */
    public long attempts(int network, Outcome outcome) {
        return links[network].counters().attempts(outcome);
    }

    /** What is wrong now, for a person, or null. That there is no stream at all is no trouble of the stream: the peer is not there. */
    public String trouble() {
        boolean any = false;
        for (StreamLink link : links) {
            String text = link.trouble().text();
            if (text != null) {
                return text;
            }
            any |= link.established() != 0;
        }
        for (StreamLink link : links) {
            if (any && link.established() == 0) {
                String how = link.trouble().lastEnd();
                return "no stream over network " + link.trouble().name() + (how == null ? "" : " (" + how + ")")
                        + ", only over the other one: see cable, switch, addresses and packet filters of that network";
            }
        }
        return null;
    }

    /** Ends the connections and frees the buffers; the duty cycle must not call any more. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ticks.cancel(false);
        try {
            loop.loop().submit(() -> {
                for (StreamLink link : links) {
                    link.close();
                }
            }).get(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException | ExecutionException | TimeoutException e) {
            // The loop has ended or hangs: the connections end with the process.
        }
    }
}
