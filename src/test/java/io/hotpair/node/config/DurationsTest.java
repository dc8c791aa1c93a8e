package io.hotpair.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"1 ms,1000000", "250 us,250000", "0.25 ms,250000", "2s,2000000000", "3 µs,3000", "60 s,60000000000",
            "1.5 min,90000000000", "2 h,7200000000000", "7 ns,7", "0 ms,0"})
    void readsANumberWithItsUnit(String text, long ns) {
        assertEquals(ns, Durations.parseNs(text).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "ms", "-1 ms", "1e3 ms", "1 ms 2 us", "1 MS", "0.5 ns", "25 h", "999999999999 h", "1,5 ms", "١ ms"})
    void refusesAnythingElse(String text) {
        assertTrue(Durations.parseNs(text).isEmpty(), text);
    }

    @ParameterizedTest
    @CsvSource({"2750000,2.75 ms", "250000,250 us", "90000000000,90 s", "60000000000,1 min", "999,999 ns", "0,0 ms",
            "1000000000,1 s", "-5000000,-5 ms", "10800000000000,3 h"})
    void writesTheShortestExactForm(long ns, String text) {
        assertEquals(text, Durations.format(ns));
    }

    @Test
    void whatItWritesItReadsBack() {
        for (long ns = 1; ns < 86_400_000_000_000L; ns = ns * 3 + 7) {
            assertEquals(ns, Durations.parseNs(Durations.format(ns)).orElseThrow());
        }
    }
}
