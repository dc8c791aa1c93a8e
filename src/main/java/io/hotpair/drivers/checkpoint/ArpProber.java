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

/**
 * ARP requests (RFC 826) on one interface.
 *
 * <p>A reply does not tell which request it answers. Each is credited to the oldest probe that still waits, never to a newer one: after a
 * lost reply the stamps lag by a probe or two, until the lost one is {@link #GIVE_UP_NS} old and forgotten in favour of a newer one. A reply
 * that takes longer than that while another request is on its way would be credited too new a stamp; on one segment it does not exist.
 */
final class ArpProber extends Prober {
    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    static final long GIVE_UP_NS = 10_000_000L;
    private static final long REOPEN_NS = 100_000_000L;
    private static final int ETH_P_ARP = 0x0806;
    private static final int ARPHRD_ETHER = 1;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    // hardware, protocol, their address lengths, operation, sender's hardware and protocol address, target's likewise
    private static final int OPERATION_AT = 6;
    private static final int SENDER_MAC_AT = 8;
    private static final int SENDER_IP_AT = 14;
    private static final int TARGET_IP_AT = 24;
    private static final int MESSAGE_BYTES = 28;
    private static final int RECEIVE_BYTES = 128;
    private static final int MAX_RECEIVES = 64; // bounds one service(); the rest keeps the socket readable
    // struct ifreq: name, then a union
    private static final long SIOCGIFADDR = 0x8915;
    private static final long SIOCGIFHWADDR = 0x8927;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_VALUE_AT = 16;
    // struct sockaddr_ll: u16 family, u16 protocol (network order), int interface, u16 hardware, u8 packet type, u8 length, 8 bytes address
    private static final int LINK_ADDRESS_BYTES = 20;

    private final Poller poller;
    private final int index;
    private final MemorySegment ifreq;
    private final MemorySegment broadcast;
    private final MemorySegment request;
    private final MemorySegment reply;
    private final int targetIp;
    private final long[] probesNs = new long[OUTSTANDING];
    private int oldest;
    private int waiting;
    private int fd = -1;
    private boolean everOpened;
    private long reopenNs;

    ArpProber(Libc libc, Arena arena, Poller poller, RemoteCheckpoint checkpoint, String interfaceName) throws IOException {
        super(libc, arena, checkpoint, interfaceName);
        if (interfaceName == null || interfaceName.equals("lo")) {
            throw new IOException("checkpoint " + checkpoint.spec() + " needs the name of an Ethernet interface: ARP asks one segment");
        }
        this.poller = poller;
        ifreq = arena.allocate(IFREQ_BYTES, 8);
        ifreq.copyFrom(SocketAddresses.interfaceName(arena, interfaceName));
        broadcast = arena.allocate(LINK_ADDRESS_BYTES, 8);
        broadcast.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_PACKET);
        broadcast.set(NETWORK_SHORT, 2, (short) ETH_P_ARP);
        broadcast.set(ValueLayout.JAVA_BYTE, 11, (byte) 6);
        broadcast.asSlice(12, 6).fill((byte) 0xFF);
        request = arena.allocate(MESSAGE_BYTES, 8);
        request.set(NETWORK_SHORT, 0, (short) ARPHRD_ETHER);
        request.set(NETWORK_SHORT, 2, (short) 0x0800);
        request.set(ValueLayout.JAVA_BYTE, 4, (byte) 6);
        request.set(ValueLayout.JAVA_BYTE, 5, (byte) 4);
        request.set(NETWORK_SHORT, OPERATION_AT, (short) REQUEST);
        reply = arena.allocate(RECEIVE_BYTES, 8);
        MemorySegment.copy(checkpoint.spec().address().getAddress(), 0, request, ValueLayout.JAVA_BYTE, TARGET_IP_AT, 4);
        targetIp = request.get(ValueLayout.JAVA_INT, TARGET_IP_AT);
        index = poller.add(-1);
        int result = open();
        if (result == -Errno.EPERM) {
            throw new IOException("checkpoint " + checkpoint.spec() + " not permitted: needs CAP_NET_RAW; run as root, set"
                    + " AmbientCapabilities=CAP_NET_RAW in the unit, or use a tcp: checkpoint");
        }
        if (result == -Errno.EINVAL) {
            throw new IOException("checkpoint " + checkpoint.spec() + ": interface " + interfaceName + " is not Ethernet and knows no ARP");
        }
    }

    @Override
    void send(long probeNs) {
        if (fd < 0 && !reopen(probeNs)) {
            checkpoint.onFailed();
            return;
        }
        int result = libc.sendto(fd, request, MESSAGE_BYTES, Libc.MSG_DONTWAIT, broadcast);
        if (result != MESSAGE_BYTES) {
            checkpoint.onFailed();
            if (result == -Errno.ENODEV || result == -Errno.ENXIO) {
                close(); // unplugged; it comes back with another index
            }
            return;
        }
        checkpoint.onSent();
        if (waiting == OUTSTANDING) {
            forgetOldest();
        }
        probesNs[(oldest + waiting) % OUTSTANDING] = probeNs;
        waiting++;
    }

    @Override
    boolean service() {
        if (fd < 0 || !poller.ready(index)) {
            return false;
        }
        boolean news = false;
        for (int i = 0; i < MAX_RECEIVES; i++) {
            int length = libc.recv(fd, reply, RECEIVE_BYTES, Libc.MSG_DONTWAIT);
            if (length == -Errno.EAGAIN) {
                break;
            }
            if (length < 0) {
                checkpoint.onFailed();
                break; // the interface went down or away; sending tells which
            }
            if (length >= MESSAGE_BYTES && isAnswer()) {
                news |= credit();
            }
        }
        return news;
    }

    @Override
    void close() {
        if (fd >= 0) {
            poller.set(index, -1);
            libc.close(fd);
            fd = -1;
        }
        waiting = 0;
    }

    /** From the target, in answer to us: its protocol address is the one asked for, the target of the reply is our own. */
    private boolean isAnswer() {
        return reply.get(NETWORK_SHORT, OPERATION_AT) == REPLY
                && reply.get(ValueLayout.JAVA_INT_UNALIGNED, SENDER_IP_AT) == targetIp
                && reply.get(ValueLayout.JAVA_INT_UNALIGNED, TARGET_IP_AT) == request.get(ValueLayout.JAVA_INT_UNALIGNED, SENDER_IP_AT);
    }

    private boolean credit() {
        long nowNs = System.nanoTime();
        while (waiting > 1 && nowNs - probesNs[oldest] > GIVE_UP_NS) {
            forgetOldest();
        }
        if (waiting == 0) {
            return false; // a second reply to one request: two hosts with one address
        }
        long probeNs = probesNs[oldest];
        forgetOldest();
        return checkpoint.onAnswer(probeNs);
    }

    private void forgetOldest() {
        oldest = (oldest + 1) % OUTSTANDING;
        waiting--;
    }

    private boolean reopen(long nowNs) {
        if (everOpened && nowNs - reopenNs < 0) {
            return false;
        }
        reopenNs = nowNs + REOPEN_NS;
        return open() == 0;
    }

    /** 0, or minus the error number; a missing interface is tried again later. */
    private int open() {
        everOpened = true;
        // protocol 0: hears nothing until it is bound to the one interface
        int socket = libc.socket(Libc.AF_PACKET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (socket < 0) {
            return socket;
        }
        int result = configure(socket);
        if (result < 0) {
            libc.close(socket);
            return result;
        }
        fd = socket;
        poller.set(index, fd);
        return 0;
    }

    private int configure(int socket) {
        int result = libc.ioctl(socket, SIOCGIFINDEX, ifreq);
        if (result < 0) {
            return result;
        }
        broadcast.set(ValueLayout.JAVA_INT, 4, ifreq.get(ValueLayout.JAVA_INT, IFREQ_VALUE_AT));
        result = libc.ioctl(socket, SIOCGIFHWADDR, ifreq);
        if (result < 0) {
            return result;
        }
        if (ifreq.get(ValueLayout.JAVA_SHORT, IFREQ_VALUE_AT) != ARPHRD_ETHER) {
            return -Errno.EINVAL;
        }
        MemorySegment.copy(ifreq, IFREQ_VALUE_AT + 2, request, SENDER_MAC_AT, 6);
        // without an address of its own the request is a probe as in RFC 5227, which is answered, too
        boolean hasAddress = libc.ioctl(socket, SIOCGIFADDR, ifreq) == 0;
        request.set(ValueLayout.JAVA_INT_UNALIGNED, SENDER_IP_AT, hasAddress ? ifreq.get(ValueLayout.JAVA_INT, IFREQ_VALUE_AT + 4) : 0);
        return libc.bind(socket, broadcast);
    }
}
