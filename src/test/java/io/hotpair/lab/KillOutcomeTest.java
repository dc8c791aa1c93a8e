package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KillOutcomeTest {
    @ParameterizedTest(name = "primary said HOT {0}, standby said HOT {1}, answered {2}: {3}")
    @CsvSource({
        "true,  true,  true,  TAKEN_OVER",
        "true,  true,  false, NOT_TAKEN_OVER",
        "true,  false, true,  TAKEN_OVER", // and judged: the killed board has acknowledged nothing alone
        "true,  false, false, DOUBLE_FAULT",
        "false, true,  true,  DOUBLE_FAULT", // whoever answers may lack what the killed board acknowledged alone
        "false, true,  false, DOUBLE_FAULT",
        "false, false, true,  DOUBLE_FAULT",
        "false, false, false, DOUBLE_FAULT"
    })
    void isTheKilledBoardsWord(boolean primarySaidHot, boolean standbySaidHot, boolean answered, KillOutcome expected) {
        assertEquals(expected, KillOutcome.of(primarySaidHot, standbySaidHot, answered));
    }
}
