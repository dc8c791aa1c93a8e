package io.hotpair.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameTest {
    /** Written by hand from the layout table, so that a moved field is seen. */
    private static final String GOLDEN = "11" + "4d" + "07" + "09" + "04030201" + "1817161514131211" + "2827262524232221" + "34333231"
            + "44434241" + "efbeadde" + "54535251" + "feffffff" + "6261" + "2b" + "d2";

    private static byte[] golden() {
        return HexFormat.of().parseHex(GOLDEN);
    }

    @Test
    void everyFieldStandsWhereTheTableSays() {
        byte[] buffer = new byte[Frame.LENGTH_BYTES + 3];
        new Frame().wrap(buffer, 3)
                .header(Frame.HEARTBEAT, 1, 2, true, false).preparing(false).waiting(true).penalty(7)
                .checkpoints(Frame.CHECKPOINT_UP, Frame.CHECKPOINT_DOWN)
                .bootId(0x01020304).txTimeNs(0x1112131415161718L).echoTimeNs(0x2122232425262728L).peerBootId(0x31323334)
                .term(0, 0x41424344L).term(1, 0xDEADBEEFL).commitIndex(0, 0x51525354).commitIndex(1, -2).sequence(0x6162)
                .groupState(0, 3, 1, true, 0).groupState(1, 2, 2, false, 3);

        assertArrayEquals(golden(), Arrays.copyOfRange(buffer, 3, buffer.length));
    }

    @Test
    void everyFieldIsReadBack() {
        Frame frame = new Frame().wrap(golden(), 0);

        assertEquals(Frame.VERSION, frame.version());
        assertEquals(Frame.HEARTBEAT, frame.type());
        assertEquals(1, frame.board());
        assertEquals(2, frame.channel());
        assertTrue(frame.mayLead());
        assertFalse(frame.leaving());
        assertFalse(frame.preparing());
        assertTrue(frame.waiting());
        assertEquals(7, frame.penalty());
        assertEquals(Frame.CHECKPOINT_UP, frame.checkpoint(0));
        assertEquals(Frame.CHECKPOINT_DOWN, frame.checkpoint(1));
        assertEquals(0xDEADBEEFL, frame.term(1));
        assertEquals(-2, frame.commitIndex(1));
        assertEquals(0x6162, frame.sequence());
        assertEquals(3, frame.role(0));
        assertEquals(1, frame.intent(0));
        assertTrue(frame.inSync(0));
        assertEquals(0, frame.verdict(0));
        assertEquals(2, frame.role(1));
        assertEquals(2, frame.intent(1));
        assertFalse(frame.inSync(1));
        assertEquals(3, frame.verdict(1));
        assertTrue(frame.wellFormed());
    }

    @Test
    void whatNoSenderProducesIsNotWellFormed() {
        assertTrue(new Frame().wrap(golden(), 0).wellFormed());
        assertFalse(damaged(0, 0x14).wellFormed(), "type 4");
        assertFalse(damaged(1, 0x80).wellFormed(), "reserved flag");
        assertFalse(damaged(3, 0x10).wellFormed(), "reserved checkpoint bits");
        assertFalse(damaged(46, 0x06).wellFormed(), "role 6");
        assertFalse(damaged(47, 0x40).wellFormed(), "verdict 1");
        assertFalse(damaged(15, 0x80).wellFormed(), "negative transmit time");
        assertFalse(damaged(23, 0x80).wellFormed(), "negative echo");
    }

    private static Frame damaged(int index, int value) {
        byte[] bytes = golden();
        bytes[index] = (byte) value;
        return new Frame().wrap(bytes, 0);
    }
}
