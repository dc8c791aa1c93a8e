package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a client can tell of a pair by its answers alone. */
class AnswerLedgerTest {
    private final AnswerLedger ledger = new AnswerLedger(16);
    private long sum;

    private void answer(long number, long place) {
        sum += CountingTask.share(number);
        ledger.answer(number, place, sum);
    }

    @Test
    void anAnswerForEachIsAllThatIsAskedFor() {
        for (long number = 1; number <= 100; number++) {
            ledger.sentUpTo(number);
            answer(number, number);
        }

        assertEquals(100, ledger.answered());
        assertEquals(0, ledger.unanswered() + ledger.executedTwice() + ledger.acknowledgedLost() + ledger.repeated());
        assertTrue(ledger.sumsAgree());
    }

    @Test
    void theSameAnswerAgainIsARepetition() {
        ledger.sentUpTo(1);
        ledger.answer(1, 1, CountingTask.share(1));
        ledger.answer(1, 1, CountingTask.share(1));

        assertEquals(1, ledger.repeated());
        assertEquals(0, ledger.executedTwice());
    }

    @Test
    void twoPlacesForOneInputAreTwoExecutions() {
        ledger.sentUpTo(1);
        answer(1, 1);
        answer(1, 2);

        assertEquals(1, ledger.executedTwice());
    }

    @Test
    void aPlaceGivenAwayAgainIsALostInput() {
        ledger.sentUpTo(2);
        answer(1, 1);
        answer(2, 1);

        assertEquals(1, ledger.acknowledgedLost());
    }

    @Test
    void anInputWithoutAnAnswerIsNoLoss() {
        ledger.sentUpTo(2);
        answer(2, 1);

        assertEquals(1, ledger.unanswered());
        assertEquals(0, ledger.acknowledgedLost());
        assertTrue(ledger.sumsAgree());
    }

    @Test
    void aSumOverOtherInputsIsSeen() {
        ledger.sentUpTo(2);
        ledger.answer(1, 1, CountingTask.share(2));

        assertFalse(ledger.sumsAgree());
    }
}
