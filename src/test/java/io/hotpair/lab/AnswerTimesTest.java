package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AnswerTimesTest {
    private static final long LIMIT_NS = 10;

    private final AnswerTimes times = new AnswerTimes(8);

    @Test
    void anInputIsLateBeyondTheLimitOrWithoutAnAnswer() {
        times.answer(times.sending(100), 110);
        times.answer(times.sending(101), 112);
        times.sending(102);

        assertEquals(new AnswerTimes.Lateness(3, 2, 1, 11), times.between(100, 103, LIMIT_NS));
    }

    @Test
    void onlyInputsOfTheWhileCount() {
        times.answer(times.sending(100), 105);
        times.answer(times.sending(200), 240);
        times.answer(times.sending(300), 305);

        assertEquals(new AnswerTimes.Lateness(1, 1, 0, 40), times.between(200, 300, LIMIT_NS));
    }

    @Test
    void theFirstAnswerCounts() {
        long number = times.sending(100);
        times.answer(number, 104);
        times.answer(number, 150);

        assertEquals(new AnswerTimes.Lateness(1, 0, 0, 4), times.between(100, 101, LIMIT_NS));
    }

    @Test
    void whatIsOlderThanTheWindowIsForgottenAndItsAnswersToo() { // one place is the next input's
        for (int i = 0; i < 20; i++) {
            times.sending(100 + i);
        }
        times.answer(1, 500);
        times.answer(99, 500);

        assertEquals(new AnswerTimes.Lateness(7, 7, 7, 0), times.between(0, 1000, LIMIT_NS));
    }
}
