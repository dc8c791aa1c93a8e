package io.hotpair.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.sync.port.OutputPort;
import io.hotpair.sync.port.StreamPort;
import org.junit.jupiter.api.Test;

/** Counted bytes of the duty cycle's part of the replication, both roles, every way of a record, snapshots and grants included. */
class GroupSyncAllocationTest {
    private static final long CYCLE_NS = 500_000;
    private static final int REIGN_CYCLES = 3000;

    /** Two boards in one thread, connected by two preallocated queues in each direction. */
    static final class Pair implements Allocation.Work {
        private final Wire[] wires = {new Wire(), new Wire()};
        private final FixedTask[] tasks = {new FixedTask(), new FixedTask()};
        private final FixedJournal[] journals = {new FixedJournal(), new FixedJournal()};
        private final GroupSync[] boards = new GroupSync[2];
        private final byte[] payload = new byte[200];
        private final byte[] arrived = new byte[StreamPort.MESSAGE_MAX_BYTES];
        private long nowNs = 1_000_000_000;
        private long calls;
        private long sequence;
        private long left;

        Pair() {
            for (int b = 0; b < 2; b++) {
                SyncConfig config = SyncConfig.of(0, Commit.BOTH).log(1024, 1 << 20).copies(256)
                        .outputs(1024, 1 << 20).sources(64).snapshot(64 << 10).ticks(10 * CYCLE_NS, true, 10, 0);
                boards[b] = new GroupSync(config, wires[b], tasks[b], journals[b], new OutputPort() {
                    @Override
                    public boolean replays(int port) {
                        return true;
                    }

                    @Override
                    public int emit(int port, long number, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
                        left++;
                        return EMITTED;
                    }
                }, (code, term, index, detail, atNs) -> { }, b + 1, nowNs);
            }
            boards[0].doWork(nowNs); // nothing to recover
            boards[1].doWork(nowNs);
            boards[0].onRole(0, true, 2);
        }

        @Override
        public void unmeasured() {
            // all of it is measured
        }

        /** Called once a round, which counts only if the pair works. */
        @Override
        public long helperBytes() {
            GroupSync follower = boards[1 - leader()];
            if (calls > 2000 && (left < calls / 8 || follower.counter(SyncCounter.RECORDS_TAKEN) == 0 || loads() == 0 || forwarded() == 0
                    || journals[0].bases == 0 || journals[1].bases == 0 || ticks() < calls / 20)) {
                throw new AssertionError("the pair does not work: " + left + " outputs in " + calls + " cycles, " + loads() + " snapshots, "
                        + forwarded() + " forwarded, bases "
                        + journals[0].bases + " and " + journals[1].bases + ", " + ticks() + " ticks");
            }
            return 0;
        }

        private int leader() {
            return (int) (calls / REIGN_CYCLES % 2);
        }

        long loads() {
            return boards[0].counter(SyncCounter.BASES_LOADED) + boards[1].counter(SyncCounter.BASES_LOADED);
        }

        long ticks() {
            return boards[0].counter(SyncCounter.TICKS_ORDERED) + boards[1].counter(SyncCounter.TICKS_ORDERED);
        }

        long forwarded() {
            return boards[0].counter(SyncCounter.FORWARDS_ORDERED) + boards[1].counter(SyncCounter.FORWARDS_ORDERED);
        }

        @Override
        public void measured() {
            int before = leader();
            calls++;
            nowNs += CYCLE_NS;
            if (leader() != before) {
                boards[before].onRole(0, false, 2);
                boards[1 - before].onRole(0, true, 2 + calls / REIGN_CYCLES);
            }
            if (calls % 1500 == 700) {
                tasks[1 - leader()].differ(); // found out, and mended by a snapshot
            }
            if (calls % 2000 == 900) {
                wires[0].connect();
                wires[1].connect();
            }
            inputs();
            for (int b = 0; b < 2; b++) {
                boards[b].alone(false);
                boards[b].peerHeard(true);
                boards[b].onPeerCommitIndex(0, b != leader(), 2 + calls / REIGN_CYCLES, (int) boards[1 - b].commitIndex(0));
                for (int n = 0; n < 2; n++) {
                    for (int length = wires[1 - b].take(n, arrived); length > 0; length = wires[1 - b].take(n, arrived)) {
                        boards[b].onMessage(n, arrived, 0, length, nowNs);
                    }
                }
                edges(boards[b]);
                boards[b].doWork(nowNs);
                boards[b].mayLead();
                boards[b].preparing();
                boards[b].drained(0);
            }
        }

        /** The line is whole, bounces, is noise, is cut, and comes back at another phase. */
        private void edges(GroupSync board) {
            long phase = calls % 10;
            boolean cut = calls % 4000 > 3000;
            boolean noise = calls % 4000 > 2800;
            if (!cut && phase == calls / 4000 % 10 || !cut && noise && phase % 3 == 0) {
                board.onEdge(nowNs, nowNs);
                board.onEdge(nowNs + 1000, nowNs);
            }
        }

        /** Numbered and not, to both boards or to the standby alone. */
        private void inputs() {
            if (calls % 2 != 0) {
                return;
            }
            sequence++;
            payload[0] = (byte) sequence;
            long number = sequence % 3 == 0 ? GroupSync.NO_SEQUENCE : sequence;
            for (int b = 0; b < 2; b++) {
                if (b != leader() || sequence % 7 != 0) {
                    boards[b].onInput(0, number < 0 ? 1 : 2 + sequence % 4, number, payload, 0, payload.length, nowNs, nowNs);
                }
            }
        }
    }

    @Test
    void bothRolesAllocateNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Pair.class));
    }

    @Test
    void thePairReallyWorks() {
        Pair pair = new Pair();
        for (int i = 0; i < 20_000; i++) {
            pair.measured();
        }
        pair.helperBytes();
        assertTrue(pair.loads() > 0 && pair.forwarded() > 0 && pair.left > 1000);
    }
}
