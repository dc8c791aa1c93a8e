package io.hotpair.lab;

/**
 * Whether a board has power, as far as the world can see: all its paths read this one flag, so a cut takes all of them at one
 * instant and nothing is said any more.
 */
public final class BoardPower {
    private volatile boolean on = true;

    /** Whether the board is heard and hears. */
    public boolean on() {
        return on;
    }

    /** Cuts or restores the power. */
    public void set(boolean on) {
        this.on = on;
    }
}
