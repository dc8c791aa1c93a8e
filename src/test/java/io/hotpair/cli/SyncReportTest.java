package io.hotpair.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.lab.Distribution;
import io.hotpair.lab.SyncBench.Result;
import io.hotpair.lab.SyncBench.Round;
import io.hotpair.lab.SyncBench.Row;
import io.hotpair.lab.SyncBench.Subject;
import io.hotpair.lab.SyncBench.Way;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyncReportTest {
    private static final String ABSENT = "redis-server is not installed: not compared (Debian: apt install redis-server)";

    private static Row row(Subject subject, Way way, long... roundsUs) {
        List<Round> rounds = Arrays.stream(roundsUs).mapToObj(us -> new Round(new Distribution(us * 1000), way.depth() * 1e6 / us, 0, true)).toList();
        return new Row(subject, way, 64, rounds);
    }

    private static String text(Result result) {
        StringWriter text = new StringWriter();
        new SyncReport(result).print(new PrintWriter(text, true));
        return text.toString();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(Result result) {
        return (List<Map<String, Object>>) new SyncReport(result).asMap().get("rows");
    }

    @Test
    void withoutRedisThePairsFiguresStandAloneAndTheReasonIsGiven() {
        Result result = new Result("a machine", Optional.empty(), List.of(row(Subject.PAIR_IN_PROCESS, Way.ONE, 300)));

        assertTrue(text(result).lines().anyMatch(line -> line.endsWith(ABSENT)), text(result));
        assertFalse(text(result).contains("ahead") || text(result).contains("behind"), text(result));
        Map<String, Object> map = new SyncReport(result).asMap();
        assertNull(map.get("redisVersion"));
        assertEquals(ABSENT, map.get("note"));
        assertTrue(JsonOption.toJson(map).contains(ABSENT));
    }

    @Test
    void aPairIsComparedWithTheBestOfRedisByTheMediansOfTheRounds() {
        Result result = new Result("a machine", Optional.of("7.0.15"), List.of(
                row(Subject.PAIR_IN_PROCESS, Way.ONE, 100, 200, 900),
                row(Subject.REDIS_ALONE, Way.ONE, 250, 250),
                row(Subject.REDIS, Way.ONE, 300, 400, 100),
                row(Subject.PAIR_OWN_PROCESS, Way.WINDOW_AT_ONCE, 500),
                row(Subject.REDIS, Way.WINDOW_AT_ONCE, 800),
                row(Subject.REDIS, Way.WINDOW_OF_CONNECTIONS, 400)));

        assertTrue(text(result).contains("p50 1.25 ahead"), text(result));
        assertTrue(text(result).contains("inputs/s 0.80 behind"), text(result));
        assertFalse(text(result).contains("not compared"), text(result));
        assertEquals(1.25, rows(result).getFirst().get("ratio:p50"));
        assertEquals("ahead", rows(result).getFirst().get("verdict:p50"));
        assertEquals("behind", rows(result).get(3).get("verdict:inputs/s"));
        assertNull(rows(result).get(1).get("verdict:p50"));
        assertNull(new SyncReport(result).asMap().get("note"));
    }

    @Test
    void aStandbyThatFellOutOfStepIsNotConcealed() {
        Round kept = new Round(new Distribution(1000), 1, 0, true);
        Round lost = new Round(new Distribution(1000), 1, 0, false);
        Result result = new Result("a machine", Optional.of("7"), List.of(
                new Row(Subject.PAIR_IN_PROCESS, Way.ONE, 64, List.of(kept, kept)),
                new Row(Subject.PAIR_OWN_PROCESS, Way.ONE, 64, List.of(kept, lost))));

        assertTrue(text(result).contains("; 1 of 2 rounds out of step"), text(result));
        assertTrue(text(result).contains("out of step: 1 (not every answer in them was held by both)"), text(result));
        assertEquals(0L, rows(result).getFirst().get("roundsOutOfStep"));
        assertEquals(1L, rows(result).get(1).get("roundsOutOfStep"));
    }
}
