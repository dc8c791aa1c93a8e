package io.hotpair.sim;

import io.hotpair.core.port.Operator;
import io.hotpair.sync.Commit;
import java.io.PrintStream;

/**
 * One seed, after the manner of TigerBeetle's VOPR: a safety phase dense with faults, then everything is mended, or everything but what the
 * promise allows to stay broken, and the pair has to converge: one primary with an open gate, one standby in sync, and a switchover works.
 */
final class Seed {
    private static final long MS = 1_000_000;
    private static final int ALL_MENDED = 0;
    private static final int ONE_BOARD_GONE = 1;
    private static final int ONE_NETWORK = 2;

    private final SimRandom random;
    private final long seed;
    private final long totalNs;
    final Profile profile = new Profile();
    final World world;
    private final Faults faults;
    private Violation violation;

    Seed(long seed, long totalNs, PrintStream traceOut) {
        this(seed, totalNs, traceOut, false);
    }

    /** @param data whether the real replication runs on both boards, with clients, streams and journals */
    Seed(long seed, long totalNs, PrintStream traceOut, boolean data) {
        this.seed = seed;
        this.totalNs = totalNs;
        random = new SimRandom(SimRandom.mix(seed));
        int policy = random.below(8);
        profile.policy = policy < 4 ? Profile.TAKEOVER : policy < 6 ? Profile.HOLD : Profile.INTERLOCK;
        profile.groups = profile.policy != Profile.INTERLOCK && random.oneIn(3) ? 2 : 1;
        int interval = random.below(16);
        profile.intervalNs = interval == 0 ? MS : interval == 1 ? 2 * MS : interval < 8 ? 5 * MS : 10 * MS; // the rules know ratios only; longer ones cost less
        profile.realHmac = random.oneIn(100) && profile.intervalNs > MS;
        profile.data = data ? drawData(new SimRandom(SimRandom.mix(seed ^ 0xDA7AL))) : null;
        if (data) {
            drawTicks(profile.data, new SimRandom(SimRandom.mix(seed ^ 0x71CC6L)));
        }
        if (data && profile.data.mirror) {
            profile.groups = 1; // whether a board may lead is one answer for both groups; with two journals each may be the newer in one
        }
        world = new World(random.next(), profile, new CoreFactory(), traceOut);
        drawWires();
        drawBoard(world.board(0));
        drawBoard(world.board(1));
        faults = new Faults(world, new SimRandom(random.next()));
    }

    private static DataProfile drawData(SimRandom random) {
        DataProfile data = new DataProfile();
        int rule = random.below(8);
        data.commit = rule == 0 ? Commit.ONE : rule < 6 ? Commit.BOTH : Commit.DURABLE;
        data.mirror = data.commit == Commit.DURABLE || random.oneIn(2);
        data.stateBytes = random.oneIn(2) ? 256 : 8 * (int) random.logBetween(64, 8192);
        data.taskCycles = random.oneIn(3) ? 1 + random.below(4) : 0;
        data.randomOneIn = random.oneIn(16) ? 20 + random.below(200) : 0;
        data.inputGapNs = random.logBetween(4 * MS, 60 * MS);
        data.inputLossPermille = random.oneIn(2) ? 0 : random.below(200);
        data.streamBytes = (int) random.logBetween(12 << 10, 128 << 10);
        data.standbyWaitNs = random.logBetween((data.mirror ? 100 : 20) * MS, 200 * MS); // longer than two disks need
        data.logRecords = random.oneIn(3) ? 64 : 256;
        return data;
    }

    private static void drawTicks(DataProfile data, SimRandom random) {
        if (!random.oneIn(2)) {
            return;
        }
        data.tickNs = random.logBetween(2 * MS, 20 * MS);
        data.tickLine = !random.oneIn(4);
        data.tickPpm = random.between(-200, 200);
        data.tickPhaseNs = random.between(0, 300 * MS); // switched on later than the boards, perhaps
        data.tickFaults = random.oneIn(2);
        data.startAfterTicks = 1 + random.below(30);
        data.startWaitNs = random.between(0, 1000 * MS);
    }

    private void drawWires() {
        Net net = world.net();
        for (int n = 0; n < 2; n++) {
            net.delayNs[n] = random.between(30_000, 200_000);
            net.jitterNs[n] = random.between(1_000, 100_000);
        }
        net.delayNs[Net.UART] = random.between(5_000, 60_000);
        net.jitterNs[Net.UART] = random.between(1_000, 30_000);
        net.delayNs[Net.GPIO] = random.between(1_000, 8_000);
        net.jitterNs[Net.GPIO] = random.between(1_000, 30_000);
        net.probeRoundTripNs = random.between(60_000, 350_000);
        net.probeJitterNs = random.between(1_000, 100_000);
        world.latch().decayNs = random.between(profile.leaseNs(), 4 * profile.intervalNs);
        world.restartAfterStopNs = random.between(20 * MS, 200 * MS);
    }

    private void drawBoard(Board b) {
        b.usualLatenessNs = (int) random.logBetween(2_000, 100_000);
        b.watchdogNs = random.between(150 * MS, 900 * MS);
        b.disk.writeNs = random.logBetween(50_000, 20 * MS);
        if (profile.data != null && profile.data.commit == Commit.DURABLE) {
            b.disk.writeNs = Math.min(b.disk.writeNs, profile.takeoverNs()); // two writes in a row fit into the patience of a planned handover
        }
        b.replica.joinNs = random.logBetween(MS / 10, 30 * MS);
        b.ports.conditions.selfTestNs = random.oneIn(2) ? 0 : random.between(0, 10 * MS);
        b.ports.conditions.preparationNs = random.oneIn(2) ? 0 : random.logBetween(MS, 100 * MS);
    }

    Result run() {
        return run(() -> {
            safety(totalNs - reserveNs());
            liveness();
        });
    }

    /** Only the phase with faults, over the whole time. */
    Result runSafety() {
        return run(() -> safety(totalNs));
    }

    private Result run(Runnable phases) {
        try {
            phases.run();
        } catch (Violation v) {
            violation = v;
        } catch (RuntimeException | AssertionError e) {
            violation = new Violation("sane", "the core threw " + e);
            violation.initCause(e);
        }
        return new Result(seed, violation, world.nowNs(), world.trace().hash(), world, faults.struck);
    }

    private void safety(long endNs) {
        long skewNs = random.oneIn(8) ? random.between(0, 2000 * MS) : random.between(0, 50 * MS);
        int first = random.oneIn(2) ? 1 : 0; // who is first is nothing that the id decides
        world.at(0, World.POWER_ON, first, 0);
        world.at(skewNs, World.POWER_ON, 1 - first, 0);
        if (random.oneIn(3)) {
            world.setAttacker(random.logBetween(profile.intervalNs / 5, 20 * profile.intervalNs));
        }
        if (random.oneIn(3)) {
            faults.deafAfterStart(skewNs);
        }
        world.setFaults(faults, random.between(0, 200 * MS));
        world.runUntil(endNs);
    }

    /** Time that converging and switching over may take, and a while of calm. */
    private long reserveNs() {
        return convergeNs() + switchoverNs() + 100 * MS;
    }

    private long convergeNs() {
        // a disk that failed gets whole again
        long diskNs = profile.data != null && profile.data.mirror ? 4 * profile.data.standbyWaitNs + 100 * MS : 0;
        return profile.settleMaxNs() + 12 * profile.takeoverNs() + 150 * MS + diskNs;
    }

    private long switchoverNs() {
        return profile.dampingWindowNs + 8 * profile.takeoverNs() + 100 * MS;
    }

    private void liveness() {
        faults.stop();
        world.net().heal();
        int kind = random.below(8);
        int mode = kind < 6 ? ALL_MENDED : kind == 6 && profile.policy != Profile.HOLD ? ONE_BOARD_GONE : ONE_NETWORK;
        int which = random.below(2);
        world.log("healing, mode " + mode + " with " + which);
        if (mode == ONE_NETWORK) {
            world.net().switchDead[1 - which] = true;
            for (int c = Net.UART; c <= Net.GPIO; c++) {
                world.net().cut[c][0] = true;
                world.net().cut[c][1] = true;
            }
        }
        for (int i = 0; i < 2; i++) {
            if (mode == ONE_BOARD_GONE && i == which) {
                world.powerCut(i, 0);
            } else {
                mend(world.board(i));
            }
        }
        world.judge().leader.onFault(true, true);
        if (world.data() != null) {
            world.data().heal();
            profile.data.mended = true;
        }
        long sinceNs = world.nowNs();
        while (!converged(mode, which)) {
            if (world.nowNs() - sinceNs > convergeNs()) {
                throw new Violation("liveness", "not converged " + convergeNs() / MS + " ms after healing (mode " + mode + "): " + state());
            }
            if (mode == ONE_BOARD_GONE && profile.data != null && profile.data.mirror && !world.judge().open[1 - which][0]) {
                ((SyncReplica) world.board(1 - which).replica).lead();
            }
            restartWhatStaysCold();
            if (world.nowNs() - sinceNs > convergeNs() / 2 && eachHasNewerDataOfOneGroup()) {
                ((SyncReplica) world.board(0).replica).lead();
            }
            world.runFor(2 * MS);
        }
        world.log("converged: " + state());
        if (profile.data != null && profile.data.randomOneIn > 0) {
            return; // what it did before may be found out any time
        }
        if (mode != ONE_BOARD_GONE) {
            switchover();
        } else {
            world.runFor(40 * MS + 6 * profile.takeoverNs()); // the loss itself is no calm
        }
        if (world.data() != null) {
            answered(mode, which);
            ticking(mode);
        }
        if (mode == ONE_BOARD_GONE && world.attacker().meanGapNs > 0) {
            calmDespiteReplays(which);
            return;
        }
        int changes = world.judge().roleChanges;
        world.judge().longestGapNs[0] = 0;
        world.judge().longestGapNs[1] = 0;
        world.runUntil(Math.max(totalNs, world.nowNs() + 50 * MS));
        if (world.judge().roleChanges != changes || !converged(mode, which)) {
            throw new Violation("liveness", "not calm without faults: " + state());
        }
        long gapNs = Math.max(world.judge().longestGapNs[0], world.judge().longestGapNs[1]);
        if (gapNs > 0) {
            throw new Violation("liveness", "no faults, but a gate was shut for " + gapNs / 1000 + " us: " + state());
        }
        if (world.data() != null && mode == ALL_MENDED && world.attacker().meanGapNs == 0 && random.oneIn(3)) {
            withoutStream();
        }
    }

    /** The pair as it is then stays without a stream: it goes on with its service, and is HOT again soon after the stream is back. */
    private void withoutStream() {
        boolean refused = random.oneIn(2);
        world.log("from here on no stream, " + (refused ? "refused" : "both networks out"));
        noStream(true, refused);
        world.data().quiet = false;
        int changes = world.judge().roleChanges;
        world.runFor(3 * profile.data.standbyWaitNs + 500 * MS);
        answered(ALL_MENDED, 0);
        if (world.judge().roleChanges != changes) {
            throw new Violation("liveness", "without a stream a role changes: " + state());
        }
        noStream(false, refused);
        long sinceNs = world.nowNs();
        while (!converged(ALL_MENDED, 0)) {
            if (world.nowNs() - sinceNs > convergeNs()) {
                throw new Violation("liveness", "not HOT " + convergeNs() / MS + " ms after the stream is back: " + state());
            }
            world.runFor(2 * MS);
        }
    }

    private void noStream(boolean on, boolean refused) {
        world.judge().leader.onFault(true, true);
        for (int i = 0; i < 2; i++) {
            if (refused) {
                world.data().stream(i % profile.groups).refused = on;
            } else {
                world.net().switchDead[i] = on;
            }
        }
    }

    /**
     * A lone board yields to a hello that claims the group until the sender has had the settle time to prove itself. Somebody who replays the
     * hellos of earlier boots costs it that much, once a boot; then it has to lead again, in spite of him.
     */
    private void calmDespiteReplays(int gone) {
        world.runUntil(Math.max(totalNs, world.nowNs() + 50 * MS));
        long sinceNs = world.nowNs();
        while (!converged(ONE_BOARD_GONE, gone)) {
            if (world.nowNs() - sinceNs > convergeNs()) {
                throw new Violation("liveness", "replays keep a lone board from leading: " + state());
            }
            world.runFor(2 * MS);
        }
    }

    /** Every numbered input that was sent is answered in the end. */
    private void answered(int mode, int gone) {
        world.data().quiet = true;
        long sinceNs = world.nowNs();
        while (!world.data().allAcknowledged()) {
            if (world.nowNs() - sinceNs > 800 * MS + 20 * profile.data.inputGapNs) {
                throw new Violation("liveness", "not answered:" + world.data().unanswered() + ":" + state());
            }
            world.runFor(5 * MS);
        }
        for (int g = 0; g < profile.groups; g++) {
            world.data().checker.atTheEnd(g, leads(0, g) ? 0 : 1); // its gate may be shut just now: replays are not over with the faults
        }
    }

    /** The tasks have begun, both boards number alike, and the ticks come at their rate. */
    private void ticking(int mode) {
        TickChecker ticks = world.data().checker.ticks;
        boolean alone = mode == ONE_BOARD_GONE;
        for (int g = 0; g < profile.groups && profile.data.tickNs > 0; g++) {
            long sinceNs = world.nowNs();
            while (!(leads(0, g) || leads(1, g)) || !ticks.settled(leads(0, g) ? 0 : 1, g, alone)) {
                if (world.nowNs() - sinceNs > profile.data.startWaitNs + 100 * MS + (80 + profile.data.startAfterTicks) * profile.data.tickNs) {
                    throw new Violation("liveness", "the ticks do not come to an agreement:" + state());
                }
                world.runFor(2 * MS);
            }
            int board = leads(0, g) ? 0 : 1;
            long term = world.board(board).node.term(g);
            long before = ticks.executed(board, g);
            world.runFor(20 * profile.data.tickNs);
            long passed = ticks.executed(board, g) - before;
            if (leads(board, g) && world.board(board).node.term(g) == term && (passed < 17 || passed > 23)) {
                throw new Violation("liveness", passed + " ticks in 20 periods:" + state());
            }
        }
    }

    private boolean leads(int board, int group) {
        return world.board(board).node != null && world.board(board).role(group) == WireView.ROLE_PRIMARY;
    }

    private void mend(Board b) {
        world.setNoise(b.id, 0);
        BoardPorts.Conditions conditions = b.ports.conditions;
        conditions.selfTestFails = false;
        conditions.mayLead = true;
        conditions.penalty = 0;
        b.disk.refuses = false;
        b.disk.stalls = false;
        b.heavyLatenessPermille = 0;
        b.replica.coldUntilNs = 0;
        if (b.paused) {
            b.resumeNs = world.nowNs();
            b.resume();
        }
        world.powerOn(b.id);
        b.ports.orders.forget(); // a full mailbox would not take what follows
        b.ports.orders.give(Operator.RELEASE);
        b.ports.orders.give(Operator.REPAIR_FAULT);
    }

    /** An alarm calls for a person; what was not deterministic before may be found out only now. */
    private void restartWhatStaysCold() {
        for (int i = 0; i < 2; i++) {
            if (world.board(i).node != null && world.board(i).replica instanceof SyncReplica replica && replica.staysCold()) {
                world.crash(i, 0, MS);
            }
        }
    }

    /**
     * Whether a board may lead is one answer for both groups: where nobody leads and each is the newer in one of them, both wait, and a person has
     * to say which data is to be given up.
     */
    private boolean eachHasNewerDataOfOneGroup() {
        if (profile.data == null || profile.groups < 2) {
            return false;
        }
        long more = 1;
        for (int g = 0; g < 2; g++) {
            if (world.board(0).node == null || world.board(1).node == null || world.board(0).role(g) != WireView.ROLE_JOINING
                    || world.board(1).role(g) != WireView.ROLE_JOINING) {
                return false;
            }
            more *= Long.signum(((SyncReplica) world.board(0).replica).sync(g).heldIndex() - ((SyncReplica) world.board(1).replica).sync(g).heldIndex());
        }
        return more < 0;
    }

    private boolean converged(int mode, int gone) {
        for (int g = 0; g < profile.groups; g++) {
            int primary = world.judge().open[0][g] ? 0 : 1;
            if (!world.judge().open[primary][g] || world.board(primary).role(g) != WireView.ROLE_PRIMARY) {
                return false;
            }
            Board standby = world.board(1 - primary);
            if (world.board(primary).stopping() || standby.stopping()) {
                return false; // it is about to end, and comes back
            }
            if (mode != ONE_BOARD_GONE && (standby.role(g) != WireView.ROLE_STANDBY || !standby.replica.hot(g))) {
                return false;
            }
        }
        return true;
    }

    private void switchover() {
        int group = random.below(profile.groups);
        int from = world.judge().open[0][group] ? 0 : 1;
        int order = group == 0 ? Operator.SWITCHOVER_GROUP_0 : Operator.SWITCHOVER_GROUP_1;
        int asked = random.below(2);
        long sinceNs = world.nowNs();
        long askedNs = Long.MIN_VALUE / 2;
        while (!(world.judge().open[1 - from][group] && world.board(from).role(group) == WireView.ROLE_STANDBY)) {
            if (world.nowNs() - sinceNs > switchoverNs()) {
                throw new Violation("liveness", "switchover of group " + group + " not done after " + switchoverNs() / MS + " ms: " + state());
            }
            if (world.nowNs() - askedNs > 60 * MS) {
                askedNs = world.nowNs();
                world.board(asked).ports.orders.give(order);
            }
            world.runFor(MS);
        }
        // a repeated order may be on its way; let it be answered, and the standby get back into step
        long calmNs = world.nowNs() + 40 * MS + 6 * profile.takeoverNs();
        world.runUntil(calmNs);
    }

    private String state() {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            Board b = world.board(i);
            s.append(' ').append(World.name(i));
            for (int g = 0; g < profile.groups; g++) {
                s.append(' ').append(b.node == null ? "off" : WireView.roleName(b.role(g)) + "/" + b.node.term(g)
                        + (world.judge().open[i][g] ? " open" : "") + (b.replica.hot(g) ? " hot" : ""));
                if (b.node != null && b.replica instanceof SyncReplica replica) {
                    s.append(replica.text(g));
                }
            }
        }
        return s.toString();
    }

    /** What came of a seed. */
    record Result(long seed, Violation violation, long simulatedNs, long hash, World world, int faults) { }
}
