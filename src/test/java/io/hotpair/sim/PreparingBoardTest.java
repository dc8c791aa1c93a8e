package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A board that gets ready to lead is busy with itself, and speaks with long breaks. */
class PreparingBoardTest {
    private static final int JOINS = 40;

    private static Rig aServesAlone(long preparationNs) {
        Rig rig = Rig.of(Profile.TAKEOVER);
        rig.world.powerOn(0);
        rig.run(100);
        assertTrue(rig.open(0), rig::text);
        rig.b().ports.conditions.selfTestNs = 0;
        rig.b().ports.conditions.preparationNs = preparationNs;
        return rig;
    }

    /** Its breaks begin at any moment of the first exchange. */
    @ParameterizedTest
    @ValueSource(ints = {4, 10, 36, 80})
    void breaksOfOneThatJoinsShutNoGate(int breakMs) {
        for (int i = 0; i < JOINS; i++) {
            Rig rig = aServesAlone(1_000 * Rig.MS);
            rig.watchForGaps();
            rig.world.powerOn(1);
            rig.run(0.05 * i);
            for (int breaks = 0; breaks < 5; breaks++) {
                rig.b().pause(breakMs * Rig.MS);
                rig.run(breakMs + 0.3 + 0.7 * breaks);
            }
            rig.expectNoGapBeyondARoundTrip();
        }
    }

    /** What it said while it got ready keeps the primary's gate open after it has become ready, deaf by then: it waits that out. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 20, 60})
    void oneThatBecomesReadyAndDeafDoesNotOpenBesideThePrimary(int deafBeforeReadyMs) {
        Rig rig = aServesAlone(60 * Rig.MS);
        rig.world.powerOn(1);
        rig.run(60 - deafBeforeReadyMs);
        assertFalse(rig.open(1), rig::text);
        rig.deafen(0, true);
        for (int i = 0; i < 2_000; i++) {
            rig.run(0.2);
            assertFalse(rig.open(0) && rig.open(1), rig::text);
        }
    }
}
