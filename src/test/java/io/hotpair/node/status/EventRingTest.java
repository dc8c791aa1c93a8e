package io.hotpair.node.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventRingTest {
    @TempDir
    Path dir;

    private CountersFile node;
    private CountersFile reader;
    private final EventRing.Event event = new EventRing.Event();

    @BeforeEach
    void open() throws IOException {
        node = CountersFile.create(dir.resolve("c"), new CountersFile.Owner("p", 0, 1, "v", 0), 1, 8);
        node.seal();
        reader = CountersFile.open(dir.resolve("c"));
    }

    @AfterEach
    void close() throws IOException {
        reader.close();
        node.close();
    }

    @Test
    void eventsArriveInOrderWithAllFields() {
        EventRing.Cursor cursor = reader.events().cursor();
        assertFalse(cursor.poll(event));
        node.events().onEvent(3, -1, 0xFFFF_FFFFL, Long.MIN_VALUE, 12);
        node.events().onEvent(4, 1, 2, 3, 13);
        assertTrue(cursor.poll(event));
        assertEquals(0, event.sequence());
        assertEquals(3, event.code());
        assertEquals(-1, event.group());
        assertEquals(0xFFFF_FFFFL, event.term());
        assertEquals(Long.MIN_VALUE, event.detail());
        assertEquals(12, event.timeNs());
        assertTrue(cursor.poll(event));
        assertEquals(1, event.sequence());
        assertEquals(1, event.group());
        assertFalse(cursor.poll(event));
        assertEquals(0, cursor.lost());
    }

    @Test
    void slowReaderLosesTheOldestAndKnowsHowMany() {
        EventRing.Cursor cursor = reader.events().cursor();
        for (int i = 0; i < 20; i++) {
            node.events().onEvent(i, 0, 0, 0, i);
        }
        for (int i = 12; i < 20; i++) {
            assertTrue(cursor.poll(event));
            assertEquals(i, event.code());
        }
        assertFalse(cursor.poll(event));
        assertEquals(12, cursor.lost());
        assertFalse(reader.events().read(11, event), "overwritten");
        assertFalse(reader.events().read(20, event), "not yet written");
        assertEquals(12, reader.events().cursor().position(), "a new reader starts at the oldest");
        assertEquals(15, cursorAt(15));
    }

    private long cursorAt(long sequence) {
        EventRing.Cursor cursor = reader.events().cursor(sequence);
        assertTrue(cursor.poll(event));
        return event.sequence();
    }

    /** A tiny ring written without pause: nearly every read collides, and none may return a mixture. */
    @Test
    void noEntryIsEverAMixture() throws Exception {
        int total = 2_000_000;
        Path path = dir.resolve("tiny");
        try (CountersFile writing = CountersFile.create(path, new CountersFile.Owner("p", 0, 1, "v", 0), 1, 1)) {
            writing.seal();
            try (CountersFile reading = CountersFile.open(path)) {
                stress(writing.events(), reading.events().cursor(), total);
            }
        }
    }

    private void stress(EventRing ring, EventRing.Cursor cursor, int total) throws InterruptedException {
        Thread writer = new Thread(() -> {
            for (int i = 0; i < total; i++) {
                ring.onEvent(i, i, i, i, i);
            }
        });
        writer.start();
        long deadlineNs = System.nanoTime() + 5_000_000_000L;
        long expectedAtLeast = 0;
        long seen = 0;
        while (expectedAtLeast < total && System.nanoTime() - deadlineNs < 0) {
            if (cursor.poll(event)) {
                long sequence = event.sequence();
                assertTrue(sequence >= expectedAtLeast, "in order");
                assertEquals(sequence, event.timeNs());
                assertEquals(sequence, event.code());
                assertEquals(sequence, event.group());
                assertEquals(sequence, event.term());
                assertEquals(sequence, event.detail());
                expectedAtLeast = sequence + 1;
                seen++;
            }
        }
        writer.join();
        assertEquals(total, expectedAtLeast, "the newest event is always reached");
        assertEquals(total, seen + cursor.lost(), "seen and lost add up");
    }
}
