package io.hotpair.drivers.uart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.sync.port.OutputPort;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class UartLinesTest {
    private static final int BAUD = 115_200;
    private final Semaphore woken = new Semaphore(0);
    private final byte[] buffer = new byte[1500];

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void opened(UartLines lines) {
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (lines.trouble() != null) {
            assertTrue(System.nanoTime() - deadlineNs < 0, lines.trouble());
            LockSupport.parkNanos(200_000);
        }
    }

    private String next(UartLines lines) throws InterruptedException {
        assertTrue(woken.tryAcquire(10, TimeUnit.SECONDS), "a line arrives and wakes the duty cycle");
        int length = lines.receive(buffer, 5);
        return new String(buffer, 5, length, StandardCharsets.US_ASCII);
    }

    @Test
    void linesAreInputs() throws Exception {
        try (PtyPair pty = new PtyPair(); UartLines lines = new UartLines(pty.device(), BAUD, false, woken::release)) {
            opened(lines);
            long beforeNs = System.nanoTime();
            byte[] sent = bytes("half a line\nlevel 1.25\r\n\n\nsecond\nbegin");
            pty.write(sent, sent.length);
            assertEquals("level 1.25", next(lines));
            assertTrue(lines.arrivedNs() - beforeNs > 0);
            assertEquals("second", next(lines));
            assertEquals(-1, lines.receive(buffer, 0));
            pty.write(bytes(" and end\n"), 9);
            assertEquals("begin and end", next(lines));
        }
    }

    @Test
    void outputsAreLines() throws Exception {
        try (PtyPair pty = new PtyPair(); UartLines lines = new UartLines(pty.device(), BAUD, true, woken::release)) {
            opened(lines);
            assertEquals(OutputPort.EMITTED, lines.emit(1, 1, false, bytes("xvalve 40"), 1, 8));
            assertArrayEquals(bytes("valve 40\n"), pty.read(10_000));
            assertTrue(lines.replays());
            for (int i = 0; i < 10_000 && lines.emit(1, 1, false, buffer, 0, 1400) == OutputPort.EMITTED; i++) {
                assertTrue(i < 9_999, "a device that takes nothing makes the port busy");
            }
            assertEquals(0, lines.lost());
        }
    }

    @Test
    void aMissingDeviceLosesOutputs() {
        try (UartLines lines = new UartLines("/dev/no-such-tty", BAUD, true, woken::release)) {
            assertEquals(OutputPort.EMITTED, lines.emit(1, 1, false, bytes("x"), 0, 1));
            assertEquals(1, lines.lost());
        }
    }

    @Test
    void framingKeepsOnlyWholeLinesWithinTheBound() {
        LineFraming framing = new LineFraming(4);
        List<String> found = new ArrayList<>();
        for (String chunk : List.of("x\n", "ab", "c\r\n", "1234\n", "1234\r\n", "12345\n", "123456\r\n", "ok\n", "part")) {
            framing.feed(bytes(chunk), chunk.length(), (line, length) -> found.add(new String(line, 0, length, StandardCharsets.US_ASCII)));
        }
        framing.reset();
        framing.feed(bytes("end\nnew\n"), 8, (line, length) -> found.add(new String(line, 0, length, StandardCharsets.US_ASCII)));
        assertEquals(List.of("abc", "1234", "1234", "ok", "new"), found);
        assertEquals(2, framing.overruns());
        byte[] out = new byte[framing.encodedLengthMax(3)];
        assertEquals(4, framing.encode(bytes("xabc"), 1, 3, out));
        framing.onCut();
        assertEquals(5, framing.encode(bytes("xabc"), 1, 3, out));
        assertArrayEquals(bytes("\nabc\n"), out);
    }

    @Test
    @Tag("allocation")
    void allocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Lines.class));
    }

    static final class Lines implements Allocation.Work {
        private final PtyPair pty = new PtyPair();
        private final Semaphore woken = new Semaphore(0);
        private final UartLines lines = new UartLines(pty.device(), BAUD, false, woken::release);
        private final byte[] line = bytes("level 12.5\n");
        private final byte[] buffer = new byte[1400];
        private final byte[] sent = new byte[4096];

        Lines() {
            opened(lines);
            pty.write(bytes("\n"), 1);
        }

        @Override
        public void unmeasured() {
            pty.read(sent, 0);
            pty.write(line, line.length);
            woken.acquireUninterruptibly();
        }

        @Override
        public void measured() {
            int length = lines.receive(buffer, 0);
            if (length != 10) {
                throw new AssertionError("length " + length);
            }
            if (lines.emit(1, 1, false, buffer, 0, length) != OutputPort.EMITTED) {
                throw new AssertionError("busy");
            }
        }
    }
}
