package io.hotpair.sim;

import java.util.function.Consumer;

/** Way in for a class loader that has loaded the simulator and the core anew: only types of the platform cross it. */
public final class SeedEntry {
    private SeedEntry() {
    }

    /** Runs the phase with faults of a seed; returns what was violated, or null. */
    public static String run(long seed, long totalNs) {
        return text(seed, totalNs, false);
    }

    /** Likewise, but says nothing of what was merely left undone. */
    public static String runForSafety(long seed, long totalNs) {
        return text(seed, totalNs, true);
    }

    /** The phase with faults of a seed with the data path. */
    public static String runData(long seed, long totalNs) {
        return text(seed, totalNs, false, true);
    }

    /** Likewise, but says nothing of what was merely left undone. */
    public static String runDataForSafety(long seed, long totalNs) {
        return text(seed, totalNs, true, true);
    }

    /**
     * A board that was alone has a slow disk, is rejoined, dies as soon as it has granted HOT, and comes back alone when its successor is off as
     * well; what was violated, or null. For a rule that faults at random hardly ever find broken.
     */
    public static String runMarks(long seed, long totalNs) {
        return scenario(seed, SeedEntry::marks);
    }

    /**
     * A standby reads nothing of its stream, which is lost then; the primary goes on alone beside it, is idle, and the standby reads what lies in its
     * socket before there are inputs again; what was violated, or null.
     */
    public static String runOldSocket(long seed, long totalNs) {
        return scenario(seed, SeedEntry::oldSocket);
    }

    /** A standby is off for a while and comes back; what is violated of the numbers that both boards give the edges of their sync line, or null. */
    public static String runTicks(long seed, long totalNs) {
        return scenario(seed, SeedEntry::ticks);
    }

    private static String scenario(long seed, Consumer<SimRandom> scenario) {
        try {
            scenario.accept(new SimRandom(seed));
            return null;
        } catch (Violation v) {
            return "seed " + seed + ": " + v.getMessage();
        }
    }

    private static void ticks(SimRandom random) {
        DataProfile data = new DataProfile();
        data.tickNs = 10 * Rig.MS;
        data.tickLine = true;
        data.tickPhaseNs = random.between(0, data.tickNs);
        Rig rig = Rig.together(data);
        int leader = rig.expectOneLeader();
        rig.world.powerCut(1 - leader, random.between(50 * Rig.MS, 300 * Rig.MS));
        rig.run(1500);
        rig.expectLeader(leader, 0);
        TickChecker checker = rig.world.data().checker.ticks;
        long own = checker.numbering(rig.world.board(leader), 0);
        long other = checker.numbering(rig.world.board(1 - leader), 0);
        if (own != other) {
            throw new Violation("ticks", "the boards give an edge numbers that are " + (own - other) + " apart");
        }
    }

    private static void oldSocket(SimRandom random) {
        DataProfile data = new DataProfile();
        data.inputLossPermille = 0;
        data.inputGapNs = 3 * Rig.MS;
        Rig rig = Rig.together(data);
        int leader = rig.expectOneLeader();
        rig.world.runFor(random.between(0, 20 * Rig.MS));
        rig.world.board(1 - leader).replica.coldUntilNs = Long.MAX_VALUE;
        rig.run(20);
        rig.world.data().quiet = true;
        rig.world.net().switchDead[0] = true;
        rig.world.net().switchDead[1] = true;
        rig.run(200);
        rig.world.board(1 - leader).replica.coldUntilNs = 0;
        rig.run(20);
        rig.world.data().quiet = false;
        rig.run(50);
    }

    private static void marks(SimRandom random) {
        DataProfile data = new DataProfile();
        data.mirror = true;
        Rig rig = Rig.together(data);
        int leader = rig.expectOneLeader();
        rig.world.powerCut(1 - leader, 0);
        rig.run(200);
        rig.world.board(leader).disk.writeNs = 60 * Rig.MS;
        rig.world.powerOn(1 - leader);
        for (int i = 0; i < 5000 && !rig.data(leader).sync(0).granted(); i++) {
            rig.run(0.2);
        }
        rig.world.runFor(random.between(Rig.MS, 3 * Rig.MS));
        rig.world.powerCut(leader, 0);
        rig.run(100);
        rig.world.powerCut(1 - leader, 0);
        rig.run(20);
        rig.world.powerOn(leader);
        rig.run(400);
    }

    private static String text(long seed, long totalNs, boolean safetyOnly) {
        return text(seed, totalNs, safetyOnly, false);
    }

    private static String text(long seed, long totalNs, boolean safetyOnly, boolean data) {
        Seed.Result result = new Seed(seed, totalNs, Boolean.getBoolean("sim.trace") ? System.out : null, data).runSafety();
        Violation violation = result.violation();
        return violation == null || safetyOnly && !violation.safety() ? null : SimMain.explain(result, totalNs / 1e9);
    }
}
