package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.Commit;
import org.junit.jupiter.api.Test;

/** Rows 12, 13 and 31 with the real replication: heartbeats go on over the UART line, the stream does not. */
class NoStreamTest {
    private static DataProfile calm() {
        DataProfile data = new DataProfile();
        data.commit = Commit.BOTH;
        data.inputLossPermille = 0;
        data.inputGapNs = 3 * Rig.MS;
        return data;
    }

    @Test
    void row12BothNetworksOutOnThePrimaryHandsOverUnderLoad() {
        int failed = 0;
        StringBuilder text = new StringBuilder();
        for (int us = 0; us < 20_000; us += 370) {
            Rig rig = Rig.together(calm());
            int leader = rig.expectOneLeader();
            rig.world.runFor(us * 1000L);
            rig.world.net().cableOut[leader][0] = true;
            rig.world.net().cableOut[leader][1] = true;
            rig.world.board(leader).ports.conditions.penalty = 20; // as a node counts two carriers that are lost
            rig.run(1000);
            if (!rig.open(1 - leader)) {
                failed++;
                text.append(us).append(" us: ").append(rig.text()).append(rig.data(0).text(0)).append(rig.data(1).text(0)).append('\n');
            }
        }
        assertEquals(0, failed, text.toString());
    }

    @Test
    void row13BothNetworksOutOnBothBoardsTheServiceGoesOn() {
        Rig rig = Rig.together(calm());
        int leader = rig.expectOneLeader();
        int changes = rig.roleChanges();
        for (int n = 0; n < 2; n++) {
            rig.world.net().cableOut[0][n] = true;
            rig.world.net().cableOut[1][n] = true;
        }
        rig.run(500);
        int before = rig.world.data().acknowledgedInputs[0];
        rig.run(2000);
        rig.expectNoChangeSince(changes);
        assertTrue(rig.open(leader));
        assertTrue(rig.world.data().acknowledgedInputs[0] > before, "outputs leave again after the configured wait: " + rig.text()
                + rig.data(0).text(0) + rig.data(1).text(0));
    }

    /** As a node does with a peer of another configuration or version: heartbeats are heard, the stream is refused. */
    @Test
    void row31PeerWhoseStreamIsRefusedDoesNotStopTheService() {
        Rig rig = Rig.together(calm());
        int leader = rig.expectOneLeader();
        rig.world.powerCut(1 - leader, 0);
        rig.run(200);
        int alone = rig.world.data().acknowledgedInputs[0];
        rig.run(100);
        assertTrue(rig.world.data().acknowledgedInputs[0] > alone, "alone it serves");
        rig.world.net().cut[0][0] = true; // no stream, heartbeats over UART and GPIO
        rig.world.net().cut[1][0] = true;
        rig.world.net().cut[0][1] = true;
        rig.world.net().cut[1][1] = true;
        rig.world.powerOn(1 - leader);
        rig.run(1000);
        int before = rig.world.data().acknowledgedInputs[0];
        rig.run(2000);
        assertTrue(rig.world.data().acknowledgedInputs[0] > before, "beside a peer without a stream: " + rig.text()
                + rig.data(0).text(0) + rig.data(1).text(0));
    }

    /** A board that starts is heard long before it has read its journal, and says nothing of its data until then. */
    @Test
    void row24BoardThatStartsWithAHangingDiskDoesNotStopItsPeer() {
        DataProfile data = calm();
        data.mirror = true;
        Rig rig = Rig.together(data);
        int leader = rig.expectOneLeader();
        rig.world.powerCut(1 - leader, 0);
        rig.run(200);
        rig.world.board(1 - leader).disk.stalls = true;
        rig.world.powerOn(1 - leader);
        rig.run(200);
        int before = rig.world.data().acknowledgedInputs[0];
        rig.run(2000);
        assertTrue(rig.world.data().acknowledgedInputs[0] > before, "it was alone, and serves nobody beside a board that reads its disk: "
                + rig.text() + rig.data(0).text(0) + rig.data(1).text(0));
    }

    /**
     * What was granted and sent before the stream was lost lies in its socket, and is read when the heartbeats have asked for a COLD standby and the
     * primary has gone on: the standby may have every record then, and is not HOT. A new stream makes it so, without a further record.
     */
    @Test
    void oldSocketMakesNobodyHotAndANewStreamDoes() {
        int read = 0;
        for (int us = 0; us < 12_000; us += 1_130) {
            Rig rig = Rig.together(calm());
            int leader = rig.expectOneLeader();
            rig.world.runFor(us * 1000L);
            rig.world.board(1 - leader).replica.coldUntilNs = Long.MAX_VALUE; // it reads nothing of its stream
            rig.run(20);
            rig.world.data().quiet = true;
            networks(rig, false);
            rig.run(200);
            assertTrue(rig.world.data().allAcknowledged(), "the primary goes on: " + rig.text());
            long held = rig.data(1 - leader).sync(0).heldIndex();
            rig.world.board(1 - leader).replica.coldUntilNs = 0;
            for (int i = 0; i < 200; i++) {
                rig.run(0.1);
                assertFalse(rig.data(1 - leader).hot(0), "after " + us + " us: " + rig.text() + rig.data(0).text(0) + rig.data(1).text(0));
            }
            read += rig.data(1 - leader).sync(0).heldIndex() > held ? 1 : 0;
            networks(rig, true);
            rig.run(1000);
            rig.expectLeader(leader, 0);
        }
        assertTrue(read > 0, "something was still read");
    }

    private static void networks(Rig rig, boolean on) {
        for (int n = 0; n < 2; n++) {
            rig.world.net().switchDead[n] = !on;
        }
    }
}
