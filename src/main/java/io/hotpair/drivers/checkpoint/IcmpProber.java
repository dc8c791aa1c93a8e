package io.hotpair.drivers.checkpoint;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.linux.SocketAddresses;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * ICMP echo (RFC 792): by the kernel's ping socket where it is permitted, else by a raw socket. An answer carries the sequence number besides.
 */
final class IcmpProber extends EchoProber {
    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong TOKEN = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int ECHO = 8;
    private static final int ECHO_REPLY = 0;
    private static final int ICMP_FILTER = 1;
    // type, code, checksum, identifier, sequence, token
    private static final int CHECKSUM_AT = 2;
    private static final int IDENTIFIER_AT = 4;
    private static final int SEQUENCE_AT = 6;
    private static final int TOKEN_AT = 8;
    private static final int MESSAGE_BYTES = 16;
    private static final int IP_SOURCE_AT = 12;

    private final int fd;
    private final boolean raw;
    private final MemorySegment target;
    private final MemorySegment request;
    private final short identifier;
    private final boolean boundToInterface;
    private int sequence;

    IcmpProber(Libc libc, Arena arena, Poller poller, RemoteCheckpoint checkpoint, String interfaceName) throws IOException {
        super(libc, arena, checkpoint, interfaceName);
        int ping = libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, Libc.IPPROTO_ICMP);
        raw = ping < 0;
        fd = raw ? libc.socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, Libc.IPPROTO_ICMP) : ping;
        if (fd < 0) {
            throw new IOException("checkpoint " + checkpoint.spec() + " not permitted (" + Errno.text(-fd) + "): put the node's group into"
                    + " net.ipv4.ping_group_range (sysctl), or give the unit AmbientCapabilities=CAP_NET_RAW, or use a tcp: checkpoint");
        }
        listen(poller, fd);
        boundToInterface = bindToInterface(fd);
        target = SocketAddresses.inet(arena, checkpoint.spec().address(), 0);
        request = arena.allocate(MESSAGE_BYTES, 8);
        identifier = (short) ThreadLocalRandom.current().nextInt();
        if (raw) {
            MemorySegment filter = arena.allocate(ValueLayout.JAVA_INT); // a set bit blocks that type
            filter.set(ValueLayout.JAVA_INT, 0, ~(1 << ECHO_REPLY));
            libc.setsockopt(fd, Libc.SOL_RAW, ICMP_FILTER, filter, Integer.BYTES);
        }
    }

    @Override
    void send(long probeNs) {
        sequence = sequence + 1 & 0xFFFF;
        int slot = sequence % OUTSTANDING;
        long token = expect(slot, probeNs);
        request.set(ValueLayout.JAVA_BYTE, 0, (byte) ECHO);
        request.set(NETWORK_SHORT, CHECKSUM_AT, (short) 0);
        request.set(NETWORK_SHORT, IDENTIFIER_AT, identifier); // the ping socket puts its own here
        request.set(NETWORK_SHORT, SEQUENCE_AT, (short) sequence);
        request.set(TOKEN, TOKEN_AT, token);
        request.set(NETWORK_SHORT, CHECKSUM_AT, checksum());
        int result = boundToInterface || bindToInterface(fd)
                ? libc.sendto(fd, request, MESSAGE_BYTES, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL, target)
                : -Errno.ENODEV;
        if (result == MESSAGE_BYTES) {
            checkpoint.onSent();
            return;
        }
        forget(slot);
        checkpoint.onFailed();
        if (result == -Errno.ENODEV || result == -Errno.ENXIO) {
            bindToInterface(fd); // an interface that was unplugged comes back with another index
        }
    }

    @Override
    void onError(int errno) {
        checkpoint.onFailed();
    }

    @Override
    boolean onReply(int length) {
        int at = 0;
        if (raw) { // an IPv4 header comes first; its length is in units of 4 bytes
            if (length < 20 || reply.get(ValueLayout.JAVA_INT_UNALIGNED, IP_SOURCE_AT) != target.get(ValueLayout.JAVA_INT, 4)) {
                return false;
            }
            at = (reply.get(ValueLayout.JAVA_BYTE, 0) & 0xF) * 4;
        }
        if (length - at < MESSAGE_BYTES
                || reply.get(ValueLayout.JAVA_BYTE, at) != ECHO_REPLY
                || raw && reply.get(NETWORK_SHORT, at + IDENTIFIER_AT) != identifier) {
            return false;
        }
        int slot = (reply.get(NETWORK_SHORT, at + SEQUENCE_AT) & 0xFFFF) % OUTSTANDING;
        return credit(slot, reply.get(TOKEN, at + TOKEN_AT));
    }

    /** RFC 1071. */
    private short checksum() {
        int sum = 0;
        for (int at = 0; at < MESSAGE_BYTES; at += 2) {
            sum += request.get(NETWORK_SHORT, at) & 0xFFFF;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum += sum >>> 16;
        return (short) ~sum;
    }
}
