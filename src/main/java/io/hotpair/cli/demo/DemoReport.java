package io.hotpair.cli.demo;

import io.hotpair.lab.BoardEvent;
import io.hotpair.lab.Distribution;
import io.hotpair.lab.DrillResult;
import io.hotpair.lab.DrillRun;
import io.hotpair.lab.FaultKind;
import io.hotpair.lab.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The figures for a reader. */
final class DemoReport {
    private static final int STRIP_WIDTH = 50;

    private final DrillResult result;
    private final long seed;

    /** @param seed with which the same points in the boards' cycles are met again */
    DemoReport(DrillResult result, long seed) {
        this.result = result;
        this.seed = seed;
    }

    void print(PrintStream out) {
        out.println();
        for (FaultKind kind : FaultKind.values()) {
            List<DrillRun> runs = result.runs().stream().filter(run -> run.verdict().fault().kind() == kind).toList();
            if (!runs.isEmpty()) {
                printKind(out, kind, runs);
            }
        }
        printUndisturbed(out);
        result.runs().stream().map(DrillRun::verdict).filter(verdict -> !verdict.kept()).forEach(verdict -> out.println(
                "BROKEN  " + verdict.fault().kind().title() + ", run " + verdict.fault().run() + ", board "
                        + (verdict.fault().board() == 0 ? "A" : "B") + ": " + String.join("; ", verdict.broken())));
        if (!result.aborted().isEmpty()) {
            out.println("ENDED EARLY  " + result.aborted());
        }
        long unasked = sum(result.runs(), Verdict::unasked);
        if (unasked > 0) {
            out.println("NOTE  the role changed " + unasked + " times unasked, cleanly: other work keeps this machine too busy.");
        }
        out.println(conclusion());
    }

    private String conclusion() {
        int judged = result.runs().size();
        if (result.kept()) {
            return judged + " takeovers, every promise kept: one board with an open gate, nothing lost, nothing doubled.";
        }
        if (judged == 0) {
            return "No takeover was tried, so no promise was put to the test.";
        }
        return result.runs().stream().allMatch(run -> run.verdict().kept())
                ? "Every promise was kept in the takeovers that were judged (" + judged + "), but the demonstration did not get to its end."
                : "Not every promise was kept.";
    }

    private static void printKind(PrintStream out, FaultKind kind, List<DrillRun> runs) {
        out.println(kind.title() + "  (" + kind.explanation() + ")");
        Distribution takeover = takeovers(runs);
        if (takeover.count() > 0) {
            long scaleNs = scale(Math.max(takeover.max(), kind.targetNs()));
            out.println("  0 " + takeover.strip(STRIP_WIDTH, scaleNs, kind.targetNs()) + " " + scaleNs / 1_000_000
                    + " ms   takeover of " + takeover.count() + " runs, | is the target");
            boolean met = takeover.median() <= kind.targetNs();
            out.println("  min " + ms(takeover.min()) + "   p50 " + ms(takeover.median()) + "   p90 " + ms(takeover.percentile(90))
                    + "   max " + ms(takeover.max()) + " ms    p50 <= " + ms(kind.targetNs()) + " ms: " + (met ? "met" : "MISSED"));
            out.println("  silence of the output (the old primary's last ones may come after the fault): p50 " + ms(silences(runs).median()) + ", max " + ms(silences(runs).max()) + " ms");
            if (!met) {
                printSteps(out, runs);
            }
        }
        out.print("  boards with an open gate: at most " + runs.stream().mapToInt(run -> run.verdict().openGates()).max().orElse(0)
                + "   lost " + sum(runs, Verdict::lost) + "   doubled " + sum(runs, Verdict::doubled)
                + "   marked repetitions " + sum(runs, Verdict::replays));
        out.println(kind == FaultKind.HANG ? "   late after waking " + sum(runs, Verdict::afterWaking) : "");
        out.println();
    }

    /** What the time was spent on: medians over the runs, each from the fault on. */
    private static void printSteps(PrintStream out, List<DrillRun> runs) {
        out.println("  step by step (p50 from the fault):");
        for (Step step : steps(runs)) {
            out.println(String.format(Locale.ROOT, "    %8s ms  %s", ms(step.medianNs()), step.name()));
        }
    }

    /**
     * One step on the way to the new primary's first output.
     *
     * @param name what happened
     * @param medianNs median time from the fault
     */
    record Step(String name, long medianNs) {}

    /** The steps in the order of their medians. */
    static List<Step> steps(List<DrillRun> runs) {
        Map<String, List<Long>> times = new LinkedHashMap<>();
        for (DrillRun run : runs) {
            Verdict verdict = run.verdict();
            if (!verdict.takenOver()) {
                continue;
            }
            add(times, "last output of the old primary", verdict.lastOldNs());
            for (BoardEvent event : run.events()) {
                add(times, "new primary: " + event.name(), event.atNs() - verdict.fault().atNs());
            }
            add(times, "first output sent", verdict.firstSentNs());
            add(times, "first output at the plant", verdict.takeoverNs());
        }
        List<Step> steps = new ArrayList<>();
        times.forEach((name, values) -> steps.add(new Step(name,
                new Distribution(values.stream().mapToLong(Long::longValue).toArray()).median())));
        steps.sort(Comparator.comparingLong(Step::medianNs));
        return steps;
    }

    private static void add(Map<String, List<Long>> times, String name, long ns) {
        times.computeIfAbsent(name, key -> new ArrayList<>()).add(ns);
    }

    private void printUndisturbed(PrintStream out) {
        Distribution gap = result.undisturbedGapNs();
        Distribution delivery = result.deliveryNs();
        if (gap.count() > 0) {
            out.println("undisturbed: an output every " + ms(gap.median()) + " ms (p50), p99 " + ms(gap.percentile(99)) + ", max "
                    + ms(gap.max()) + "; board to plant p50 " + ms(delivery.median()) + ", p99 " + ms(delivery.percentile(99)) + " ms; "
                    + result.outputs() + " outputs in all");
            out.println("the faults at the same points of the boards' cycles again: --seed " + seed);
            out.println();
        }
    }

    static Distribution takeovers(List<DrillRun> runs) {
        return of(runs, Verdict::takeoverNs);
    }

    static Distribution silences(List<DrillRun> runs) {
        return of(runs, Verdict::silenceNs);
    }

    private static Distribution of(List<DrillRun> runs, ToLongFunction<Verdict> figure) {
        return new Distribution(
                runs.stream().map(DrillRun::verdict).filter(Verdict::takenOver).mapToLong(figure).toArray());
    }

    private static long sum(List<DrillRun> runs, ToLongFunction<Verdict> figure) {
        return runs.stream().map(DrillRun::verdict).mapToLong(figure).sum();
    }

    /** The end of a scale: 1, 2 or 5 times a power of ten ms. */
    private static long scale(long maxNs) {
        long stepNs = 1_000_000;
        while (true) {
            for (int factor : new int[] {1, 2, 5}) {
                if (stepNs * factor >= maxNs) {
                    return stepNs * factor;
                }
            }
            stepNs *= 10;
        }
    }

    static String ms(long ns) {
        return String.format(Locale.ROOT, "%.2f", ns / 1e6);
    }
}
