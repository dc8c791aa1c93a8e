package io.hotpair.sync.stream;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.NativeHmacSeal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Two ends of a stream in one process, joined by sockets that were never connected over a network: for a rehearsal, in which the code that a duty
 * cycle runs is to be the very same.
 */
public final class StreamPair implements AutoCloseable {
    private static final int BOOT_SHIFT = 32;
    private static final byte[] FROM_A = "from A to B, which nobody guards".getBytes();
    private static final byte[] FROM_B = "from B to A, which nobody guards".getBytes();

    private final StreamService[] ends = new StreamService[2];
    private final int networks;
    private long connections;

    /** Not connected yet. */
    public StreamPair(StreamSettings settings, int networks) {
        this.networks = networks;
        ends[0] = new StreamService(settings, networks);
        ends[1] = new StreamService(settings, networks);
    }

    /** The end of board A (0) or B (1). */
    public StreamService end(int board) {
        return ends[board];
    }

    /** One of the boards has started: new connections, and nothing of the old ones is delivered once something of these has been. */
    public void connect() {
        connections++;
        long number = connections << BOOT_SHIFT | connections;
        try (Arena arena = Arena.ofConfined()) {
            Libc libc = new Libc(arena);
            MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
            for (int network = 0; network < networks; network++) {
                int result = libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0, fds);
                if (result < 0) {
                    throw new UncheckedIOException(new IOException("socketpair: " + Errno.text(-result)));
                }
                ends[0].line(network).handOver(socket(fds.getAtIndex(ValueLayout.JAVA_INT, 0), number, FROM_A, FROM_B));
                ends[1].line(network).handOver(socket(fds.getAtIndex(ValueLayout.JAVA_INT, 1), number, FROM_B, FROM_A));
            }
        }
    }

    private static StreamSocket socket(int fd, long number, byte[] sendKey, byte[] receiveKey) {
        return new StreamSocket(fd, number, NativeHmacSeal.of(sendKey, StreamMessage.MAX_BYTES),
                NativeHmacSeal.of(receiveKey, StreamMessage.MAX_BYTES), new byte[0]);
    }

    @Override
    public void close() {
        ends[0].close();
        ends[1].close();
    }
}
