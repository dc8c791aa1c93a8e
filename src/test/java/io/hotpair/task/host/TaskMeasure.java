package io.hotpair.task.host;

import io.hotpair.drivers.linux.Poller;
import io.hotpair.sync.port.TaskPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * Figures, by hand: how long from the offer of a record to its output, and what an idle task costs. Arguments: rounds per row, 64-byte inputs. The
 * node sleeps in poll(2) between its cycles as a real one does;
 */
final class TaskMeasure {
    private static final int PAYLOAD = 64;

    private TaskMeasure() {
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
        Path folder = PortDriver.folder();
        TaskCommand c = ProcessTaskTest.compiled(folder);
        TaskCommand java = TaskCommand.java(CounterTask.class.getName(), "", List.of("-Xmx32m"));
        System.out.printf("%-34s %9s %9s %9s %9s   %s%n", "offer to output, us", "p50", "p99", "p99.9", "max", "idle CPU of the task");
        inProcess(rounds);
        for (String name : List.of("Java", "C")) {
            for (long spinNs : name.equals("Java") ? new long[] {0, 50_000, 2_000_000_000L} : new long[] {0}) {
                HostSettings settings = new HostSettings().stateMaxBytes(1 << 20).stateDigest(0, 1).spinNs(spinNs);
                process(folder, name + (spinNs == 0 ? ", sleeps at once" : spinNs > 1_000_000_000L ? ", spins" : ", spins 50 us"),
                        name.equals("Java") ? java : c, settings, rounds);
            }
        }
        Files.delete(folder.resolve("task-counter"));
        Files.delete(folder);
    }

    private static void inProcess(int rounds) {
        byte[] buffer = new byte[1400];
        try (InProcessTask task = new InProcessTask(CounterTask::new, CounterTask.NAMES, new HostSettings().stateDigest(0, 1))) {
            long[] ns = new long[rounds];
            for (int warm = 0; warm < 2; warm++) {
                for (int i = 0; i < rounds; i++) {
                    long startNs = System.nanoTime();
                    task.offer(warm * (long) rounds + i + 1, TaskPort.INPUT, 0, i, buffer, 0, PAYLOAD);
                    task.copyOutput(buffer, 700);
                    task.takeOutput();
                    ns[i] = System.nanoTime() - startNs;
                }
            }
            print("in the node's process", ns, "-");
        }
    }

    private static void process(Path folder, String name, TaskCommand command, HostSettings settings, int rounds) throws IOException {
        try (ProcessTask task = new ProcessTask(folder.resolve("task"), command, CounterTask.NAMES, settings, System.err::println);
                Poller poller = new Poller(1)) {
            new PortDriver(task).await("attached", task::ready);
            poller.add(task.wakeFd());
            long index = run(task, poller, rounds, 0, 0, new long[rounds]);
            long[] together = new long[rounds];
            index = run(task, poller, rounds, index, 0, together);
            int pacedRounds = Math.min(rounds, 3000);
            long[] paced = new long[pacedRounds];
            run(task, poller, pacedRounds, index, 1_000_000, paced);
            String idle = settings.spinNs() > 1_000_000_000L ? "one core" : idle(task);
            print(name, together, idle);
            print("   one record each millisecond", paced, "");
        }
    }

    private static long run(ProcessTask task, Poller poller, int rounds, long index, long paceNs, long[] ns) {
        byte[] buffer = new byte[1400];
        for (int i = 0; i < rounds; i++) {
            long untilNs = System.nanoTime() + paceNs;
            while (paceNs > 0 && System.nanoTime() - untilNs < 0) {
                poller.await(untilNs - System.nanoTime());
                task.drainWake();
            }
            long startNs = System.nanoTime();
            task.watch(startNs);
            task.offer(++index, TaskPort.INPUT, 0, index, buffer, 0, PAYLOAD);
            while (!task.outputWaits()) {
                if (task.mayNodeSleep()) {
                    poller.await(1_000_000_000);
                    task.drainWake();
                }
            }
            task.copyOutput(buffer, 700);
            task.takeOutput();
            ns[i] = System.nanoTime() - startNs;
        }
        return index;
    }

    private static String idle(ProcessTask task) {
        ProcessHandle process = ProcessHandle.of(task.pid()).orElseThrow();
        Duration before = process.info().totalCpuDuration().orElseThrow();
        long startNs = System.nanoTime();
        long untilNs = startNs + 5_000_000_000L;
        while (System.nanoTime() - untilNs < 0) {
            LockSupport.parkNanos(1_000_000);
            task.watch(System.nanoTime());
        }
        long usedNs = process.info().totalCpuDuration().orElseThrow().minus(before).toNanos();
        return String.format(Locale.ROOT, "%.2f %%", 100.0 * usedNs / (System.nanoTime() - startNs));
    }

    private static void print(String name, long[] ns, String idle) {
        long[] sorted = ns.clone();
        Arrays.sort(sorted);
        System.out.printf(Locale.ROOT, "%-34s %9.1f %9.1f %9.1f %9.1f   %s%n", name, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999),
                sorted[sorted.length - 1] / 1e3, idle);
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) (quantile * (sorted.length - 1))] / 1e3;
    }
}
