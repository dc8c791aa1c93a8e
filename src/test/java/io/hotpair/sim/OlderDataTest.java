package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.Operator;
import io.hotpair.sync.Commit;
import org.junit.jupiter.api.Test;

/**
 * Nobody leads with older data than a board has that can be asked, or that will lead by its mark: row 9 and what belongs to it, each a way in which
 * it once happened.
 */
class OlderDataTest {
    private static DataProfile calm(boolean mirror) {
        DataProfile data = new DataProfile();
        data.commit = Commit.BOTH;
        data.mirror = mirror;
        data.inputLossPermille = 0;
        data.inputGapNs = 3 * Rig.MS;
        return data;
    }

    private static void expectNothingMissing(Rig rig) {
        rig.expectOneLeader();
        rig.world.data().quiet = true;
        for (int i = 0; i < 200 && !rig.world.data().allAcknowledged(); i++) {
            rig.run(5);
        }
        assertTrue(rig.world.data().allAcknowledged(), () -> rig.world.data().unanswered() + rig.text());
        rig.world.data().checker.atTheEnd(0, rig.open(0) ? 0 : 1);
        assertEquals(0, rig.world.data().checker.excusedReigns, "nothing that was acknowledged is missing");
    }

    private static void expectNobodyLeads(Rig rig, int ms, String why) {
        for (int i = 0; i < ms; i++) {
            rig.run(1);
            assertFalse(rig.open(0) || rig.open(1), () -> why + ": " + rig.text());
        }
    }

    private static void failSelfTest(Rig rig, int board, boolean fails) {
        rig.world.board(board).ports.conditions.selfTestFails = fails;
        if (!fails) {
            rig.order(board, Operator.REPAIR_FAULT);
        }
    }

    @Test
    void heartbeatsTellWhoHasMoreWhileNoStreamDoes() {
        Rig rig = Rig.together(calm(false));
        int leader = rig.expectOneLeader();
        int other = 1 - leader;
        for (int n = 0; n < 2; n++) { // a stream that gets nowhere; the UART line is whole
            rig.world.net().cut[n][0] = true;
            rig.world.net().cut[n][1] = true;
        }
        rig.world.crash(other, 0, 20 * Rig.MS);
        rig.run(400);
        failSelfTest(rig, leader, true);
        rig.run(20);
        failSelfTest(rig, leader, false);
        rig.run(1000);
        rig.world.net().heal();
        rig.run(1000);
        expectNothingMissing(rig);
    }

    @Test
    void markedBoardThatLetsAnotherLeadHasItsMarkClearedFirst() {
        Rig rig = Rig.together(calm(true));
        int marked = rig.expectOneLeader();
        int other = 1 - marked;
        rig.data(0).sync(0).compatible(false); // alone as far as what leaves is concerned, though the other has all of it
        rig.data(1).sync(0).compatible(false);
        rig.run(200);
        rig.world.data().quiet = true;
        rig.run(200);
        assertEquals(1, rig.world.data().simJournal(marked, 0).markOnDisk());
        rig.world.powerCut(marked, 0);
        rig.world.powerCut(other, 0);
        rig.run(20);
        rig.world.powerOn(other);
        rig.run(3);
        rig.world.board(marked).disk.writeNs = 60 * Rig.MS;
        rig.world.powerOn(marked);
        for (int i = 0; i < 1000 && !rig.open(0) && !rig.open(1); i++) {
            rig.run(0.5);
        }
        assertTrue(rig.open(other), "it started first, and has the same");
        rig.world.powerCut(marked, 0);
        rig.world.data().quiet = false;
        rig.run(300); // acknowledges alone
        rig.world.data().quiet = true;
        rig.run(200); // and has all of it on its disk
        assertTrue(rig.open(other));
        rig.world.powerCut(other, 0);
        rig.run(20);
        rig.world.powerOn(marked);
        expectNobodyLeads(rig, 1000, "what was acknowledged is on the other board");
        rig.world.powerOn(other);
        rig.world.board(marked).disk.writeNs = Rig.MS / 2;
        rig.run(1000);
        expectNothingMissing(rig);
    }

    @Test
    void whoMayHaveBeenReplacedOverAPauseDoesNotClaimToHaveTheNewestData() {
        Rig rig = Rig.together(calm(true));
        int paused = rig.expectOneLeader();
        rig.world.board(paused).pause(80 * Rig.MS);
        rig.run(1);
        rig.deafen(1 - paused, true); // no frame of the successor waits for it when it wakes
        rig.untilOpen(1 - paused);
        rig.run(30); // acknowledges alone
        rig.world.data().quiet = true;
        rig.run(20);
        rig.world.powerCut(1 - paused, 0);
        rig.deafen(1 - paused, false);
        rig.world.data().quiet = false;
        rig.run(300);
        assertTrue(rig.open(paused), "it goes on: nobody else is there");
        rig.world.powerCut(paused, 0);
        rig.run(20);
        rig.world.powerOn(paused);
        expectNobodyLeads(rig, 1000, "the other one may have led meanwhile, and has");
        rig.world.powerOn(1 - paused);
        rig.run(1000);
        expectNothingMissing(rig);
    }
}
