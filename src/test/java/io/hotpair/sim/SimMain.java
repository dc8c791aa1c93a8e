package io.hotpair.sim;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs seeds on demand.
 *
 * <pre>
 *   SimMain --count 100000 --seconds 5 --start 1 --threads 2
 *   SimMain --seed 4711 --seconds 5 --trace
 *   SimMain --data --count 1000              with the real replication on both boards
 * </pre>
 *
 * The first hundred seeds run in code that is not compiled yet. Short runs, above all beside other work, are quicker with {@code -Xbatch}, where
 * a thread waits for the compiler instead of going on slowly; for long runs no option makes a difference. {@code --failures} (10) is the number
 * of violations that ends a run, {@code --threads} (2) the number of seeds at a time.
 */
public final class SimMain {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private SimMain() {
    }

    public static void main(String[] args) {
        long seed = number(args, "--seed", -1);
        long start = seed >= 0 ? seed : number(args, "--start", 1);
        long count = seed >= 0 ? 1 : number(args, "--count", 1000);
        long seconds = number(args, "--seconds", 5);
        int threads = (int) number(args, "--threads", seed >= 0 ? 1 : 2);
        boolean data = Arrays.asList(args).contains("--data");
        boolean trace = Arrays.asList(args).contains("--trace");
        long stopAfter = number(args, "--failures", 10);
        Tally tally = run(start, count, (int) seconds, threads, stopAfter, trace, data);
        System.out.println(tally.summary());
        System.exit(tally.failures() == 0 ? 0 : 1);
    }

    /** Runs seeds, one simulator per thread, until all are done or {@code stopAfter} have failed. */
    static Tally run(long start, long count, int seconds, int threads, long stopAfter, boolean trace) {
        return run(start, count, seconds, threads, stopAfter, trace, false);
    }

    /** Likewise, with the data path. */
    static Tally run(long start, long count, int seconds, int threads, long stopAfter, boolean trace, boolean data) {
        Tally tally = new Tally(count);
        AtomicLong next = new AtomicLong(start);
        Thread[] workers = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            workers[i] = new Thread(() -> {
                long cpuNs = THREADS.getCurrentThreadCpuTime();
                for (long s = next.getAndIncrement(); s < start + count && tally.failures() < stopAfter; s = next.getAndIncrement()) {
                    tally.add(new Seed(s, seconds * 1_000_000_000L, trace ? System.out : null, data).run(), System.out, seconds);
                    long now = THREADS.getCurrentThreadCpuTime();
                    tally.addCpu(now - cpuNs);
                    cpuNs = now;
                }
            }, "seeds-" + i);
            workers[i].start();
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return tally;
    }

    private static long number(String[] args, String name, long otherwise) {
        int i = Arrays.asList(args).indexOf(name);
        return i < 0 ? otherwise : Long.parseLong(args[i + 1]);
    }

    /** Sums over many seeds. */
    static final class Tally {
        private static final long PROGRESS_NS = 10_000_000_000L;
        private final long count;
        private final long startedNs = System.nanoTime();
        private long told = startedNs;
        private long seeds;
        private long failures;
        private long simulatedNs;
        private long cpuNs = 1;
        private long events;
        private long faults;
        private long roleChanges;
        private long reigns;
        private long outputs;
        private long obligations;
        private long kept;
        private long excusedSeeds;
        private long excuses;
        private long pastTheCheck;
        /** Of all traces, whichever thread ran which seed. */
        private long hash;
        private final Map<String, Integer> byInvariant = new TreeMap<>();
        private long failedSeeds;
        private long takeoverSumNs;
        private long voluntary;

        Tally(long count) {
            this.count = count;
        }

        synchronized void addCpu(long ns) {
            cpuNs += ns;
        }

        synchronized long failures() {
            return failures;
        }

        synchronized void add(Seed.Result r, PrintStream out, double seconds) {
            seeds++;
            simulatedNs += r.simulatedNs();
            events += r.world().events;
            faults += r.faults();
            Judge judge = r.world().judge();
            roleChanges += judge.roleChanges;
            reigns += judge.reigns;
            outputs += judge.outputs;
            obligations += judge.leader.obligations;
            kept += judge.leader.kept;
            takeoverSumNs += judge.leader.sumNs;
            voluntary += judge.records.voluntaryChanges;
            excusedSeeds += judge.oneGate.excused > 0 ? 1 : 0;
            excuses += judge.oneGate.excused;
            failedSeeds += judge.contact.failures > 0 ? 1 : 0;
            pastTheCheck += judge.emissions.pastTheCheck;
            hash += SimRandom.mix(r.hash() ^ r.seed());
            if (r.world().data() != null) {
                addData(r.world().data());
            }
            if (r.violation() != null) {
                failures++;
                byInvariant.merge(r.violation().invariant, 1, Integer::sum);
                out.println(explain(r, seconds));
            }
            long now = System.nanoTime();
            if (now - told > PROGRESS_NS) {
                told = now;
                out.println(text());
            }
        }

        private long dataOutputs;
        private long dataReigns;
        private long dataExcused;
        private long dataRepetitions;
        private long dataLoads;
        private long dataDifferences;
        private long dataTicks;
        private long dataSuperseded;
        private long dataAnswered;
        private long dataLongestNs;

        private void addData(DataPath path) {
            dataOutputs += path.checker.outputs;
            dataReigns += path.checker.reigns;
            dataExcused += path.checker.excusedReigns;
            dataRepetitions += path.checker.repetitions;
            dataLoads += path.checker.loads;
            dataDifferences += path.checker.differences;
            dataTicks += path.checker.ticks.ticks;
            dataSuperseded += path.checker.superseded;
            dataAnswered += path.answers.answered;
            dataLongestNs = Math.max(dataLongestNs, path.answers.longestNs);
        }

        /** What it came to. */
        synchronized String summary() {
            double wall = (System.nanoTime() - startedNs) / 1e9;
            return String.format("%s%n%,d seeds, %.0f simulated seconds per wall second, %.0f per processor second; violations %d %s; two gates excused "
                            + "%,d times in %d seeds, outputs past their check at a pause %d; traces %016x",
                    text(), seeds, simulatedNs / 1e9 / wall, 1.0 * simulatedNs / cpuNs, failures, byInvariant, excuses, excusedSeeds,
                    pastTheCheck, hash) + (dataOutputs == 0 ? "" : String.format("%n%,d outputs of tasks, %,d marked as repetitions, %,d reigns, "
                            + "%,d of them excused from having all, %,d outputs of a primary whose successor had gone, %,d snapshots loaded, "
                            + "%,d differences found; %,d ticks executed, %,d answers owed by a primary that was well, the last after %.0f ms",
                            dataOutputs, dataRepetitions, dataReigns, dataExcused, dataSuperseded, dataLoads, dataDifferences, dataTicks,
                            dataAnswered, dataLongestNs / 1e6));
        }

        synchronized String text() {
            double wall = (System.nanoTime() - startedNs) / 1e9;
            return String.format("%,d of %,d seeds, %d violations, %,.0f simulated seconds in %.1f s (%.0f a second, %.0f a second of processor time, %,d events in each), %,d faults, %,d role changes, "
                            + "%,d reigns, %,d outputs; I5 owed %,d kept %,d mean %.2f ms; voluntary %,d; two gates excused in %d seeds, "
                            + "all channels failed in %d",
                    seeds, count, failures, simulatedNs / 1e9, wall, simulatedNs / 1e9 / wall, 1.0 * simulatedNs / cpuNs, events * 1_000_000_000L / Math.max(1, simulatedNs), faults, roleChanges, reigns, outputs,
                    obligations, kept, kept == 0 ? 0 : takeoverSumNs / 1e6 / kept, voluntary, excusedSeeds, failedSeeds);
        }
    }

    static String explain(Seed.Result r, double seconds) {
        String where = r.violation().getCause() == null ? "" : " at " + r.violation().getCause().getStackTrace()[0];
        return String.format("seed %d: %s at %.3f ms (%s)%s%n  again: SimMain --seed %d --seconds %.0f%s --trace", r.seed(),
                r.violation().getMessage(), r.world().nowNs() / 1e6, r.world().profile().text(), where, r.seed(), seconds,
                r.world().data() == null ? "" : " --data");
    }
}
