package io.hotpair.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends numbered inputs to both boards at a steady rate and takes their outputs for acknowledgements. One thread does both, so that the account
 * needs no lock but for those who look.
 */
final class LoadClient implements AutoCloseable {
    /** 26 s at 20,000 a second, far beyond any takeover. */
    private static final int WINDOW = 1 << 19;
    private static final int HEADER_BYTES = 16;
    private static final int TERM_AT = 8;
    private static final int BUFFER_BYTES = 4 << 20;
    /** Inputs leave in bursts: each wakes two boards and two tasks, and on a small machine the wake-ups cost more than the inputs. */
    private static final long STEP_NS = 2_000_000;
    /** While the first answer of a new primary is awaited. */
    private static final long WATCHING_STEP_NS = 500_000;
    /** After a pause of this program itself no burst makes up for what was not sent. */
    private static final long MOST_BEHIND_NS = 20_000_000;
    private static final int INPUT_BYTES = 16;

    private final DatagramChannel socket;
    private final InetSocketAddress[] boards;
    private volatile long everyNs;
    private final Runnable threadSetup;
    private AnswerLedger ledger = new AnswerLedger(WINDOW);
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    private final Thread thread;
    private volatile boolean sending = true;
    private volatile boolean closed;
    private volatile boolean watching;
    private long refused;
    private long malformed;
    private long newestNs;
    private int newestTerm;
    private long longestGapNs;
    private long newTermNs;

    /** What is known so far. */
    record View(long sent, long answered, long repeated, long executedTwice, long acknowledgedLost, long executed, boolean sumsAgree, long malformed,
            long refused, long longestGapNs) {
        long unanswered() {
            return sent - answered;
        }
    }

    LoadClient(InetSocketAddress local, InetSocketAddress[] boards, int rate, Runnable threadSetup) throws IOException {
        this.boards = boards.clone();
        this.threadSetup = threadSetup;
        rate(rate);
        socket = DatagramChannel.open(StandardProtocolFamily.INET);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
        socket.bind(local);
        socket.configureBlocking(false);
        thread = Thread.ofPlatform().daemon().name("load").unstarted(this::run);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) socket.getLocalAddress();
    }

    void start() {
        thread.start();
    }

    /** Inputs a second from now on. */
    final void rate(int perSecond) {
        everyNs = 1_000_000_000L / perSecond;
    }

    /** Looks for answers often enough that their time can be told, or only now and then. */
    void watch(boolean closely) {
        watching = closely;
        LockSupport.unpark(thread);
    }

    private void run() {
        threadSetup.run();
        try {
            long nextNs = System.nanoTime();
            long burstNs = nextNs;
            while (!closed) {
                long nowNs = System.nanoTime();
                if (nowNs - nextNs > MOST_BEHIND_NS) {
                    nextNs = nowNs;
                }
                synchronized (this) {
                    if (nowNs - burstNs >= 0) {
                        burstNs = nowNs + STEP_NS;
                        for (; sending && nowNs - nextNs >= 0; nextNs += everyNs) {
                            send();
                        }
                    }
                    receive();
                }
                LockSupport.parkNanos(watching ? WATCHING_STEP_NS : STEP_NS);
            }
        } catch (IOException e) {
            if (!closed) {
                throw new IllegalStateException("the client of the drill failed", e);
            }
        }
    }

    private void send() {
        long number = ledger.sent() + 1;
        ledger.sentUpTo(number);
        for (InetSocketAddress board : boards) {
            try {
                input.clear().putLong(number).putLong(number).flip();
                refused += socket.send(input, board) == 0 ? 1 : 0;
            } catch (IOException boardIsAway) {
                refused++; // the other one gets it all the same
            }
        }
    }

    private void receive() throws IOException {
        answer.clear();
        while (socket.receive(answer) != null) {
            answer.flip();
            if (answer.limit() == HEADER_BYTES + CountingTask.ANSWER_BYTES) {
                ledger.answer(answer.getLong(HEADER_BYTES), answer.getLong(HEADER_BYTES + 8), answer.getLong(HEADER_BYTES + 16));
                onAnswer(answer.getInt(TERM_AT), System.nanoTime());
            } else {
                malformed++;
            }
            answer.clear();
        }
    }

    private void onAnswer(int term, long nowNs) {
        if (newestNs != 0) {
            longestGapNs = Math.max(longestGapNs, nowNs - newestNs);
        }
        if (term - newestTerm > 0) {
            newestTerm = term;
            newTermNs = nowNs;
        }
        newestNs = nowNs;
    }

    /** Term of the newest reign that answered. */
    synchronized int term() {
        return newestTerm;
    }

    /** When the first answer of the newest reign came. */
    synchronized long newTermNs() {
        return newTermNs;
    }

    synchronized View view() {
        return new View(ledger.sent(), ledger.answered(), ledger.repeated(), ledger.executedTwice(), ledger.acknowledgedLost(), ledger.executed(),
                ledger.sumsAgree(), malformed, refused, longestGapNs);
    }

    /** After {@link #stopSending}: sends again, numbered from 1, to boards that were started from nothing; what went before is forgotten. */
    synchronized void beginAnew() throws IOException {
        receive(); // what is still there is of the boards before, which are gone
        ledger = new AnswerLedger(WINDOW);
        newestNs = 0;
        newestTerm = 0;
        sending = true;
    }

    /** Sends no more; answers are still taken. */
    void stopSending() {
        sending = false;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }
}
