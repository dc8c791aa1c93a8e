package io.hotpair.drivers.gpio;

import static io.hotpair.core.port.PulseChannel.NO_EDGE;
import static io.hotpair.drivers.gpio.SimulatedWire.LINE_A_TO_B;
import static io.hotpair.drivers.gpio.SimulatedWire.LINE_B_TO_A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.gpio.SimulatedWire.Fault;
import io.hotpair.drivers.linux.Allocation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedWireTest {
    private static final long MS = 1_000_000;

    @TempDir
    Path dir;

    private Path path;
    private SimulatedWire.End a;
    private SimulatedWire.End b;
    private SimulatedWire.Faults faults;

    @BeforeEach
    void open() throws IOException {
        path = dir.resolve("wires");
        a = SimulatedWire.end(path, 0);
        b = SimulatedWire.end(path, 1);
        faults = SimulatedWire.faults(path);
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        faults.close();
    }

    @Test
    void edgesArriveAtTheOtherEndWithTheirTimes() {
        a.toggle(10 * MS);
        a.toggle(11 * MS);
        b.toggle(12 * MS);
        assertEquals(10 * MS, b.pollEdgeNs(20 * MS));
        assertTrue(b.high());
        assertEquals(11 * MS, b.pollEdgeNs(20 * MS));
        assertFalse(b.high());
        assertEquals(NO_EDGE, b.pollEdgeNs(20 * MS));
        assertEquals(12 * MS, a.pollEdgeNs(20 * MS));
        assertEquals(NO_EDGE, a.pollEdgeNs(20 * MS));
        assertEquals(2, faults.drivenEdges(LINE_A_TO_B));
        assertEquals(1, faults.drivenEdges(LINE_B_TO_A));
    }

    @Test
    void realClockStampsLieBetweenTheCalls() {
        long beforeNs = System.nanoTime();
        a.toggle();
        long stampNs = b.pollEdgeNs();
        assertTrue(stampNs - beforeNs >= 0 && System.nanoTime() - stampNs >= 0);
    }

    @Test
    void stuckLineShowsOneLastEdgeThenNothing() {
        for (Fault fault : new Fault[] {Fault.STUCK_HIGH, Fault.STUCK_LOW, Fault.CUT}) {
            faults.store(LINE_A_TO_B, Fault.NORMAL, 0, 0);
            while (b.pollEdgeNs(1_000 * MS) != NO_EDGE) {
                // settle
            }
            boolean high = fault == Fault.STUCK_HIGH;
            if (b.high() == high) {
                a.toggle(5 * MS);
                assertEquals(5 * MS, b.pollEdgeNs(6 * MS));
            }
            faults.store(LINE_A_TO_B, fault, 0, 7 * MS);
            assertEquals(7 * MS, b.pollEdgeNs(8 * MS), "the line falls to its fault");
            assertEquals(high, b.high());
            for (int i = 0; i < 9; i++) {
                a.toggle(9 * MS + i);
                assertEquals(NO_EDGE, b.pollEdgeNs(10 * MS));
            }
            a.toggle(9 * MS + 10);
            assertEquals(NO_EDGE, b.pollEdgeNs(10 * MS), "already there");
        }
        assertEquals(Fault.CUT, faults.get(LINE_A_TO_B));
        assertEquals(Fault.NORMAL, faults.get(LINE_B_TO_A));
    }

    @Test
    void lineThatComesFreeShowsTheDrivenLevelOnce() {
        faults.store(LINE_A_TO_B, Fault.CUT, 0, 1 * MS);
        a.toggle(2 * MS);
        assertEquals(NO_EDGE, b.pollEdgeNs(3 * MS));
        faults.store(LINE_A_TO_B, Fault.NORMAL, 0, 4 * MS);
        assertEquals(4 * MS, b.pollEdgeNs(5 * MS));
        assertTrue(b.high());
        assertEquals(NO_EDGE, b.pollEdgeNs(5 * MS));
        a.toggle(6 * MS);
        assertEquals(6 * MS, b.pollEdgeNs(7 * MS));
    }

    @Test
    void edgesBeforeTheCutAreStillReported() {
        a.toggle(1 * MS);
        a.toggle(2 * MS);
        faults.store(LINE_A_TO_B, Fault.CUT, 0, 3 * MS);
        assertEquals(1 * MS, b.pollEdgeNs(4 * MS));
        assertEquals(2 * MS, b.pollEdgeNs(4 * MS));
        assertEquals(NO_EDGE, b.pollEdgeNs(4 * MS));
    }

    @Test
    void delayedEdgeIsSeenAndStampedLater() {
        faults.store(LINE_A_TO_B, Fault.DELAYED, 5 * MS, 0);
        a.toggle(10 * MS);
        a.toggle(11 * MS);
        assertEquals(NO_EDGE, b.pollEdgeNs(15 * MS - 1));
        assertEquals(15 * MS, b.pollEdgeNs(15 * MS));
        assertEquals(NO_EDGE, b.pollEdgeNs(16 * MS - 1));
        assertEquals(16 * MS, b.pollEdgeNs(17 * MS));
        a.toggle(18 * MS);
        faults.store(LINE_A_TO_B, Fault.NORMAL, 0, 19 * MS);
        a.toggle(20 * MS);
        assertEquals(NO_EDGE, b.pollEdgeNs(21 * MS), "a later edge does not overtake");
        assertEquals(23 * MS, b.pollEdgeNs(23 * MS));
        assertEquals(23 * MS, b.pollEdgeNs(23 * MS));
        a.toggle(24 * MS);
        assertEquals(24 * MS, b.pollEdgeNs(24 * MS));
    }

    @Test
    void edgesUnderWayAreLostInACut() {
        faults.store(LINE_A_TO_B, Fault.DELAYED, 5 * MS, 0);
        a.toggle(10 * MS);
        faults.store(LINE_A_TO_B, Fault.CUT, 0, 12 * MS);
        assertEquals(NO_EDGE, b.pollEdgeNs(20 * MS));
        assertFalse(b.high());
    }

    @Test
    void slowReaderSkipsToTheNewestAndCounts() {
        long newest = 0;
        for (int late : new int[] {3_000, 3_001}) { // the level after it may be the old one or not
            for (int i = 0; i < late; i++) {
                a.toggle(++newest);
            }
            assertEquals(newest, b.pollEdgeNs(newest));
            assertEquals(NO_EDGE, b.pollEdgeNs(newest));
        }
        assertEquals(2, b.overflows());
        assertEquals(3_000 + 3_001 - 2, b.lostEdges());
        a.toggle(++newest);
        assertEquals(newest, b.pollEdgeNs(newest));
    }

    @Test
    void newcomerSeesNoEdgeOfThePastAndGoesOnDriving() throws IOException {
        a.toggle(1 * MS);
        try (SimulatedWire.End again = SimulatedWire.end(path, 1)) {
            assertTrue(again.high());
            assertEquals(NO_EDGE, again.pollEdgeNs(2 * MS));
        }
        try (SimulatedWire.End again = SimulatedWire.end(path, 0)) {
            again.toggle(3 * MS);
        }
        assertEquals(1 * MS, b.pollEdgeNs(4 * MS));
        assertEquals(3 * MS, b.pollEdgeNs(4 * MS));
        assertFalse(b.high());
    }

    @Test
    void wrongFilesAreNamed() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(SimulatedWire.VERSION_OFFSET);
            file.write(7);
        }
        IOException version = assertThrows(IOException.class, () -> SimulatedWire.end(path, 0));
        assertTrue(version.getMessage().contains("found 7, this program uses 1"), version.getMessage());
        Path text = Files.writeString(dir.resolve("text"), "not wires");
        IOException foreign = assertThrows(IOException.class, () -> SimulatedWire.end(text, 0));
        assertTrue(foreign.getMessage().endsWith("is not a file of simulated wires"), foreign.getMessage());
        assertThrows(IllegalArgumentException.class, () -> SimulatedWire.end(path, 2));
        assertThrows(IllegalArgumentException.class, () -> faults.delay(LINE_A_TO_B, SimulatedWire.MAX_DELAY_NS + 1));
        assertThrows(IllegalArgumentException.class, () -> faults.set(LINE_A_TO_B, Fault.DELAYED));
    }

    @Test
    void bothBoardsMayComeFirst() throws Exception {
        for (int round = 0; round < 50; round++) {
            Path fresh = dir.resolve("fresh" + round);
            CountDownLatch go = new CountDownLatch(1);
            SimulatedWire.End[] ends = new SimulatedWire.End[2];
            Thread[] threads = new Thread[2];
            for (int board = 0; board < 2; board++) {
                int me = board;
                threads[board] = Thread.ofPlatform().start(() -> {
                    try {
                        go.await();
                        ends[me] = SimulatedWire.end(fresh, me);
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            ends[0].toggle(MS);
            assertEquals(MS, ends[1].pollEdgeNs(MS), "both mapped the same file");
            ends[0].close();
            ends[1].close();
        }
        assertEquals(51, dir.toFile().list().length, "no leftovers");
    }

    /** Two threads, ring lapped again and again: every edge is whole, times rise, levels alternate between skips. */
    @Test
    void lappedRingNeverShowsAWrongEdge() throws InterruptedException {
        int total = 500_000;
        Thread driver = new Thread(() -> {
            for (int i = 1; i <= total; i++) {
                a.toggle(i);
            }
        });
        driver.start();
        long newest = 0;
        long deadlineNs = System.nanoTime() + 5_000 * MS;
        long quiet = 0;
        while (newest < total && quiet < 2 && System.nanoTime() - deadlineNs < 0) {
            boolean driverDone = !driver.isAlive();
            long edge = b.pollEdgeNs(Long.MAX_VALUE / 4);
            if (edge == NO_EDGE) {
                quiet = driverDone ? quiet + 1 : 0;
                continue;
            }
            assertTrue(edge > newest, "rises");
            assertEquals(edge % 2 == 1, b.high(), "level belongs to the edge");
            newest = edge;
        }
        driver.join();
        assertTrue(newest >= total - 1, "reached the end: " + newest);
    }

    @Test
    void callsAllocateNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(ToggleAndPoll.class));
    }

    static final class ToggleAndPoll implements Allocation.Work {
        private final SimulatedWire.End a;
        private final SimulatedWire.End b;

        ToggleAndPoll() throws IOException {
            Path file = Files.createTempFile("wires", null);
            Files.delete(file);
            a = SimulatedWire.end(file, 0);
            b = SimulatedWire.end(file, 1);
            Files.delete(file); // mapped by now
        }

        @Override
        public void measured() {
            a.toggle();
            b.pollEdgeNs();
            b.pollEdgeNs();
        }
    }
}
