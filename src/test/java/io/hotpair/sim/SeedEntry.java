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

    private static String text(long seed, long totalNs, boolean safetyOnly) {
        return text(seed, totalNs, safetyOnly, false);
    }

    private static String text(long seed, long totalNs, boolean safetyOnly, boolean data) {
        Seed.Result result = new Seed(seed, totalNs, Boolean.getBoolean("sim.trace") ? System.out : null, data).runSafety();
        Violation violation = result.violation();
        return violation == null || safetyOnly && !violation.safety() ? null : SimMain.explain(result, totalNs / 1e9);
    }
}
