package io.hotpair.drivers.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.gpio.SimulatedLine;
import io.hotpair.drivers.linux.ChildJvm;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Output lines of a node that dies, and of one that stands still. */
@Timeout(60)
class GuardedLineTest {
    private static final int A = 0;
    private static final int B = 1;
    private static final long MS = 1_000_000;

    private static Path binary;

    @TempDir
    static Path build;
    @TempDir
    Path folder;

    @BeforeAll
    static void guardProgram() throws Exception {
        binary = GuardTest.build(build);
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 10_000 * MS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not within 10 s");
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void aKilledNodesHandIsTakenOffTheLineAndNobodyElses() throws Exception {
        Path file = folder.resolve("line");
        Process node = ChildJvm.start(HoldingNode.class, folder.toString(), binary.toString(), file.toString());
        try (SimulatedLine.Watcher line = SimulatedLine.watch(file);
                BufferedReader output = new BufferedReader(new InputStreamReader(node.getInputStream()))) {
            assertEquals("held", output.readLine());
            assertTrue(line.level());
            node.destroyForcibly();
            await(() -> !line.level());
            assertEquals(2, line.changes());
        } finally {
            node.destroyForcibly().waitFor();
        }

        Process again = ChildJvm.start(HoldingNode.class, folder.toString(), binary.toString(), file.toString());
        try (SimulatedLine.Driver peer = SimulatedLine.drive(file, B, false); SimulatedLine.Watcher line = SimulatedLine.watch(file);
                BufferedReader output = new BufferedReader(new InputStreamReader(again.getInputStream()))) {
            assertEquals("held", output.readLine());
            peer.drive(true);
            again.destroyForcibly().waitFor();
            LockSupport.parkNanos(200 * MS);
            assertTrue(line.level(), "the peer's hand stays");
            peer.drive(false);
            assertFalse(line.level(), "and is the only one");
        } finally {
            again.destroyForcibly().waitFor();
        }
    }

    @Test
    void aLineIsLetGoWhenItsHoldIsOverThoughTheNodeStandsStill() throws Exception {
        Path file = folder.resolve("line");
        CountDownLatch over = new CountDownLatch(1);
        try (SimulatedLine.Watcher line = SimulatedLine.watch(file); Guard guard = new Guard(folder.resolve("guard-file"))) {
            SimulatedLine.Driver driver = SimulatedLine.drive(file, A, false);
            int index = guard.addLine(file, A);
            guard.start(binary, 0);
            Thread standsStill = Thread.ofPlatform().start(() -> {
                guard.takeMutex();
                guard.holdLine(index, System.nanoTime() + 60_000 * MS);
                driver.drive(true);
                awaitUninterruptibly(over);
                guard.cleanStop();
            });
            await(() -> line.level() && guard.watching());
            LockSupport.parkNanos(100 * MS);
            assertTrue(line.level(), "within its hold");
            long untilNs = System.nanoTime() + 50 * MS;
            guard.holdLine(index, untilNs);
            await(() -> !line.level());
            assertTrue(System.nanoTime() - untilNs >= 0);
            driver.drive(true);
            guard.holdLine(index, 0);
            LockSupport.parkNanos(100 * MS);
            assertTrue(line.level(), "the safe level needs no letting go");
            over.countDown();
            standsStill.join();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drives its line and waits to be killed. */
    static final class HoldingNode {
        private HoldingNode() {}

        public static void main(String[] arguments) throws Exception {
            Guard guard = new Guard(Path.of(arguments[0], "guard-file"));
            SimulatedLine.Driver line = SimulatedLine.drive(Path.of(arguments[2]), A, false);
            int index = guard.addLine(Path.of(arguments[2]), A);
            guard.start(Path.of(arguments[1]), 0);
            guard.takeMutex();
            while (!guard.watching()) {
                LockSupport.parkNanos(MS);
            }
            guard.holdLine(index, System.nanoTime() + 60_000 * MS);
            line.drive(true);
            System.out.println("held");
            LockSupport.parkNanos(60_000 * MS);
        }
    }
}
