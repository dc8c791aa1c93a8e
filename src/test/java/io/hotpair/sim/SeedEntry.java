package io.hotpair.sim;

/** Way in for a class loader that has loaded the simulator and the core anew: only types of the platform cross it. */
public final class SeedEntry {
    private SeedEntry() {
    }

    /** Runs a seed; returns what was violated, or null. */
    public static String run(long seed, long totalNs) {
        Seed.Result result = new Seed(seed, totalNs, Boolean.getBoolean("sim.trace") ? System.out : null).run();
        return result.violation() == null ? null : SimMain.explain(result, totalNs / 1e9);
    }
}
