package io.hotpair.sync;

/**
 * One board's count of the common ticks: which tick it is, and when it was, out of the edges of the line as far as there are any. An edge has no
 * number; what makes the count survive a lost or a false one is time.
 *
 * <pre>
 *   WAITING ──6 regular edges──▶ LOCKED ──3 edges missing, or noise──▶ HOLDOVER ──6 regular edges──▶ SLEWING ──at the edges──▶ LOCKED
 *      └──────10 periods without────────────────────────────────────────▲ ▲──────────no more of them────┘
 *   SOFTWARE, where no line is configured
 *
 *   LOCKED    |──────────────(   ●   )───────────────(   ●   )──         ● the edge of the next tick: within an eighth of a period of where it is due
 *                            phase + period                              no edge there: the tick comes at the end of the window all the same
 * </pre>
 *
 * <p>Phase and period follow the edges as a phase-locked loop of the second order does, gains 1/4 and 1/64: critically damped. The period stays
 * within 1/256 of the configured one, so that noise cannot lead the count away. Where the ticks have to be moved they are slewed, by 1/32 of a period
 * in each: a tick comes sooner or later by that, and none twice.
 *
 * <p>All times are the board's monotonic clock. Nothing here allocates.
 */
final class TickClock {
    private static final int REGULAR_EDGES = 6;
    private static final int MISSING_EDGES = 3;
    private static final int SILENT_PERIODS = 10;
    private static final int PHASE_GAIN = 4;
    private static final int PERIOD_GAIN = 64;
    private static final int TOLERANCE = 256;
    private static final int SLEW = 32;
    private static final int WINDOW = 8;
    private static final int REGULAR = 16;
    private static final int BOUNCE = 4;
    /** A false edge weighs as much as that many good ones, and a line is noise when it has gathered so much: four false ones in a short while. */
    private static final int NOISE_OF_AN_EDGE = 4;
    private static final int NOISE = 16;
    /** Beyond so many ticks at once there is no use in slewing them one by one. */
    private static final int MANY = 64;
    private static final int CHUNK = 4096;
    private static final int FRACTION_BITS = 16;
    private static final long SHORTEST_LOOK_NS = 50_000;
    private static final long LONGEST_LOOK_NS = 1_000_000;

    private final Counters counters;
    private final long nominalNs;
    private TickState state;
    private final long sinceNs;
    private long number;
    /** Where the loop has the newest tick. */
    private long phaseNs;
    private long fraction;
    /** In 1/65,536 ns. */
    private long period;
    private long slewNs;
    /** When the newest tick was, and the one before: by its edge if there was one. */
    private long instantNs;
    private long instantBeforeNs;
    private int missing;
    private int noise;
    private int train;
    private long trainNs;
    private long trainBeganNs;
    private long newestEdgeNs;
    private boolean edgeSeen;

    /** @param nominalNs configured period; 0: no ticks */
    TickClock(Counters counters, long nominalNs, boolean line, long nowNs) {
        this.counters = counters;
        this.nominalNs = nominalNs;
        period = nominalNs << FRACTION_BITS;
        sinceNs = nowNs;
        state = nominalNs == 0 ? TickState.OFF : TickState.WAITING;
        if (nominalNs != 0 && !line) {
            begin(TickState.SOFTWARE, nowNs);
        }
    }

    private void begin(TickState as, long nowNs) {
        state = as;
        phaseNs = nowNs;
        instantNs = nowNs;
        instantBeforeNs = nowNs - periodNs();
        number++;
    }

    TickState state() {
        return state;
    }

    /** Whether there are ticks. */
    boolean runs() {
        return state != TickState.OFF && state != TickState.WAITING;
    }

    /** The newest tick. */
    long number() {
        return number;
    }

    /** When it was. */
    long instantNs() {
        return instantNs;
    }

    /** When a tick was, or will be. */
    long instantNs(long tick) {
        return tick == number ? instantNs : tick == number - 1 ? instantBeforeNs : phaseNs + (tick - number) * periodNs();
    }

    long periodNs() {
        return period >> FRACTION_BITS;
    }

    // ---- edges ----

    /** An edge of the line; in the order in which they were. */
    void onEdge(long edgeNs) {
        counters.count(SyncCounter.EDGES);
        if (state == TickState.OFF || edgeSeen && edgeNs - newestEdgeNs <= 0) {
            return;
        }
        edgeSeen = true;
        newestEdgeNs = edgeNs;
        advance(edgeNs);
        if (state != TickState.LOCKED) {
            unlockedEdge(edgeNs);
        } else if (edgeNs - nextNs() >= -periodNs() / WINDOW) {
            lockedEdge(edgeNs);
        } else {
            counters.count(SyncCounter.EDGES_REJECTED);
            if (!bounce(edgeNs - phaseNs)) {
                noise += NOISE_OF_AN_EDGE;
                if (noise >= NOISE) {
                    lose();
                }
            }
        }
    }

    private boolean bounce(long afterNs) {
        return afterNs <= periodNs() / BOUNCE;
    }

    private void lockedEdge(long edgeNs) {
        long errorNs = edgeNs - nextNs();
        tick(edgeNs);
        phaseNs += errorNs / PHASE_GAIN;
        long most = (nominalNs << FRACTION_BITS) / TOLERANCE;
        long nominal = nominalNs << FRACTION_BITS;
        period = Math.clamp(period + (errorNs << FRACTION_BITS) / PERIOD_GAIN, nominal - most, nominal + most);
        missing = 0;
        noise = Math.max(0, noise - 1);
    }

    /** Whether the line has an oscillator again shows by edges at regular intervals. */
    private void unlockedEdge(long edgeNs) {
        long gapNs = edgeNs - trainNs;
        if (train > 0 && gapNs < nominalNs / BOUNCE) {
            counters.count(SyncCounter.EDGES_REJECTED);
            return;
        }
        boolean regular = train > 0 && Math.abs(gapNs - nominalNs) <= nominalNs / REGULAR;
        if (!regular) {
            train = 0;
            trainBeganNs = edgeNs;
            hold();
        }
        train++;
        trainNs = edgeNs;
        if (train < REGULAR_EDGES) {
            return;
        }
        if (state == TickState.WAITING) {
            measure((edgeNs - trainBeganNs) / (train - 1));
            begin(TickState.LOCKED, edgeNs);
        } else {
            slewTo(edgeNs);
        }
    }

    private void measure(long ns) {
        period = Math.clamp(ns, nominalNs - nominalNs / TOLERANCE, nominalNs + nominalNs / TOLERANCE) << FRACTION_BITS;
    }

    /** The edge is of the tick that is nearest; the ticks are slewed until they are at the edges. */
    private void slewTo(long edgeNs) {
        long offNs = edgeNs - phaseNs;
        boolean next = offNs > periodNs() / 2;
        slewNs = next ? offNs - periodNs() : offNs;
        state = TickState.SLEWING;
        if (Math.abs(slewNs) <= periodNs() / SLEW) {
            state = TickState.LOCKED;
            missing = 0;
            noise = 0;
            if (next) {
                slewNs = 0;
                tick(edgeNs);
            }
            phaseNs = edgeNs;
            slewNs = 0;
        }
    }

    private void hold() {
        if (state == TickState.SLEWING) {
            state = TickState.HOLDOVER;
            slewNs = 0;
        }
    }

    private void lose() {
        state = TickState.HOLDOVER;
        train = 0;
        slewNs = 0;
        noise = 0;
    }

    // ---- time ----

    /** Lets the ticks come that are due without an edge. */
    void advance(long nowNs) {
        if (state == TickState.WAITING && nowNs - sinceNs >= SILENT_PERIODS * nominalNs) {
            begin(TickState.HOLDOVER, nowNs);
        }
        if (state == TickState.LOCKED) {
            miss(nowNs);
        }
        if (state == TickState.SLEWING && nowNs - trainNs >= MISSING_EDGES * nominalNs) {
            hold();
        }
        if (state == TickState.HOLDOVER || state == TickState.SLEWING || state == TickState.SOFTWARE) {
            jump(nowNs);
            while (nowNs - nextNs() >= 0) {
                tick(nextNs());
            }
        }
    }

    private void miss(long nowNs) {
        while (state == TickState.LOCKED && nowNs - nextNs() >= periodNs() / WINDOW) {
            tick(nextNs());
            counters.count(SyncCounter.EDGES_MISSED);
            missing++;
            if (missing == MISSING_EDGES) {
                lose();
            }
        }
    }

    /** After a long pause. */
    private void jump(long nowNs) {
        for (long behind = (nowNs - phaseNs) / periodNs(); behind > MANY; behind = (nowNs - phaseNs) / periodNs()) {
            long ticks = Math.min(behind - 1, CHUNK);
            number += ticks;
            move(ticks);
            instantNs = phaseNs;
            instantBeforeNs = phaseNs - periodNs();
        }
    }

    private long nextNs() {
        return phaseNs + periodNs() + step();
    }

    private long step() {
        return Math.clamp(slewNs, -periodNs() / SLEW, periodNs() / SLEW);
    }

    private void tick(long atNs) {
        long step = step();
        number++;
        move(1);
        phaseNs += step;
        slewNs -= step;
        instantBeforeNs = instantNs;
        instantNs = atNs;
    }

    private void move(long ticks) {
        long by = ticks * period + fraction;
        phaseNs += by >> FRACTION_BITS;
        fraction = by & (1 << FRACTION_BITS) - 1;
    }

    /** When to look next. An edge that is late by its jitter is looked for again and again, for a line that wakes nobody. */
    long dueNs(long nowNs) {
        if (!runs()) {
            return state == TickState.OFF ? Long.MAX_VALUE : nowNs + nominalNs;
        }
        long nextNs = nextNs();
        if (state != TickState.LOCKED || nowNs - nextNs < 0) {
            return nextNs;
        }
        return Math.min(nextNs + periodNs() / WINDOW, nowNs + Math.clamp(periodNs() / 64, SHORTEST_LOOK_NS, LONGEST_LOOK_NS));
    }

    // ---- what the other board tells ----

    /** The ticks get other numbers, on a board that gives none to anybody. */
    void renumber(long newNumber) {
        number = newNumber;
    }

    /** Without edges of its own a board follows the ticks of the other: they are off by so much. */
    void steer(long offNs) {
        if (state == TickState.HOLDOVER || state == TickState.SOFTWARE) {
            slewNs = offNs / 2; // of what was measured over a network
        }
    }
}
