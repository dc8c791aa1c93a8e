package io.hotpair.sim;

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
        try {
            marks(new SimRandom(seed));
            return null;
        } catch (Violation v) {
            return "seed " + seed + ": " + v.getMessage();
        }
    }

    /** A seed with the data path, both phases; what was violated of the ticks, or null. */
    public static String runTicks(long seed, long totalNs) {
        Seed.Result result = new Seed(seed, totalNs, Boolean.getBoolean("sim.trace") ? System.out : null, true).run();
        Violation violation = result.violation();
        return violation == null ? null : SimMain.explain(result, totalNs / 1e9);
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
