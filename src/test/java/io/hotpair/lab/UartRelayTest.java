package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UartRelayTest {
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long QUIET_NS = 100_000_000L;

    private final LinuxCalls linux = new LinuxCalls();
    private final BoardPower[] power = {new BoardPower(), new BoardPower()};
    private final int[] devices = new int[2];
    private UartRelay relay;

    @BeforeEach
    void connect() throws IOException {
        open(0);
    }

    private void open(int baud) throws IOException {
        relay = new UartRelay(baud,
                new PathFaults[] {new PathFaults(power[0], power[1]), new PathFaults(power[1], power[0])}, () -> {});
        devices[0] = linux.openTerminal(relay.device(0));
        devices[1] = linux.openTerminal(relay.device(1));
    }

    @AfterEach
    void disconnect() {
        linux.close(devices[0]);
        linux.close(devices[1]);
        relay.close();
    }

    @Test
    void everyByteValuePassesUnchangedBothWays() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        write(0, all);
        assertArrayEquals(all, read(1, all.length, PATIENCE_NS));
        write(1, all);
        assertArrayEquals(all, read(0, all.length, PATIENCE_NS));
    }

    @Test
    void nothingIsEchoed() throws IOException {
        write(0, new byte[] {1, 2, 3});
        read(1, 3, PATIENCE_NS);
        assertEquals(0, read(0, 1, QUIET_NS).length);
    }

    @Test
    void aCutDirectionCarriesNothing() throws IOException {
        relay.from(0).cut(true);
        write(0, new byte[] {1});
        assertEquals(0, read(1, 1, QUIET_NS).length);
        write(1, new byte[] {2});
        assertArrayEquals(new byte[] {2}, read(0, 1, PATIENCE_NS));
        relay.from(0).cut(false);
        write(0, new byte[] {3});
        assertArrayEquals(new byte[] {3}, read(1, 1, PATIENCE_NS));
    }

    @Test
    void corruptionFlipsOneBit() throws IOException {
        relay.from(0).corrupt(1_000_000);
        write(0, new byte[57]);
        byte[] got = read(1, 57, PATIENCE_NS);
        int flipped = 0;
        for (byte b : got) {
            flipped += Integer.bitCount(b & 0xFF);
        }
        assertTrue(flipped >= 1 && flipped == relay.from(0).corrupted());
    }

    @Test
    void aDelayHoldsBack() throws IOException {
        long delayNs = 30_000_000;
        relay.from(0).delay(delayNs);
        long sentNs = System.nanoTime();
        write(0, new byte[] {7});
        assertArrayEquals(new byte[] {7}, read(1, 1, PATIENCE_NS));
        assertTrue(System.nanoTime() - sentNs >= delayNs);
    }

    @Test
    void aBoardThatDoesNotReadLosesBytesAndStallsNobody() throws IOException {
        byte[] chunk = new byte[200];
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (relay.from(0).dropped() == 0 && System.nanoTime() - deadlineNs < 0) {
            write(0, chunk);
        }
        assertTrue(relay.from(0).dropped() > 0);
        write(1, new byte[] {9});
        assertArrayEquals(new byte[] {9}, read(0, 1, PATIENCE_NS));
    }

    @Test
    void aSwitchedOffBoardForgetsWhatItDidNotRead() throws IOException {
        write(0, new byte[] {1, 2, 3});
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (relay.from(0).forwarded() == 0 && System.nanoTime() - deadlineNs < 0) {
            Thread.onSpinWait();
        }
        relay.forgetUnread(1);
        write(0, new byte[] {4});
        assertArrayEquals(new byte[] {4}, read(1, 1, PATIENCE_NS));
    }

    @Test
    void aPacedLineTakesTheTimeOfItsBits() throws IOException {
        disconnect();
        open(9_600);
        long sentNs = System.nanoTime();
        write(0, new byte[48]);
        read(1, 48, PATIENCE_NS);
        // 48 bytes of 10 bits at 9600 bit/s; a sleep never ends early.
        assertTrue(System.nanoTime() - sentNs >= 50_000_000);
    }

    private void write(int board, byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            linux.write(devices[board], arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes), bytes.length);
        }
    }

    private byte[] read(int board, int count, long timeoutNs) throws IOException {
        byte[] bytes = new byte[count];
        int got = 0;
        long deadlineNs = System.nanoTime() + timeoutNs;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(count);
            while (got < count && System.nanoTime() - deadlineNs < 0) {
                int n = linux.read(devices[board], buffer.asSlice(0, count - got));
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, got, n);
                got += n;
            }
        }
        return Arrays.copyOf(bytes, got);
    }
}
