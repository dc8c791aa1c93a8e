package io.hotpair.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UartFramingTest {
    private static final long SEED = 0x5EED_0001L;

    private final List<byte[]> received = new ArrayList<>();
    private final UartFraming.FrameHandler keep = (buffer, length) -> received.add(Arrays.copyOf(buffer, length));

    private static byte[] encode(byte[] frame) {
        byte[] dst = new byte[UartFraming.encodedLengthMax(frame.length)];
        return Arrays.copyOf(dst, UartFraming.encode(frame, 0, frame.length, dst));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] run(int from, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private void feed(UartFraming decoder, byte[] stream) {
        decoder.feed(stream, stream.length, keep);
    }

    /** The examples of the paper, as they are commonly tabled. */
    @Test
    void encodesAsPublished() {
        assertArrayEquals(bytes(0, 1, 1, 0), encode(bytes(0)));
        assertArrayEquals(bytes(0, 1, 1, 1, 0), encode(bytes(0, 0)));
        assertArrayEquals(bytes(0, 3, 0x11, 0x22, 2, 0x33, 0), encode(bytes(0x11, 0x22, 0, 0x33)));
        assertArrayEquals(bytes(0, 5, 0x11, 0x22, 0x33, 0x44, 0), encode(bytes(0x11, 0x22, 0x33, 0x44)));
        assertArrayEquals(bytes(0, 2, 0x11, 1, 1, 1, 0), encode(bytes(0x11, 0, 0, 0)));
        byte[] full = encode(run(1, 254));
        assertEquals(257, full.length, "no run follows a full one at the end");
        assertEquals((byte) 0xFF, full[1]);
        byte[] fullAndOne = encode(run(1, 255));
        assertEquals(bytes(2)[0], fullAndOne[256]);
        assertEquals(259, fullAndOne.length);
    }

    @Test
    void everyLengthComesBackInChunksOfAnySize() {
        Random random = new Random(SEED);
        UartFraming decoder = new UartFraming(600);
        for (int length = 1; length <= 600; length++) {
            byte[] frame = new byte[length];
            random.nextBytes(frame);
            if (length % 3 == 0) { // long runs without zeros
                for (int i = 0; i < length; i++) {
                    frame[i] |= 1;
                }
            }
            byte[] src = new byte[length + 7];
            System.arraycopy(frame, 0, src, 7, length);
            byte[] wire = new byte[UartFraming.encodedLengthMax(length)];
            int encoded = UartFraming.encode(src, 7, length, wire);
            assertTrue(encoded <= wire.length);
            for (int i = 1; i < encoded - 1; i++) {
                assertTrue(wire[i] != 0, "zeros only at the ends");
            }
            received.clear();
            for (int at = 0; at < encoded; ) {
                int size = Math.min(encoded - at, 1 + random.nextInt(20));
                feed(decoder, Arrays.copyOfRange(wire, at, at + size));
                at += size;
            }
            assertEquals(1, received.size(), "length " + length);
            assertArrayEquals(frame, received.get(0));
        }
        assertEquals(600, decoder.frames());
        assertEquals(0, decoder.malformed());
        assertEquals(0, decoder.overruns());
    }

    @Test
    void frameAfterNoiseOnAnIdleLineIsNotLost() {
        UartFraming decoder = new UartFraming(64);
        feed(decoder, bytes(0x55, 0xAA, 0x13));
        feed(decoder, encode(bytes(1, 2, 3)));
        assertEquals(1, received.size());
        assertArrayEquals(bytes(1, 2, 3), received.get(0));
        assertEquals(1, decoder.malformed());
    }

    @Test
    void frameCutShortSpoilsOnlyItself() {
        UartFraming decoder = new UartFraming(64);
        byte[] whole = encode(bytes(9, 8, 7, 6, 5));
        feed(decoder, Arrays.copyOf(whole, 4));
        feed(decoder, encode(bytes(1, 2, 3)));
        assertEquals(1, received.size());
        assertArrayEquals(bytes(1, 2, 3), received.get(0));
        assertEquals(1, decoder.malformed());
    }

    @Test
    void longFramesAndEndlessNoiseAreBounded() {
        UartFraming decoder = new UartFraming(64);
        feed(decoder, encode(run(1, 64)));
        assertEquals(1, received.size(), "just fits");
        feed(decoder, encode(run(1, 65)));
        byte[] noise = new byte[100_000];
        Arrays.fill(noise, (byte) 0x55);
        feed(decoder, noise);
        feed(decoder, encode(bytes(4)));
        assertEquals(2, received.size());
        assertEquals(2, decoder.overruns(), "each counted once");
        assertEquals(0, decoder.malformed());
    }

    @Test
    void emptyLineAndBreaksAreNoFrames() {
        UartFraming decoder = new UartFraming(64);
        feed(decoder, new byte[1_000]); // a break reads as zeros
        assertEquals(0, decoder.malformed());
        feed(decoder, encode(new byte[0]));
        assertEquals(1, decoder.malformed(), "an empty frame says nothing");
        assertEquals(0, received.size());
    }

    /** Bits flipped, bytes lost and bytes added, over a stream of frames: whatever is damaged, an untouched frame arrives. */
    @Test
    void untouchedFramesSurviveAnyDamageElsewhere() {
        Random random = new Random(SEED);
        int untouchedTotal = 0;
        for (int round = 0; round < 300; round++) {
            UartFraming decoder = new UartFraming(64);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            List<byte[]> untouched = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                byte[] frame = new byte[1 + random.nextInt(64)];
                random.nextBytes(frame);
                byte[] wire = encode(frame);
                switch (random.nextInt(6)) {
                    case 0 -> wire[random.nextInt(wire.length)] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> wire = Arrays.copyOf(wire, random.nextInt(wire.length));
                    case 2 -> {
                        byte[] noise = new byte[random.nextInt(100)];
                        random.nextBytes(noise);
                        stream.writeBytes(noise);
                        untouched.add(frame);
                    }
                    default -> untouched.add(frame);
                }
                stream.writeBytes(wire);
            }
            received.clear();
            feed(decoder, stream.toByteArray());
            int next = 0;
            for (byte[] frame : received) {
                if (next < untouched.size() && Arrays.equals(frame, untouched.get(next))) {
                    next++;
                }
            }
            assertEquals(untouched.size(), next, "round " + round + " of seed " + SEED);
            untouchedTotal += next;
        }
        assertTrue(untouchedTotal > 3_000);
    }

    @Test
    void nothingIsAllocated() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(EncodeAndDecode.class));
    }

    static final class EncodeAndDecode implements Allocation.Work {
        private final UartFraming decoder = new UartFraming(64);
        private final byte[] frame = run(0, 52);
        private final byte[] wire = new byte[UartFraming.encodedLengthMax(frame.length)];
        private final UartFraming.FrameHandler handler = (buffer, length) -> decoded(length);
        private long decodedBytes;
        private long encodedBytes;

        private void decoded(int length) {
            decodedBytes += length;
        }

        @Override
        public void measured() {
            encodedBytes += frame.length;
            decoder.feed(wire, UartFraming.encode(frame, 0, frame.length, wire), handler);
            if (decodedBytes != encodedBytes) {
                throw new AssertionError(decodedBytes + " of " + encodedBytes + " bytes came");
            }
        }
    }
}
