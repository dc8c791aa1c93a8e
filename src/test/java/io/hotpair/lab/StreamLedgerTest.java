package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class StreamLedgerTest {
    private final StreamLedger ledger = new StreamLedger();

    private void accept(long... numbers) {
        for (long number : numbers) {
            ledger.accept(number, false);
        }
    }

    @Test
    void aStreamMayStartAnywhereAndArriveOutOfOrder() {
        accept(500, 502, 501, 503);
        assertEquals(new StreamLedger.Balance(0, 0, 0), ledger.close());
    }

    @Test
    void aGapIsLostOnceTheBooksAreClosedAndOnlyOnce() {
        accept(1, 2, 5);
        assertEquals(new StreamLedger.Balance(2, 0, 0), ledger.close());
        accept(6);
        assertEquals(new StreamLedger.Balance(0, 0, 0), ledger.close());
    }

    @Test
    void aGapBetweenTwoPeriodsIsLost() {
        accept(1, 2);
        ledger.close();
        accept(4);
        assertEquals(new StreamLedger.Balance(1, 0, 0), ledger.close());
    }

    @Test
    void repetitionsAreCountedByWhetherTheyWereMarked() {
        accept(1, 2, 2, 1);
        ledger.accept(2, true);
        assertEquals(new StreamLedger.Balance(0, 2, 1), ledger.close());
    }

    @Test
    void aNumberFarAheadIsALossAndNoExhaustion() {
        accept(1, 1_000_000_000_000L, 1_000_000_000_001L);
        assertEquals(new StreamLedger.Balance(999_999_999_998L, 0, 0), ledger.close());
    }
}
