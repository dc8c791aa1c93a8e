package io.hotpair.lab;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;

/** Measures by hand what a relay adds to a path: one message per ms, with and without it, and what its threads allocate. */
final class RelayLatency {
    private static final int WARM_UP = 4_000;
    private static final int MEASURED = 4_000;

    private RelayLatency() {}

    public static void main(String[] args) throws Exception {
        InetAddress local = InetAddress.getByAddress(new byte[] {127, 77, 9, 1});
        BoardPower on = new BoardPower();
        PathFaults[] healthy = {new PathFaults(on, on), new PathFaults(on, on)};
        DatagramChannel a = DatagramChannel.open().bind(new InetSocketAddress(local, 0));
        DatagramChannel b = DatagramChannel.open().bind(new InetSocketAddress(local, 0));
        InetSocketAddress atA = (InetSocketAddress) a.getLocalAddress();
        InetSocketAddress atB = (InetSocketAddress) b.getLocalAddress();
        try (UdpRelay udp = new UdpRelay("latency", new InetSocketAddress[] {atA, atB}, new InetAddress[] {local, local}, healthy,
                        new BoardPower[] {on, on}, () -> {});
                UartRelay uart = new UartRelay(0, healthy, () -> {})) {
            print("UDP direct", udp(a, b, atB));
            print("UDP relay ", udp(a, b, udp.addressFacing(0)));
            print("UART relay", uart(uart));
        }
        System.exit(0);
    }

    private static void print(String name, Distribution d) {
        System.out.printf("%s  p50 %.1f us  p99 %.1f us  max %.1f us%n", name, d.median() / 1e3, d.percentile(99) / 1e3, d.max() / 1e3);
    }

    private static Distribution udp(DatagramChannel from, DatagramChannel to, InetSocketAddress via) throws Exception {
        long[] latency = new long[WARM_UP + MEASURED];
        Thread receiver = Thread.ofPlatform().start(() -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(64);
            try {
                for (int i = 0; i < latency.length; i++) {
                    to.receive(buffer.clear());
                    latency[i] = System.nanoTime() - buffer.getLong(0);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        long before = 0;
        for (int i = 0; i < latency.length; i++) {
            if (i == WARM_UP) {
                before = relayBytes();
            }
            LockSupport.parkNanos(1_000_000);
            from.send(buffer.clear().putLong(0, System.nanoTime()), via);
        }
        receiver.join();
        System.out.println("relay threads allocated " + (relayBytes() - before) + " bytes over " + MEASURED + " messages");
        return new Distribution(java.util.Arrays.copyOfRange(latency, WARM_UP, latency.length));
    }

    private static Distribution uart(UartRelay relay) throws Exception {
        long[] latency = new long[WARM_UP + MEASURED];
        Thread receiver = Thread.ofPlatform().start(() -> {
            LinuxCalls linux = new LinuxCalls();
            try {
                int fd = linux.openTerminal(relay.device(1));
                MemorySegment buffer = Arena.global().allocate(64);
                MemorySegment poll = Arena.global().allocate(8, 4);
                poll.set(ValueLayout.JAVA_INT, 0, fd);
                poll.set(ValueLayout.JAVA_SHORT, 4, LinuxCalls.POLLIN);
                for (int i = 0; i < latency.length; i++) {
                    linux.poll(poll, 1, -1);
                    linux.read(fd, buffer);
                    latency[i] = System.nanoTime() - buffer.get(ValueLayout.JAVA_LONG, 0);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        LinuxCalls linux = new LinuxCalls();
        int fd = linux.openTerminal(relay.device(0));
        MemorySegment buffer = Arena.global().allocate(64, 8);
        long before = 0;
        for (int i = 0; i < latency.length; i++) {
            if (i == WARM_UP) {
                before = relayBytes();
            }
            LockSupport.parkNanos(1_000_000);
            buffer.set(ValueLayout.JAVA_LONG, 0, System.nanoTime());
            linux.write(fd, buffer, 64);
        }
        receiver.join();
        System.out.println("relay threads allocated " + (relayBytes() - before) + " bytes over " + MEASURED + " messages");
        return new Distribution(java.util.Arrays.copyOfRange(latency, WARM_UP, latency.length));
    }

    private static long relayBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().contains("-from-")) {
                bytes += threads.getThreadAllocatedBytes(thread.threadId());
            }
        }
        return bytes;
    }
}
