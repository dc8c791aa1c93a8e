package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PeerMatchTest {
    private final PeerMatch match = new PeerMatch();

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertFalse(match.knows(7));
        assertFalse(match.same(7));
        assertFalse(match.knows(0), "0 names no boot");
        assertFalse(match.same(0));
    }

    @Test
    void anAnswerTellsOfItsBootOnly() {
        match.onVerified(-7, true);
        assertTrue(match.knows(-7) && match.same(-7));
        assertFalse(match.knows(8));
        assertFalse(match.same(8), "the next boot may run something else");
        match.onVerified(8, false);
        assertTrue(match.knows(8));
        assertFalse(match.same(8));
        assertFalse(match.knows(-7));
    }
}
