package io.hotpair.lab;

import io.hotpair.core.EventCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a node costs: processor time and allocation of its duty cycle in either role, memory, and the time from its start to JOINING. Two real
 * nodes in the same rig as the demonstration; the figures are those that the nodes' counters files and the kernel give.
 */
public final class CostBench {
    private static final long PATIENCE_NS = 60_000_000_000L;
    private static final long LOOK_MS = 50;
    /** The node publishes its thread figures once a second. */
    private static final long WINDOW_MS = 1_000;
    private static final long WARM_UP_MS = 10_000;
    private static final long BYTES_PER_KIB = 1024;
    /** The plant's ring; nothing is judged here. */
    private static final int OUTPUTS = 1024;

    /**
     * One board's figures over the measurement.
     *
     * @param cpuNsPerCycle one value a second
     * @param cpuShare processor time of the duty cycle / elapsed time
     * @param dutyCycleAllocatedBytes by the duty-cycle thread over {@code cycles}
     * @param processAllocatedBytesPerSecond by all threads
     * @param collections garbage collections in the measurement
     * @param lateCyclesPerMinute cycles so late that the core takes note, from the moment at which both boards might lead: what is not compiled
     *     then, shows here
     * @param worstLateNs the worst of them, 0 without any
     * @param roleChanges since the same moment; nobody asked for any
     */
    public record Board(String role, long cycles, Distribution cpuNsPerCycle, double cpuShare, long dutyCycleAllocatedBytes,
            double processAllocatedBytesPerSecond, long collections, long residentBytes, long guardResidentBytes, long lateP99Ns,
            double lateCyclesPerMinute, long worstLateNs, long roleChanges) {}

    /** @param startToJoiningNs one value a start */
    public record Result(List<Board> boards, Distribution startToJoiningNs) {}

    private final int seconds;
    private final int starts;
    private final Consumer<String> progress;

    /**
     * @param seconds of measurement, 3 or more
     * @param starts of the standby for the time to JOINING, 1 or more
     */
    public CostBench(int seconds, int starts, Consumer<String> progress) {
        this.seconds = seconds;
        this.starts = starts;
        this.progress = progress;
    }

    /** Runs the measurement. @throws IOException if the pair does not form, or a part cannot be opened */
    public Result run(NodeKit kit) throws IOException, InterruptedException {
        try (Workspace workspace = new Workspace();
                PairRig rig = new PairRig(kit, workspace.directory(), workspace.run(), OUTPUTS, true, new SplittableRandom(1));
                CountersView a = (CountersView) rig.view(0);
                CountersView b = (CountersView) rig.view(1);
                OnInterrupt interrupt = new OnInterrupt(rig::close, workspace::close)) {
            progress.accept("starting a pair");
            rig.start(0);
            await("board A did not become primary", () -> a.refresh() && a.role().equals(BoardView.PRIMARY));
            rig.start(1);
            await("board B did not become standby", () -> b.refresh() && b.role().equals(BoardView.STANDBY) && b.inSync());
            List<Troubles> troubles = List.of(new Troubles(a), new Troubles(b));
            for (long waitedMs = 0; waitedMs < WARM_UP_MS; waitedMs += WINDOW_MS) {
                TimeUnit.MILLISECONDS.sleep(WINDOW_MS);
                troubles.forEach(Troubles::look);
            }
            List<Board> boards = measure(List.of(a, b), troubles);
            return new Result(boards, measureStarts(rig, b));
        }
    }

    /** A reading of one node. */
    private record Reading(long atNs, long cycles, long cpuNs, long dutyBytes, long processBytes, long collections) {
        static Reading of(CountersView view) {
            return new Reading(System.nanoTime(), view.value("node.cycles"), view.value("node.cycleCpuNs"),
                    view.value("node.cycleAllocatedBytes"), view.value("node.processAllocatedBytes"), view.value("node.collections"));
        }
    }

    /** What a node records of itself that it should not; looked for often enough that the ring of events has not come round. */
    private static final class Troubles {
        private final CountersView view;
        private final long sinceNs = System.nanoTime();
        private long seenNs = sinceNs;
        private long lateCycles;
        private long worstLateNs;
        private long roleChanges;

        Troubles(CountersView view) {
            this.view = view;
        }

        void look() {
            long untilNs = System.nanoTime();
            for (BoardEvent event : view.eventsSince(seenNs)) {
                if (event.atNs() - untilNs >= 0) {
                    continue;
                }
                if (event.name().equals(EventCode.LATE.name())) {
                    lateCycles++;
                    worstLateNs = Math.max(worstLateNs, event.detail());
                } else if (EventCode.valueOf(event.name()).roleChange()) {
                    roleChanges++;
                }
            }
            seenNs = untilNs;
        }

        double lateCyclesPerMinute() {
            return lateCycles * 60e9 / (seenNs - sinceNs);
        }
    }

    private List<Board> measure(List<CountersView> views, List<Troubles> troubles) throws IOException, InterruptedException {
        List<List<Reading>> readings = new ArrayList<>();
        views.forEach(view -> readings.add(new ArrayList<>(List.of(Reading.of(view)))));
        for (int second = 1; second <= seconds; second++) {
            TimeUnit.MILLISECONDS.sleep(WINDOW_MS);
            for (int i = 0; i < views.size(); i++) {
                readings.get(i).add(Reading.of(views.get(i)));
                troubles.get(i).look();
            }
            progress.accept("measuring: " + second + " of " + seconds + " s");
        }
        List<Board> boards = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            boards.add(board(views.get(i), readings.get(i), troubles.get(i)));
        }
        return boards;
    }

    private static Board board(CountersView view, List<Reading> readings, Troubles troubles) throws IOException {
        long[] perCycle = new long[readings.size() - 1];
        for (int i = 0; i < perCycle.length; i++) {
            Reading from = readings.get(i);
            Reading to = readings.get(i + 1);
            perCycle[i] = (to.cpuNs - from.cpuNs) / Math.max(1, to.cycles - from.cycles);
        }
        Reading first = readings.getFirst();
        Reading last = readings.getLast();
        double elapsedNs = last.atNs - first.atNs;
        view.refresh();
        return new Board(view.role(), last.cycles - first.cycles, new Distribution(perCycle), (last.cpuNs - first.cpuNs) / elapsedNs,
                last.dutyBytes - first.dutyBytes, (last.processBytes - first.processBytes) * 1e9 / elapsedNs,
                last.collections - first.collections, residentBytes(view.pid()), guardResidentBytes(view.pid()),
                view.value("node.lateP99Ns"), troubles.lateCyclesPerMinute(), troubles.worstLateNs, troubles.roleChanges);
    }

    private Distribution measureStarts(PairRig rig, CountersView view) throws IOException, InterruptedException {
        long[] startNs = new long[starts];
        for (int i = 0; i < starts; i++) {
            progress.accept("start to JOINING: " + (i + 1) + " of " + starts);
            rig.kill(1);
            if (!rig.board(1).awaitGone(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NS))) {
                throw new IOException("board B did not end after kill -9");
            }
            rig.start(1);
            await("board B did not come back", () -> view.refresh() && view.value("node.startToJoiningNs") > 0);
            startNs[i] = view.value("node.startToJoiningNs");
        }
        return new Distribution(startNs);
    }

    private static void await(String otherwise, BooleanSupplier condition) throws IOException, InterruptedException {
        long sinceNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - sinceNs > PATIENCE_NS) {
                throw new IOException(otherwise + " within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS) + " s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    private static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIB;
            }
        }
        return 0;
    }

    private static long guardResidentBytes(long pid) throws IOException {
        long guard = ProcessHandle.of(pid).flatMap(node -> node.children().findFirst()).map(ProcessHandle::pid).orElse(0L);
        return guard == 0 ? 0 : residentBytes(guard);
    }
}
