package io.hotpair.sync;

/**
 * The ticks of a group on one board: numbered as the primary numbers them, and handed to it to be ordered if this board is the primary.
 *
 * <p>An edge has no number, and what the clocks of two boards show has nothing to do with each other. So each board tells its newest tick and how
 * long ago that was ({@link State}), together with how long it had held the statement of the other that this one answers. Half of the round trip,
 * without that, is how old the message is: then the tick was at a known time of this board's clock, give or take half of a round trip.
 *
 * <pre>
 *   this board   ────o───────────────────────────────────o──── now      round trip = (now − echo) − held
 *                echo \                                 / age           the peer's tick was at now − round trip / 2 − age
 *   the peer     ──────o═══════held════════o───────────o──────
 *                                          ● tick      told
 * </pre>
 *
 * <p>A measurement counts if its round trip is short against the period. A standby takes other numbers only when three in a row tell the same
 * difference; the primary never changes its own, so they neither go back nor stand still. A board that begins to lead goes on from the numbers that
 * it shares; if it has none in common with the old primary yet, from the newest tick in the log and what its own clock has counted since.
 *
 * <p>The first tick of all that the tasks execute is one that was announced: when the standby is in step, or has been waited for long enough, a
 * number ahead is told; it is ordered when its time comes, provided that a standby in step has answered that it knows. Before that none is.
 */
public final class Ticks {
    private static final int SAME_DIFFERENCE = 3;
    private static final int NO_START = 0;
    /** A better measurement counts for so long. */
    private static final long PHASE_KEPT_NS = 1_000_000_000;

    private final Replicated r;
    private final TickClock clock;
    private final int boot;
    private boolean shared;
    private long sharedTerm;
    private long difference;
    private int sameDifference;
    private long lastSeen = Replicated.NO_TICK;
    private long numberAtLast;
    private long startTick = NO_START;
    private boolean waits;
    private long waitsSinceNs;
    private TickState told;
    private long phaseNs;
    private long phaseErrorNs = Long.MAX_VALUE;
    private long phaseSinceNs;

    Ticks(Replicated r, int boot) {
        this.r = r;
        this.boot = boot;
        clock = new TickClock(r.counters, r.config.tickNs, r.config.tickLine, r.nowNs);
        told = clock.state();
    }

    void onEdge(long edgeNs) {
        clock.onEdge(edgeNs);
    }

    /** Once in a cycle, before anything is ordered. */
    void doWork(long term) {
        if (r.lastTick != lastSeen) {
            lastSeen = r.lastTick;
            numberAtLast = clock.number();
        }
        clock.advance(r.nowNs);
        if (clock.state() != told) {
            if (clock.state() == TickState.LOCKED || clock.state() == TickState.HOLDOVER) {
                r.event(clock.state() == TickState.LOCKED ? SyncEvent.TICKS_LOCKED : SyncEvent.TICKS_HOLDOVER, term, clock.number(), 0);
            }
            told = clock.state();
        }
    }

    long dueNs() {
        return clock.dueNs(r.nowNs);
    }

    // ---- the numbers ----

    /** What the peer tells of its newest tick. */
    void onPeer(State peer, boolean leads, boolean follows) {
        boolean runs = peer.ticks != TickState.OFF && peer.ticks != TickState.WAITING && clock.runs();
        long roundTripNs = r.nowNs - peer.echoNs - peer.echoAgeNs;
        if (!runs || peer.peerBoot != boot || peer.echoAgeNs < 0 || peer.tickAgeNs < -clock.periodNs() || !isShort(roundTripNs)) {
            return;
        }
        long offNs = r.nowNs - roundTripNs / 2 - peer.tickAgeNs - clock.instantNs(peer.tick);
        long periodNs = clock.periodNs();
        long ticks = Math.floorDiv(offNs + periodNs / 2, periodNs);
        long restNs = offNs - ticks * periodNs;
        if (peer.leads && follows && !leads) {
            onDifference(-ticks, Math.abs(restNs) <= periodNs / 4, peer.term);
        }
        if (peer.leads && !leads || peer.ticks == TickState.LOCKED) {
            clock.steer(restNs);
        }
        measured(-restNs, roundTripNs / 2);
    }

    private boolean isShort(long roundTripNs) {
        return roundTripNs >= 0 && roundTripNs < clock.periodNs() / 2;
    }

    private void measured(long ownMinusPeerNs, long errorNs) {
        if (errorNs <= phaseErrorNs || r.nowNs - phaseSinceNs >= PHASE_KEPT_NS) {
            phaseNs = ownMinusPeerNs;
            phaseErrorNs = errorNs;
            phaseSinceNs = r.nowNs;
        }
    }

    private void onDifference(long ticks, boolean clear, long term) {
        if (ticks == 0 && clear) {
            shared = true;
            sharedTerm = term;
            sameDifference = 0;
        } else if (!clear || sameDifference > 0 && ticks != difference) {
            sameDifference = 0;
        } else {
            difference = ticks;
            sameDifference++;
            if (sameDifference == SAME_DIFFERENCE) {
                adopt(ticks, term);
            }
        }
    }

    private void adopt(long ticks, long term) {
        clock.renumber(clock.number() + ticks);
        numberAtLast += ticks;
        shared = true;
        sharedTerm = term;
        sameDifference = 0;
        r.counters.count(SyncCounter.TICKS_RENUMBERED);
        r.event(SyncEvent.TICKS_NUMBERED, term, clock.number(), ticks);
    }

    /** This board begins to lead; until now it followed this term, 0 if none. */
    void lead(long followed) {
        if (r.lastTick != Replicated.NO_TICK && !(shared && sharedTerm == followed)) {
            clock.renumber(r.lastTick + (r.lastTick == lastSeen ? clock.number() - numberAtLast : 0));
        }
        if (r.lastTick != Replicated.NO_TICK && clock.number() < r.lastTick) {
            clock.renumber(r.lastTick);
        }
        shared = false;
        sameDifference = 0;
        waits = false;
    }

    // ---- the start ----

    /** The primary's start tick. */
    void hear(State primary) {
        if (startTick != primary.startTick && primary.startTick != NO_START) {
            r.event(SyncEvent.START_ANNOUNCED, primary.term, primary.startTick, 0);
        }
        startTick = primary.startTick;
    }

    /** Orders what is due. */
    void order(Leader leader, State peer, boolean standbyInStep) {
        if (!clock.runs()) {
            return;
        }
        boolean first = r.lastTick == Replicated.NO_TICK;
        if (first && !starts(leader.term(), standbyInStep, peer.startTick)) {
            return;
        }
        long before = r.lastTick;
        if (leader.onTick(clock.number())) {
            r.counters.count(SyncCounter.TICKS_ORDERED);
            lastSeen = r.lastTick;
            numberAtLast = r.lastTick;
            if (first) {
                r.event(SyncEvent.TICKS_STARTED, leader.term(), clock.number(), r.log.last());
            } else {
                r.counters.count(SyncCounter.TICKS_SKIPPED, clock.number() - before - 1);
            }
        }
    }

    private boolean starts(long term, boolean standbyInStep, long heardByStandby) {
        if (startTick == NO_START) {
            if (!waits) {
                waits = true;
                waitsSinceNs = r.nowNs;
            }
            if (standbyInStep || r.nowNs - waitsSinceNs >= r.config.startWaitNs) {
                announce(term);
            }
            return false;
        }
        if (clock.number() < startTick) {
            return false;
        }
        if (clock.number() > startTick || standbyInStep && !known(heardByStandby)) {
            announce(term); // it could not be ordered in its time, or the standby does not know of it
            return false;
        }
        return true;
    }

    private boolean known(long heardByStandby) {
        return heardByStandby == startTick;
    }

    private void announce(long term) {
        startTick = clock.number() + r.config.startAfterTicks;
        r.event(SyncEvent.START_ANNOUNCED, term, startTick, 0);
    }

    void describe(State own) {
        own.ticks = clock.state();
        own.tick = clock.number();
        own.tickAgeNs = r.nowNs - clock.instantNs();
        own.startTick = startTick;
    }

    // ---- what a node shows ----

    /** Where the ticks come from. */
    public TickState state() {
        return clock.state();
    }

    /** Number of the newest tick of this board's clock. */
    public long number() {
        return clock.number();
    }

    /** When that was, this board's clock, ns. */
    public long instantNs() {
        return clock.instantNs();
    }

    /** Number of the newest tick ordered; {@code Long.MIN_VALUE} before the first. */
    public long ordered() {
        return r.lastTick;
    }

    /** The measured time between two ticks, ns. */
    public long periodNs() {
        return clock.periodNs();
    }

    /** The tick with which the tasks begin, or began, as announced; 0 if none was. */
    public long startTick() {
        return startTick;
    }

    /** How much later this board has its ticks than the peer, by the best measurement of the last second; see {@link #phaseErrorNs}. */
    public long phaseNs() {
        return phaseNs;
    }

    /** By how much {@link #phaseNs} may be wrong: half of the round trip; {@code Long.MAX_VALUE} if nothing was measured lately. */
    public long phaseErrorNs() {
        return r.nowNs - phaseSinceNs >= 2 * PHASE_KEPT_NS ? Long.MAX_VALUE : phaseErrorNs;
    }
}
