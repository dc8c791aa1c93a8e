package io.hotpair.cli;

import io.hotpair.lab.InputLosses;
import io.hotpair.lab.KillDrill;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code hotpair lab kills} says. */
final class KillsReport {
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private KillsReport() { }

    static Map<String, Object> asMap(KillDrill.Plan plan, KillDrill.Result result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kept", result.kept());
        map.put("ratePerSecond", plan.rate());
        map.put("restRatePerSecond", plan.restRate());
        map.put("rehearse", plan.rehearse());
        map.put("kills", result.kills());
        map.put("doubleFaults", result.doubleFaults());
        map.put("momentsOutOfStep", result.outOfStep());
        map.put("seed", result.seed());
        map.put("sent", result.sent());
        map.put("acknowledged", result.answered());
        map.put("acknowledgedLost", result.acknowledgedLost());
        map.put("executedTwice", result.executedTwice());
        map.put("repeatedOutputs", result.repeated());
        map.put("unanswered", result.unanswered());
        map.put("neverExecuted", result.neverExecuted());
        map.put("copiesOfA", asMap(result.losses()[0]));
        map.put("copiesOfB", asMap(result.losses()[1]));
        map.put("index", result.index());
        map.put("digestA", String.format("%016x", result.digests()[0]));
        map.put("digestB", String.format("%016x", result.digests()[1]));
        map.put("longestGapNs", result.longestGapNs());
        if (result.takeoversNs().count() > 0) {
            map.put("takeoverMinNs", result.takeoversNs().min());
            map.put("takeoverMedianNs", result.takeoversNs().median());
            map.put("takeoverP99Ns", result.takeoversNs().percentile(99));
            map.put("takeoverMaxNs", result.takeoversNs().max());
        }
        if (result.wholeNs().count() > 0) {
            map.put("rehearsedMedianNs", result.rehearsedNs().median());
            map.put("wholeMedianNs", result.wholeNs().median());
            map.put("wholeMaxNs", result.wholeNs().max());
        }
        map.put("broken", result.broken());
        return map;
    }

    static Map<String, Object> asMap(InputLosses losses) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("received", losses.received());
        map.put("socketFull", losses.overflowed());
        map.put("tooOld", losses.expired());
        map.put("noRoom", losses.dropped());
        map.put("invalid", losses.invalid());
        return map;
    }

    static void print(PrintWriter out, KillDrill.Plan plan, KillDrill.Result result) {
        out.printf("%,d inputs a second before, at and after each kill; %s%n", plan.rate(), plan.restRate() == plan.rate()
                ? "as many while the killed board started again" : String.format("ONLY %,d while the killed board started again", plan.restRate()));
        if (!plan.rehearse()) {
            out.println("realtime.rehearse = false: takeovers are slower than those of a pair");
        }
        out.printf("%d kills; %,d inputs sent, %,d acknowledged; acknowledged and lost %d, executed twice %d%n", result.kills(), result.sent(),
                result.answered(), result.acknowledgedLost(), result.executedTwice());
        out.printf("outputs that came again, the same: %,d; inputs without an answer: %,d, never executed: %,d%n", result.repeated(),
                result.unanswered(),
                result.neverExecuted());
        for (int board = 0; board < 2; board++) {
            out.printf("inputs at board %s: %s%n", board == 0 ? "A" : "B", result.losses()[board]);
        }
        out.printf("in the end both at record %,d: digest %016x (A), %016x (B)%n", result.index(), result.digests()[0], result.digests()[1]);
        if (result.takeoversNs().count() > 0) {
            out.printf("from kill to the first output of the new primary, ms: median %.2f, p99 %.2f, min %.2f, max %.2f%n",
                    result.takeoversNs().median() / NS_PER_MS, result.takeoversNs().percentile(99) / NS_PER_MS,
                    result.takeoversNs().min() / NS_PER_MS,
                    result.takeoversNs().max() / NS_PER_MS);
        }
        if (result.wholeNs().count() > 0) {
            out.printf("from the start of the killed board, s: rehearsed median %.1f; in step again median %.1f, max %.1f%n",
                    result.rehearsedNs().median() / NS_PER_S, result.wholeNs().median() / NS_PER_S, result.wholeNs().max() / NS_PER_S);
        }
        if (result.outOfStep() > 0) {
            out.printf("%d moments chosen for a kill found the standby out of step: another moment was chosen%n", result.outOfStep());
        }
        if (result.doubleFaults() > 0) {
            out.printf("%d of the kills met a standby that was not in step (a double fault): not judged, the pair started anew%n",
                    result.doubleFaults());
        }
        result.broken().forEach(line -> out.println("NOT AS PROMISED: " + line));
        out.println(result.kept() ? "all as promised" : "promises broken (seed " + result.seed() + ")");
    }
}
