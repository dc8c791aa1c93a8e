package io.hotpair.drivers.uart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.drivers.uart.UartPort.Checked;
import io.hotpair.drivers.uart.UartPort.Framed;
import io.hotpair.sync.port.OutputPort;
import io.hotpair.wire.UartFraming;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UartPortTest {
    private static final int BAUD = 115_200;
    private static final int LONGEST = 1400;

    private final Semaphore woken = new Semaphore(0);
    private final byte[] buffer = new byte[1500];
    private final PtyPair pty = new PtyPair();
    private long pausedNs;

    @AfterEach
    void close() {
        pty.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private UartPort port(String device, Framed framed, Checked checked, boolean listens, boolean numbered) {
        return new UartPort(new UartPort.Settings(device, BAUD, framed, checked, listens, numbered, false), woken::release, () -> { },
                () -> System.nanoTime() + pausedNs);
    }

    private UartPort opened(Framed framed, Checked checked, boolean numbered) {
        return opened(port(pty.device(), framed, checked, true, numbered));
    }

    private static UartPort opened(UartPort port) {
        await(port::open);
        return port;
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not within 10 s");
            LockSupport.parkNanos(200_000);
        }
    }

    /** The reader publishes its counts right after it has handed on what it read. */
    private static void counted(long expected, LongSupplier count) {
        await(() -> count.getAsLong() >= expected);
        assertEquals(expected, count.getAsLong());
    }

    private void line(String text) {
        pty.write(bytes(text), text.length());
    }

    private void frame(byte[] content) {
        byte[] wire = new byte[UartFraming.encodedLengthMax(content.length)];
        pty.write(wire, UartFraming.encode(content, 0, content.length, wire));
    }

    private String next(UartPort port) throws InterruptedException {
        int length = -1;
        while (length < 0) { // a message that is no input wakes as well
            assertTrue(woken.tryAcquire(10, TimeUnit.SECONDS), "a message arrives and wakes the duty cycle");
            length = port.receive(buffer, 5);
        }
        return new String(buffer, 5, length, StandardCharsets.ISO_8859_1);
    }

    // ---- in ----

    @Test
    void linesAreInputs() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NONE, false)) {
            long beforeNs = System.nanoTime();
            line("half a line\nlevel 1.25\r\n\n\nsecond\nbegin");
            assertEquals("level 1.25", next(port));
            assertTrue(port.arrivedNs() - beforeNs > 0);
            assertEquals("second", next(port));
            assertEquals(-1, port.receive(buffer, 0));
            line(" and end\n");
            assertEquals("begin and end", next(port));
        }
    }

    @Test
    void whatIsNoLineOfTextIsCountedByItsCause() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NONE, false)) {
            line("\nnoise \0 in it\n" + "x".repeat(LONGEST + 1) + "\n" + "y".repeat(LONGEST) + "\n");
            assertEquals("y".repeat(LONGEST), next(port));
            counted(1, port::tooLong);
            counted(1, port::cut);
            counted(2, port::malformed);
        }
    }

    @Test
    void binaryFramesAreInputsButNotTheEndOfOne() throws Exception {
        try (UartPort port = opened(Framed.COBS, Checked.NONE, false)) {
            // A board that opens in the middle of a frame: these bytes alone would be a frame, "ab".
            pty.write(new byte[] {3, 'a', 'b', 0}, 4);
            frame(new byte[] {1, 0, 2});
            assertEquals("\1\0\2", next(port));
            assertEquals(-1, port.receive(buffer, 0));
            pty.write(new byte[] {9, 'l', 'o', 's', 't', 0}, 6); // nine announced, four there
            frame(new byte[LONGEST + 1]);
            frame(bytes("good"));
            assertEquals("good", next(port));
            counted(1, port::cut);
            counted(1, port::tooLong);
        }
    }

    @Test
    void aFrameWithAnotherChecksumIsNoInput() throws Exception {
        CheckedFraming.Crc32 crc = new CheckedFraming.Crc32();
        byte[] good = Arrays.copyOf(bytes("123456789"), 13);
        crc.add(good, 9);
        assertArrayEquals(new byte[] {0x26, 0x39, (byte) 0xF4, (byte) 0xCB}, Arrays.copyOfRange(good, 9, 13), "the check value of CRC-32");
        try (UartPort port = opened(Framed.COBS, Checked.CRC32, false)) {
            pty.write(new byte[1], 1);
            byte[] bad = good.clone();
            bad[3] ^= 1;
            frame(bad);
            frame(bytes("abc"));
            frame(good);
            assertEquals("123456789", next(port));
            counted(2, port::wrongChecksums);
        }
    }

    @Test
    void aLineWithAnotherChecksumIsNoInput() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NMEA, false)) {
            line("\n$GPGLL,5300.97914,N,00259.98174,E,125926,A*28\n$GPGLL,5300.97914,N,00259.98174,E,125926,B*28\n$GPGLL\n*00\nab*03\n");
            assertEquals("$GPGLL,5300.97914,N,00259.98174,E,125926,A", next(port));
            assertEquals("ab", next(port));
            counted(3, port::wrongChecksums);
        }
    }

    @Test
    void aSourceMayNumberItsLines() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NONE, true)) {
            line("\n17 level 3\nlevel 4\n18,\n1234567890123456789 x\n19\n999999999999999999 last\n");
            assertEquals("level 3", next(port));
            assertEquals(17, port.sequence());
            assertEquals("", next(port));
            assertEquals(18, port.sequence());
            assertEquals("last", next(port));
            assertEquals(999_999_999_999_999_999L, port.sequence());
            assertEquals(3, port.withoutNumber());
            assertTrue(port.numbered());
        }
    }

    @Test
    void aSourceMayNumberItsFrames() throws Exception {
        try (UartPort port = opened(Framed.COBS, Checked.NONE, true)) {
            pty.write(new byte[1], 1);
            frame(new byte[] {1, 2, 0, 0, 0, 0, 0, 0, 'x'});
            frame(new byte[] {1, 2, 0, 0, 0, 0, 0});
            assertEquals("x", next(port));
            assertEquals(0x201, port.sequence());
            await(() -> port.receive(buffer, 0) >= 0 || port.withoutNumber() == 1);
            assertEquals(1, port.withoutNumber());
        }
    }

    @Test
    void moreThanTheDutyCycleTakesIsCounted() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NONE, false)) {
            line("\n");
            for (int i = 0; i < 300; i++) {
                line("line " + i + "\n");
            }
            assertTrue(woken.tryAcquire(300, 10, TimeUnit.SECONDS));
            int taken = 0;
            while (port.receive(buffer, 0) >= 0) {
                taken++;
            }
            assertEquals(256, taken);
            counted(44, port::overflowed);
        }
    }

    @Test
    void aDeviceThatIsNotListenedToWakesNobody() throws Exception {
        try (UartPort port = opened(port(pty.device(), Framed.LINES, Checked.NONE, false, false))) {
            line("\na\nb\n");
            assertEquals(false, woken.tryAcquire(100, TimeUnit.MILLISECONDS));
            counted(0, port::overflowed);
        }
    }

    @Test
    void aDeviceThatComesAndGoesIsToldWithItsCure(@TempDir Path folder) throws Exception {
        Path link = folder.resolve("uart");
        try (UartPort port = port(link.toString(), Framed.LINES, Checked.NONE, true, false)) {
            await(() -> port.trouble() != null);
            assertEquals(link + ": no such device: is it plugged in, is the path right? It is tried again each second", port.trouble());
            Files.createSymbolicLink(link, Path.of(pty.device()));
            await(port::open);
            line("\none\nhalf");
            assertEquals("one", next(port));
            pty.close();
            await(() -> port.trouble() != null);
            try (PtyPair second = new PtyPair()) {
                Files.delete(link);
                Files.createSymbolicLink(link, Path.of(second.device()));
                await(port::open);
                second.write(bytes(" a line\ntwo\n"), 12);
                assertEquals("two", next(port));
            }
        }
    }

    // ---- out ----

    @Test
    void outputsAreLines() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NONE, false)) {
            port.onGate(true, 0);
            assertEquals(OutputPort.EMITTED, port.emit(1, 1, false, bytes("xvalve 40"), 1, 8));
            assertEquals("\nvalve 40\n", new String(pty.read(10_000), StandardCharsets.US_ASCII), "ends what a dead primary may have begun");
            assertEquals(OutputPort.EMITTED, port.emit(2, 1, false, bytes("xvalve 41"), 1, 8));
            assertEquals("valve 41\n", new String(pty.read(10_000), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void outputsAreFramesWithTheirChecksum() throws Exception {
        try (UartPort port = opened(Framed.COBS, Checked.CRC32, false)) {
            port.emit(1, 1, false, bytes("123456789"), 0, 9);
            byte[] expected = {0, 14, '1', '2', '3', '4', '5', '6', '7', '8', '9', 0x26, 0x39, (byte) 0xF4, (byte) 0xCB, 0};
            assertArrayEquals(expected, pty.read(10_000));
        }
    }

    /** How many outputs of 1,400 letters a terminal takes that nobody reads. */
    private static int fill(UartPort port, byte[] output) {
        for (int i = 0; i < 10_000; i++) {
            if (port.emit(i, 1, false, output, 0, LONGEST) == OutputPort.BUSY) {
                return i;
            }
        }
        throw new AssertionError("a device that takes nothing makes the port busy");
    }

    @Test
    void aSlowDeviceMakesThePortBusyAndNoMessageIsEverCut() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NONE, false)) {
            byte[] output = bytes("z".repeat(LONGEST));
            int taken = fill(port, output);
            assertEquals(0, port.lost());

            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (byte[] read = pty.read(1_000); read.length > 0; read = pty.read(100)) {
                stream.writeBytes(read);
                port.doWork(0);
            }
            assertEquals(Long.MAX_VALUE, port.doWork(0));
            String[] lines = stream.toString(StandardCharsets.US_ASCII).substring(1).split("\n", -1);
            assertEquals(taken + 1, lines.length);
            assertTrue(Arrays.stream(lines).limit(taken).allMatch("z".repeat(LONGEST)::equals));
            assertEquals("", lines[taken]);
        }
    }

    @Test
    void aDeviceThatStandsStillHoldsNobodyUp() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NONE, false)) {
            byte[] output = bytes("z".repeat(LONGEST));
            fill(port, output);
            pausedNs = 240_000_000;
            assertEquals(OutputPort.BUSY, port.emit(1, 1, false, output, 0, 4));
            pausedNs = 1_000_000_000;
            assertEquals(OutputPort.EMITTED, port.emit(1, 1, false, output, 0, 4));
            assertEquals(OutputPort.EMITTED, port.emit(2, 1, false, output, 0, 4));
            assertEquals(2, port.lost());
        }
    }

    @Test
    void whatWasNotHandedOverWhenTheGateShutDoesNotLeave() throws Exception {
        try (UartPort port = opened(Framed.LINES, Checked.NONE, false)) {
            int taken = fill(port, bytes("z".repeat(LONGEST)));
            port.onGate(false, 0);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (byte[] read = pty.read(1_000); read.length > 0; read = pty.read(100)) {
                stream.writeBytes(read);
                port.doWork(0);
            }
            assertTrue(stream.size() < taken * (LONGEST + 1), stream.size() + " bytes");
            assertEquals(1, port.lost());
            port.onGate(true, 0);
            port.emit(1, 1, false, bytes("new"), 0, 3);
            assertEquals("\nnew\n", new String(pty.read(10_000), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aMissingDeviceLosesOutputs() {
        try (UartPort port = port("/dev/no-such-tty", Framed.LINES, Checked.NONE, false, false)) {
            assertEquals(OutputPort.EMITTED, port.emit(1, 1, false, bytes("x"), 0, 1));
            assertEquals(1, port.lost());
        }
    }

    @Test
    @Tag("allocation")
    void allocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Lines.class));
        assertEquals(0, Allocation.steadyStateBytes(Frames.class));
    }

    static final class Lines extends Echo {
        Lines() {
            super(Framed.LINES, Checked.NMEA, bytes("17 level 12.5*68\n"), 10);
        }
    }

    static final class Frames extends Echo {
        Frames() {
            super(Framed.COBS, Checked.CRC32, frame(), 9);
        }

        private static byte[] frame() {
            byte[] content = Arrays.copyOf(new byte[] {17, 0, 0, 0, 0, 0, 0, 0, '1', '2', '3', '4', '5', '6', '7', '8', '9'}, 21);
            new CheckedFraming.Crc32().add(content, 17);
            byte[] wire = new byte[UartFraming.encodedLengthMax(21)];
            return Arrays.copyOf(wire, UartFraming.encode(content, 0, 21, wire));
        }
    }

    /** Sends back what it hears. */
    abstract static class Echo implements Allocation.Work {
        private final PtyPair pty = new PtyPair();
        private final Semaphore woken = new Semaphore(0);
        private final UartPort port;
        private final byte[] sensor;
        private final int expected;
        private final byte[] buffer = new byte[1400];
        private final byte[] sent = new byte[4096];

        Echo(Framed framed, Checked checked, byte[] sensor, int expected) {
            port = opened(new UartPort(new UartPort.Settings(pty.device(), BAUD, framed, checked, true, true, false), woken::release,
                    () -> { }, System::nanoTime));
            this.sensor = sensor;
            this.expected = expected;
            pty.write(new byte[] {'\n', 0}, framed == Framed.LINES ? 1 : 2);
        }

        @Override
        public void unmeasured() {
            pty.read(sent, 0);
            pty.write(sensor, sensor.length);
            woken.acquireUninterruptibly();
        }

        @Override
        public void measured() {
            int length = port.receive(buffer, 0);
            if (length != expected) {
                throw new AssertionError("length " + length);
            }
            if (port.emit(1, 1, false, buffer, 0, length) != OutputPort.EMITTED) {
                throw new AssertionError("busy");
            }
            port.doWork(0);
        }
    }
}
