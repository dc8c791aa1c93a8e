package io.hotpair.sync.stream;

import io.hotpair.drivers.linux.Poller;
import io.hotpair.sync.identity.IdentityMessage;
import io.hotpair.sync.identity.IdentityService;
import io.hotpair.sync.identity.NetworkLoop;
import io.hotpair.sync.identity.Outcome;
import io.hotpair.sync.port.StreamPort;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The stream to the peer over each network. Board A connects, board B accepts, at the address and port of the identity connections.
 *
 * <p>Connections are made on the network loop, which hands each over once the peer has proved itself; from then on the duty cycle reads and writes
 * the socket itself. {@link #offer}, {@link #connection}, {@link #receive}, {@link #flush} belong to the duty cycle; they never wait and allocate
 * nothing.
 *
 * <p>A connection's number holds the count of the peer's boots seen in the upper 32 bits and the count of connections in the lower.
 */
public final class StreamService implements StreamPort, AutoCloseable {
    private static final int BOOT_SHIFT = 32;
    private static final int NO_BOOT = 0;
    private static final long CLOSE_MS = 2_000;
    /** Of one network in one cycle. */
    private static final int RECEIVE_BYTES = 64 * 1024;
    /** Of one line: to read and to write. */
    private static final int DESCRIPTORS = 2;

    private final NetworkLoop loop;
    private final String softwareVersion;
    private final byte[] configDigest;
    private final Runnable wake;
    private final StreamLine[] lines;
    private final StreamLink[] links;
    private final Runnable loopWork = this::loopWork;

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
    private volatile boolean closed;

    /**
     * @param board 0 = A, which connects; 1 = B
     * @param identity listens, and proves who is who; stays the caller's, to be closed after this
     * @param softwareVersion the peer's must be the same
     * @param configDigest the peer's must be the same
     * @param wake called on the network loop when there is a new connection; must neither wait nor throw
     */
    public StreamService(StreamSettings settings, int board, NetworkLoop loop, IdentityService identity, int networks, String softwareVersion,
            byte[] configDigest, Runnable wake) {
        this.loop = loop;
        this.softwareVersion = softwareVersion;
        this.configDigest = configDigest.clone();
        this.wake = wake;
        lines = lines(settings, networks);
        links = new StreamLink[networks];
        told = new long[networks];
        for (int network = 0; network < networks; network++) {
            links[network] = new StreamLink(network, settings, this, lines[network], identity, loop, board == 0);
        }
        identity.setStreams(this::onVerified);
        for (StreamLink link : links) {
            loop.loop().execute(link::connect);
        }
    }

    /** One end of a {@link StreamPair}: no thread. */
    StreamService(StreamSettings settings, int networks) {
        loop = null;
        softwareVersion = "";
        configDigest = new byte[0];
        wake = () -> { };
        lines = lines(settings, networks);
        links = new StreamLink[0];
        told = new long[networks];
        loopWoken.set(true);
    }

    private StreamLine[] lines(StreamSettings settings, int networks) {
        StreamLine[] lines = new StreamLine[networks];
        for (int network = 0; network < networks; network++) {
            lines[network] = new StreamLine(network, settings, this);
        }
        return lines;
    }

    StreamLine line(int network) {
        return lines[network];
    }

    // ---- the duty cycle

    /** How many descriptors {@link #watch} will add. */
    public int descriptors() {
        return DESCRIPTORS * lines.length;
    }

    /** The duty cycle sleeps in this one: it is woken by what arrives, and where there is room again. */
    public void watch(Poller poller) {
        for (StreamLine line : lines) {
            line.watch(poller);
        }
    }

    /** {@inheritDoc} The message goes out on the connection that {@link #connection} told last, with {@link #flush}, or not at all. */
    @Override
    public boolean offer(int network, byte[] buffer, int offset, int lengthBytes) {
        if (lengthBytes < 1 || lengthBytes > MESSAGE_MAX_BYTES) {
            throw new IllegalArgumentException("a message of " + lengthBytes + " bytes, outside 1 to " + MESSAGE_MAX_BYTES);
        }
        return network < lines.length && told[network] != 0 && told[network] == lines[network].established()
                && lines[network].offer(buffer, offset, lengthBytes);
    }

    /** {@inheritDoc} */
    @Override
    public long connection(int network) {
        if (network >= lines.length) {
            return 0; // a pair with one network
        }
        told[network] = lines[network].established();
        return told[network];
    }

    /**
     * Hands over what has arrived, network by network. While the receiver is told of a message, {@link #connection} is the number of the connection
     * that it came on.
     *
     * @param onlyWoken not to look at a socket that has not woken the duty cycle
     * @return whether there may be more, which is to be asked for in the next cycle at once
     */
    public boolean receive(StreamReceiver receiver, boolean onlyWoken, long nowNs) {
        boolean more = false;
        for (StreamLine line : lines) {
            if (!onlyWoken || line.woken()) {
                more |= line.receive(receiver, RECEIVE_BYTES, nowNs) >= RECEIVE_BYTES;
            }
        }
        return more;
    }

    /** Sends what was offered. Returns whether there is more to send in the next cycle at once. */
    public boolean flush(long nowNs) {
        boolean more = false;
        for (StreamLine line : lines) {
            more |= line.flush(nowNs);
        }
        return more;
    }

    /** Whether no later boot of the peer than that of this connection has said anything. */
    boolean ofNewestBoot(long number) {
        return number >>> BOOT_SHIFT >= newestBoot;
    }

    void deliver(int network, byte[] buffer, int offset, int lengthBytes, StreamReceiver receiver) {
        newestBoot = lines[network].established() >>> BOOT_SHIFT;
        receiver.onMessage(network, buffer, offset, lengthBytes);
    }

    // ---- between the two

    /** From any thread: the loop is to look whether a connection has ended. */
    void wakeLoop() {
        if (!loopWoken.getAndSet(true) && !closed) {
            try {
                loop.loop().execute(loopWork);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and with it all that makes connections.
            }
        }
    }

    private void loopWork() {
        loopWoken.set(false);
        for (StreamLink link : links) {
            link.lookForEnd();
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
            link.open(verified, peerBoots << BOOT_SHIFT | ++connections);
        }
    }

    /**
     * Whether this is the boot of the peer that counts; what an earlier one has sent is not delivered once this one has said something. A proof
     * shows that the peer lived after it got this side's nonce. So one of another boot is newer for certain only if that nonce was drawn after the
     * present boot proved itself; else it may be the last word of a dead process, and whoever lives tries again.
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
        return true;
    }

    // ---- for people

    public long count(int network, StreamCount count) {
        return lines[network].counters().count(count);
    }

    /** This board's attempts to connect that ended this way. */
    public long attempts(int network, Outcome outcome) {
        return lines[network].counters().attempts(outcome);
    }

    /** What is wrong now, for a person, or null. That there is no stream at all is no trouble of the stream: the peer is not there. */
    public String trouble() {
        boolean any = false;
        for (StreamLine line : lines) {
            String text = line.trouble().text();
            if (text != null) {
                return text;
            }
            any |= line.established() != 0;
        }
        for (StreamLine line : lines) {
            if (any && line.established() == 0) {
                String how = line.trouble().lastEnd();
                return "no stream over network " + line.trouble().name() + (how == null ? "" : " (" + how + ")")
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
        if (loop != null) {
            closeLinks();
        }
        for (StreamLine line : lines) {
            line.close();
        }
    }

    private void closeLinks() {
        try {
            loop.loop().submit(() -> {
                for (StreamLink link : links) {
                    link.close();
                }
            }).get(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException | ExecutionException | TimeoutException e) {
            // The loop has ended or hangs: no connection is made either way.
        }
    }
}
