package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** The simulator itself: the same seed is the same run, and the checkers see what is wrong. */
class SimulatorTest {
    private static final long TWO_SECONDS = 2_000_000_000L;

    @Test
    void sameSeedIsTheSameRunBitForBit() {
        for (long seed = 1; seed <= 5; seed++) {
            long hash = new Seed(seed, TWO_SECONDS, null).run().hash();
            assertEquals(hash, new Seed(seed, TWO_SECONDS, null).run().hash(), "seed " + seed);
            assertNotEquals(hash, new Seed(seed + 1000, TWO_SECONDS, null).run().hash());
        }
    }

    @Test
    void traceDoesNotDisturbTheRun() {
        long hash = new Seed(5, TWO_SECONDS, null).run().hash();
        assertEquals(hash, new Seed(5, TWO_SECONDS, new PrintStream(OutputStream.nullOutputStream())).run().hash());
    }

    @Test
    void randomNumbersAreTheDocumentedOnes() {
        // SplitMix64 of 1, as in the reference implementation
        assertEquals(0x910A2DEC89025CC1L, SimRandom.mix(1 + 0x9E3779B97F4A7C15L));
    }

    @Test
    void eventsComeOutInOrderOfTimeThenOfArrival() {
        EventQueue queue = new EventQueue();
        SimRandom random = new SimRandom(7);
        for (int i = 0; i < 5000; i++) {
            queue.add(random.below(100), i);
        }
        long lastNs = -1;
        int lastPayload = -1;
        while (queue.size() > 0) {
            long atNs = queue.nextTimeNs();
            int payload = queue.poll();
            if (atNs < lastNs || atNs == lastNs && payload < lastPayload) {
                throw new AssertionError(payload + " after " + lastPayload);
            }
            lastNs = atNs;
            lastPayload = payload;
        }
    }

    @Test
    void clockOfABoardGoesBothWays() {
        Clock clock = new Clock(-(1L << 59), 187);
        SimRandom random = new SimRandom(3);
        for (int i = 0; i < 10_000; i++) {
            long worldNs = random.between(0, 60_000_000_000L);
            long local = clock.local(worldNs);
            assertEquals(0, Math.max(0, Math.abs(clock.world(local) - worldNs) - 2), "within 2 ns");
        }
    }

    @Test
    void aCalmNodeViolatesNothing() {
        assertNull(violation(board -> new ToyNode(board, 0)));
    }

    @Test
    void twoOpenGatesAreSeen() {
        assertEquals("I1", violation(board -> new Claimant(board) {
            @Override
            public long doWork(long nowNs) {
                promote(nowNs);
                return super.doWork(nowNs);
            }
        }));
    }

    /**
     * A standby that was restarted while the primary stood still leads, and the primary hears it without being able to take that in. Then all channels
     * and the new primary's checkpoints fail at once, and the old one wakes: both believe what they may believe. What the new primary has to have probed
     * after is what it read of the other board, not what the other board could have read of it.
     */
    @Test
    void twoGatesAreExcusedBesideABoardThatSleptThroughTheOtherReign() {
        Rig rig = Rig.together();
        rig.a().pause(60 * Rig.MS);
        rig.world.powerCut(1, 20 * Rig.MS);
        rig.untilOpen(1);
        rig.run((rig.a().resumeNs - rig.world.nowNs()) / 1e6 - 1);
        rig.deafen(0, true);
        rig.deafen(1, true);
        rig.world.net().checkpointBlocked[1][0] = true;
        rig.world.net().checkpointBlocked[1][1] = true;
        rig.run(50);
        assertTrue(rig.world.judge().oneGate.excused > 0, "the scenario is missed: one of the gates was shut in time");
        assertTrue(rig.open(0) && !rig.open(1), rig::text);
    }

    @Test
    void emissionOfANonPrimaryIsSeen() {
        assertEquals("I2", violation(board -> new ToyNode(board, 0) {
            @Override
            public boolean gateOpen(int group, long nowNs) {
                return board.id == 0;
            }
        }));
    }

    @Test
    void termNotOnDiskIsSeen() {
        assertEquals("I3", violation(board -> new Claimant(board) {
            @Override
            public long doWork(long nowNs) {
                if (board.id == 0) {
                    promote(nowNs);
                }
                return super.doWork(nowNs);
            }

            @Override
            public long term(int group) {
                return 1_000;
            }
        }));
    }

    @Test
    void roleChangeWithoutARecordIsSeen() {
        assertEquals("I6", violation(board -> new ToyNode(board, 0) {
            private int role;

            @Override
            public long doWork(long nowNs) {
                role = WireView.ROLE_STANDBY;
                return super.doWork(nowNs);
            }

            @Override
            public int role(int group) {
                return role;
            }
        }));
    }

    /** Leads from the moment at which its term is on disk, whoever else does. */
    private static class Claimant extends ToyNode {
        private final Board board;
        private boolean leads;

        Claimant(Board board) {
            super(board, 0);
            this.board = board;
        }

        void promote(long nowNs) {
            if (!leads && board.disk.durableTerm() >= 4) {
                leads = true;
                int detail = WireView.ROLE_BOOT << 8 | WireView.ROLE_PRIMARY;
                board.ports.events.onEvent(io.hotpair.core.EventCode.NOBODY_THERE.ordinal(), 0, term(0), detail, nowNs);
            }
        }

        @Override
        public boolean gateOpen(int group, long nowNs) {
            return leads;
        }

        @Override
        public int role(int group) {
            return leads ? WireView.ROLE_PRIMARY : WireView.ROLE_BOOT;
        }

        @Override
        public long term(int group) {
            return leads ? 2 + board.id : 0;
        }
    }

    private interface Toys {
        SimNode make(Board board);
    }

    private static String violation(Toys toys) {
        World world = new World(1, new Profile(), (profile, board, bootId, startNs) -> toys.make(board), null);
        try {
            world.powerOn(0);
            world.powerOn(1);
            world.runFor(200_000_000);
            return null;
        } catch (Violation v) {
            return v.invariant;
        }
    }

    @Test
    void aViolationSaysHowToSeeItAgain() {
        Violation v = assertThrows(Violation.class, () -> {
            throw new Violation("I1", "text");
        });
        assertEquals("I1: text", v.getMessage());
    }
}
