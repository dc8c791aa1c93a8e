package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutputLogTest {
    private final OutputLog log = new OutputLog(1, 4);

    private void append(long... numbers) {
        for (long number : numbers) {
            log.append(number * 10, 5, 3, number, number * 10 - 1, false);
        }
    }

    private List<Long> take(long untilNs) {
        List<Output> window = new ArrayList<>();
        log.take(untilNs, window);
        return window.stream().map(Output::number).toList();
    }

    @Test
    void whatWasTakenMakesRoom() {
        append(1, 2, 3, 4);
        assertEquals(List.of(1L, 2L), take(30));
        append(5, 6);
        assertEquals(List.of(3L, 4L, 5L, 6L), take(100));
        assertEquals(6, log.count());
        assertFalse(log.overflowed());
    }

    @Test
    void anOutputWithoutRoomIsNotedAndNothingIsOverwritten() {
        append(1, 2, 3, 4, 5);
        assertTrue(log.overflowed());
        assertEquals(List.of(1L, 2L, 3L, 4L), take(100));
    }

    @Test
    void aRecordIsWhole() {
        append(7);
        List<Output> window = new ArrayList<>();
        log.take(100, window);
        assertEquals(List.of(new Output(70, 1, 5, 3, 7, 69, false)), window);
        assertTrue(log.heardSince(69));
        assertFalse(log.heardSince(70));
    }

    @Test
    void theCapacityIsAPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new OutputLog(0, 3));
    }
}
