package io.hotpair.cli;

import io.hotpair.lab.RedisPair;
import io.hotpair.lab.SyncBench;
import io.hotpair.lab.SyncBench.Result;
import io.hotpair.lab.SyncBench.Row;
import io.hotpair.lab.SyncBench.Subject;
import io.hotpair.lab.SyncBench.Way;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What {@code hotpair bench sync} says. A pair's figure is compared with the best that Redis has for it, beside the pair or alone, in either way. */
final class SyncReport {
    private static final double NS_PER_US = 1e3;
    private static final double[] PERCENTILES = {50, 99, 99.9};

    private final Result result;

    SyncReport(Result result) {
        this.result = result;
    }

    /**
     * How far a pair is ahead of Redis by one figure.
     *
     * @param ratio above 1 is better than Redis, be it less time or more inputs
     */
    private record Comparison(String figure, double ratio) {
        String verdict() {
            return ratio > 1 ? "ahead" : "behind";
        }

        @Override
        public String toString() {
            return String.format("%s %.2f %s", figure, ratio, verdict());
        }
    }

    private static boolean isPair(Row row) {
        return row.subject() == Subject.PAIR_IN_PROCESS || row.subject() == Subject.PAIR_OWN_PROCESS;
    }

    /** Empty for a row of Redis, and where there is none. */
    private List<Comparison> comparisons(Row row) {
        List<Comparison> comparisons = new ArrayList<>();
        if (isPair(row) && row.way() == Way.ONE) {
            for (double percent : PERCENTILES) {
                ofRedis(row, redis -> redis.tookNs(percent)).min()
                        .ifPresent(best -> comparisons.add(new Comparison("p" + text(percent), best / row.tookNs(percent))));
            }
        } else if (isPair(row)) {
            ofRedis(row, Row::perSecond).max().ifPresent(best -> comparisons.add(new Comparison("inputs/s", row.perSecond() / best)));
        }
        return comparisons;
    }

    private DoubleStream ofRedis(Row like, ToDoubleFunction<Row> figure) {
        return result.rows().stream().filter(row -> !isPair(row))
                .filter(row -> row.payloadBytes() == like.payloadBytes() && row.way().depth() == like.way().depth()).mapToDouble(figure);
    }

    private static String text(double percent) {
        return percent == Math.rint(percent) ? Integer.toString((int) percent) : Double.toString(percent);
    }

    void print(PrintWriter out) {
        out.printf("%n%s%n", result.machine());
        out.println("pair: two nodes on loopback, storage none, commit both; every input goes to both boards, the answer leaves when both hold it");
        out.println(result.redisVersion().map(version -> "Redis " + version + ": primary and replica on loopback, no persistence; SET and WAIT 1"
                + " (64 at once: 64 SET and one WAIT 1) in one write,"
                + System.lineSeparator() + "answered when the replica has acknowledged").orElse("Redis: " + RedisPair.ABSENT));
        out.println("medians of the rounds; a ratio above 1 is better than the best of Redis' rows of that payload");
        for (int payloadBytes : SyncBench.payloads()) {
            out.printf("%n%-44s%10s%10s%10s%n", "one client, one at a time, " + payloadBytes + " B", "p50 us", "p99 us", "p99.9 us");
            rows(payloadBytes, 1).forEach(row -> out.printf("  %-42s%10.0f%10.0f%10.0f   %s%n", row.subject().title(), row.tookNs(50) / NS_PER_US,
                    row.tookNs(99) / NS_PER_US, row.tookNs(99.9) / NS_PER_US, compared(row)));
        }
        for (int payloadBytes : SyncBench.payloads()) {
            out.printf("%n%-54s%10s%10s%n", SyncBench.WINDOW + " in flight, " + payloadBytes + " B", "inputs/s", "p50 us");
            rows(payloadBytes, SyncBench.WINDOW).forEach(row -> out.printf("  %-52s%,10.0f%10.0f   %s%n", title(row), row.perSecond(),
                    row.tookNs(50) / NS_PER_US, compared(row)));
        }
        long unanswered = result.rows().stream().mapToLong(Row::unanswered).sum();
        long outOfStep = result.rows().stream().mapToLong(Row::outOfStep).sum();
        out.printf("%ninputs without an answer: %d; rounds with a standby out of step: %d%s%n", unanswered, outOfStep,
                outOfStep == 0 ? "" : " (not every answer in them was held by both)");
    }

    private static String title(Row row) {
        return isPair(row) ? row.subject().title() : row.subject().title() + ": " + row.way().title();
    }

    private String compared(Row row) {
        return String.join(", ", comparisons(row).stream().map(Comparison::toString).toList())
                + (row.outOfStep() == 0 ? "" : "; " + row.outOfStep() + " of " + row.rounds().size() + " rounds out of step");
    }

    private List<Row> rows(int payloadBytes, int depth) {
        List<Row> rows = new ArrayList<>();
        for (Subject subject : Subject.values()) {
            for (Way way : Way.values()) {
                if (way.depth() == depth) {
                    result.row(subject, way, payloadBytes).ifPresent(rows::add);
                }
            }
        }
        return rows;
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("machine", result.machine());
        map.put("redisVersion", result.redisVersion().orElse(null));
        map.put("note", result.redisVersion().isPresent() ? null : RedisPair.ABSENT);
        List<Map<String, Object>> rows = new ArrayList<>();
        result.rows().forEach(row -> rows.add(asMap(row)));
        map.put("rows", rows);
        return map;
    }

    private Map<String, Object> asMap(Row row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("subject", row.subject().name());
        map.put("way", row.way().name());
        map.put("inFlight", row.way().depth());
        map.put("payloadBytes", row.payloadBytes());
        map.put("p50Ns", row.tookNs(50));
        map.put("p99Ns", row.tookNs(99));
        map.put("p999Ns", row.tookNs(99.9));
        map.put("inputsPerSecond", Math.round(row.perSecond()));
        map.put("unanswered", row.unanswered());
        map.put("roundsOutOfStep", row.outOfStep());
        map.put("roundsP50Ns", row.rounds().stream().map(round -> round.tookNs().percentile(50)).toList());
        map.put("roundsInputsPerSecond", row.rounds().stream().map(round -> Math.round(round.perSecond())).toList());
        for (Comparison comparison : comparisons(row)) {
            map.put("ratio:" + comparison.figure(), comparison.ratio());
            map.put("verdict:" + comparison.figure(), comparison.verdict());
        }
        return map;
    }
}
