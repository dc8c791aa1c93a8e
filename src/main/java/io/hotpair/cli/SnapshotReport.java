package io.hotpair.cli;

import io.hotpair.lab.Distribution;
import io.hotpair.lab.SnapshotDrill;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code hotpair lab snapshot} says. */
final class SnapshotReport {
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private SnapshotReport() { }

    static Map<String, Object> asMap(SnapshotDrill.Plan plan, SnapshotDrill.Result result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kept", result.kept());
        map.put("inProcess", plan.inProcess());
        map.put("ratePerSecond", plan.rate());
        map.put("leaseNs", SnapshotDrill.LEASE_NS);
        map.put("lateNs", SnapshotDrill.LATE_NS);
        map.put("sizes", result.sizes().stream().map(SnapshotReport::asMap).toList());
        map.put("broken", result.broken());
        return map;
    }

    private static Map<String, Object> asMap(SnapshotDrill.Size size) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("stateBytes", size.stateBytes());
        map.put("transfers", size.transfers());
        map.put("snapshots", size.snapshots());
        map.put("roleChanges", size.roleChanges());
        map.put("lengthNs", size.lengthNs());
        map.put("during", asMap(size.during()));
        map.put("calm", asMap(size.calm()));
        if (size.transfers() > 0) {
            map.put("transferMedianNs", size.transferNs().median());
            map.put("transferMaxNs", size.transferNs().max());
            map.put("inStepMedianNs", size.inStepNs().median());
            map.put("inStepMaxNs", size.inStepNs().max());
            map.put("hotMedianNs", size.hotNs().median());
            map.put("hotMaxNs", size.hotNs().max());
        }
        return map;
    }

    private static Map<String, Object> asMap(SnapshotDrill.Figures figures) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("primary", asMap(figures.primary()));
        map.put("standby", asMap(figures.standby()));
        map.put("inputs", figures.answers().inputs());
        map.put("answeredLate", figures.answers().late());
        map.put("unanswered", figures.answers().unanswered());
        map.put("longestAnswerNs", figures.answers().worstNs());
        return map;
    }

    private static Map<String, Object> asMap(SnapshotDrill.Cycles cycles) {
        return Map.of("lateCycles", cycles.late(), "laterThanLease", cycles.tooLate(), "latestNs", cycles.worstNs());
    }

    static void print(PrintWriter out, SnapshotDrill.Plan plan, SnapshotDrill.Result result) {
        for (SnapshotDrill.Size size : result.sizes()) {
            print(out, plan, size);
        }
        result.broken().forEach(line -> out.println("NOT AS PROMISED: " + line));
        out.println(result.kept() ? "all as promised" : "promises broken");
    }

    private static void print(PrintWriter out, SnapshotDrill.Plan plan, SnapshotDrill.Size size) {
        out.printf("a state of %.0f MiB, task in %s, %,d inputs a second: %d transfers, %d snapshots, %d role changes%n",
                size.stateBytes() / 1048576.0, plan.inProcess() ? "the node" : "its own process", plan.rate(), size.transfers(), size.snapshots(),
                size.roleChanges());
        figures(out, String.format("%.1f s of transfers", size.lengthNs() / NS_PER_S), size.during());
        figures(out, String.format("%.1f s without", size.lengthNs() / NS_PER_S), size.calm());
        if (size.transfers() > 0) {
            time(out, "the standby had the state after, ms", size.transferNs(), NS_PER_MS);
            time(out, "the standby was in step after, ms", size.inStepNs(), NS_PER_MS);
            time(out, "from the start of the killed board until in step, s", size.hotNs(), NS_PER_S);
        }
    }

    private static void figures(PrintWriter out, String when, SnapshotDrill.Figures figures) {
        for (SnapshotDrill.Cycles cycles : List.of(figures.primary(), figures.standby())) {
            out.printf("  %s: %s, cycles later than the lease %d, late at all %d, latest %.2f ms%n", when,
                    cycles == figures.primary() ? "primary" : "standby", cycles.tooLate(), cycles.late(), cycles.worstNs() / NS_PER_MS);
        }
        out.printf("  %s: %,d inputs, answered later than %.0f ms %d, of them never %d; longest answer %.1f ms%n", when, figures.answers().inputs(),
                SnapshotDrill.LATE_NS / NS_PER_MS, figures.answers().late(), figures.answers().unanswered(),
                figures.answers().worstNs() / NS_PER_MS);
    }

    private static void time(PrintWriter out, String what, Distribution ns, double unit) {
        out.printf("  %s: median %.1f, min %.1f, max %.1f%n", what, ns.median() / unit, ns.min() / unit, ns.max() / unit);
    }
}
