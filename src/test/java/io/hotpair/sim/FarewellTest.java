package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hotpair.core.port.Operator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a primary records of a standby that goes: a stop on purpose is no loss, a last word is one. */
class FarewellTest {
    private static final long MS = 1_000_000;

    /** Whether the primary has recorded, since the pair came together, that the other board left, and that it lost it. */
    private static String recorded(Consumer<World> end) {
        ByteArrayOutputStream trace = new ByteArrayOutputStream();
        World world = new World(1, new Profile(), new CoreFactory(), new PrintStream(trace, true, StandardCharsets.UTF_8));
        world.powerOn(0);
        world.runFor(60 * MS);
        world.powerOn(1);
        world.runFor(300 * MS);
        trace.reset();
        end.accept(world);
        world.runFor(1 * MS);
        String text = trace.toString(StandardCharsets.UTF_8);
        return "left " + text.contains("A records PEER_LEFT") + ", lost first " + (text.indexOf("A records PEER_LOST") >= 0
                && !text.substring(0, text.indexOf("A records PEER_LOST")).contains("PEER_LEFT"));
    }

    @Test
    void aStopOnPurposeIsRecordedAsSuch() {
        assertEquals("left true, lost first false", recorded(world -> world.board(1).ports.orders.give(Operator.STOP)));
    }

    @Test
    void aLastWordIsRecordedAsALoss() {
        assertEquals("left false, lost first true", recorded(world -> world.crash(1, MS / 10, 0)));
    }
}
