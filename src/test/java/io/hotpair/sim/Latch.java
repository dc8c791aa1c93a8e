package io.hotpair.sim;

/** The wired interlock: enables one board's outputs for as long as that board's alive pulses come, and only then the other's. */
final class Latch {
    static final int NOBODY = -1;

    private final World world;
    int holder = NOBODY;
    long decayNs = 4_000_000;

    Latch(World world) {
        this.world = world;
    }

    private void decay() {
        if (holder != NOBODY && !world.board(holder).pulsesAlive(decayNs)) {
            holder = NOBODY;
        }
    }

    /** What the board reads back: the outputs are, or can be, its own. */
    boolean granted(int board) {
        decay();
        return holder == NOBODY || holder == board;
    }

    /** A board drives its outputs: through the latch if it is free. */
    boolean enable(int board) {
        decay();
        if (holder == NOBODY && world.board(board).pulsesAlive(decayNs)) {
            holder = board;
        }
        return holder == board;
    }
}
