package io.hotpair.cli.demo.tank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LevelPlotTest {
    private final LevelPlot fancy = new LevelPlot(0, 1, 0.5, true);
    private final LevelPlot plain = new LevelPlot(0, 1, 0.5, false);

    @Test
    void aSparklineRisesWithTheValues() {
        double[] ramp = {0, 0.15, 0.3, 0.4, 0.55, 0.7, 0.8, 1, 7, -3};
        assertEquals("▁▂▃▄▅▆▇██▁", fancy.sparkline(ramp, 10));
        assertEquals("_.-~=+*##_", plain.sparkline(ramp, 40));
        assertEquals("", plain.sparkline(new double[0], 40));
    }

    @Test
    void aShortExcursionIsSeenHoweverManyValuesAColumnStandsFor() {
        double[] values = new double[1000];
        Arrays.fill(values, 0.5);
        values[503] = 0.99;
        values[710] = 0.01;
        String line = plain.sparkline(values, 20);
        assertEquals(20, line.length());
        assertEquals(10, line.indexOf('#'));
        assertEquals(14, line.indexOf('_'));
    }

    @Test
    void aCurveHasItsScaleAndTheSetPoint() {
        List<String> lines = plain.curve(new double[] {0, 0.3, 0.5, 0.9, 1}, 4, 7);
        assertEquals(List.of(
                " 1.000 |   ** ",
                " 0.500 |--*----",
                "       | *     ",
                " 0.000 |*      "), lines.stream().map(line -> line.startsWith(" 1.000") ? line.substring(0, line.length() - 1) : line).toList());
        List<String> unicode = fancy.curve(new double[] {0.5, 1, 0.25}, 2, 4);
        assertEquals(List.of(" 0.500 │┄█┄┄", " 0.000 │██▄ "), unicode);
        assertTrue(plain.curve(new double[] {0.2}, 3, 5).stream().allMatch(line -> line.chars().allMatch(c -> c < 128)));
        assertThrows(IllegalArgumentException.class, () -> new LevelPlot(1, 1, 1, true));
    }
}
