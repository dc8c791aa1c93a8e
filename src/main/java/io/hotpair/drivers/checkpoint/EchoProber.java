package io.hotpair.drivers.checkpoint;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.Poller;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Probes that come back as they were sent, on one socket. An answer carries a token made from the probe's time and a secret of this run, so an old
 * or foreign one is not taken for it.
 */
abstract class EchoProber extends Prober {
    private static final int RECEIVE_BYTES = 256;
    private static final int MAX_RECEIVES = 64; // bounds one service(); the rest keeps the socket readable

    /** What was received last. */
    final MemorySegment reply;
    private final long secret = ThreadLocalRandom.current().nextLong();
    private final long[] probesNs = new long[OUTSTANDING];
    private final boolean[] waiting = new boolean[OUTSTANDING];
    private Poller poller;
    private int index;
    private int fd;

    EchoProber(Libc libc, Arena arena, RemoteCheckpoint checkpoint, String interfaceName) {
        super(libc, arena, checkpoint, interfaceName);
        reply = arena.allocate(RECEIVE_BYTES, 8);
    }

    /** The socket, which {@link #close} closes. */
    final void listen(Poller poller, int fd) {
        this.poller = poller;
        this.fd = fd;
        index = poller.add(fd);
    }

    /** An error that came back for a probe, by ICMP. */
    abstract void onError(int errno);

    /** Whether {@link #reply} is an answer that is news. */
    abstract boolean onReply(int length);

    /** A probe in this slot, 0 to {@link #OUTSTANDING} - 1, is about to leave. @return its token */
    final long expect(int slot, long probeNs) {
        probesNs[slot] = probeNs;
        waiting[slot] = true;
        return probeNs ^ secret;
    }

    /** It did not leave. */
    final void forget(int slot) {
        waiting[slot] = false;
    }

    /** An answer to the probe in this slot; whether it is one, and news. */
    final boolean credit(int slot, long token) {
        if (!waiting[slot] || token != (probesNs[slot] ^ secret)) {
            return false;
        }
        waiting[slot] = false;
        return checkpoint.onAnswer(probesNs[slot]);
    }

    @Override
    final boolean service() {
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
                onError(-length); // the next call finds the replies behind it
                continue;
            }
            news |= onReply(length);
        }
        return news;
    }

    @Override
    final void close() {
        poller.set(index, -1);
        libc.close(fd);
    }
}
