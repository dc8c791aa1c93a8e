package io.hotpair.sync.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.hotpair.drivers.linux.Allocation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StreamAllocationTest {
    /** Offers over both networks in both directions, and takes what arrives: what a duty cycle does. The helpers are the boards' network loops. */
    private static final class DutyCycle implements Allocation.Work {
        private final StreamBoard a;
        private final StreamBoard b;
        private final byte[] message = StreamBoard.message(1, 128);
        private long offered;
        private long received;
        private final StreamReceiver count = (network, buffer, offset, lengthBytes) -> received++;

        private DutyCycle() throws IOException {
            List<InetSocketAddress> atA = addresses();
            List<InetSocketAddress> atB = addresses();
            b = new StreamBoard(StreamBoard.Plan.of(StreamBoard.B, atB, atA));
            a = new StreamBoard(StreamBoard.Plan.of(StreamBoard.A, atA, atB));
            while (!a.connected(0) || !a.connected(1) || !b.connected(0) || !b.connected(1)) {
                cycle(a);
                cycle(b);
                LockSupport.parkNanos(100_000);
            }
        }

        private static List<InetSocketAddress> addresses() throws IOException {
            List<InetSocketAddress> addresses = new ArrayList<>();
            try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                addresses.add((InetSocketAddress) one.getLocalSocketAddress());
                addresses.add((InetSocketAddress) other.getLocalSocketAddress());
            }
            return addresses;
        }

        @Override
        public void measured() {
            for (int network = 0; network < 2; network++) {
                offer(a, network);
                offer(b, network);
            }
            while (received < offered) {
                cycle(a);
                cycle(b);
            }
        }

        private void cycle(StreamBoard board) {
            long nowNs = System.nanoTime();
            board.stream.receive(count, false, nowNs);
            board.stream.flush(nowNs);
        }

        @Override
        public long helperBytes() {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("network"))
                    .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId())).sum();
        }

        private void offer(StreamBoard board, int network) {
            if (board.stream.connection(network) != 0 && board.stream.offer(network, message, 0, message.length)) {
                offered++;
            }
        }
    }

    @Test
    @Tag("allocation")
    void dutyCycleAndNetworkLoopAllocateNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(DutyCycle.class));
    }
}
