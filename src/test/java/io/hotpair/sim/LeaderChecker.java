package io.hotpair.sim;

/**
 * I5: when the primary dies, is cut from power or stands still, and the other board is a healthy standby in step with a usable network, a
 * gate is open again within T. T counts from the last fault: any further one ends the obligation. To T come what the simulator itself adds:
 * the time of a frame on its way and the lateness of a wake-up.
 */
final class LeaderChecker {
    /** The checkpoints' answers have to be old news: a background probe, and the doubt until one counts as down, take up to 150 ms. */
    private static final long STABLE_NS = 200_000_000;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final World world;
    private final Contact contact;
    private final Judge judge;
    private final long[] dueNs = {Long.MAX_VALUE, Long.MAX_VALUE};
    private final long[] fromNs = new long[2];
    private long networksChangedNs = NEVER;
    private long boardsChangedNs = NEVER;
    int obligations;
    int kept;
    long sumNs;
    long worstNs;

    LeaderChecker(World world, Contact contact, Judge judge) {
        this.world = world;
        this.contact = contact;
        this.judge = judge;
    }

    /** Something is about to happen to the world, of which {@code networks} may be part. */
    void onFault(boolean networks, boolean boards) {
        onTick(); // what was due before cannot be excused by what comes now
        dueNs[0] = Long.MAX_VALUE;
        dueNs[1] = Long.MAX_VALUE;
        if (networks) {
            networksChangedNs = world.nowNs();
        }
        if (boards) {
            boardsChangedNs = world.nowNs();
        }
    }

    void onRoleChange(Board b, int group, int from, int to) {
        if (to == WireView.ROLE_PRIMARY && (from == WireView.ROLE_JOINING || from == WireView.ROLE_BOOT)) {
            checkJoin(b, group);
        }
        // a change of the successor's own makes it a matter of joining, not of takeover, unless it is the takeover
        if (to != WireView.ROLE_PRIMARY && to != WireView.ROLE_ISOLATED) {
            dueNs[group] = Long.MAX_VALUE;
        }
    }

    /** First started is primary: who joins does not lead beside a board that leads already and could be heard all the time. */
    private void checkJoin(Board b, int group) {
        Board other = world.board(1 - b.id);
        long settleNs = world.profile().settleNs();
        long nowNs = world.nowNs();
        if (!judge.open[other.id][group] || other.paused || nowNs - networksChangedNs < settleNs
                || nowNs - judge.gateSinceNs[other.id][group] < settleNs || calmSinceNs(b) > nowNs - settleNs && b.startedNs < calmSinceNs(b)
                || calmSinceNs(other) > nowNs - settleNs || b.heavyLatenessPermille > 0 || other.heavyLatenessPermille > 0) {
            return;
        }
        for (int c = 0; c < Net.GPIO; c++) {
            if (world.net().clean(c)) {
                throw new Violation("join", "board " + World.name(b.id) + " takes group " + group + " on joining although board "
                        + World.name(other.id) + " leads and channel " + c + " works both ways");
            }
        }
    }

    private long calmSinceNs(Board b) {
        return Math.max(b.lastLateNs, contact.runningSinceNs[b.id]);
    }

    /**
     * A board that is back before its silence is complete may have used any term that it had reserved, and the successor has to reserve one above
     * those first: the one takeover that waits for a disk.
     */
    void onStart(Board b) {
        long writeNs = 2 * world.board(1 - b.id).disk.writeNs;
        for (int g = 0; g < dueNs.length; g++) {
            dueNs[g] = dueNs[g] == Long.MAX_VALUE ? Long.MAX_VALUE : dueNs[g] + writeNs;
        }
    }

    void onEnd(Board primary) {
        ended(primary);
    }

    void onPause(Board primary) {
        if (primary.resumeNs - world.nowNs() > boundNs(primary)) {
            ended(primary);
        } else {
            dueNs[0] = Long.MAX_VALUE;
            dueNs[1] = Long.MAX_VALUE;
        }
    }

    private void ended(Board primary) {
        Board successor = world.board(1 - primary.id);
        for (int g = 0; g < world.profile().groups; g++) {
            if (judge.open[primary.id][g] && ready(successor, g)) {
                dueNs[g] = world.nowNs() + boundNs(primary);
                fromNs[g] = world.nowNs();
                obligations++;
            } else if (judge.open[1 - primary.id][g]) {
                dueNs[g] = Long.MAX_VALUE;
            }
        }
    }

    private long boundNs(Board primary) {
        long interlockNs = world.interlocked() ? world.latch().decayNs : 0;
        return world.profile().takeoverNs() + interlockNs + world.net().worstDelayNs(primary.id) + 300_000
                + 2L * world.board(1 - primary.id).usualLatenessNs;
    }

    private boolean ready(Board b, int group) {
        long nowNs = world.nowNs();
        BoardPorts.Conditions conditions = b.ports.conditions;
        return world.profile().policy != Profile.HOLD
                && b.running() && b.node.role(group) == WireView.ROLE_STANDBY && b.replica.hot(group)
                && conditions.mayLead && !conditions.selfTestFails
                && !b.disk.refuses && !b.disk.stalls
                && b.heavyLatenessPermille == 0 && nowNs - b.lastLateNs > STABLE_NS
                && nowNs - contact.runningSinceNs[b.id] > STABLE_NS
                && nowNs - networksChangedNs > STABLE_NS && nowNs - boardsChangedNs > STABLE_NS
                && world.noiseGapNs[b.id] == 0
                && nowNs - contact.heardNs[b.id] < world.profile().aloneNs()
                && nowNs - contact.heardNs[1 - b.id] < world.profile().aloneNs()
                && (world.net().checkpointReachable(b.id, 0) || world.net().checkpointReachable(b.id, 1));
    }

    void onGates(int group) {
        if (dueNs[group] != Long.MAX_VALUE && (judge.open[0][group] || judge.open[1][group])) {
            long tookNs = world.nowNs() - fromNs[group];
            if (tookNs == 0) {
                return; // the primary's own gate, seen shut or open at the instant of the fault
            }
            check(group);
            dueNs[group] = Long.MAX_VALUE;
            kept++;
            sumNs += tookNs;
            worstNs = Math.max(worstNs, tookNs);
        }
    }

    void onTick() {
        check(0);
        check(1);
    }

    private void check(int group) {
        if (world.nowNs() > dueNs[group]) {
            throw new Violation("I5", "group " + group + ": the primary was lost at " + fromNs[group] / 1e6 + " ms; no gate open "
                    + (world.nowNs() - fromNs[group]) / 1000 + " us later, promised " + (dueNs[group] - fromNs[group]) / 1000 + " us");
        }
    }
}
