package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InputLossesTest {
    @Test
    void eachCauseIsNamedOnceItHasTakenSomething() {
        Map<String, Long> counters = Map.of("sync0.inputs", 20_000L, "sync0.overflowedInputs", 12L, "sync0.expiredCopies", 3_000L,
                "sync0.droppedInputs", 7L, "sync0.badInputs", 1L, "sync0.malformedInputs", 2L);

        InputLosses losses = InputLosses.of(label -> counters.getOrDefault(label, 0L));

        assertEquals("20,000 copies received; lost: socket full 12, too old 3,000, no room 7, invalid 3", losses.toString());
        assertEquals("40,000 copies received; lost: socket full 24, too old 6,000, no room 14, invalid 6", losses.plus(losses).toString());
        assertEquals("0 copies received; lost: none", InputLosses.NONE.toString());
    }
}
