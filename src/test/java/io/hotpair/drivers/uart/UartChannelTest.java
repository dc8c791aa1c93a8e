package io.hotpair.drivers.uart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.wire.UartFraming;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class UartChannelTest {
    private static final int BAUD = 921_600;
    private static final byte[] FRAME = frame(52);

    @TempDir
    Path dir;

    private final Semaphore woken = new Semaphore(0);

    private static byte[] frame(int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i * 37 % 50);
        }
        return frame;
    }

    private static byte[] encoded(byte[] frame) {
        byte[] dst = new byte[UartFraming.encodedLengthMax(frame.length)];
        return Arrays.copyOf(dst, UartFraming.encode(frame, 0, frame.length, dst));
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "waited too long");
            LockSupport.parkNanos(200_000);
        }
    }

    private UartChannel channel(String device) {
        return new UartChannel(UartChannel.Settings.of(device, BAUD), woken::release);
    }

    private UartChannel opened(PtyPair pty) {
        UartChannel channel = channel(pty.device());
        await(() -> channel.trouble() == null);
        return channel;
    }

    private void awaitFrames(int count) throws InterruptedException {
        assertTrue(woken.tryAcquire(count, 10, TimeUnit.SECONDS), "frames arrive and wake the duty cycle");
    }

    @Test
    void framesGoBothWays() throws InterruptedException {
        try (PtyPair pty = new PtyPair(); UartChannel channel = opened(pty)) {
            byte[] dst = new byte[64];
            assertEquals(-1, channel.receive(dst));
            byte[] first = encoded(FRAME);
            pty.write(first, first.length);
            byte[] second = encoded(frame(7));
            pty.write(second, second.length);
            awaitFrames(2);
            assertEquals(52, channel.receive(dst));
            assertArrayEquals(FRAME, Arrays.copyOf(dst, 52));
            assertEquals(7, channel.receive(dst));
            assertEquals(-1, channel.receive(dst));

            byte[] src = new byte[60];
            System.arraycopy(FRAME, 0, src, 5, 52);
            assertTrue(channel.send(src, 5, 52));
            assertArrayEquals(encoded(FRAME), pty.read(5_000));
            assertEquals(1, channel.sent());
            assertEquals(2, channel.received());
            assertFalse(channel.send(new byte[65], 0, 65), "longer than any frame");
        }
    }

    @Test
    void lineIsRawAndABreakDiscardsNothing() {
        try (PtyPair pty = new PtyPair(); UartChannel channel = opened(pty)) {
            int[] flags = pty.flags();
            int brkint = 0x2;
            int icrnl = 0x100;
            int ixon = 0x400;
            assertEquals(0, flags[0] & (brkint | icrnl | ixon), "input flags " + Integer.toHexString(flags[0]));
            assertEquals(0, flags[1] & 1, "no output processing");
            int cs8 = 0x30;
            int cstopb = 0x40;
            int parenb = 0x100;
            int crtscts = 0x8000_0000;
            assertEquals(cs8, flags[2] & (cs8 | cstopb | parenb | crtscts));
            assertEquals(0, flags[3] & (0x1 | 0x2 | 0x8), "no signals, lines or echo");
        }
    }

    @Test
    void everyByteValuePasses() throws InterruptedException {
        try (PtyPair pty = new PtyPair();
                UartChannel channel = new UartChannel(new UartChannel.Settings(pty.device(), 3_000_000, 256, 4, 1_000), woken::release)) {
            await(() -> channel.trouble() == null);
            byte[] all = new byte[256];
            for (int i = 0; i < 256; i++) {
                all[i] = (byte) i;
            }
            byte[] wire = encoded(all);
            pty.write(wire, wire.length);
            awaitFrames(1);
            byte[] dst = new byte[256];
            assertEquals(256, channel.receive(dst));
            assertArrayEquals(all, dst);
            assertTrue(channel.send(all, 0, 256));
            assertArrayEquals(wire, pty.read(5_000));
        }
    }

    @Test
    void noiseIsCountedAndTheNextFrameArrives() throws InterruptedException {
        try (PtyPair pty = new PtyPair(); UartChannel channel = opened(pty)) {
            byte[] noise = new byte[300];
            Arrays.fill(noise, (byte) 0x77);
            pty.write(noise, noise.length);
            byte[] cut = encoded(FRAME);
            pty.write(cut, 20);
            byte[] good = encoded(FRAME);
            pty.write(good, good.length);
            awaitFrames(1);
            assertEquals(52, channel.receive(new byte[64]));
            await(() -> channel.malformed() == 1 && channel.tooLong() == 1);
        }
    }

    @Test
    void dutyCycleThatDoesNotTakeFramesLosesTheNewest() throws InterruptedException {
        try (PtyPair pty = new PtyPair();
                UartChannel channel = new UartChannel(new UartChannel.Settings(pty.device(), BAUD, 64, 4, 100), woken::release)) {
            await(() -> channel.trouble() == null);
            for (int i = 1; i <= 6; i++) {
                byte[] wire = encoded(frame(i));
                pty.write(wire, wire.length);
            }
            awaitFrames(6);
            byte[] dst = new byte[64];
            for (int i = 1; i <= 4; i++) {
                assertEquals(i, channel.receive(dst));
            }
            assertEquals(-1, channel.receive(dst));
            assertEquals(2, channel.queueOverruns());
            byte[] wire = encoded(frame(9));
            pty.write(wire, wire.length);
            awaitFrames(1);
            assertEquals(9, channel.receive(dst), "and goes on");
        }
    }

    @Test
    void stalledPeerCostsFramesNotTime() {
        try (PtyPair pty = new PtyPair(); UartChannel channel = opened(pty)) {
            int tries = 0;
            while (channel.droppedStalled() < 100 && tries < 1_000_000) {
                channel.send(FRAME, 0, 52);
                tries++;
            }
            assertEquals(100, channel.droppedStalled(), "the terminal's buffer is bounded");
            assertNull(channel.trouble());

            // The peer reads again: every frame that was taken is there, whole. (One that lacked only its last zero, too.)
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (byte[] part = pty.read(200); part.length > 0; part = pty.read(200)) {
                stream.writeBytes(part);
            }
            assertTrue(channel.send(FRAME, 0, 52));
            stream.writeBytes(pty.read(5_000));
            List<byte[]> frames = new ArrayList<>();
            UartFraming decoder = new UartFraming(64);
            byte[] all = stream.toByteArray();
            decoder.feed(all, all.length, (buffer, length) -> frames.add(Arrays.copyOf(buffer, length)));
            assertTrue(frames.size() >= channel.sent(), frames.size() + " of " + channel.sent());
            for (byte[] frame : frames) {
                assertArrayEquals(FRAME, frame);
            }
        }
    }

    @Test
    void missingDeviceIsOpenedWhenItAppears() throws IOException, InterruptedException {
        Path link = dir.resolve("uart");
        try (UartChannel channel = channel(link.toString())) {
            await(() -> channel.trouble().endsWith("no such device"));
            String trouble = channel.trouble();
            assertFalse(channel.send(FRAME, 0, 52));
            assertEquals(-1, channel.receive(new byte[64]));
            LockSupport.parkNanos(1_100_000_000);
            assertSame(trouble, channel.trouble(), "said once");
            try (PtyPair pty = new PtyPair()) {
                Files.createSymbolicLink(link, Path.of(pty.device()));
                await(() -> channel.trouble() == null);
                byte[] wire = encoded(FRAME);
                pty.write(wire, wire.length);
                awaitFrames(1);
                assertEquals(52, channel.receive(new byte[64]));
                assertTrue(channel.send(FRAME, 0, 52));
            }
        }
    }

    @Test
    void unpluggedLineIsReportedAndComesBack() throws IOException, InterruptedException {
        Path link = dir.resolve("uart");
        PtyPair first = new PtyPair();
        Files.createSymbolicLink(link, Path.of(first.device()));
        try (UartChannel channel = channel(link.toString())) {
            await(() -> channel.trouble() == null);
            assertTrue(channel.send(FRAME, 0, 52));
            first.close();
            await(() -> channel.trouble() != null);
            assertTrue(channel.trouble().startsWith(link + ": "), channel.trouble());
            assertFalse(channel.send(FRAME, 0, 52));
            assertTrue(channel.droppedBroken() > 0);
            try (PtyPair second = new PtyPair()) {
                Files.delete(link);
                Files.createSymbolicLink(link, Path.of(second.device()));
                await(() -> channel.trouble() == null);
                byte[] wire = encoded(FRAME);
                second.write(wire, wire.length);
                awaitFrames(1);
                assertEquals(52, channel.receive(new byte[64]));
                assertEquals(2, channel.opened());
            }
        }
    }

    @Test
    void fileThatIsNoTerminalIsReported() throws IOException {
        Path file = Files.writeString(dir.resolve("text"), "no uart");
        try (UartChannel channel = channel(file.toString())) {
            await(() -> channel.trouble().contains("cannot be opened at 921600 baud"));
        }
        assertNotNull(assertThrows(IllegalArgumentException.class, () -> UartChannel.Settings.of("/dev/x", 300)).getMessage());
    }

    @Test
    void anotherProcessMayWriteToTheSameLine() throws IOException, InterruptedException {
        try (PtyPair pty = new PtyPair(); UartChannel channel = opened(pty)) {
            Process guard = new ProcessBuilder("sh", "-c", "printf DEAD > " + pty.device()).start();
            assertEquals(0, guard.waitFor());
            assertArrayEquals("DEAD".getBytes(), pty.read(5_000));
        }
    }

    @Test
    @Tag("allocation")
    void sendAndReceiveAllocateNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(SendAndReceive.class));
    }

    /** One frame each way; what the reading thread allocates counts as well. */
    static final class SendAndReceive implements Allocation.Work {
        private final PtyPair pty = new PtyPair();
        private final byte[] wire = encoded(FRAME);
        private final byte[] received = new byte[64];
        private final byte[] peer = new byte[4096];
        private volatile int wakes; // written by the reading thread alone
        private final UartChannel channel = new UartChannel(UartChannel.Settings.of(pty.device(), BAUD), () -> wakes++);
        private int taken;

        SendAndReceive() {
            await(() -> channel.trouble() == null);
        }

        @Override
        public void unmeasured() {
            if (taken > 0) {
                pty.read(peer, 1_000);
            }
            pty.write(wire, wire.length);
            taken++;
            while (wakes < taken) {
                Thread.yield();
            }
        }

        @Override
        public void measured() {
            channel.send(FRAME, 0, 52);
            if (channel.receive(received) != 52) {
                throw new AssertionError("no frame");
            }
        }

        @Override
        public long helperBytes() {
            return Allocation.bytesOf("uart");
        }
    }
}
