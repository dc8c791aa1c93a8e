package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.Operator;
import io.hotpair.sim.SimOscillator.Fault;
import io.hotpair.sync.Commit;
import io.hotpair.sync.SyncCounter;
import io.hotpair.sync.TickState;
import io.hotpair.sync.Ticks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 36 of the fault table and what else is promised of the ticks, on two boards that run the real replication, under all checkers. */
class TickFaultTableTest {
    private static final long TICK_NS = 10 * Rig.MS;
    private static final long FOREVER = Long.MAX_VALUE;

    private static DataProfile ticking(boolean line) {
        DataProfile data = new DataProfile();
        data.commit = Commit.BOTH;
        data.inputLossPermille = 0;
        data.tickNs = TICK_NS;
        data.tickLine = line;
        data.tickPpm = 150;
        data.tickPhaseNs = 3 * Rig.MS;
        return data;
    }

    private static Rig together() {
        Rig rig = Rig.together(ticking(true));
        assertAlike(rig);
        return rig;
    }

    private static Ticks ticks(Rig rig, int board) {
        return rig.data(board).sync(0).ticks();
    }

    private static TickChecker checker(Rig rig) {
        return rig.world.data().checker.ticks;
    }

    private static SimOscillator line(Rig rig) {
        return rig.world.data().oscillator;
    }

    private static long numbering(Rig rig, int board) {
        return checker(rig).numbering(rig.world.board(board), 0);
    }

    /** Both boards are at the edges and give them the same numbers; returns how they number. */
    private static long assertAlike(Rig rig) {
        assertEquals(TickState.LOCKED, ticks(rig, 0).state());
        assertEquals(TickState.LOCKED, ticks(rig, 1).state());
        assertEquals(numbering(rig, 0), numbering(rig, 1));
        return numbering(rig, 0);
    }

    private static void assertTicking(Rig rig, int board) {
        long before = checker(rig).executed(board, 0);
        rig.run(200);
        assertEquals(20, checker(rig).executed(board, 0) - before, 1);
    }

    @Test
    void bothTasksBeginWithTheTickThatWasAnnounced() {
        Rig rig = Rig.together(ticking(true));
        long start = checker(rig).started[0];
        assertEquals(start, ticks(rig, 0).startTick());
        assertEquals(start, ticks(rig, 1).startTick());
        rig.run(200);
        assertTrue(checker(rig).executed(0, 0) > start);
        assertEquals(checker(rig).executed(0, 0), checker(rig).executed(1, 0), 1);
    }

    /** The answer of the standby takes longer than the start is announced ahead: it is put off, again and again, until an answer comes in time. */
    @Test
    void aStartThatTheStandbyHasNotAnsweredIsPutOff() {
        DataProfile data = ticking(true);
        data.startAfterTicks = 1;
        data.startWaitNs = FOREVER;
        Rig rig = new Rig(Profile.TAKEOVER, 1, 1, data);
        delayStream(rig, 8 * Rig.MS);
        rig.world.powerOn(0);
        rig.run(100);
        rig.world.powerOn(1);
        rig.run(800);
        assertTrue(rig.data(0).sync(0).granted(), "the standby is in step");
        assertTrue(ticks(rig, 0).startTick() > 0, "a start was announced");
        assertEquals(0, checker(rig).ticks, "and put off");
        delayStream(rig, 0);
        rig.run(200);
        assertTrue(checker(rig).ticks > 0);
        assertEquals(checker(rig).started[0], ticks(rig, 1).startTick());
    }

    private static void delayStream(Rig rig, long delayNs) {
        rig.world.data().stream(0).extraDelayNs[0] = delayNs;
        rig.world.data().stream(0).extraDelayNs[1] = delayNs;
    }

    @Test
    void aPrimaryBeginsAloneAfterTheWaitAndABoardThatComesLateNumbersAsItDoes() {
        Rig rig = new Rig(Profile.TAKEOVER, 1, 1, ticking(true));
        rig.world.powerOn(0);
        rig.run(250);
        assertEquals(0, checker(rig).ticks, "it waits");
        rig.run(350);
        assertTrue(checker(rig).ticks > 0);
        long numbers = numbering(rig, 0);
        rig.world.powerOn(1);
        rig.run(600);
        rig.expectLeader(0, 0);
        assertEquals(numbers, assertAlike(rig));
        assertTicking(rig, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTakeoverGoesOnWithTheSameNumbers(boolean planned) {
        Rig rig = together();
        long numbers = assertAlike(rig);
        if (planned) {
            rig.order(0, Operator.SWITCHOVER_GROUP_0);
        } else {
            rig.world.powerCut(0, 100 * Rig.MS);
        }
        rig.untilOpen(1);
        rig.run(30);
        long skipped = rig.data(1).counter(0, SyncCounter.TICKS_SKIPPED);
        rig.run(700);
        rig.expectLeader(1, 0);
        assertEquals(numbers, assertAlike(rig));
        assertTrue(skipped <= (planned ? 0 : 2), skipped + " ticks skipped");
        assertTicking(rig, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void row36LineLostIsHeldOverWithTheRoleUnchangedAndReacquired(int board) {
        Rig rig = together();
        long numbers = assertAlike(rig);
        int changes = rig.roleChanges();
        for (int b = 0; b < 2; b++) {
            if (board == b || board == 2) {
                line(rig).suffer(Fault.CUT, b, 0, FOREVER);
            }
        }
        rig.run(60);
        for (int b = 0; b < 2; b++) {
            assertEquals(board == b || board == 2 ? TickState.HOLDOVER : TickState.LOCKED, ticks(rig, b).state());
        }
        assertTicking(rig, 0);
        rig.run(board == 2 ? 500 : 60_000); // a board whose line alone is cut follows the other for as long as it likes
        assertTicking(rig, 1);
        line(rig).heal();
        rig.run(400);
        assertEquals(numbers, assertAlike(rig), "not long enough to be off by a tick");
        assertTicking(rig, 0);
        rig.expectNoChangeSince(changes);
    }

    @Test
    void bothLinesLostForLongStayAlikeAndAreSlewedToTheEdges() {
        Rig rig = together();
        for (int b = 0; b < 2; b++) {
            line(rig).suffer(Fault.CUT, b, 0, FOREVER);
        }
        for (int i = 0; i < 60; i++) {
            rig.run(1000);
            assertTrue(Math.abs(checker(rig).apartNs(0)) < 400_000, "the standby follows the primary: " + checker(rig).apartNs(0));
        }
        line(rig).heal();
        rig.run(600);
        assertAlike(rig);
        assertTicking(rig, 0);
    }

    @Test
    void aPrimaryThatDiesInHoldoverIsReplacedWithoutAStep() {
        Rig rig = together();
        line(rig).suffer(Fault.CUT, 0, 0, FOREVER);
        rig.run(5_000);
        long numbers = numbering(rig, 1);
        rig.world.powerCut(0, 50 * Rig.MS);
        rig.untilOpen(1);
        rig.run(1_000);
        assertEquals(numbers, numbering(rig, 1));
        assertTicking(rig, 1);
        line(rig).heal();
        rig.run(400);
        assertEquals(numbers, assertAlike(rig));
    }

    @Test
    void lostEdgesCostNoTick() {
        Rig rig = together();
        long numbers = assertAlike(rig);
        line(rig).suffer(Fault.LOSES, 0, 250, FOREVER);
        line(rig).suffer(Fault.LOSES, 1, 250, FOREVER);
        for (int i = 0; i < 20; i++) {
            assertTicking(rig, 0);
        }
        assertTrue(rig.data(0).counter(0, SyncCounter.EDGES_MISSED) > 50);
        line(rig).heal();
        rig.run(400);
        assertEquals(numbers, assertAlike(rig));
    }

    @ParameterizedTest
    @EnumSource(names = {"BOUNCES", "JITTERS"})
    void bouncesAndJitterAreNoTicks(Fault fault) {
        Rig rig = together();
        long numbers = assertAlike(rig);
        line(rig).suffer(fault, 0, 900, FOREVER);
        line(rig).suffer(fault, 1, 900, FOREVER);
        for (int i = 0; i < 20; i++) {
            assertTicking(rig, 0);
            assertEquals(numbers, assertAlike(rig));
        }
        assertEquals(fault == Fault.BOUNCES, rig.data(0).counter(0, SyncCounter.EDGES_REJECTED) > 400);
    }

    @Test
    void aLineFullOfNoiseIsNotBelieved() {
        Rig rig = together();
        int changes = rig.roleChanges();
        line(rig).suffer(Fault.NOISY, 0, 900, FOREVER);
        line(rig).suffer(Fault.NOISY, 1, 900, FOREVER);
        rig.run(100);
        for (int i = 0; i < 20; i++) {
            assertTicking(rig, 0);
            assertNotEquals(TickState.LOCKED, ticks(rig, 0).state());
        }
        line(rig).heal();
        rig.run(600);
        assertAlike(rig);
        rig.expectNoChangeSince(changes);
    }

    @Test
    void withoutALineTheStandbyKeepsThePrimarysTime() {
        Rig rig = Rig.together(ticking(false));
        rig.run(500);
        assertEquals(TickState.SOFTWARE, ticks(rig, 1).state());
        assertTicking(rig, 0);
        assertTrue(Math.abs(checker(rig).apartNs(0)) < 200_000, "apart by " + checker(rig).apartNs(0));
        long before = checker(rig).executed(1, 0);
        rig.world.powerCut(0, 0);
        rig.untilOpen(1);
        rig.run(1_000);
        assertEquals(100, checker(rig).executed(1, 0) - before, 4);
    }

    @Test
    void aBoardThatNeverHasALineFollowsTheOther() {
        Rig rig = new Rig(Profile.TAKEOVER, 1, 1, ticking(true));
        line(rig).suffer(Fault.CUT, 0, 0, FOREVER);
        rig.world.powerOn(0);
        rig.run(60);
        rig.world.powerOn(1);
        rig.run(900);
        rig.expectLeader(0, 0);
        assertEquals(TickState.HOLDOVER, ticks(rig, 0).state());
        assertEquals(TickState.LOCKED, ticks(rig, 1).state());
        rig.run(20_000);
        assertEquals(0, checker(rig).apartNs(0), 200_000);
        assertTicking(rig, 0);
    }

    @Test
    void aPairThatWasOffGoesOnAboveTheNumbersInItsJournal() {
        DataProfile data = ticking(true);
        data.mirror = true;
        Rig rig = Rig.together(data);
        rig.run(500);
        long before = checker(rig).executed(0, 0);
        rig.world.powerCut(0, 100 * Rig.MS);
        rig.world.powerCut(1, 100 * Rig.MS);
        rig.run(1500);
        int leader = rig.expectOneLeader();
        assertTrue(checker(rig).executed(leader, 0) > before);
        assertAlike(rig);
        assertTicking(rig, leader);
    }
}
