package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * One direction of every channel is lost, together with a start or with a checkpoint: the moments at which the model found it to matter. Where
 * the GPIO line would tell the hearing board that the other one lives, none is wired.
 */
class DeafBoardTest {
    private static final double LONG_MS = 1500;

    private static Rig withoutGpio() {
        Rig rig = Rig.of(Profile.TAKEOVER);
        rig.world.net().cut[Net.GPIO][0] = true;
        rig.world.net().cut[Net.GPIO][1] = true;
        return rig;
    }

    private static void blockCheckpoints(Rig rig, int board) {
        rig.world.net().checkpointBlocked[board][0] = true;
        rig.world.net().checkpointBlocked[board][1] = true;
    }

    private static void drift(Board board, long ppm) {
        board.powered = true; // else the power-on picks a clock
        board.clock = new Clock(0, ppm);
    }

    /** B meets the primary, but what B sends gets lost before the primary has met B. */
    @Test
    void primaryThatHasNotMetTheOtherBoardIsNotSilent() {
        for (int us = 0; us < 400; us += 10) {
            Rig rig = withoutGpio();
            rig.world.powerOn(0);
            rig.run(60);
            rig.b().ports.conditions.selfTestNs = 0;
            rig.watchForGaps();
            rig.world.powerOn(1);
            rig.world.runFor(us * 1000L);
            rig.deafen(1, true);
            for (int i = 0; i < 200; i++) {
                rig.run(0.1);
                rig.b().replica.hot[0] = true; // a task without a state to transfer
                assertTrue(!rig.open(1), rig::text);
            }
            rig.expectNoGapBeyondARoundTrip();
        }
    }

    /** A sleeps so long that its queue of edges is full, and B serves in its place: of B it then hears pulses alone, and nothing of A is heard. */
    @Test
    void pulsesThatAreTooFewYetAreNoSilence() {
        for (int us = 0; us < 1000; us += 50) {
            Rig rig = Rig.together();
            rig.deafen(0, true);
            rig.deafen(1, true);
            rig.world.net().cut[Net.GPIO][1] = false;
            rig.a().watchdogNs = Long.MAX_VALUE / 2;
            rig.a().pause(200 * Rig.MS + us * 1000L);
            rig.untilOpen(1);
            for (int i = 0; i < 2500; i++) {
                rig.run(0.1);
                assertTrue(!rig.open(0) || !rig.open(1), rig::text);
            }
        }
    }

    /** B has never been heard by A, and never stops saying that it leads. */
    @Test
    void boardThatNeverHeardTheOtherOneStillClaimsAfterTheSettleTime() {
        Rig rig = withoutGpio();
        rig.deafen(0, true);
        rig.world.powerOn(1);
        rig.run(100);
        rig.world.powerOn(0);
        rig.run(LONG_MS);
        assertTrue(rig.open(0) != rig.open(1), rig::text);
    }

    /** The standby hears nobody any more, neither the primary nor a checkpoint. */
    @Test
    void deafStandbyShutsNoGateOfTheOther() {
        Rig rig = Rig.together();
        rig.deafen(0, true);
        blockCheckpoints(rig, 1);
        rig.run(LONG_MS);
        assertTrue(rig.open(0), rig::text);
    }

    /** The primary hears no standby, goes on alone, and later loses its checkpoints too. */
    @Test
    void deafPrimaryThatLosesItsCheckpointsIsReplaced() {
        Rig rig = Rig.together();
        rig.deafen(1, true);
        rig.run(500);
        blockCheckpoints(rig, 0);
        rig.run(LONG_MS);
        assertTrue(rig.open(1), rig::text);
    }

    /** A board that joins deaf and reaches no checkpoint is not waited for. */
    @Test
    void deafBoardThatIsCutOffFromTheStartIsNotWaitedFor() {
        Rig rig = Rig.of(Profile.TAKEOVER);
        rig.deafen(1, true);
        blockCheckpoints(rig, 0);
        rig.world.powerOn(0);
        rig.run(400);
        rig.world.powerOn(1);
        rig.untilOpen(1);
    }

    /** The same beside a clock that is slower, for longer than it takes the two to be a settle time apart. */
    @Test
    void claimCountsHoweverFarTheClocksDriftApart() {
        Rig rig = withoutGpio();
        drift(rig.a(), 200);
        drift(rig.b(), -200);
        rig.deafen(0, true);
        rig.world.powerOn(1);
        rig.run(100);
        rig.world.powerOn(0);
        double apartMs = rig.profile.settleNs() / 1e6 / 400e-6;
        for (double ms = 0; ms < apartMs * 1.2; ms += 100) {
            rig.run(100);
            assertTrue(rig.open(1) && !rig.open(0), rig::text);
        }
    }

    /** The standby hears nobody, and may not take over either: it keeps the primary from serving no longer than it takes to see that. */
    @Test
    void deafStandbyThatMayNotLeadKeepsNobodyFromServing() {
        Rig rig = Rig.together();
        rig.b().ports.conditions.mayLead = false;
        rig.run(10);
        rig.deafen(0, true);
        rig.run(LONG_MS);
        assertTrue(rig.open(0), rig::text);
    }
}
