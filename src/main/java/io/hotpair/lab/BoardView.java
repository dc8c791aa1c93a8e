package io.hotpair.lab;

import java.util.List;

/**
 * What a node shows of itself, for the display and to know when the pair is whole again; never for the judgement.
 *
 * <p>One instance per thread. Everything but {@link #refresh} tells what was there at the last refresh.
 */
public interface BoardView extends AutoCloseable {
    /** {@link #role()} of the board that leads. */
    String PRIMARY = "PRIMARY";
    /** {@link #role()} of the board that stands by. */
    String STANDBY = "STANDBY";

    /** Looks again. @return whether the node shows anything */
    boolean refresh();

    /** The role in group 0, in the words of the node's role machine; empty if unknown. */
    String role();

    /** The term of group 0, 0 if none. */
    long term();

    /** Whether the board could take over without losing anything. */
    boolean inSync();

    /** Whether the peer is heard on a channel: 0 Ethernet A, 1 Ethernet B, 2 UART, 3 GPIO. */
    boolean channelFresh(int channel);

    /** What the node recorded from {@code sinceNs} on, oldest first. */
    List<BoardEvent> eventsSince(long sinceNs);

    @Override
    void close();
}
