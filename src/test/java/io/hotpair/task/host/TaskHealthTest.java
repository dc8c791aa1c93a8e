package io.hotpair.task.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskHealthTest {
    private static final long MS = 1_000_000;
    private final TaskHealth health = new TaskHealth(10 * MS, 500 * MS);
    private long nowNs = -3 * MS;
    private long beat;

    private boolean cycles(int count, boolean lives) {
        boolean hung = false;
        for (int i = 0; i < count; i++) {
            nowNs += MS;
            hung |= health.watch(nowNs, true, false, lives ? ++beat : beat);
        }
        return hung;
    }

    @Test
    void aRecordInTimeCostsNothing() {
        cycles(5, true);
        health.onOffer(1);
        cycles(9, true);
        health.onExecuted(1);
        assertEquals(0, health.late());
        assertEquals(0, health.penalty());
        assertEquals(9 * MS, health.worstNs());
    }

    @Test
    void aLateRecordIsCountedAndPenalisedForASecond() {
        cycles(5, true);
        health.onOffer(1);
        cycles(11, true);
        assertEquals(TaskHealth.PENALTY_LATE, health.penalty(), "overdue already");
        health.onExecuted(1);
        assertEquals(1, health.late());
        cycles(999, true);
        assertEquals(TaskHealth.PENALTY_LATE, health.penalty());
        cycles(2, true);
        assertEquals(0, health.penalty());
    }

    @Test
    void whatTheNodeItselfMissedIsNoFaultOfTheTask() {
        cycles(5, true);
        health.onOffer(1);
        nowNs += 3000 * MS;
        assertFalse(health.watch(nowNs, true, false, beat));
        health.onExecuted(1);
        assertEquals(0, health.late());
        assertEquals(0, health.penalty());
    }

    @Test
    void waitingForTheNodeToTakeOutputsIsNoFaultEither() {
        cycles(5, true);
        health.onOffer(1);
        for (int i = 0; i < 1000; i++) {
            nowNs += MS;
            assertFalse(health.watch(nowNs, true, true, beat));
        }
        health.onExecuted(1);
        assertEquals(0, health.late());
    }

    @Test
    void oneWithoutASignOfLifeHangs() {
        cycles(5, true);
        assertFalse(cycles(500, false));
        assertTrue(cycles(1, false));
        assertFalse(cycles(10, true));
    }

    @Test
    void aNodeThatIsSlowItselfStillSeesAHang() {
        cycles(5, true);
        boolean hung = false;
        int looks = 0;
        while (!hung && looks < 1000) {
            nowNs += 11 * MS; // each cycle later than the deadline
            hung = health.watch(nowNs, true, false, beat);
            looks++;
        }
        assertEquals(46, looks, "after 500 ms");
        assertEquals(0, health.late());
    }

    @Test
    void aPauseOfTheNodeIsOneLookAtTheTask() {
        cycles(5, true);
        for (int look = 0; look < 4; look++) {
            nowNs += 60_000 * MS;
            assertFalse(health.watch(nowNs, true, false, beat));
        }
        nowNs += MS;
        assertTrue(health.watch(nowNs, true, false, beat));
    }

    @Test
    void oneThatIsDownIsWorseThanALateOne() {
        cycles(5, true);
        nowNs += MS;
        assertFalse(health.watch(nowNs, false, false, beat));
        assertTrue(health.penalty() > TaskHealth.PENALTY_LATE);
        for (int i = 0; i < 2000; i++) {
            nowNs += MS;
            assertFalse(health.watch(nowNs, false, false, beat), "it cannot hang while there is none");
        }
    }

    @Test
    void linesAreLimitedAndTheLossIsTold() {
        List<String> told = new ArrayList<>();
        long[] now = {5};
        LineLimiter limiter = new LineLimiter(told::add, () -> now[0]);
        for (int i = 0; i < 200; i++) {
            limiter.line("line " + i);
        }
        assertEquals(LineLimiter.LINES, told.size());
        now[0] += 1_000_000_000;
        limiter.line("next second");
        assertEquals("(150 more lines within a second: dropped)", told.get(LineLimiter.LINES));
        assertEquals("next second", told.getLast());
    }
}
