package io.hotpair.cli.demo.tank;

/**
 * A tank of 10 cm by 10 cm: water runs in, more at some times than at others, and out through a valve that follows its command with a lag. Virtual
 * time, one step a millisecond; the noise of the sensor comes from a seed, so a run can be repeated exactly.
 */
public final class TankPlant {
    /** Length of a step. */
    public static final double STEP_S = 0.001;
    /** Level that the tank begins at, metres. */
    public static final double REST_M = 0.5;
    /** Height of the rim, metres. */
    public static final double RIM_M = 1.0;

    private static final double AREA_M2 = 0.01;
    private static final double REST_INFLOW_M3S = 0.5e-3;
    /** The valve half open lets the inflow at rest out: Torricelli, q = k x opening x sqrt(level). */
    private static final double OUTLET = REST_INFLOW_M3S / (0.5 * Math.sqrt(REST_M));
    private static final double VALVE_LAG_S = 0.02;
    private static final double NOISE_M = 0.0002;

    private double levelM = REST_M;
    private double opening = 0.5;
    private double commanded = 0.5;
    private double disturbanceM3s;
    private long noise;

    /** @param seed of the sensor's noise */
    public TankPlant(long seed) {
        noise = seed;
    }

    /** One millisecond passes. */
    public void step() {
        opening += (commanded - opening) * STEP_S / VALVE_LAG_S;
        double outflowM3s = OUTLET * opening * Math.sqrt(levelM);
        levelM = Math.clamp(levelM + (REST_INFLOW_M3S + disturbanceM3s - outflowM3s) * STEP_S / AREA_M2, 0.0, RIM_M);
    }

    /** Water that runs in beside that at rest, litres a second; may be negative. */
    public void disturb(double litresPerSecond) {
        disturbanceM3s = litresPerSecond * 1e-3;
    }

    /** The valve is to be this far open, 0 to 1. */
    public void command(double opening) {
        commanded = Math.clamp(opening, 0.0, 1.0);
    }

    /** The true level, metres. */
    public double levelM() {
        return levelM;
    }

    /** What the sensor says, metres: even noise of 0.2 mm about the level. */
    public double sensorM() {
        noise = noise * 6364136223846793005L + 1442695040888963407L; // Knuth's MMIX
        return levelM + ((noise >>> 11) * 0x1p-53 * 2 - 1) * NOISE_M;
    }
}
