package io.hotpair.sync.identity;

import io.hotpair.drivers.linux.RealTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import io.netty.util.concurrent.ThreadPerTaskExecutor;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * The one thread that serves every TCP connection to the peer: Netty's event loop over epoll.
 *
 * <p>What other threads hand to it goes through a queue of fixed size, because Netty's own grows by allocating on the thread that hands over, and
 * that may be the duty cycle. All connections read into one buffer: a handler must have taken everything out of it before it returns.
 */
public final class NetworkLoop implements AutoCloseable {
    /** Bytes read at once, at most. */
    public static final int RECEIVE_BYTES = 64 * 1024;
    /** Ordinary scheduling instead of a real-time priority. */
    public static final int NO_PRIORITY = 0;

    /** A handful of tasks wait at a time: two wake-ups and what Netty gives itself. */
    private static final int WAITING_TASKS = 1024;
    private static final long STOP_MS = 2_000;

    private static final class Loop extends SingleThreadIoEventLoop {
        Loop(String name, Runnable first) {
            super(null, new ThreadPerTaskExecutor(work -> thread(name, first, work)), EpollIoHandler.newFactory(),
                    new MpscAtomicArrayQueue<>(WAITING_TASKS), new MpscAtomicArrayQueue<>(WAITING_TASKS), RejectedExecutionHandlers.reject());
        }

        private static Thread thread(String name, Runnable first, Runnable work) {
            FastThreadLocalThread thread = new FastThreadLocalThread(() -> {
                first.run();
                work.run();
            }, name);
            thread.setDaemon(true);
            return thread;
        }
    }

    /** Gives out the one buffer again and again. */
    private static final class OneBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
        /** Before the other connections have their turn. */
        private static final int READS = 4;

        private final ByteBuf buffer = Unpooled.directBuffer(RECEIVE_BYTES, RECEIVE_BYTES);

        OneBuffer() {
            super(READS);
        }

        @Override
        @SuppressWarnings("deprecation") // the interface's own return type
        public RecvByteBufAllocator.Handle newHandle() {
            return new MaxMessageHandle() {
                @Override
                public ByteBuf allocate(ByteBufAllocator ignored) {
                    if (buffer.refCnt() != 1) {
                        throw new IllegalStateException("a handler kept the receive buffer");
                    }
                    return buffer.clear().retain();
                }

                @Override
                public int guess() {
                    return RECEIVE_BYTES;
                }
            };
        }
    }

    private final Loop loop;
    private final OneBuffer received;
    private volatile String warning;

    /**
     * @param fifoPriority SCHED_FIFO priority of the thread, 1 to 99 and below the duty cycle's, or {@link #NO_PRIORITY}
     * @throws IOException where Netty's native part does not run; the message says what to do
     */
    public NetworkLoop(int fifoPriority) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("Netty's native part for this machine cannot be loaded (" + Epoll.unavailabilityCause().getMessage()
                    + "): it is unpacked into " + System.getProperty("java.io.tmpdir") + ", which must be writable and not mounted noexec;"
                    + " -Dio.netty.native.workdir= names another folder");
        }
        // Everything is released where it is taken, and sampling for leaks allocates.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        received = new OneBuffer();
        loop = new Loop("network", () -> {
            if (fifoPriority != NO_PRIORITY) {
                warning = RealTime.fifo(fifoPriority);
            }
            RealTime.timerSlack();
        });
    }

    /** Where everything about the connections happens. */
    public EventLoop loop() {
        return loop;
    }

    /** The one buffer that every connection reads into. */
    RecvByteBufAllocator receiveBuffer() {
        return received;
    }

    /** Why the thread does not run as it was asked to, for a person, or null. */
    public String warning() {
        return warning;
    }

    /** Ends the thread and every connection on it; waits for two seconds at most. */
    @Override
    public void close() {
        loop.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS);
        try {
            loop.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
