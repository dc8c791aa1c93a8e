package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.Operator;
import io.hotpair.sync.Commit;
import io.hotpair.sync.SyncCounter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the fault table that are about data, on two boards that run the real replication; every scenario under all checkers. */
class DataFaultTableTest {
    private static DataProfile calm(Commit commit, boolean mirror) {
        DataProfile data = new DataProfile();
        data.commit = commit;
        data.mirror = mirror;
        data.inputLossPermille = 0;
        data.inputGapNs = 3 * Rig.MS;
        return data;
    }

    private static int answered(Rig rig) {
        return rig.world.data().acknowledgedInputs[0];
    }

    private static void expectAllAnswered(Rig rig) {
        rig.world.data().quiet = true;
        for (int i = 0; i < 200 && !rig.world.data().allAcknowledged(); i++) {
            rig.run(5);
        }
        assertTrue(rig.world.data().allAcknowledged(), () -> rig.world.data().unanswered() + rig.text());
        rig.world.data().checker.atTheEnd(0, rig.open(0) ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"BOTH", "DURABLE"})
    void row09OlderJournalAloneWaitsForTheNewer(Commit commit) {
        Rig rig = Rig.together(calm(commit, true));
        int leader = rig.expectOneLeader();
        int older = 1 - leader;
        rig.world.powerCut(older, 0);
        rig.run(400);
        assertTrue(rig.open(leader));
        rig.world.powerCut(leader, 0);
        rig.run(50);
        rig.world.powerOn(older);
        rig.run(1500);
        assertFalse(rig.open(older), "it does not know what the other has");
        rig.world.powerOn(leader);
        rig.run(800);
        rig.expectLeader(leader, 0);
        expectAllAnswered(rig);
    }

    @ParameterizedTest
    @EnumSource(names = {"BOTH", "DURABLE"})
    void row09NewerJournalAloneLeads(Commit commit) {
        Rig rig = Rig.together(calm(commit, true));
        int leader = rig.expectOneLeader();
        rig.world.powerCut(1 - leader, 0);
        rig.run(400);
        rig.world.powerCut(leader, 0);
        rig.run(50);
        rig.world.powerOn(leader);
        rig.untilOpen(leader);
        rig.world.powerOn(1 - leader);
        rig.run(800);
        rig.expectLeader(leader, 0);
        expectAllAnswered(rig);
    }

    @ParameterizedTest
    @ValueSource(ints = {-300, -20, 0, 20, 300})
    void row09DurableComesBackAfterBothLostTheirPower(int aBeforeBMs) {
        Rig rig = Rig.together(calm(Commit.DURABLE, true));
        rig.run(100);
        rig.world.powerCut(0, (200 - Math.min(aBeforeBMs, 0)) * Rig.MS);
        rig.world.powerCut(1, (200 + Math.max(aBeforeBMs, 0)) * Rig.MS);
        rig.run(1500);
        rig.expectOneLeader();
        assertTrue(answered(rig) > 0);
        assertEquals(0, rig.world.data().checker.excusedReigns, "nothing that was acknowledged is missing");
        expectAllAnswered(rig);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void row24FullOrHangingDiskKeepsTheRolesAndCostsAtMostTheWait(boolean hangs) {
        Rig rig = Rig.together(calm(Commit.DURABLE, true));
        int leader = rig.expectOneLeader();
        int changes = rig.roleChanges();
        SimDisk disk = rig.world.board(1 - leader).disk;
        disk.stalls = hangs;
        disk.refuses = !hangs;
        rig.run(300);
        int before = answered(rig);
        rig.run(300);
        assertTrue(answered(rig) > before, "the standby was asked to be COLD");
        assertFalse(rig.data(1 - leader).hot(0));
        rig.expectNoChangeSince(changes);
        disk.stalls = false;
        disk.refuses = false;
        rig.run(1500);
        rig.expectLeader(leader, 0);
        expectAllAnswered(rig);
    }

    @Test
    void row25StalledStandbyIsAskedToBeColdAndNeverPromotedAsHot() {
        Rig rig = Rig.together(calm(Commit.BOTH, false));
        rig.b().replica.coldUntilNs = Long.MAX_VALUE;
        rig.run(20);
        int waiting = answered(rig);
        rig.run(30);
        assertEquals(waiting, answered(rig), "an acknowledgement that is late is no reason");
        assertTrue(rig.data(0).counter(0, SyncCounter.COLD_REQUESTS) == 0);
        rig.run(60);
        assertTrue(rig.data(0).counter(0, SyncCounter.COLD_REQUESTS) > 0);
        rig.b().replica.coldUntilNs = 0;
        rig.run(300);
        rig.expectLeader(0, 0);
        expectAllAnswered(rig);
    }

    @Test
    void row25ColdStandbyDoesNotLeadAsHot() {
        Rig rig = Rig.together(calm(Commit.BOTH, true));
        int leader = rig.expectOneLeader();
        rig.data(1 - leader).sync(0).compatible(false);
        rig.data(leader).sync(0).compatible(false);
        rig.run(300);
        assertFalse(rig.data(1 - leader).hot(0));
        rig.world.powerCut(leader, 0);
        rig.run(500);
        assertNotEquals(WireView.ROLE_PRIMARY, rig.world.board(1 - leader).role(0), "its journal is the older one");
    }

    @Test
    void row31DifferentConfigurationIsNotMadeHot() {
        Rig rig = Rig.together(calm(Commit.BOTH, false));
        rig.data(0).sync(0).compatible(false);
        rig.run(300);
        assertFalse(rig.data(1).hot(0));
        int before = answered(rig);
        rig.run(200);
        assertTrue(answered(rig) > before, "the service goes on");
        rig.data(0).sync(0).compatible(true);
        rig.run(300);
        rig.expectLeader(0, 0);
    }

    @Test
    void row32PrimaryDiesInTheMiddleOfAStateTransfer() {
        row32(5_000);
    }

    @Test
    @Tag("slow")
    void row32PrimaryDiesAtManyPointsOfAStateTransfer() {
        row32(250);
    }

    private void row32(int everyUs) {
        for (int us = 0; us < 30_000; us += everyUs) {
            DataProfile data = calm(Commit.BOTH, us / everyUs % 2 == 0);
            data.stateBytes = 64 << 10;
            data.streamBytes = 12 << 10;
            Rig rig = Rig.together(data);
            int leader = rig.expectOneLeader();
            rig.world.crash(1 - leader, 0, 2 * Rig.MS);
            rig.run(15);
            rig.world.runFor(us * 1000L);
            rig.world.crash(leader, 0, 300 * Rig.MS);
            rig.run(1500); // a state that is not whole ends the run in the task
            rig.expectOneLeader();
            expectAllAnswered(rig);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BOTH", "DURABLE"})
    void row38PlannedSwitchoverUnderLoad(Commit commit) {
        Rig rig = Rig.together(calm(commit, commit == Commit.DURABLE));
        for (int i = 0; i < 4; i++) {
            rig.run(600); // not damped
            int leader = rig.expectOneLeader();
            rig.order(leader, Operator.SWITCHOVER_GROUP_0);
            rig.untilOpen(1 - leader, 0, 100);
        }
        rig.run(300);
        assertEquals(0, rig.world.data().checker.repetitions, "nothing leaves twice");
        expectAllAnswered(rig);
    }

    @Test
    void row40StreamCutInTheMiddleOfARecordOnOneNetwork() {
        Rig rig = Rig.together(calm(Commit.BOTH, false));
        SimRandom random = new SimRandom(40);
        for (int i = 0; i < 200; i++) {
            rig.world.data().stream(0).breakUp(random.below(2));
            rig.world.runFor(random.between(100_000, 8 * Rig.MS));
        }
        rig.run(100);
        rig.expectLeader(0, 0);
        assertTrue(rig.data(1).counter(0, SyncCounter.DUPLICATE_RECORDS) > 0, "the other network brings everything too");
        assertEquals(0, rig.data(1).counter(0, SyncCounter.BROKEN_CHAINS));
        expectAllAnswered(rig);
    }

    @Test
    void row41HandoverCutOffAtEachStepUnderLoad() {
        row41(500);
    }

    @Test
    @Tag("slow")
    void row41HandoverCutOffAtManyPointsUnderLoad() {
        row41(50);
    }

    private void row41(int everyUs) {
        for (int cut = 0; cut < 4; cut++) {
            for (int us = 0; us < 2500; us += everyUs) {
                Rig rig = Rig.together(calm(Commit.BOTH, us / everyUs % 2 == 0));
                int leader = rig.expectOneLeader();
                rig.order(leader, Operator.SWITCHOVER_GROUP_0);
                rig.world.runFor(us * 1000L);
                switch (cut) {
                    case 0 -> rig.world.powerCut(0, 300 * Rig.MS);
                    case 1 -> rig.world.powerCut(1, 300 * Rig.MS);
                    default -> rig.deafen(cut - 2, true);
                }
                rig.run(100);
                rig.deafen(0, false);
                rig.deafen(1, false);
                rig.run(1000);
                rig.expectOneLeader();
                expectAllAnswered(rig);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 1000, 5000})
    void row44MessageThatOnlyOneBoardReceivedLongAgoIsNeverExecuted(int msBefore) {
        Rig rig = Rig.together(calm(Commit.BOTH, false));
        cutNetworks(rig, true); // it cannot be forwarded
        rig.run(10);
        rig.world.data().sendTo(1, 0, 1999, 1);
        rig.run(msBefore);
        rig.world.powerCut(0, 0);
        rig.run(300);
        cutNetworks(rig, false);
        rig.run(500);
        assertEquals(0, rig.world.data().checker.executions(0, 1999, 1));
    }

    @Test
    void row44MessageThatOnlyTheStandbyReceivedIsForwardedOrExecutedByIt() {
        Rig rig = Rig.together(calm(Commit.BOTH, false));
        rig.world.data().sendTo(1, 0, 1998, 1);
        rig.run(30);
        assertEquals(1, rig.world.data().checker.executions(0, 1998, 1), "forwarded after 5 ms");
        rig.world.data().sendTo(1, 0, 1999, 1);
        rig.run(1);
        rig.world.powerCut(0, 0);
        rig.run(200);
        assertEquals(1, rig.world.data().checker.executions(0, 1999, 1), "the survivor had it within the window");
    }

    private static void cutNetworks(Rig rig, boolean cut) {
        for (int n = 0; n < 2; n++) {
            rig.world.net().cut[n][0] = cut;
            rig.world.net().cut[n][1] = cut;
        }
    }
}
