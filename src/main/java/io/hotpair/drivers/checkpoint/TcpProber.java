package io.hotpair.drivers.checkpoint;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.linux.SocketAddresses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A connection attempt per probe; only a completed one is an answer. It is reset at once (SO_LINGER 0), so neither side keeps it in
 * TIME_WAIT.
 */
final class TcpProber extends Prober {
    private static final int NONE = -1;

    private final Poller poller;
    private final MemorySegment target;
    private final MemorySegment local;
    private final MemorySegment linger;
    private final int[] indexes = new int[OUTSTANDING];
    private final int[] fds = new int[OUTSTANDING];
    private final long[] probesNs = new long[OUTSTANDING];
    private int next;

    TcpProber(Libc libc, Arena arena, Poller poller, RemoteCheckpoint checkpoint, String interfaceName) {
        super(libc, arena, checkpoint, interfaceName);
        this.poller = poller;
        target = SocketAddresses.inet(arena, checkpoint.spec().address(), checkpoint.spec().port());
        local = arena.allocate(SocketAddresses.INET_BYTES, 8);
        linger = arena.allocate(8, 8); // struct linger: int on, int seconds
        linger.set(ValueLayout.JAVA_INT, 0, 1);
        for (int slot = 0; slot < OUTSTANDING; slot++) {
            fds[slot] = NONE;
            indexes[slot] = poller.add(NONE, Poller.OUT);
        }
    }

    @Override
    void send(long probeNs) {
        int slot = next;
        next = (next + 1) % OUTSTANDING;
        end(slot);
        int fd = libc.socket(Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            checkpoint.onFailed();
            return;
        }
        fds[slot] = fd;
        probesNs[slot] = probeNs;
        libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_LINGER, linger, linger.byteSize());
        int result = bindToInterface(fd) ? libc.connect(fd, target) : -Errno.ENODEV;
        if (result == 0 || result == -Errno.EINPROGRESS) {
            checkpoint.onSent();
            poller.set(indexes[slot], fd); // a connection that is complete already is reported by the next wait
        } else {
            countFailure(-result);
            end(slot);
        }
    }

    @Override
    boolean service() {
        boolean news = false;
        for (int slot = 0; slot < OUTSTANDING; slot++) {
            if (fds[slot] == NONE || !poller.ready(indexes[slot])) {
                continue;
            }
            int error = libc.takeSocketError(fds[slot]);
            if (error != 0) {
                countFailure(Math.abs(error));
            } else if (isConnectedToItself(fds[slot])) {
                checkpoint.onRefused();
            } else {
                news |= checkpoint.onAnswer(probesNs[slot]);
            }
            end(slot);
        }
        return news;
    }

    @Override
    void close() {
        for (int slot = 0; slot < OUTSTANDING; slot++) {
            end(slot);
        }
    }

    /** On the same host, with nobody listening, the kernel may pick the very port as the local one: TCP's simultaneous open, RFC 9293 3.5. */
    private boolean isConnectedToItself(int fd) {
        return libc.getsockname(fd, local) == 0 && SocketAddresses.same(local, target);
    }

    private void countFailure(int errno) {
        if (errno == Errno.ECONNREFUSED) {
            checkpoint.onRefused();
        } else {
            checkpoint.onFailed();
        }
    }

    private void end(int slot) {
        if (fds[slot] != NONE) {
            poller.set(indexes[slot], NONE);
            libc.close(fds[slot]);
            fds[slot] = NONE;
        }
    }
}
