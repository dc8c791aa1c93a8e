package io.hotpair.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.hotpair.lab.Distribution;
import io.hotpair.lab.DrillResult;
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

    @Test
    void theJsonDocumentHasTheSeed() throws Exception {
        new DemoJson(result, SEED).write(out);
        assertEquals(SEED, JSON.std.mapFrom(out.toByteArray()).get("seed"));
    }
}
