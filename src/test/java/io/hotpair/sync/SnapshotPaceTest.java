package io.hotpair.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.journal.NoJournal;
import io.hotpair.sync.journal.SyncRecordFormat;
import io.hotpair.sync.port.OutputPort;
import io.hotpair.sync.port.StreamPort;
import org.junit.jupiter.api.Test;

/** A large state must not take a cycle for itself, nor all cycles of a second, however often there is one. */
class SnapshotPaceTest {
    private static final int STATE_BYTES = 1 << 20;
    private static final long CYCLE_NS = 100_000;
    private static final int LOG_RECORDS = 512;
    private static final int BYTES_PER_PORTION = 8 << 10;
    private static final long PORTION_NS = 1_000_000;
    private static final int HEADERS_BYTES = 2 << 10;

    /** Counts what a board sends. */
    private static final class CountedWire implements StreamPort {
        private final Wire wire = new Wire();
        private long sentBytes;

        @Override
        public boolean offer(int network, byte[] buffer, int offset, int lengthBytes) {
            boolean taken = wire.offer(network, buffer, offset, lengthBytes);
            sentBytes += taken ? lengthBytes : 0;
            return taken;
        }

        @Override
        public long connection(int network) {
            return wire.connection(network);
        }
    }

    private final CountedWire[] wires = {new CountedWire(), new CountedWire()};
    private static final byte[] INPUT = new byte[8];

    private final GroupSync[] boards = new GroupSync[2];
    private final byte[] arrived = new byte[StreamPort.MESSAGE_MAX_BYTES];
    private long nowNs = 1_000_000_000;

    private void start(int b) {
        boards[b] = new GroupSync(SyncConfig.of(0, Commit.BOTH).log(LOG_RECORDS, 1 << 20).snapshot(STATE_BYTES), wires[b],
                new FixedTask(STATE_BYTES), new NoJournal(new SyncRecordFormat()), new Everything(), (code, term, index, detail, atNs) -> { },
                b + 1, nowNs);
        boards[b].doWork(nowNs);
    }

    /** The first board leads, and has forgotten its first records, when the second one starts. */
    private void start() {
        start(0);
        boards[0].onRole(0, true, 2);
        boards[0].alone(true);
        for (int tick = 1; tick <= 2 * LOG_RECORDS; tick++) {
            nowNs += CYCLE_NS;
            boards[0].onInput(0, 1, tick, INPUT, 0, INPUT.length, nowNs, nowNs);
            boards[0].doWork(nowNs);
        }
        boards[0].alone(false);
        start(1);
        for (CountedWire wire : wires) {
            wire.wire.connect();
        }
    }

    /** Lets outputs leave. */
    private static final class Everything implements OutputPort {
        @Override
        public boolean replays(int port) {
            return true;
        }

        @Override
        public int emit(int port, long number, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
            return EMITTED;
        }
    }

    private void cycle() {
        nowNs += CYCLE_NS;
        for (int b = 0; b < 2; b++) {
            boards[b].peerHeard(true);
            boards[b].onPeerCommitIndex(0, b == 1, 2, (int) boards[1 - b].commitIndex(0));
            for (int n = 0; n < 2; n++) {
                for (int length = wires[1 - b].wire.take(n, arrived); length > 0; length = wires[1 - b].wire.take(n, arrived)) {
                    boards[b].onMessage(n, arrived, 0, length, nowNs);
                }
            }
            boards[b].doWork(nowNs);
        }
    }

    @Test
    void aStateGoesOverInPortionsThatKeepTheirDistance() {
        start();
        int cycles = 0;
        long mostBytes = 0;
        for (; boards[1].counter(SyncCounter.BASES_LOADED) == 0 && cycles < 100_000; cycles++) {
            long before = wires[0].sentBytes;
            cycle();
            mostBytes = Math.max(mostBytes, wires[0].sentBytes - before);
        }
        assertEquals(1, boards[1].counter(SyncCounter.BASES_LOADED));
        assertTrue(mostBytes <= 2 * (BYTES_PER_PORTION + HEADERS_BYTES), mostBytes + " bytes in a cycle");
        long portions = STATE_BYTES / BYTES_PER_PORTION;
        assertTrue(cycles * CYCLE_NS >= (portions - 1) * PORTION_NS, "there after " + cycles + " cycles");
        assertTrue(cycles * CYCLE_NS <= 2 * portions * PORTION_NS, "there after " + cycles + " cycles");
    }

    /** Else a board that orders many inputs would send one state after the other, each of no use before it is whole. */
    @Test
    void aStateThatItsRecordsWouldOvertakeIsSentFaster() {
        start();
        int cycles = 0;
        for (; boards[1].counter(SyncCounter.BASES_LOADED) == 0 && cycles < 5_000; cycles++) {
            boards[0].onInput(0, 1, 10L * LOG_RECORDS + cycles, INPUT, 0, INPUT.length, nowNs, nowNs);
            cycle();
        }
        assertEquals(1, boards[1].counter(SyncCounter.BASES_LOADED));
        assertTrue(cycles < LOG_RECORDS, "there after " + cycles + " records");
    }
}
