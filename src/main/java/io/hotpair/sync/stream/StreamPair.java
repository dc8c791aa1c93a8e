package io.hotpair.sync.stream;

/**
 * Two ends of a stream in one process, joined by memory instead of connections: for a rehearsal, in which the code that a duty cycle runs is to be
 * the very same. One thread.
 */
public final class StreamPair {
    private static final int BOOT_SHIFT = 32;

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

    /** One of the boards has started: new connections, and nothing of the old ones is delivered any more. */
    public void connect() {
        connections++;
        for (StreamService end : ends) {
            for (int network = 0; network < networks; network++) {
                end.link(network).establish(connections << BOOT_SHIFT | connections);
            }
        }
    }

    /** Takes over to the other end what lies in either, as far as there is room. */
    public void carry() {
        for (int network = 0; network < networks; network++) {
            carry(ends[0].link(network), ends[1].link(network));
            carry(ends[1].link(network), ends[0].link(network));
        }
    }

    private static void carry(StreamLink from, StreamLink to) {
        MessageRing out = from.outbound();
        for (int length = out.next(); length >= 0; length = out.next()) {
            if (out.number() == from.established()) {
                int claimed = to.inbound().claim(length);
                if (claimed < 0) {
                    return;
                }
                System.arraycopy(out.array(), out.offset(), to.inbound().array(), claimed, length);
                to.inbound().commit(length, out.number());
            }
            out.release();
        }
    }
}
