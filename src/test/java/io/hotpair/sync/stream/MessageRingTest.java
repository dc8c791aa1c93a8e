package io.hotpair.sync.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MessageRingTest {
    private static boolean put(MessageRing ring, int length, long number, int mostBytes) {
        int at = ring.claim(mostBytes);
        if (at < 0) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            ring.array()[at + i] = (byte) (number + i);
        }
        ring.commit(length, number);
        return true;
    }

    /** Answers the length, after checking number and content. */
    private static int take(MessageRing ring, long number) {
        int length = ring.next();
        if (length >= 0) {
            assertEquals(number, ring.number());
            for (int i = 0; i < length; i++) {
                assertEquals((byte) (number + i), ring.array()[ring.offset() + i]);
            }
            ring.release();
        }
        return length;
    }

    @Test
    void sizeIsAPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new MessageRing(1000));
        assertThrows(IllegalArgumentException.class, () -> new MessageRing(32));
    }

    @Test
    void fullIsToldAndNothingIsOverwritten() {
        MessageRing ring = new MessageRing(256);
        int taken = 0;
        while (put(ring, 10, taken, 10)) {
            taken++;
        }
        assertEquals(256 / 32, taken);
        for (int i = 0; i < taken; i++) {
            assertEquals(10, take(ring, i));
        }
        assertEquals(-1, ring.next());
    }

    @Test
    void claimThatIsNotCommittedIsForgotten() {
        MessageRing ring = new MessageRing(256);
        assertTrue(ring.claim(100) >= 0);
        assertEquals(-1, ring.next());
        assertTrue(put(ring, 5, 1, 5));
        assertEquals(5, take(ring, 1));
        assertEquals(-1, ring.next());
    }

    /** Every length at every place, the end of the array included. */
    @Test
    void messagesLieInOnePieceWhereverTheRingStands() {
        for (int most = 0; most <= 100; most++) {
            MessageRing ring = new MessageRing(256);
            for (long number = 0; number < 200; number++) {
                int length = (int) (number * 7 % (most + 1));
                assertTrue(put(ring, length, number, most), "length " + length);
                assertEquals(length, take(ring, number));
            }
        }
    }

    @Test
    void twoThreadsPassMillionsInOrder() throws InterruptedException {
        MessageRing ring = new MessageRing(4096);
        long messages = 2_000_000;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread writer = Thread.ofPlatform().daemon().start(() -> {
            Random random = new Random(1);
            try {
                for (long number = 0; number < messages; number++) {
                    int length = random.nextInt(64);
                    while (!put(ring, length, number, 64)) {
                        Thread.yield();
                    }
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        Random random = new Random(1);
        for (long number = 0; number < messages; number++) {
            int length = random.nextInt(64);
            int found = take(ring, number);
            while (found < 0) {
                assertTrue(writer.isAlive() || ring.next() >= 0, () -> "the writer ended: " + failure.get());
                Thread.yield();
                found = take(ring, number);
            }
            assertEquals(length, found);
        }
        writer.join();
        assertEquals(-1, ring.next());
    }
}
