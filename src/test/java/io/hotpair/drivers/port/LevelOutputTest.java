package io.hotpair.drivers.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.port.OutputPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class LevelOutputTest {
    private static final long MS = 1_000_000;
    private static final byte[] LEVELS = {0, 1, 2};

    private static final class FakeLine implements LevelOutput.Line {
        boolean high;
        boolean broken;
        boolean closed;
        long untilNs;

        @Override
        public void holdUntil(long expiresNs) {
            untilNs = expiresNs;
        }

        @Override
        public boolean drive(boolean level) {
            high = broken ? high : level;
            return !broken;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final FakeLine line = new FakeLine();
    private long nowNs = -50 * MS;
    private boolean gate;
    private final LevelOutput level = new LevelOutput(line, false, 100 * MS, true, () -> nowNs);
    private final GroupOutputs outputs = new GroupOutputs(now -> gate, () -> nowNs, () -> 5, List.of(level));

    private int emit(int value) {
        return outputs.emit(0, 1, false, LEVELS, value, 1);
    }

    @Test
    void aShutGateLetsNothingOut() {
        assertEquals(OutputPort.GATE_SHUT, emit(1));
        assertFalse(line.high);
        gate = true;
        assertEquals(OutputPort.EMITTED, emit(1));
        assertTrue(line.high);
        assertEquals(OutputPort.EMITTED, emit(0));
        assertFalse(line.high);
    }

    @Test
    void aLevelExpiresUnlessItIsRefreshed() {
        gate = true;
        emit(1);
        assertEquals(nowNs + 100 * MS, outputs.doWork(nowNs));
        nowNs += 99 * MS;
        emit(1);
        nowNs += 99 * MS;
        outputs.doWork(nowNs);
        assertTrue(line.high);
        nowNs += MS;
        assertEquals(Long.MAX_VALUE, outputs.doWork(nowNs));
        assertFalse(line.high);
        assertEquals(1, level.expired());
    }

    @Test
    void theHardwareKnowsWhenTheHoldIsOverShouldThisProcessNotLetGo() {
        gate = true;
        emit(1);
        assertEquals(nowNs + 100 * MS, line.untilNs);
        nowNs += 10 * MS;
        emit(1);
        assertEquals(nowNs + 100 * MS, line.untilNs);
        emit(0);
        assertEquals(LevelOutput.NOT_HELD, line.untilNs);
    }

    @Test
    void theLineIsSafeAtOnceWhenTheGateShutsAndComesBackWithinTheHold() {
        gate = true;
        emit(1);
        gate = false;
        outputs.doWork(nowNs);
        assertFalse(line.high);
        gate = true;
        nowNs += 99 * MS;
        outputs.doWork(nowNs);
        assertTrue(line.high);
        gate = false;
        outputs.doWork(nowNs);
        gate = true;
        nowNs += MS;
        outputs.doWork(nowNs);
        assertFalse(line.high, "the hold is over");
    }

    @Test
    void safeMayBeHigh() {
        LevelOutput inverted = new LevelOutput(line, true, MS, true, () -> nowNs);
        assertTrue(line.high);
        inverted.emit(1, 1, false, LEVELS, 0, 1);
        assertFalse(line.high);
        inverted.doWork(nowNs + MS);
        assertTrue(line.high);
        inverted.emit(2, 1, false, LEVELS, 0, 1);
        inverted.close();
        assertTrue(line.high && line.closed);
        assertThrows(IllegalArgumentException.class, () -> new LevelOutput(line, true, 0, true, () -> nowNs));
    }

    @Test
    void whatIsNoLevelIsCountedAndAHardwareThatRefusesToo() {
        gate = true;
        emit(1);
        assertEquals(OutputPort.EMITTED, emit(2));
        assertEquals(OutputPort.EMITTED, outputs.emit(0, 1, false, LEVELS, 0, 2));
        assertEquals(2, level.malformed());
        assertTrue(line.high);
        line.broken = true;
        emit(0);
        assertEquals(1, level.lost());
    }
}
