package io.hotpair.lab;

/** The simulated GPIO wires of a pair, as far as a power cut needs them. */
public interface WireSwitch {
    /** Makes the board's outgoing line dead and its incoming line deaf, or restores both. At once, and harmless if repeated. */
    void powered(int boardId, boolean powered);
}
