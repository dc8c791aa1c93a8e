package io.hotpair.lab;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds messages of one direction back until they are due, in order. Bounded and allocated whole: what does not fit is lost, as in
 * any queue of a network.
 */
final class DelayLine implements AutoCloseable {
    /** Takes a message that is due; called on the line's own thread. */
    interface Exit {
        void send(ByteBuffer message);
    }

    /** The longest message: a UART chunk. A datagram of a pair has at most 64 bytes. */
    static final int SLOT_BYTES = 512;
    /** 2 messages per ms (a heartbeat and an answer) for {@link PathFaults#DELAY_MAX_NS}, twofold. */
    private static final int SLOTS = 2048;

    private final ByteBuffer[] slots = new ByteBuffer[SLOTS];
    private final long[] dueNs = new long[SLOTS];
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Exit exit;
    private final Thread thread;
    private int head;
    private int count;
    private boolean closed;

    DelayLine(String name, Exit exit, Runnable threadSetup) {
        this.exit = exit;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = ByteBuffer.allocateDirect(SLOT_BYTES);
        }
        thread = Thread.ofPlatform().daemon().name(name + "-delay").unstarted(() -> {
            threadSetup.run();
            run();
        });
        thread.start();
    }

    /** Queues {@code message[position, limit)}. @return whether there was room */
    boolean put(ByteBuffer message, long dueAtNs) {
        lock.lock();
        try {
            if (count == SLOTS || message.remaining() > SLOT_BYTES) {
                return false;
            }
            int slot = (head + count) % SLOTS;
            slots[slot].clear().put(message).flip();
            dueNs[slot] = dueAtNs;
            count++;
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return count == 0;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!closed) {
                if (count == 0) {
                    changed.await();
                    continue;
                }
                long waitNs = dueNs[head] - System.nanoTime();
                if (waitNs > 0) {
                    changed.awaitNanos(waitNs);
                    continue;
                }
                // Sent under the lock: the reader that finds the line empty may then overtake nobody.
                exit.send(slots[head]);
                head = (head + 1) % SLOTS;
                count--;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
