package io.hotpair.drivers.checkpoint;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.linux.SocketAddresses;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A datagram that comes back unchanged: the echo service of RFC 862, or whatever else returns what it is sent. It leaves nothing behind at the
 * checkpoint, where a connection takes one of a small device's few. An answer carries the probe's number besides.
 */
final class UdpProber extends EchoProber {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    // number, token
    private static final int TOKEN_AT = 8;
    private static final int MESSAGE_BYTES = 16;

    private final int fd;
    private final MemorySegment target;
    private final MemorySegment request;
    private boolean connected;
    private long number;

    UdpProber(Libc libc, Arena arena, Poller poller, RemoteCheckpoint checkpoint, String interfaceName) throws IOException {
        super(libc, arena, checkpoint, interfaceName);
        fd = libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new IOException("checkpoint " + checkpoint.spec() + ": no socket (" + Errno.text(-fd) + ")");
        }
        listen(poller, fd);
        target = SocketAddresses.inet(arena, checkpoint.spec().address(), checkpoint.spec().port());
        request = arena.allocate(MESSAGE_BYTES, 8);
    }

    @Override
    void send(long probeNs) {
        number++;
        int slot = (int) (number % OUTSTANDING);
        request.set(LONG, 0, number);
        request.set(LONG, TOKEN_AT, expect(slot, probeNs));
        // Connected, so that nobody else is heard and a closed port is told; anew after an error, for the way there may have changed.
        connected = connected || bindToInterface(fd) && libc.connect(fd, target) == 0;
        int result = connected ? libc.send(fd, request, MESSAGE_BYTES, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) : -Errno.ENODEV;
        if (result == MESSAGE_BYTES) {
            checkpoint.onSent();
        } else {
            forget(slot);
            onError(-result);
        }
    }

    @Override
    void onError(int errno) {
        if (errno == Errno.ECONNREFUSED) {
            checkpoint.onRefused();
        } else {
            connected = false;
            checkpoint.onFailed();
        }
    }

    @Override
    boolean onReply(int length) {
        if (length != MESSAGE_BYTES) {
            return false;
        }
        long answered = reply.get(LONG, 0);
        return answered > 0 && answered <= number && number - answered < OUTSTANDING
                && credit((int) (answered % OUTSTANDING), reply.get(LONG, TOKEN_AT));
    }
}
