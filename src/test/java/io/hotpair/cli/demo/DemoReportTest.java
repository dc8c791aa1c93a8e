package io.hotpair.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.hotpair.lab.Distribution;
import io.hotpair.lab.DrillResult;
import io.hotpair.lab.DrillRun;
import io.hotpair.lab.Fault;
import io.hotpair.lab.FaultKind;
import io.hotpair.lab.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever wants a run again needs its seed. */
class DemoReportTest {
    private static final long SEED = 424_242_424_242L;

    private final Distribution figures = new Distribution(new long[] {1_000_000});
    private final DrillResult result = new DrillResult(List.of(), "", 1, 0, figures, figures);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void theReportTellsTheSeed() {
        new DemoReport(result, SEED).print(new PrintStream(out));
        assertTrue(out.toString().contains(": --seed 424242424242\n"), out.toString());
    }

    private static DrillRun run(String... broken) {
        return new DrillRun(new Verdict(new Fault(FaultKind.KILL, 1, 0, 0, 0), true, 1, 1, 0, 1, 1, 1, 2, 0, 0, 0, 0, 0, 0, List.of(broken)), List.of(), 1);
    }

    private String conclusion(String aborted, DrillRun... runs) {
        out.reset();
        new DemoReport(new DrillResult(List.of(runs), aborted, 1, 0, figures, figures), SEED).print(new PrintStream(out));
        return out.toString().lines().toList().getLast();
    }

    @Test
    void onlyWhatWasTriedCanBeBroken() {
        assertEquals("1 takeovers, every promise kept: one board with an open gate, nothing lost, nothing doubled.", conclusion("", run()));
        assertEquals("Not every promise was kept.", conclusion("", run(), run("two open gates")));
        assertEquals("Not every promise was kept.", conclusion("board A did not come back", run("two open gates")));
        assertEquals("No takeover was tried, so no promise was put to the test.", conclusion("board A did not become primary"));
        assertEquals("Every promise was kept in the takeovers that were judged (2), but the demonstration did not get to its end.",
                conclusion("board A did not come back", run(), run()));
    }

    @Test
    void theJsonDocumentHasTheSeed() throws Exception {
        new DemoJson(result, SEED).write(out);
        assertEquals(SEED, JSON.std.mapFrom(out.toByteArray()).get("seed"));
    }
}
