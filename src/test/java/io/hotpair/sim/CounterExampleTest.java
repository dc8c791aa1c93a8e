package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.wire.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What seeds have found in earlier cores, each made into the shortest scenario that shows it. */
class CounterExampleTest {
    private static final int OLD_BOOT_OF_B = 0x01DB007;

    /**
     * A primary answers somebody's recording of an earlier boot of its peer. The peer does not take that answer for a sign of life, as it names another
     * boot, but returned its transmit time as it does with every hello. Were that an echo, the lease would outlive the peer's silence.
     */
    @ParameterizedTest
    @ValueSource(ints = {300, 400, 500, 600, 700, 800, 900})
    void theAnswerToAHelloIsNoLease(int afterUs) {
        Rig rig = Rig.together();
        for (int c = Net.ETHERNET_B; c < Net.CHANNELS; c++) {
            rig.world.net().cut[c][0] = true;
            rig.world.net().cut[c][1] = true;
        }
        rig.run(50);
        long beforeNs = rig.world.nowNs();
        while (rig.world.net().lastSentNs[0][Net.ETHERNET_A] < beforeNs) {
            rig.world.runFor(1_000);
            assertTrue(rig.world.nowNs() - beforeNs < 2 * Rig.MS, "a heartbeat every interval");
        }
        rig.run(afterUs / 1000.0);
        replayHelloToA(rig);
        rig.run(0.3);
        rig.a().pause(50 * Rig.MS);
        rig.untilOpen(1, 0, 10);
        rig.run(100);
        rig.expectLeader(1, 0);
    }

    /** The sequence of a new boot begins anew: that is no loss of tens of thousands of frames. */
    @Test
    void aRestartOfThePeerLosesNoFrames() {
        Rig rig = Rig.together();
        rig.world.crash(1, 0, 30 * Rig.MS);
        rig.run(400);
        rig.expectLeader(0, 0);
        for (int c = 0; c < Net.GPIO; c++) {
            assertEquals(0, rig.a().node.missedFrames(c), "channel " + c);
        }
    }

    /** Somebody holds back what the primary sends on one network, and lets it go, in its order, when the primary is dead. */
    @Test
    void framesThatWereHeldBackKeepNoDeadPeerAlive() {
        Rig rig = Rig.together();
        rig.run(20);
        rig.world.net().cut[Net.ETHERNET_A][0] = true;
        long heldSinceNs = rig.a().localNs() - rig.a().clock.local(rig.a().startedNs);
        rig.run(100);
        rig.world.powerCut(0, 500 * Rig.MS);
        for (int i = 0; i < 45; i++) { // the last of what it sent is as young as a frame that is late
            letGoToB(rig, heldSinceNs + i * 2 * Rig.MS);
            rig.run(1);
        }
        assertTrue(rig.open(1), rig::text);
        rig.run(1000);
        rig.expectLeader(1, 0);
    }

    /** The same beside a board that is late all the time: what is no sign of life does not renew its patience with its own lateness either. */
    @Test
    void framesThatWereHeldBackRenewNoPatience() {
        Rig rig = Rig.together();
        rig.run(20);
        rig.world.net().cut[Net.ETHERNET_A][0] = true;
        long heldSinceNs = rig.a().localNs() - rig.a().clock.local(rig.a().startedNs);
        rig.run(100);
        rig.world.powerCut(0, 500 * Rig.MS);
        for (int i = 0; i < 45; i++) {
            letGoToB(rig, heldSinceNs + i * 2 * Rig.MS);
            rig.b().pause(Rig.MS);
            rig.run(1.4);
        }
        assertNotEquals(WireView.ROLE_STANDBY, rig.b().role(0), rig::text); // it has judged, though an answer may have come while it stood still
    }

    private static void letGoToB(Rig rig, long txNs) {
        byte[] frame = new byte[Net.SLOT_BYTES];
        new Frame().wrap(frame, 0).header(Frame.HEARTBEAT, 0, Net.ETHERNET_A, true, false).penalty(0).checkpoints(0, 0)
                .bootId(rig.a().bootId).txTimeNs(txNs).echoTimeNs(0).peerBootId(rig.b().bootId).sequence(0)
                .term(0, 1).term(1, 0).commitIndex(0, 0).commitIndex(1, 0).groupState(0, WireView.ROLE_PRIMARY, 0, true, 0)
                .groupState(1, 0, 0, false, 0);
        rig.world.seal(Net.ETHERNET_A).seal(frame, 0, Frame.LENGTH_BYTES);
        rig.world.net().put(1, Net.ETHERNET_A, frame, 0, Frame.LENGTH_BYTES + rig.world.seal(Net.ETHERNET_A).lengthBytes(),
                rig.world.nowNs(), false, false);
    }

    private static void replayHelloToA(Rig rig) {
        byte[] frame = new byte[Net.SLOT_BYTES];
        new Frame().wrap(frame, 0).header(Frame.HEARTBEAT, 1, Net.ETHERNET_A, true, false).penalty(0).checkpoints(0, 0)
                .bootId(OLD_BOOT_OF_B).txTimeNs(Rig.MS).echoTimeNs(0).peerBootId(0).sequence(0)
                .term(0, 0).term(1, 0).commitIndex(0, 0).commitIndex(1, 0).groupState(0, WireView.ROLE_STANDBY, 0, false, 0)
                .groupState(1, 0, 0, false, 0);
        rig.world.seal(Net.ETHERNET_A).seal(frame, 0, Frame.LENGTH_BYTES);
        rig.world.net().put(0, Net.ETHERNET_A, frame, 0, Frame.LENGTH_BYTES + rig.world.seal(Net.ETHERNET_A).lengthBytes(),
                rig.world.nowNs(), false, false);
    }
}
