package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InputPaceTest {
    private static final long US = 1_000;
    private static final long MS = 1_000 * US;

    private long nowNs = -5 * MS; // the clock may begin below zero
    private final InputPace pace = new InputPace(nowNs);

    /** One input each so often, each looked at once a look is due. */
    private void inputs(int count, long everyNs) {
        int waiting = 0;
        for (int i = 0; i < count; i++) {
            nowNs += everyNs;
            waiting++;
            if (pace.due(nowNs)) {
                pace.onInputs(waiting, nowNs);
                waiting = 0;
                pace.onWorked(nowNs, nowNs + 10 * US);
            }
        }
    }

    @Test
    void aBoardIsWokenByInputsThatComeSlowly() {
        inputs(10_000, 80 * US);
        assertFalse(pace.paced());
        assertTrue(pace.due(nowNs));
    }

    @Test
    void inputsThatComeFastAreTakenTogether() {
        inputs(200, 50 * US);
        assertTrue(pace.paced());
        pace.onWorked(nowNs, nowNs + 10 * US);
        assertFalse(pace.due(nowNs + InputPace.LOOK_NS - 1));
        assertTrue(pace.due(nowNs + InputPace.LOOK_NS));
        assertEquals(nowNs + InputPace.LOOK_NS, pace.dueNs());
    }

    @Test
    void whenTheyComeSlowlyAgainTheyWakeTheBoardAgain() {
        inputs(200, 50 * US);
        inputs(20, 1 * MS);
        assertFalse(pace.paced());
    }

    @Test
    void aRateBetweenTheTwoChangesNothing() {
        inputs(2_000, 80 * US);
        assertFalse(pace.paced());
        inputs(200, 50 * US);
        inputs(2_000, 80 * US);
        assertTrue(pace.paced());
    }

    @Test
    void oneFloodIsNoReasonToKeepThePaceAfterALongSilence() {
        inputs(200, 50 * US);
        nowNs += 100 * MS;
        pace.onInputs(1, nowNs);
        assertFalse(pace.paced());
    }

    @Test
    void whoWorksLongPausesAsLong() {
        inputs(200, 50 * US);
        pace.onWorked(nowNs, nowNs + 2 * MS);
        assertEquals(nowNs + 4 * MS, pace.dueNs());
        pace.onWorked(nowNs, nowNs + 50 * MS);
        assertEquals(nowNs + 55 * MS, pace.dueNs(), "but no longer than it takes for inputs to get old");
    }
}
