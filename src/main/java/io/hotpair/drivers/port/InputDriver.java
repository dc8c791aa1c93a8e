package io.hotpair.drivers.port;

/** Where the inputs of one port come from. One thread, the duty cycle; no call blocks or allocates. */
public interface InputDriver extends AutoCloseable {
    /** Longest input, bytes. */
    int PAYLOAD_MAX_BYTES = 1400;

    /** Descriptor that is readable when an input waits, or -1 if the driver wakes the cycle in another way. */
    int fd();

    /**
     * Takes the next input; the calls below then tell about it.
     *
     * @param destination with room for {@link #PAYLOAD_MAX_BYTES} from {@code offset} on
     * @return its length, or -1 if none waits
     */
    int receive(byte[] destination, int offset);

    /** Who sent it: the same number on both boards. */
    long source();

    /** Whether the source numbers what it sends. */
    boolean numbered();

    /** The source's own number of it; 0 if it does not number. */
    long sequence();

    /** When it reached this board, monotonic ns: what lay in a socket while the node was paused is old. */
    long arrivedNs();

    /** Inputs dropped because they were too long, too short or cut. */
    long malformed();

    /** Inputs that came faster than they were taken and found no room, as far as the next one that did find room has told. */
    long overflowed();

    @Override
    void close();
}
