package io.hotpair.cli.demo;

import io.hotpair.lab.DrillObserver;
import io.hotpair.lab.DrillRun;
import io.hotpair.lab.Verdict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where the demonstration stands, for whoever shows it. */
final class DemoStatus implements DrillObserver {
    private final List<DrillRun> runs = new CopyOnWriteArrayList<>();
    private volatile String step = "building the rig";
    private volatile int total;
    private volatile Verdict soFar;

    @Override
    public void step(String what, int done, int ofTotal) {
        step = what;
        total = ofTotal;
    }

    @Override
    public void seen(Verdict soFar) {
        this.soFar = soFar;
    }

    @Override
    public void judged(DrillRun run) {
        runs.add(run);
        soFar = null;
    }

    /** What is being done. */
    String step() {
        return step;
    }

    /** Number of faults planned. */
    int total() {
        return total;
    }

    /** What the plant saw of the newest fault, as long as that is not judged; else null. */
    Verdict soFar() {
        return soFar;
    }

    /** The faults judged so far. */
    List<DrillRun> runs() {
        return runs;
    }
}
