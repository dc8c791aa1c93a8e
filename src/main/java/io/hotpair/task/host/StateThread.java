package io.hotpair.task.host;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that saves and loads states for the duty cycle, which neither waits for it nor takes a lock of its own to hand work over. One piece of
 * work at a time.
 */
public final class StateThread implements Executor, AutoCloseable {
    private static final long END_MS = 2_000;

    private final Thread thread = Thread.ofPlatform().name("hotpair-state").daemon().unstarted(this::run);
    private volatile Runnable next;
    private volatile boolean closing;

    public StateThread() {
        thread.start();
    }

    @Override
    public void execute(Runnable work) {
        next = work;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closing) {
            Runnable work = next;
            if (work == null) {
                LockSupport.park(this);
            } else {
                next = null;
                work.run();
            }
        }
    }

    /** Waits until what is under way is done, for two seconds at most. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
