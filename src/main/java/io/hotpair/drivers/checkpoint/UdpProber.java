package io.hotpair.drivers.checkpoint;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.linux.SocketAddresses;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A datagram that comes back unchanged: the echo service of RFC 862, or whatever else returns what it is sent. It leaves nothing behind at the
 * checkpoint, where a connection takes one of a small device's few. An answer carries the probe's number and a token made from the probe's time
 * and a secret of this run, so an old or foreign one is not taken for it.
 */
final class UdpProber extends Prober {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    // number, token
    private static final int TOKEN_AT = 8;
    private static final int MESSAGE_BYTES = 16;
    private static final int RECEIVE_BYTES = 64;
    private static final int MAX_RECEIVES = 64; // bounds one service(); the rest keeps the socket readable

    private final Poller poller;
    private final int index;
    private final int fd;
    private final MemorySegment target;
    private final MemorySegment request;
    private final MemorySegment reply;
    private final long secret = ThreadLocalRandom.current().nextLong();
    private final long[] probesNs = new long[OUTSTANDING];
    private final boolean[] waiting = new boolean[OUTSTANDING];
    private boolean connected;
    private long number;

    UdpProber(Libc libc, Arena arena, Poller poller, RemoteCheckpoint checkpoint, String interfaceName) throws IOException {
        super(libc, arena, checkpoint, interfaceName);
        fd = libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new IOException("checkpoint " + checkpoint.spec() + ": no socket (" + Errno.text(-fd) + ")");
        }
        this.poller = poller;
        index = poller.add(fd);
        target = SocketAddresses.inet(arena, checkpoint.spec().address(), checkpoint.spec().port());
        request = arena.allocate(MESSAGE_BYTES, 8);
        reply = arena.allocate(RECEIVE_BYTES, 8);
    }

    @Override
    void send(long probeNs) {
        number++;
        int slot = (int) (number % OUTSTANDING);
        probesNs[slot] = probeNs;
        request.set(LONG, 0, number);
        request.set(LONG, TOKEN_AT, probeNs ^ secret);
        // Connected, so that nobody else is heard and a closed port is told; anew after an error, for the way there may have changed.
        connected = connected || bindToInterface(fd) && libc.connect(fd, target) == 0;
        int result = connected ? libc.send(fd, request, MESSAGE_BYTES, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) : -Errno.ENODEV;
        waiting[slot] = result == MESSAGE_BYTES;
        if (waiting[slot]) {
            checkpoint.onSent();
        } else {
            fail(-result);
        }
    }

    @Override
    boolean service() {
        if (!poller.ready(index)) {
            return false;
        }
        boolean news = false;
        for (int i = 0; i < MAX_RECEIVES; i++) {
            int length = libc.recv(fd, reply, RECEIVE_BYTES, Libc.MSG_DONTWAIT);
            if (length == -Errno.EAGAIN) {
                break;
            }
            if (length < 0) {
                fail(-length); // told by ICMP for a probe; the next call finds the replies behind it
            } else {
                news |= onReply(length);
            }
        }
        return news;
    }

    @Override
    void close() {
        poller.set(index, -1);
        libc.close(fd);
    }

    private void fail(int errno) {
        if (errno == Errno.ECONNREFUSED) {
            checkpoint.onRefused();
        } else {
            connected = false;
            checkpoint.onFailed();
        }
    }

    private boolean onReply(int length) {
        if (length != MESSAGE_BYTES) {
            return false;
        }
        int slot = (int) Math.floorMod(reply.get(LONG, 0), (long) OUTSTANDING);
        if (!waiting[slot] || reply.get(LONG, TOKEN_AT) != (probesNs[slot] ^ secret)) {
            return false;
        }
        waiting[slot] = false;
        return checkpoint.onAnswer(probesNs[slot]);
    }
}
