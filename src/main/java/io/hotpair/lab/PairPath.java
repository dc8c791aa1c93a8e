package io.hotpair.lab;

import io.hotpair.drivers.linux.Poller;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/** A pair that runs a {@link CountingTask}: every input goes to both boards, and the primary's answer says that both hold it. */
final class PairPath implements CommitPath {
    private static final int HEADER_BYTES = 16;
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
    private static final long LONGEST_WAIT_NS = 100_000_000;
    /** Of one UDP message over IPv4, which the kernel cuts. */
    private static final int MESSAGE_MAX_BYTES = 65_507;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final BurstSocket socket;
    private final Poller poller = new Poller(1);
    private final int boards;
    private long refused;

    PairPath(InetSocketAddress local, InetSocketAddress[] boards) throws IOException {
        this.boards = boards.length;
        socket = new BurstSocket(local, boards, PAYLOAD_MAX_BYTES, RECEIVE_BUFFER_BYTES);
        poller.add(socket.fd());
    }

    InetSocketAddress address() {
        return socket.address();
    }

    /** Copies of inputs that the kernel did not take. */
    long refused() {
        return refused;
    }

    @Override
    public void send(long first, int count, int payloadBytes) throws IOException {
        socket.cut(payloadBytes);
        int atOnce = Math.min(BurstSocket.BURST, MESSAGE_MAX_BYTES / payloadBytes);
        for (int done = 0; done < count; done += atOnce) {
            int now = Math.min(atOnce, count - done);
            for (int i = 0; i < now; i++) {
                long number = first + done + i;
                socket.burst().set(LONG, (long) i * payloadBytes, number);     // the source's own number
                socket.burst().set(LONG, (long) i * payloadBytes + 8, number); // what the task reads
            }
            for (int board = 0; board < boards; board++) {
                refused += socket.send(now, board) ? 0 : now;
            }
        }
    }

    @Override
    public void receive(InFlight window) {
        poller.await(LONGEST_WAIT_NS);
        int count;
        do {
            count = socket.receive();
            long nowNs = System.nanoTime();
            for (int i = 0; i < count; i++) {
                MemorySegment answer = socket.data(i);
                if (socket.lengthBytes(i) == HEADER_BYTES + CountingTask.ANSWER_BYTES) {
                    window.committed(answer.get(LONG, HEADER_BYTES), nowNs);
                }
            }
        } while (count == BurstSocket.READ);
    }

    @Override
    public void close() {
        poller.close();
        socket.close();
    }
}
