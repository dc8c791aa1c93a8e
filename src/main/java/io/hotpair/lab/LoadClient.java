package io.hotpair.lab;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
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
    /** Inputs leave in bursts, as they come from a field bus: on a small machine the load is not to cost as much as the boards. */
    private static final long STEP_NS = 1_000_000;
    /** While the first answer of a new primary is awaited. */
    private static final long WATCHING_STEP_NS = 500_000;
    /** After a pause of this program itself no burst makes up for what was not sent. */
    private static final long MOST_BEHIND_NS = 20_000_000;
    private static final int INPUT_BYTES = 16;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final BurstSocket socket;
    private final int boards;
    private volatile long everyNs;
    private final Runnable threadSetup;
    private AnswerLedger ledger = new AnswerLedger(WINDOW);
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
        this.boards = boards.length;
        this.threadSetup = threadSetup;
        rate(rate);
        socket = new BurstSocket(local, boards, INPUT_BYTES, BUFFER_BYTES);
        thread = Thread.ofPlatform().daemon().name("load").unstarted(this::run);
    }

    InetSocketAddress address() {
        return socket.address();
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
                    nextNs = send(nextNs, nowNs);
                }
                receive();
            }
            LockSupport.parkNanos(watching ? WATCHING_STEP_NS : STEP_NS);
        }
    }

    /** Sends what is due; returns when the next input is. */
    private long send(long firstNs, long nowNs) {
        long nextNs = firstNs;
        int count = 0;
        for (; sending && nowNs - nextNs >= 0; nextNs += everyNs) {
            long number = ledger.sent() + 1;
            ledger.sentUpTo(number);
            socket.burst().set(LONG, (long) count * INPUT_BYTES, number);
            socket.burst().set(LONG, (long) count * INPUT_BYTES + Long.BYTES, number);
            if (++count == BurstSocket.BURST) {
                sendToAll(count);
                count = 0;
            }
        }
        if (count > 0) {
            sendToAll(count);
        }
        return nextNs;
    }

    private void sendToAll(int count) {
        for (int board = 0; board < boards; board++) {
            refused += socket.send(count, board) ? 0 : count; // a board is away, and the other one gets them all the same
        }
    }

    private void receive() {
        for (int count = socket.receive(); count > 0; count = socket.receive()) {
            long nowNs = System.nanoTime();
            for (int i = 0; i < count; i++) {
                MemorySegment answer = socket.data(i);
                if (socket.lengthBytes(i) == HEADER_BYTES + CountingTask.ANSWER_BYTES) {
                    ledger.answer(answer.get(LONG, HEADER_BYTES), answer.get(LONG, HEADER_BYTES + 8), answer.get(LONG, HEADER_BYTES + 16));
                    onAnswer(answer.get(INT, TERM_AT), nowNs);
                } else {
                    malformed++;
                }
            }
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
    synchronized void beginAnew() {
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
    public void close() {
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
