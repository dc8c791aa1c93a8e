package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.Fitness;
import org.junit.jupiter.api.Test;

class NodeFitnessTest {
    private long nowNs = -50;
    private boolean placeFree = true;
    private final NodeFitness fitness = new NodeFitness(() -> nowNs);

    @Test
    void aBoardMayLeadOnceItHasRehearsedAndItsPlaceIsFree() {
        assertFalse(fitness.mayLead(), "nobody said yet what it depends on");
        fitness.leadOnlyIf(() -> placeFree, 100);
        assertTrue(fitness.preparing());
        assertFalse(fitness.mayLead());
        fitness.rehearsed();
        assertFalse(fitness.preparing());
        assertTrue(fitness.mayLead());
        placeFree = false;
        assertFalse(fitness.mayLead());
        assertNull(fitness.trouble());
    }

    @Test
    void theRehearsalIsWaitedForOnlySoLong() {
        fitness.leadOnlyIf(() -> placeFree, 100);
        nowNs = 49;
        assertTrue(fitness.preparing());
        assertFalse(fitness.mayLead());
        assertNull(fitness.trouble());
        nowNs = 50;
        assertFalse(fitness.preparing());
        assertTrue(fitness.mayLead());
        assertNotNull(fitness.trouble());
        fitness.rehearsed();
        assertNull(fitness.trouble());
        placeFree = false;
        assertFalse(fitness.mayLead(), "time does not free a place");
    }

    @Test
    void aPersonWaitsForNoRehearsalAndKnowsWhatIsInThePeersPlace() {
        fitness.leadOnlyIf(() -> placeFree, 100);
        placeFree = false;
        fitness.leadOrdered(true);
        assertFalse(fitness.preparing());
        assertTrue(fitness.mayLead());
        fitness.leadOrdered(false);
        assertTrue(fitness.preparing(), "an order that was refused changes nothing");
        assertFalse(fitness.mayLead());
        fitness.rehearsed();
        assertFalse(fitness.mayLead());
    }

    @Test
    void theSelfTestIsNotWaitedOutInThisWay() {
        fitness.leadOnlyIf(() -> true, 100);
        nowNs = 1_000;
        assertEquals(Fitness.SELF_TEST_RUNNING, fitness.selfTest());
        fitness.selfTest(Fitness.SELF_TEST_FAILED);
        assertEquals(Fitness.SELF_TEST_FAILED, fitness.selfTest());
    }

    @Test
    void aBoardTakesPartAfterItsRehearsal() {
        fitness.leadOnlyIf(() -> placeFree, 1_000);
        assertFalse(fitness.takesPart(false));
        nowNs += 3_600_000_000_000L;
        assertFalse(fitness.takesPart(true), "who leads can do without it, for as long as it takes");
        fitness.rehearsalOver();
        assertTrue(fitness.takesPart(true));
    }

    @Test
    void aBoardTakesPartWhenNobodyLeadsAndItHasWaitedLongEnough() {
        fitness.leadOnlyIf(() -> placeFree, 10_000_000_000L);
        nowNs += 9_999_999_999L;
        assertFalse(fitness.takesPart(false), "the rehearsal may be over shortly");
        nowNs += 100;
        assertTrue(fitness.takesPart(false));
        assertFalse(fitness.takesPart(true));
        nowNs += 900_000_000;
        assertFalse(fitness.takesPart(false), "not heard for a moment");
        nowNs += 100_000_000;
        assertTrue(fitness.takesPart(false));
    }

    @Test
    void aPersonsOrderHasABoardTakePart() {
        fitness.leadOnlyIf(() -> placeFree, 1_000);
        fitness.leadOrdered(true);
        assertTrue(fitness.takesPart(true));
    }
}
