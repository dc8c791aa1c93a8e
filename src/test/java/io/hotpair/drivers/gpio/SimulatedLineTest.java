package io.hotpair.drivers.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedLineTest {
    private static final long SOON_NS = 10_000_000_000L;

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("line");
    }

    @Test
    void whoeverPullsDecidesAndALineThatNobodyPullsRests() throws Exception {
        try (SimulatedLine.Driver a = SimulatedLine.drive(file, 0, false); SimulatedLine.Driver b = SimulatedLine.drive(file, 1, false);
                SimulatedLine.Watcher line = SimulatedLine.watch(file)) {
            assertFalse(line.level());
            a.drive(true);
            assertTrue(line.level());
            b.drive(false);
            assertTrue(line.level(), "a standby that drives the safe level stands in nobody's way");
            b.drive(true);
            a.drive(false);
            assertTrue(line.level());
            b.drive(false);
            assertFalse(line.level());
            assertEquals(2, line.changes(), "what does not change the level is no change");
        }
    }

    @Test
    void aLineMayRestHigh() throws Exception {
        try (SimulatedLine.Watcher early = SimulatedLine.watch(file); SimulatedLine.Driver a = SimulatedLine.drive(file, 0, true);
                SimulatedLine.Driver b = SimulatedLine.drive(file, 1, true)) {
            assertTrue(early.level());
            b.drive(false);
            a.drive(true);
            assertFalse(early.level());
            IOException other = assertThrows(IOException.class, () -> SimulatedLine.drive(file, 2, false));
            assertTrue(other.getMessage().contains("safe level high"), other.getMessage());
        }
    }

    @Test
    void whoStartsAgainHasLetGo() throws Exception {
        try (SimulatedLine.Watcher line = SimulatedLine.watch(file)) {
            SimulatedLine.drive(file, 0, false).drive(true);
            assertTrue(line.level(), "a process that dies keeps its hand on the line");
            SimulatedLine.drive(file, 0, false).close();
            assertFalse(line.level());
        }
    }

    @Test
    void edgesComeInTheirOrderWithTheTimeAtWhichTheyWereMade() throws Exception {
        try (SimulatedLine.Driver world = SimulatedLine.drive(file, SimulatedLine.WORLD, false)) {
            world.drive(true);
            try (SimulatedLine.Watcher edges = SimulatedLine.watch(file)) {
                assertFalse(edges.await(0), "what was before is no edge");
                assertTrue(edges.high());
                long beforeNs = System.nanoTime();
                world.drive(false);
                long betweenNs = System.nanoTime();
                world.drive(true);
                assertTrue(edges.await(0));
                assertFalse(edges.high());
                assertTrue(edges.atNs() - beforeNs >= 0 && edges.atNs() - betweenNs <= 0);
                assertTrue(edges.await(0));
                assertTrue(edges.high());
                assertFalse(edges.await(0));
            }
        }
    }

    @Test
    void aWatcherSleepsUntilTheEdge() throws Exception {
        try (SimulatedLine.Driver world = SimulatedLine.drive(file, SimulatedLine.WORLD, false);
                SimulatedLine.Watcher edges = SimulatedLine.watch(file)) {
            Thread.ofPlatform().start(() -> world.drive(true));
            long deadlineNs = System.nanoTime() + SOON_NS;
            while (!edges.await(deadlineNs - System.nanoTime())) {
                assertTrue(System.nanoTime() - deadlineNs < 0, "the edge wakes");
            }
            assertTrue(edges.high());
        }
    }

    @Test
    void aSlowWatcherKnowsHowManyItMissedAndTheLevel() throws Exception {
        try (SimulatedLine.Driver world = SimulatedLine.drive(file, SimulatedLine.WORLD, false);
                SimulatedLine.Watcher edges = SimulatedLine.watch(file)) {
            for (int i = 1; i <= 1_001; i++) {
                world.drive(i % 2 != 0);
            }
            assertTrue(edges.await(0));
            assertTrue(edges.high());
            assertEquals(1_000, edges.lost());
            assertFalse(edges.await(0));
        }
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws Exception {
        Files.writeString(file, "not a line");
        IOException refused = assertThrows(IOException.class, () -> SimulatedLine.watch(file));
        assertTrue(refused.getMessage().contains("is no simulated line"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> SimulatedLine.drive(folder.resolve("other"), 3, false));
    }

    @Test
    @Tag("allocation")
    void drivingAllocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Toggle.class));
    }

    static final class Toggle implements Allocation.Work {
        private final SimulatedLine.Driver line;
        private boolean high;

        Toggle() throws IOException {
            Path path = Files.createTempFile("hotpair-line", "");
            Files.delete(path);
            line = SimulatedLine.drive(path, 0, false);
            Files.delete(path);
        }

        @Override
        public void measured() {
            high = !high;
            line.drive(high);
        }
    }
}
