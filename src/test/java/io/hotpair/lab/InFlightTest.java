package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class InFlightTest {
    @Test
    void whatIsCommittedMakesRoomAndLeavesItsTime() {
        InFlight window = new InFlight(4, 1);
        window.sent(4, 100);

        assertEquals(0, window.free());
        window.committed(3, 130);
        window.committed(1, 170);

        assertEquals(2, window.free());
        assertEquals(2, window.out());
        assertEquals(5, window.nextNumber());
        assertEquals(2, window.committed());
        assertEquals(30, window.tookNs().min());
        assertEquals(70, window.tookNs().max());
    }

    @Test
    void noMoreIsSentThanThereIsRoomFor() {
        InFlight window = new InFlight(2, 1);
        window.sent(1, 0);

        assertThrows(IllegalStateException.class, () -> window.sent(2, 0));
    }

    @Test
    void anAnswerThatComesAgainCountsOnce() {
        InFlight window = new InFlight(2, 1);
        window.sent(2, 0);
        window.committed(1, 10);
        window.committed(1, 20);

        assertEquals(1, window.committed());
        assertEquals(1, window.free());
        assertEquals(10, window.tookNs().max());
    }

    @Test
    void answersToWhatWasNotSentHereAreNotCounted() {
        InFlight window = new InFlight(2, 1000);
        window.sent(1, 0);
        window.committed(999, 10);  // of the window before
        window.committed(1001, 10); // not out yet
        window.committed(0, 10);

        assertEquals(0, window.committed());
        assertEquals(1, window.out());
    }

    @Test
    void whatIsGivenUpMakesRoomAndIsCounted() {
        InFlight window = new InFlight(3, 1);
        window.sent(2, 100);
        window.sent(1, 200);
        window.committed(2, 150);
        window.giveUp(200);

        assertEquals(1, window.unanswered());
        assertEquals(1, window.out());
        window.committed(1, 250); // too late
        assertEquals(1, window.committed());
        window.giveUp(201);
        assertEquals(2, window.unanswered());
        assertEquals(3, window.free());
    }

    @Test
    void aLongRunKeepsEveryTimeAndItsPlaces() {
        InFlight window = new InFlight(64, 1);
        for (int i = 0; i < 3_000; i++) {
            long first = window.nextNumber();
            window.sent(64, i);
            for (int one = 63; one >= 0; one--) { // in any order
                window.committed(first + one, i + 5);
            }
        }

        assertEquals(192_000, window.committed());
        assertEquals(192_000, window.tookNs().count());
        assertEquals(5, window.tookNs().max());
        assertEquals(64, window.free());
        assertEquals(0, window.unanswered());
    }

    @Test
    void anInputThatIsForgottenWhileOthersRunOnIsUnanswered() {
        InFlight window = new InFlight(2, 1);
        window.sent(1, 0);
        for (int i = 0; i < 70_000; i++) {
            long number = window.nextNumber();
            window.sent(1, i);
            window.committed(number, i);
        }

        assertEquals(70_000, window.committed());
        assertEquals(1, window.unanswered());
        assertEquals(0, window.out());
    }
}
