package io.hotpair.node;

/**
 * How often a board looks for inputs, and for what its task has for it.
 *
 * <pre>
 *            64 inputs within 4 ms
 *   WOKEN ──────────────────────────▶ PACED
 *     ▲     fewer than 32 in 4 ms      │
 *     └────────────────────────────────┘
 *
 *   WOKEN   whatever arrives wakes the board, and is looked at at once
 *   PACED   the board looks every 250 us, and is woken by its peer alone
 * </pre>
 *
 * <p>A wake-up costs a small processor as much as several inputs do, and each input causes two: its own, and the answer of the task. At 20,000 inputs
 * a second they would take most of a core, and the thread that they wake goes before all others.
 *
 * <p>For that reason a look that took long is followed by a pause as long: a board whose code is not compiled yet, or that is given more than it can
 * do, leaves the compiler and the task half of its time. What comes meanwhile waits in the socket, and is taken together.
 */
final class InputPace {
    static final long LOOK_NS = 250_000;
    private static final long WINDOW_NS = 4_000_000;
    /** 16,000 a second: more than a client reaches that waits for each answer before it sends again. */
    private static final int MANY = 64;
    private static final int FEW = 32;
    /** Far below the match window, after which an input is too old. */
    private static final long LONGEST_PAUSE_NS = 5_000_000;

    private boolean paced;
    private long windowNs;
    private int inWindow;
    private long dueNs;

    /** @param nowNs monotonic clock */
    InputPace(long nowNs) {
        windowNs = nowNs;
    }

    /** Whether the board is not to be woken by inputs, answers and messages. */
    boolean paced() {
        return paced;
    }

    /** Whether it is time for a look. */
    boolean due(long nowNs) {
        return !paced || nowNs - dueNs >= 0;
    }

    /** When it is, while {@link #paced}. */
    long dueNs() {
        return dueNs;
    }

    /** A look has found so many inputs. */
    void onInputs(int count, long nowNs) {
        long elapsedNs = nowNs - windowNs;
        if (elapsedNs >= WINDOW_NS) {
            paced &= inWindow >= FEW && elapsedNs < 2 * WINDOW_NS + LONGEST_PAUSE_NS;
            windowNs = nowNs;
            inWindow = 0;
        }
        inWindow += count;
        paced |= inWindow >= MANY;
    }

    /** What the look found has been worked on. */
    void onWorked(long beganNs, long endedNs) {
        long pauseNs = Math.min(LONGEST_PAUSE_NS, endedNs - beganNs);
        dueNs = Math.max(beganNs + LOOK_NS, endedNs + pauseNs);
    }
}
