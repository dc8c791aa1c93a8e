package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class HeldFramesTest {
    private static final long MS = 1_000_000;

    private final HeldFrames held = new HeldFrames();

    /** The board started at 1000 ms by the relay's clock, and a frame's way takes 30 us. */
    private void frame(int bootId, long txNs, long heldNs) {
        ByteBuffer frame = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(4, bootId).putLong(8, txNs);
        frame.order(ByteOrder.BIG_ENDIAN);
        held.see(frame, 1000 * MS + txNs + 30_000 + heldNs);
    }

    @Test
    void aFrameThatWaitedIsFoundByTheTimeThatItWaited() {
        for (int i = 1; i <= 100; i++) {
            frame(7, i * MS, i == 50 ? 20 * MS : 0);
        }
        assertEquals(20 * MS, held.longestNs(1055 * MS, 1056 * MS));
        assertEquals(20 * MS, held.longestNs(1000 * MS, 1100 * MS));
        assertEquals(0, held.longestNs(1071 * MS, 1100 * MS), "passed on by then");
        assertEquals(0, held.longestNs(1000 * MS, 1049 * MS), "not sent yet");
    }

    @Test
    void anotherBootHasAnotherClock() {
        frame(7, 500 * MS, 0);
        frame(8, 1 * MS, 0);
        frame(8, 2 * MS, 3 * MS);
        assertEquals(3 * MS, held.longestNs(0, 2000 * MS));
    }

    @Test
    void whatIsNoFrameIsPassedOver() {
        held.see(ByteBuffer.allocate(47), 5000 * MS);
        assertEquals(0, held.longestNs(0, 9000 * MS));
    }
}
