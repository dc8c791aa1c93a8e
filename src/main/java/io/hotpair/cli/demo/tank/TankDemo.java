package io.hotpair.cli.demo.tank;

import io.hotpair.lab.BoardView;
import io.hotpair.lab.CountersView;
import io.hotpair.lab.NodeKit;
import io.hotpair.lab.OnInterrupt;
import io.hotpair.lab.TaskRig;
import io.hotpair.lab.Workspace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/** A tank whose level a pair holds; its primary is killed again and again, and the curve shows what the tank noticed of it. */
public final class TankDemo {
    private static final long TAKEOVER_WITHIN_NS = 1_000_000_000L;
    private static final long FRAME_NS = 100_000_000;
    /** Before a kill and after the last, so that the curve shows what a change of the inflow looks like without one. */
    private static final long REST_NS = 3_000_000_000L;

    /**
     * What came of it.
     *
     * @param gapsMs from the last command of the killed board to the first of the other, after each kill
     * @param calmGapMs the longest time between two commands before the first kill
     * @param calmDeviationM the largest deviation before the first kill
     * @param broken what was not as promised
     */
    public record Result(List<Double> gapsMs, double calmGapMs, double calmDeviationM, TankSimulator.View end, List<String> broken) {
        /** Whether every promise was kept. */
        public boolean kept() {
            return broken.isEmpty();
        }
    }

    private final NodeKit kit;
    private final int kills;
    private final long seed;
    private final BiConsumer<String, TankSimulator.View> progress;
    private final long restNs;
    private final List<Double> gapsMs = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private TankSimulator tank;
    private String saying = "";
    private String framed = "";
    private long framedNs;

    /** @param progress told ten times a second what is going on, and how the tank is */
    public TankDemo(NodeKit kit, int kills, long seed, BiConsumer<String, TankSimulator.View> progress) {
        this(kit, kills, seed, progress, REST_NS);
    }

    TankDemo(NodeKit kit, int kills, long seed, BiConsumer<String, TankSimulator.View> progress, long restNs) {
        this.restNs = restNs;
        this.kit = kit;
        this.kills = kills;
        this.seed = seed;
        this.progress = progress;
    }

    /** Runs it. @throws IOException if the machine does not let a pair run at all */
    public Result run() throws IOException, InterruptedException {
        kit.favourProgram();
        try (Workspace workspace = new Workspace(); TaskRig rig = new TaskRig(kit, workspace.directory(), workspace.run(), "sensor");
                TankSimulator simulator = new TankSimulator(new InetSocketAddress(rig.world(), 0), List.of(rig.inputs()), seed)) {
            tank = simulator;
            rig.set("task", "class", TankTask.class.getName()).set("output.valve", "to", text(simulator.address()));
            rig.write();
            try (CountersView a = rig.view(0); CountersView b = rig.view(1); OnInterrupt interrupt = new OnInterrupt(rig::close, workspace::close)) {
                return run(rig, new CountersView[] {a, b});
            } catch (IOException e) {
                throw new IOException(e.getMessage() + rig.logs(), e);
            }
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private Result run(TaskRig rig, CountersView[] views) throws IOException, InterruptedException {
        say("starting board A; the valve stands half open until it leads");
        rig.start(0);
        TaskRig.await("board A did not become primary", () -> frame() && TaskRig.is(views[0], BoardView.PRIMARY));
        say("starting board B; it gets the task's state and follows");
        rig.start(1);
        awaitWhole(views);
        tank.forgetExtremes();
        rest("undisturbed operation");
        TankSimulator.View calm = tank.view();
        for (int i = 0; i < kills && broken.isEmpty(); i++) {
            kill(rig, views, i + 1);
        }
        rest("the end");
        TankSimulator.View end = tank.view();
        if (end.levelM().length > 0 && (end.largestDeviationM() >= TankPlant.RIM_M - TankPlant.REST_M)) {
            broken.add("the tank ran over or dry");
        }
        return new Result(List.copyOf(gapsMs), calm.longestGapMs(), calm.largestDeviationM(), end, List.copyOf(broken));
    }

    private void kill(TaskRig rig, CountersView[] views, int number) throws IOException, InterruptedException {
        int primary = restWhole(views);
        double deviationM = tank.view().largestDeviationM();
        tank.forgetExtremes();
        long killedNs = rig.kill(primary);
        say("kill -9 of board " + name(primary) + ", " + number + " of " + kills);
        while (tank.view().board() != 1 - primary && System.nanoTime() - killedNs < TAKEOVER_WITHIN_NS) {
            LockSupport.parkNanos(1_000_000);
        }
        if (tank.view().board() == 1 - primary) {
            gapsMs.add(tank.view().longestGapMs());
        } else {
            broken.add("no command of board " + name(1 - primary) + " within " + TAKEOVER_WITHIN_NS / 1_000_000 + " ms after the kill of board "
                    + name(primary));
        }
        frame();
        tank.remember(deviationM);
        if (!rig.awaitGone(primary)) {
            broken.add("what board " + name(primary) + " had started did not end with it");
        }
        say("board " + name(1 - primary) + " leads alone; board " + name(primary) + " starts again");
        rig.start(primary);
    }

    /** Rests with a pair that is whole; returns who leads at the end of it. On a busy machine the role may move meanwhile: then again. */
    private int restWhole(CountersView[] views) throws IOException {
        int primary;
        do {
            primary = awaitWhole(views);
            rest("board " + name(primary) + " leads, board " + name(1 - primary) + " is in step");
        } while (tank.view().board() != primary);
        return primary;
    }

    private int awaitWhole(CountersView[] views) throws IOException {
        int[] primary = {-1};
        TaskRig.await("the pair did not become whole", () -> {
            primary[0] = frame() ? TaskRig.primaryOfWhole(views) : -1;
            return primary[0] >= 0;
        });
        return primary[0];
    }

    private void say(String what) {
        saying = what;
        frame();
    }

    private boolean frame() {
        long nowNs = System.nanoTime();
        if (!framed.equals(saying) || nowNs - framedNs >= FRAME_NS) {
            framed = saying;
            framedNs = nowNs;
            progress.accept(saying, tank.view());
        }
        return true;
    }

    private void rest(String what) {
        say(what);
        for (long sinceNs = System.nanoTime(); System.nanoTime() - sinceNs < restNs; LockSupport.parkNanos(FRAME_NS / 4)) {
            frame();
        }
    }

    private static String name(int board) {
        return board == 0 ? "A" : "B";
    }
}
