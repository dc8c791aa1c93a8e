package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hotpair.core.port.Operator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a primary records of a standby that goes: a stop on purpose is no loss, a last word is one. */
class FarewellTest {
    private static final long MS = 1_000_000;
    private static final Pattern RECORDED = Pattern.compile("A records (PEER_(?:LEFT|LOST|BACK))");

    /** The farewells and losses that the primary has recorded since the pair came together, in their order. */
    private static List<String> recorded(Consumer<World> end) {
        ByteArrayOutputStream trace = new ByteArrayOutputStream();
        World world = new World(1, new Profile(), new CoreFactory(), new PrintStream(trace, true, StandardCharsets.UTF_8));
        world.powerOn(0);
        world.runFor(60 * MS);
        world.powerOn(1);
        world.runFor(300 * MS);
        trace.reset();
        end.accept(world);
        world.runFor(50 * MS);
        return RECORDED.matcher(trace.toString(StandardCharsets.UTF_8)).results().map(found -> found.group(1)).toList();
    }

    @Test
    void aStopOnPurposeIsRecordedAsSuch() {
        assertEquals(List.of("PEER_LEFT"), recorded(world -> world.board(1).ports.orders.give(Operator.STOP)));
    }

    @Test
    void aLastWordIsRecordedAsALoss() {
        assertEquals(List.of("PEER_LOST"), recorded(world -> world.crash(1, MS / 10, 0)));
    }
}
