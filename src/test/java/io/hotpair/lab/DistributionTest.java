package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class DistributionTest {
    @Test
    void percentilesAreValuesThatOccurred() {
        Distribution five = new Distribution(50, 10, 40, 20, 30);
        assertEquals(10, five.min());
        assertEquals(30, five.median());
        assertEquals(50, five.percentile(90));
        assertEquals(10, five.percentile(20));
        assertEquals(20, five.percentile(20.1));
        assertEquals(50, five.max());
    }

    @Test
    void theMedianOfAnEvenCountLiesBetween() {
        assertEquals(15, new Distribution(10, 20).median());
    }

    @Test
    void theStripShowsEveryValueAndTheLimit() {
        Distribution values = new Distribution(0, 5, 5, 99, 100, 1_000);
        assertEquals("3....|...3", values.strip(10, 100, 50));
        assertEquals("3........3", values.strip(10, 100, -1));
    }

    @Test
    void aPercentileHasBounds() {
        assertThrows(IllegalArgumentException.class, () -> new Distribution(1).percentile(0));
        assertThrows(IllegalArgumentException.class, () -> new Distribution(1).percentile(101));
    }
}
