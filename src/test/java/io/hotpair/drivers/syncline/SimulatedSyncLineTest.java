package io.hotpair.drivers.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.syncline.SimulatedSyncLine.Driver;
import io.hotpair.drivers.syncline.SimulatedSyncLine.End;
import io.hotpair.drivers.syncline.SimulatedSyncLine.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedSyncLineTest {
    private static final long PERIOD_NS = 1_000_000;
    /** The tests look at times that are still to come. */
    private static final long AHEAD_NS = 60_000_000_000L;

    @TempDir
    private Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private Driver driver;
    private End a;
    private End b;
    private long startNs;

    @BeforeEach
    void open() throws IOException {
        Path file = folder.resolve("line");
        driver = SimulatedSyncLine.driver(file);
        a = (End) SimulatedSyncLine.end(file, 0);
        b = (End) SimulatedSyncLine.end(file, 1);
        open.addAll(List.of(driver, a, b));
        startNs = System.nanoTime() + AHEAD_NS;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private void edges(int from, int to) {
        for (int i = from; i < to; i++) {
            driver.edge(startNs + i * PERIOD_NS);
        }
    }

    /** In periods from the start. */
    private static List<Double> seen(End end, long startNs, double untilPeriods) {
        List<Double> seen = new ArrayList<>();
        long nowNs = startNs + (long) (untilPeriods * PERIOD_NS);
        for (long edge = end.pollEdgeNs(nowNs); edge != SyncLine.NO_EDGE; edge = end.pollEdgeNs(nowNs)) {
            assertTrue(edge <= nowNs, "no edge is seen before its time");
            seen.add((edge - startNs) / (double) PERIOD_NS);
        }
        return seen;
    }

    @Test
    void bothBoardsSeeEachEdgeAtItsTime() {
        edges(0, 10);
        assertEquals(List.of(), seen(a, startNs, -0.001));
        assertEquals(List.of(0.0, 1.0), seen(a, startNs, 1.5));
        assertEquals(List.of(2.0, 3.0), seen(a, startNs, 3));
        assertEquals(List.of(0.0, 1.0, 2.0, 3.0), seen(b, startNs, 3));
    }

    @Test
    void aBoardThatStartsSeesNothingOfThePast() throws IOException {
        for (int i = 10; i > 0; i--) {
            driver.edge(startNs - AHEAD_NS - i * PERIOD_NS);
        }
        edges(0, 3);
        End late = (End) SimulatedSyncLine.end(folder.resolve("line"), 0);
        open.add(late);
        assertEquals(List.of(0.0, 1.0, 2.0), seen(late, startNs, 5));
    }

    @Test
    void aCutIsOneBoardsAndEnds() {
        edges(0, 10);
        driver.fault(0, Fault.CUT, 0);
        assertEquals(List.of(), seen(a, startNs, 3));
        assertEquals(4, seen(b, startNs, 3).size());
        driver.fault(0, Fault.NORMAL, 0);
        assertEquals(List.of(4.0, 5.0), seen(a, startNs, 5));
    }

    @Test
    void aStuckLineShowsOneLastEdge() {
        edges(0, 10);
        driver.fault(0, Fault.STUCK_HIGH, 0);
        assertEquals(1, seen(a, startNs, 9).size());
    }

    @Test
    void lostEdgesAreSome() {
        edges(0, 500);
        driver.fault(0, Fault.LOSES, 300);
        assertEquals(350, seen(a, startNs, 500).size(), 50);
    }

    @Test
    void bouncesComeBehindTheirEdgesAndInOrder() {
        edges(0, 100);
        driver.fault(0, Fault.BOUNCES, PERIOD_NS / 2);
        List<Double> seen = new ArrayList<>(seen(a, startNs, 30.1));
        seen.addAll(seen(a, startNs, 99.9));
        assertEquals(200, seen.size());
        assertEquals(seen.stream().sorted().toList(), seen);
    }

    @Test
    void jitterOnlyDelays() {
        edges(0, 100);
        driver.fault(0, Fault.JITTERS, PERIOD_NS / 10);
        List<Double> seen = seen(a, startNs, 99.9);
        assertEquals(100, seen.size());
        for (int i = 0; i < 100; i++) {
            assertTrue(seen.get(i) >= i && seen.get(i) < i + 0.1);
        }
        assertTrue(seen.stream().distinct().count() == 100 && seen.get(7) - 7 != seen.get(8) - 8);
    }

    @Test
    void whoIsTooSlowForTheRingLosesTheOldest() {
        edges(0, 3000);
        List<Double> seen = seen(a, startNs, 3000);
        assertEquals(512, seen.size());
        assertEquals(2999.0, seen.getLast());
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "this is no line at all, but long enough");
        IOException e = assertThrows(IOException.class, () -> SimulatedSyncLine.end(other, 0));
        assertTrue(e.getMessage().contains("is not the file of a simulated sync line"), e.getMessage());
    }
}
