package io.hotpair.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends one numbered input after the other to both boards and notes when each was answered, to the tenth of a millisecond: one thread sends, one
 * waits for answers.
 */
final class SteadyClient implements AutoCloseable {
    private static final int HEADER_BYTES = 16;
    private static final int INPUT_BYTES = 16;
    private static final int DATAGRAM_MAX_BYTES = 128;
    /** After a pause of this program itself no burst makes up for what was not sent. */
    private static final long MOST_BEHIND_NS = 20_000_000;

    private final DatagramChannel socket;
    private final InetSocketAddress[] boards;
    private final AnswerTimes times;
    private final Runnable threadSetup;
    private volatile long everyNs;
    private volatile boolean closed;

    /** Starts it. @param local port 0 for any */
    SteadyClient(InetSocketAddress local, InetSocketAddress[] boards, int rate, AnswerTimes times, Runnable threadSetup) throws IOException {
        this.boards = boards.clone();
        this.times = times;
        this.threadSetup = threadSetup;
        rate(rate);
        socket = DatagramChannel.open(StandardProtocolFamily.INET).bind(local);
        Thread.ofPlatform().daemon().name("steady-send").start(this::send);
        Thread.ofPlatform().daemon().name("steady-answers").start(this::receive);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) socket.getLocalAddress();
    }

    /** Inputs a second from now on. */
    final void rate(int perSecond) {
        everyNs = 1_000_000_000L / perSecond;
    }

    private void send() {
        threadSetup.run();
        ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long nextNs = System.nanoTime();
        while (!closed) {
            long nowNs = System.nanoTime();
            if (nowNs - nextNs < 0) {
                LockSupport.parkNanos(nextNs - nowNs);
                continue;
            }
            nextNs = nowNs - nextNs > MOST_BEHIND_NS ? nowNs + everyNs : nextNs + everyNs;
            long number = times.sending(nowNs);
            input.putLong(0, number).putLong(Long.BYTES, number);
            for (InetSocketAddress board : boards) {
                try {
                    socket.send(input.clear(), board);
                } catch (IOException boardIsAway) {
                    // the other one gets it all the same
                }
            }
        }
    }

    private void receive() {
        threadSetup.run();
        ByteBuffer answer = ByteBuffer.allocateDirect(DATAGRAM_MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (!closed) {
            try {
                socket.receive(answer.clear());
            } catch (IOException e) {
                continue; // closed, or the kernel tells that a board is away
            }
            if (answer.position() == HEADER_BYTES + CountingTask.ANSWER_BYTES) {
                times.answer(answer.getLong(HEADER_BYTES), System.nanoTime());
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
    }
}
