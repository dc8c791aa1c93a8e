package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge must be able to fail: each test but the first takes one promise away. */
final class TakeoverJudgeTest {
    private static final long MS = 1_000_000;
    private static final long BOUND_NS = 1_000 * MS;
    private static final long FAULT_NS = 10 * MS + 500_000;
    private static final long WAKE_NS = 110 * MS;
    private static final long TRANSIT_NS = 40_000;
    private static final long OLD_TERM = 4;
    private static final long NEW_TERM = 7;

    private final List<Output> window = new ArrayList<>();
    private TakeoverJudge judge;

    @BeforeEach
    void aPerfectTakeover() {
        judge = new TakeoverJudge(BOUND_NS);
        for (int i = 1; i <= 10; i++) {
            output(0, OLD_TERM, i, i * MS, false);
        }
        for (int i = 11; i <= 100; i++) {
            output(1, NEW_TERM, i, (i + 1) * MS, false);
        }
    }

    private void output(int board, long term, long number, long sentNs, boolean replay) {
        window.add(new Output(sentNs + TRANSIT_NS, board, 100 + board, term, number, sentNs, replay));
    }

    private Verdict judge(FaultKind kind) {
        window.sort(Comparator.comparingLong(Output::receivedNs));
        return judge.judge(new Fault(kind, 1, 0, FAULT_NS, kind == FaultKind.HANG ? WAKE_NS : Fault.NEVER), window);
    }

    private static void assertBroken(Verdict verdict, String promise) {
        assertFalse(verdict.kept());
        assertTrue(verdict.broken().stream().anyMatch(text -> text.contains(promise)), verdict.broken()::toString);
    }

    @Test
    void aPerfectTakeoverKeepsEveryPromise() {
        Verdict verdict = judge(FaultKind.KILL);
        assertTrue(verdict.kept(), verdict.broken()::toString);
        assertEquals(12 * MS + TRANSIT_NS - FAULT_NS, verdict.takeoverNs());
        assertEquals(12 * MS - FAULT_NS, verdict.firstSentNs());
        assertEquals(2 * MS, verdict.silenceNs());
        assertEquals(10 * MS + TRANSIT_NS - FAULT_NS, verdict.lastOldNs());
        assertEquals(1, verdict.openGates());
        assertEquals(NEW_TERM, verdict.newTerm());
    }

    @Test
    void anOutputOfTheOldPrimaryAfterTheFirstOfTheNewOneIsASecondOpenGate() {
        output(0, OLD_TERM, 12, 13 * MS + 100, true);
        Verdict verdict = judge(FaultKind.POWER);
        assertBroken(verdict, "two open gates");
        assertEquals(2, verdict.openGates());
        assertEquals(1, verdict.overlapping());
    }

    @Test
    void anOutputThatWasSentBeforeAndArrivedAfterIsNoSecondOpenGate() {
        window.removeIf(output -> output.number() == 10);
        window.add(new Output(12 * MS + 2 * TRANSIT_NS, 0, 100, OLD_TERM, 10, 10 * MS, false));
        assertTrue(judge(FaultKind.KILL).kept());
    }

    @Test
    void anOutputOfTheStandbyBeforeTheFaultIsASecondOpenGate() {
        output(1, NEW_TERM, 5, 5 * MS + 100, true);
        assertBroken(judge(FaultKind.KILL), "two open gates");
    }

    @Test
    void oneOutputMayLeaveAWakingBoardASecondMayNot() {
        output(0, OLD_TERM, 11, WAKE_NS + 100, true);
        Verdict one = judge(FaultKind.HANG);
        assertTrue(one.kept(), one.broken()::toString);
        assertEquals(1, one.afterWaking());
        assertEquals(1, one.openGates());

        judge = new TakeoverJudge(BOUND_NS);
        output(0, OLD_TERM, 12, WAKE_NS + 200, true);
        Verdict two = judge(FaultKind.HANG);
        assertBroken(two, "outputs after waking");
        assertBroken(two, "two open gates");
    }

    @Test
    void outputsAfterWakingAreCountedEvenWhenTheyCarryAnOldTimeStamp() {
        window.add(new Output(WAKE_NS + 100, 0, 100, OLD_TERM, 11, 11 * MS, true));
        window.add(new Output(WAKE_NS + 200, 0, 100, OLD_TERM, 12, 11 * MS, true));
        assertBroken(judge(FaultKind.HANG), "2 outputs after waking");
    }

    @Test
    void aMissingNumberIsLost() {
        window.removeIf(output -> output.number() == 11);
        Verdict verdict = judge(FaultKind.KILL);
        assertBroken(verdict, "1 outputs lost");
        assertEquals(1, verdict.lost());
    }

    @Test
    void aNumberThatComesTwiceIsDoubledUnlessItIsMarked() {
        output(1, NEW_TERM, 10, 12 * MS + 100, true);
        Verdict marked = judge(FaultKind.KILL);
        assertTrue(marked.kept());
        assertEquals(1, marked.replays());

        judge = new TakeoverJudge(BOUND_NS);
        output(1, NEW_TERM, 9, 12 * MS + 200, false);
        Verdict unmarked = judge(FaultKind.KILL);
        assertBroken(unmarked, "doubled");
        assertEquals(1, unmarked.doubled());
    }

    @Test
    void numbersThatStartAgainAreDoubled() {
        window.removeIf(output -> output.board() == 1);
        for (int i = 1; i <= 90; i++) {
            output(1, NEW_TERM, i, (i + 11) * MS, false);
        }
        assertEquals(10, judge(FaultKind.KILL).doubled());
    }

    @Test
    void nobodyTakingOverIsBroken() {
        window.removeIf(output -> output.board() == 1);
        Verdict verdict = judge(FaultKind.KILL);
        assertBroken(verdict, "nobody took over");
        assertEquals(0, verdict.openGates());
    }

    @Test
    void aPrimaryThatSaidNothingBeforeTheFaultIsBroken() {
        window.removeIf(output -> output.board() == 0);
        assertBroken(judge(FaultKind.KILL), "sent nothing before");
    }

    @Test
    void aLateTakeoverIsBroken() {
        judge = new TakeoverJudge(1 * MS);
        assertBroken(judge(FaultKind.KILL), "later than 1 ms");
    }

    @Test
    void aTermThatDoesNotRiseIsBroken() {
        window.replaceAll(output -> output.board() == 0 ? output : withTerm(output, OLD_TERM - 1));
        assertBroken(judge(FaultKind.KILL), "is not above");
    }

    @Test
    void furtherReignsOneAtATimeAreCounted() {
        window.replaceAll(output -> output.number() < 50 ? output : withTerm(output, NEW_TERM + 2));
        output(0, NEW_TERM + 3, 101, 102 * MS, false);
        Verdict verdict = judge(FaultKind.HANG);
        assertTrue(verdict.kept(), verdict.broken()::toString);
        assertEquals(2, verdict.unasked());
    }

    @Test
    void furtherReignsAtTheSameTimeAreBroken() {
        output(0, NEW_TERM + 3, 51, 52 * MS + 100, true);
        Verdict verdict = judge(FaultKind.KILL);
        assertBroken(verdict, "two open gates");
        assertEquals(49, verdict.overlapping());
    }

    @Test
    void aTermThatBothUseIsBroken() {
        output(0, NEW_TERM, 51, 52 * MS + 100, true);
        assertBroken(judge(FaultKind.KILL), "the other board had used");
    }

    @Test
    void theBooksGoOnFromFaultToFault() {
        assertTrue(judge(FaultKind.KILL).kept());
        window.clear();
        for (int i = 102; i <= 120; i++) {
            output(1, NEW_TERM, i, i * MS, false);
        }
        output(0, NEW_TERM + 1, 121, 125 * MS, false);
        Verdict verdict = judge.judge(new Fault(FaultKind.KILL, 2, 1, 121 * MS, Fault.NEVER), window);
        assertEquals(1, verdict.lost());
    }

    private static Output withTerm(Output output, long term) {
        return new Output(output.receivedNs(), output.board(), output.bootId(), term, output.number(), output.sentNs(), output.replay());
    }
}
