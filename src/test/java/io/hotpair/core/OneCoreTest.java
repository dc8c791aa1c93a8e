package io.hotpair.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.Checkpoint;
import io.hotpair.core.port.Fitness;
import io.hotpair.core.port.FrameChannel;
import io.hotpair.core.port.IdentityPort;
import io.hotpair.core.port.Operator;
import io.hotpair.core.port.Replica;
import io.hotpair.core.port.TermStore;
import io.hotpair.wire.Crc32cSeal;
import io.hotpair.wire.Frame;
import io.hotpair.wire.Seal;
import org.junit.jupiter.api.Test;

/** What one core does that is told by frames what its peer is. */
class OneCoreTest {
    private static final long MS = 1_000_000;
    private static final int OWN_BOOT = 7;
    private static final int PEER_BOOT = 8;

    private final Crc32cSeal seal = new Crc32cSeal();
    private final byte[] buffer = new byte[128];
    private final Condition condition = new Condition();
    private final Surroundings around = new Surroundings();
    private long nowNs = MS;
    private long peerTxNs;
    private long ownTxNs;
    private int sent;
    private boolean saidPreparing;
    private boolean saidWaiting;

    private final FrameChannel wire = new FrameChannel() {
        @Override
        public boolean send(byte[] frame, int offset, int lengthBytes) {
            sent++;
            Frame own = new Frame().wrap(frame, offset);
            ownTxNs = own.txTimeNs();
            saidPreparing = own.preparing();
            saidWaiting = own.waiting();
            return true;
        }
    };
    private final PairCore core = new PairCore(
            new CoreConfig(0, 1, OnSilence.TAKEOVER, MS, 3, 2_500_000, MS / 4, MS, 20 * MS, 1000 * MS, 1000 * MS, new long[] {MS, MS, MS, MS}, 10, 4,
                    60_000 * MS),
            new CorePorts(new FrameChannel[] {wire, null, null}, new Seal[] {seal, seal, seal}, null, new Checkpoint[] {around, around}, around,
                    (group, open, term, at) -> { }, around, condition, around, () -> true, at -> { }, () -> IdentityPort.NEVER,
                    (code, group, term, detail, at) -> { }),
            OWN_BOOT, nowNs);

    @Test
    void preparingBoardIsUnreadyUntilItMayLead() {
        cycle();
        assertTrue(core.unready(), core.role(0).name());
        condition.preparing = false;
        assertFalse(core.unready(), "it may lead from now on");
    }

    @Test
    void standbyIsReliedUponThoughItStillPrepares() {
        for (int i = 0; i < 10 && core.role(0) != Role.STANDBY; i++) {
            cycle();
            assertTrue(core.role(0) == Role.STANDBY || core.unready(), core.role(0).name());
            hearPrimary();
            assertFalse(core.peerOut(nowNs), "it leads");
        }
        cycle();
        assertTrue(core.role(0) == Role.STANDBY, core.role(0).name());
        assertFalse(core.unready(), "the primary's lease rests on this board");
    }

    @Test
    void peerIsOutWhileItIsHeardToBe() {
        cycle();
        assertFalse(core.peerOut(nowNs), "nobody was heard");
        hear(Role.JOINING);
        assertTrue(core.peerOut(nowNs));
        assertFalse(core.peerOut(nowNs + 10 * MS), "that was long ago");
    }

    /** It would say that its self test is not over, and the peer would lead though it may be the younger board. */
    @Test
    void nothingIsSaidBeforeTheFirstCycle() {
        condition.preparing = false;
        hearPrimary();
        assertEquals(0, sent);
        cycle();
        int regular = sent;
        assertTrue(regular > 0);
        ownTxNs = 0; // that frame did not reach the peer
        hearPrimary();
        assertEquals(regular + 1, sent, "a hello is answered");
    }

    /** Both get ready, but a lease may rest on what the first says only: the second would have to wait after every write. */
    @Test
    void whoRehearsesSaysThatItWaitsAndWhoseTermsAreWrittenDoesNot() {
        cycle();
        assertTrue(saidPreparing && saidWaiting && !core.mayLead(nowNs));
        condition.preparing = false;
        around.durableTerm = 0;
        cycles(4);
        assertTrue(saidPreparing && !saidWaiting && !core.mayLead(nowNs));
        around.durableTerm = 100;
        long writtenNs = nowNs;
        while (!core.mayLead(nowNs)) {
            cycle();
        }
        assertFalse(saidPreparing);
        assertTrue(nowNs - writtenNs > 15 * MS && nowNs - writtenNs <= 21 * MS, "the settle time since it rehearsed");
        around.durableTerm = 0;
        cycles(4);
        around.durableTerm = 100;
        assertTrue(core.mayLead(nowNs), "at once");
    }

    /** A task's data may have to be got ready again at any time, and nobody's lease may rest on that. */
    @Test
    void whoseDataIsBeingGotReadyDoesNotSayThatItWaits() {
        condition.preparing = false;
        condition.dataToo = true;
        cycles(4);
        assertTrue(saidPreparing && !saidWaiting && !core.mayLead(nowNs));
        condition.dataToo = false;
        assertTrue(core.mayLead(nowNs), "at once");
    }

    private void cycles(int count) {
        for (int i = 0; i < count; i++) {
            cycle();
        }
    }

    private void cycle() {
        nowNs += MS / 2;
        core.doWork(nowNs);
    }

    private void hearPrimary() {
        hear(Role.PRIMARY);
    }

    private void hear(Role role) {
        nowNs += MS / 4;
        peerTxNs = Math.max(peerTxNs + 1, nowNs);
        Frame frame = new Frame().wrap(buffer, 0).header(Frame.HEARTBEAT, 1, 0, true, false).preparing(false).penalty(0).checkpoints(0, 0)
                .bootId(PEER_BOOT).txTimeNs(peerTxNs).echoTimeNs(ownTxNs).peerBootId(ownTxNs == 0 ? 0 : OWN_BOOT).sequence(0);
        frame.term(0, 3).commitIndex(0, 0).groupState(0, role.ordinal(), 0, true, 0);
        frame.term(1, 0).commitIndex(1, 0).groupState(1, 0, 0, false, 0);
        seal.seal(buffer, 0, Frame.LENGTH_BYTES);
        core.onFrame(0, buffer, 0, Frame.LENGTH_BYTES + seal.lengthBytes(), nowNs);
    }

    private static final class Condition implements Fitness {
        private boolean preparing = true;
        private boolean dataToo;

        @Override
        public int selfTest() {
            return SELF_TEST_PASSED;
        }

        @Override
        public boolean mayLead() {
            return !preparing();
        }

        @Override
        public boolean preparing() {
            return preparing || dataToo;
        }

        @Override
        public boolean rehearsing() {
            return preparing;
        }

        @Override
        public int penalty() {
            return 0;
        }
    }

    /** Nothing is configured, nothing is asked, everything is in sync. */
    private static final class Surroundings implements Checkpoint, TermStore, Replica, Operator {
        private long durableTerm = 100;

        @Override
        public boolean configured() {
            return false;
        }

        @Override
        public boolean carrier() {
            return true;
        }

        @Override
        public void probe(long at) { }

        @Override
        public long newestAnsweredProbeNs() {
            return Checkpoint.NEVER;
        }

        @Override
        public long usedTerm() {
            return 0;
        }

        @Override
        public long durableTerm() {
            return durableTerm;
        }

        @Override
        public void reserve(long term) { }

        @Override
        public long commitIndex(int group) {
            return 0;
        }

        @Override
        public boolean hot(int group) {
            return true;
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

        @Override
        public int poll() {
            return NONE;
        }

        @Override
        public void answer(int order, boolean accepted, int eventCode) { }
    }
}
