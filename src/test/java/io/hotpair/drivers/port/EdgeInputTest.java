package io.hotpair.drivers.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.gpio.SimulatedLine;
import io.hotpair.drivers.linux.Allocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeInputTest {
    private static final long MS = 1_000_000;

    /** Edges by a made-up clock. */
    private static final class FakeEdges implements EdgeInput.Edges {
        private record Edge(boolean high, long atNs) {}

        private final Deque<Edge> coming = new ArrayDeque<>();
        private long nowNs = -1_000 * MS;
        private boolean high;
        private long atNs;
        private boolean closed;

        @Override
        public boolean await(long timeoutNs) {
            if (coming.isEmpty() || coming.getFirst().atNs() - nowNs > timeoutNs) {
                nowNs += timeoutNs;
                return false;
            }
            Edge next = coming.removeFirst();
            nowNs = Math.max(nowNs, next.atNs());
            high = next.high();
            atNs = next.atNs();
            return true;
        }

        @Override
        public boolean high() {
            return high;
        }

        @Override
        public long atNs() {
            return atNs;
        }

        @Override
        public long lost() {
            return 3;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final FakeEdges edges = new FakeEdges();
    private final long startNs = edges.nowNs;
    private final byte[] buffer = new byte[8];
    private int wakes;

    private EdgeInput input(long debounceNs) {
        return new EdgeInput(edges, debounceNs, () -> wakes++);
    }

    private void edge(boolean high, double ms) {
        edges.coming.add(new FakeEdges.Edge(high, startNs + (long) (ms * MS)));
    }

    private void runUntil(EdgeInput input, double ms) {
        while (edges.nowNs - startNs < ms * MS) {
            input.look(edges.nowNs);
        }
    }

    /** Levels and when they arrived, ms. */
    private List<String> taken(EdgeInput input) {
        List<String> all = new ArrayList<>();
        while (input.receive(buffer, 2) == 1) {
            all.add(buffer[2] + "@" + (input.arrivedNs() - startNs) / MS);
        }
        return all;
    }

    @Test
    void eachEdgeIsAnInputOfOneByte() {
        EdgeInput input = input(0);
        edge(true, 1);
        edge(false, 2);
        edge(true, 2);
        runUntil(input, 10);
        assertEquals(List.of("1@1", "0@2", "1@2"), taken(input));
        assertEquals(3, wakes);
        assertEquals(-1, input.receive(buffer, 0));
        assertFalse(input.numbered());
    }

    @Test
    void aBouncingContactIsOneEdgeAndAShortPulseNone() {
        EdgeInput input = input(5 * MS);
        edge(true, 10);
        edge(false, 11);
        edge(true, 12);
        edge(false, 100);
        edge(true, 103);
        edge(false, 200);
        runUntil(input, 400);
        assertEquals(List.of("1@17", "0@205"), taken(input));
        assertEquals(3, input.bounced());
    }

    @Test
    void aPulseBeforeAnyEdgeIsNone() {
        EdgeInput input = input(5 * MS);
        edge(true, 10);
        edge(false, 11);
        runUntil(input, 100);
        assertEquals(List.of(), taken(input));
    }

    @Test
    void edgesThatLieFarApartCountEvenIfTheThreadWasLate() {
        EdgeInput input = input(5 * MS);
        edges.nowNs += 300 * MS;
        edge(true, 10);
        edge(false, 20);
        edge(true, 22);
        edge(false, 40);
        runUntil(input, 500);
        assertEquals(List.of("1@15", "0@45"), taken(input).stream().filter(edge -> !edge.endsWith("@27") && !edge.endsWith("@25")).toList());
        assertEquals(1, input.bounced());
    }

    @Test
    void ofTooManyTheNewestIsKept() {
        EdgeInput input = input(0);
        for (int i = 1; i <= 400; i++) {
            edge(i % 2 != 0, i / 100.0);
        }
        runUntil(input, 5);
        assertEquals(256, taken(input).size());
        input.look(edges.nowNs);
        assertEquals(List.of("0@4"), taken(input));
        assertEquals(144 + 3, input.overflowed());
    }

    @Test
    void theSimulatedLineWakesTheDutyCycle(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("line");
        Semaphore woken = new Semaphore(0);
        try (SimulatedLine.Driver world = SimulatedLine.drive(file, SimulatedLine.WORLD, false);
                EdgeInput input = new EdgeInput(SimulatedLine.watch(file), MS, woken::release).start(() -> { })) {
            world.drive(true);
            assertTrue(woken.tryAcquire(10, TimeUnit.SECONDS));
            assertEquals(1, input.receive(buffer, 0));
            assertEquals(1, buffer[0]);
        }
    }

    @Test
    void closesItsLine() {
        input(0).start(() -> { }).close();
        assertTrue(edges.closed);
    }

    @Test
    @Tag("allocation")
    void allocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Toggle.class));
    }

    static final class Toggle implements Allocation.Work {
        private final Semaphore woken = new Semaphore(0);
        private final SimulatedLine.Driver world;
        private final EdgeInput input;
        private final byte[] buffer = new byte[1];
        private boolean high;

        Toggle() throws IOException {
            Path path = Files.createTempFile("hotpair-edges", "");
            Files.delete(path);
            world = SimulatedLine.drive(path, SimulatedLine.WORLD, false);
            input = new EdgeInput(SimulatedLine.watch(path), 0, woken::release).start(() -> { });
            Files.delete(path);
        }

        @Override
        public void unmeasured() {
            high = !high;
            world.drive(high);
            woken.acquireUninterruptibly();
        }

        @Override
        public void measured() {
            if (input.receive(buffer, 0) != 1 || buffer[0] != (high ? 1 : 0)) {
                throw new AssertionError("level " + buffer[0]);
            }
        }

        @Override
        public long helperBytes() {
            return Allocation.bytesOf("gpio-edges");
        }
    }
}
