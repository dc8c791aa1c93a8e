package io.hotpair.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** All that the lab has to know of the node program under test. */
public interface NodeKit {
    /** The command that runs a board in the foreground. */
    List<String> command(int boardId, Path config);

    /** Writes a fresh pair key, readable by its owner only. */
    void writeKey(Path file) throws IOException;

    /** Creates the file that stands for the GPIO wires. */
    WireSwitch createWire(Path file) throws IOException;

    /** A view of a board whose node may not have started yet. */
    BoardView view(int boardId, Path runDirectory);

    /** Gives the calling thread the priority that relays and plant need beside real-time nodes; must not throw. */
    Runnable threadSetup();

    /**
     * Puts this whole program, and so the nodes from the first instruction on, ahead of other work as a node puts itself once it runs: else the
     * first of two nodes keeps the second from starting. Where it is not permitted a node cannot do it either.
     */
    void favourProgram();
}
