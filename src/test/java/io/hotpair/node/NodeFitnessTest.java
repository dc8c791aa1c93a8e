package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.PairCore;
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
    void dataThatIsNotReadyIsNoRehearsal() {
        boolean[] dataReady = {false};
        fitness.workload(new Data(dataReady));
        fitness.leadOnlyIf(() -> placeFree, 100);
        assertTrue(fitness.preparing() && fitness.rehearsing());
        fitness.rehearsed();
        assertFalse(fitness.rehearsing());
        assertTrue(fitness.preparing());
        assertFalse(fitness.mayLead());
        dataReady[0] = true;
        assertFalse(fitness.preparing());
        assertTrue(fitness.mayLead());
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

    /** A workload of which only the state of its data is asked. */
    private record Data(boolean[] ready) implements Workload {
        @Override
        public boolean mayLead() {
            return ready[0];
        }

        @Override
        public boolean preparing() {
            return !ready[0];
        }

        @Override
        public void attach(PairCore core) { }

        @Override
        public long doWork(long nowNs) {
            return Long.MAX_VALUE;
        }

        @Override
        public void onGateOpen(int group, long nowNs) { }

        @Override
        public long emitted(int group) {
            return 0;
        }

        @Override
        public long commitIndex(int group) {
            return 0;
        }

        @Override
        public boolean hot(int group) {
            return false;
        }

        @Override
        public void onPeerCommitIndex(int group, boolean peerIsPrimary, long term, int peerIndex) { }

        @Override
        public void onPeerCold(int group, long heardNs) { }

        @Override
        public void freeze(int group, boolean on) { }

        @Override
        public boolean drained(int group) {
            return true;
        }

        @Override
        public void onRole(int group, boolean primary, long term) { }
    }
}
