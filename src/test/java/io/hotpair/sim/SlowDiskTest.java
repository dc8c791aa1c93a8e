package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.Commit;
import io.hotpair.sync.SyncCounter;
import org.junit.jupiter.api.Test;

/** Row 24, a disk that is slow for a while as flash cards are, and fails in nothing. */
class SlowDiskTest {
    private static Rig together() {
        DataProfile data = new DataProfile();
        data.commit = Commit.DURABLE;
        data.mirror = true;
        data.inputLossPermille = 0;
        data.inputGapNs = 3 * Rig.MS;
        return Rig.together(data);
    }

    @Test
    void slowDiskOfThePrimaryIsNoReasonToLeaveTheStandbyBehind() {
        Rig rig = together();
        int leader = rig.expectOneLeader();
        rig.world.board(leader).disk.writeNs = 120 * Rig.MS; // the standby may owe an acknowledgement for 60 ms, and owes none
        rig.run(600);
        assertEquals(0, rig.data(leader).counter(0, SyncCounter.COLD_REQUESTS), "the standby has everything on its disk");
    }

    @Test
    void primaryThatDiesWhileItsDiskIsSlowIsReplaced() {
        int replaced = 0;
        for (int ms = 150; ms < 350; ms += 10) {
            Rig rig = together();
            int leader = rig.expectOneLeader();
            rig.world.board(leader).disk.writeNs = 120 * Rig.MS;
            rig.run(ms);
            rig.world.powerCut(leader, 0);
            rig.run(500);
            replaced += rig.open(1 - leader) ? 1 : 0;
        }
        assertEquals(20, replaced, "the standby had everything, on its disk as well");
        assertTrue(replaced > 0);
    }
}
