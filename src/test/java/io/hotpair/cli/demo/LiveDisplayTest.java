package io.hotpair.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.lab.DrillRun;
import io.hotpair.lab.FakeNodeKit;
import io.hotpair.lab.Fault;
import io.hotpair.lab.FaultKind;
import io.hotpair.lab.PairRig;
import io.hotpair.lab.Verdict;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveDisplayTest {
    private static final String RED = "\033[31m";
    private static final String DIM = "\033[2m";

    @TempDir
    private Path folder;
    private final DemoStatus status = new DemoStatus();

    /** A hang of board A, taken over after that time; 0: nobody took over. */
    private static Verdict verdict(long takeoverNs, String... broken) {
        return new Verdict(new Fault(FaultKind.HANG, 1, 0, 0, 100), takeoverNs > 0, takeoverNs, takeoverNs, 0, takeoverNs, 1, 1, 2, 0, 0, 0, 0, 0, 0,
                List.of(broken));
    }

    private PairRig rig() throws Exception {
        return new PairRig(new FakeNodeKit(), Files.createDirectory(folder.resolve("rig")), Files.createDirectory(folder.resolve("run")), 1 << 10,
                true, new SplittableRandom(1));
    }

    private LiveDisplay display(PairRig rig, boolean colours) {
        status.step("undisturbed operation", 0, 3);
        return new LiveDisplay(new PrintStream(OutputStream.nullOutputStream()), colours, true, rig, status);
    }

    private static String shown(LiveDisplay display) {
        return display.compose(System.nanoTime()).stream().map(TextLine::toString).collect(Collectors.joining("\n"));
    }

    private static String line(LiveDisplay display, String start) {
        return shown(display).lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    @Test
    void aBrokenPromiseIsRedBeforeItIsJudgedAndAfter() throws Exception {
        try (PairRig rig = rig(); LiveDisplay display = display(rig, true)) {
            assertFalse(shown(display).contains("BROKEN"));
            status.seen(verdict(3_000_000, "two open gates"));
            assertTrue(line(display, "hang ").contains(RED + "  BROKEN 1"), line(display, "hang "));
            assertTrue(shown(display).contains(RED + "hang of board A: board B led after 3.00 ms (term 2); BROKEN: two open gates"), shown(display));
            status.judged(new DrillRun(verdict(3_000_000, "two open gates"), List.of(), 1));
            assertTrue(line(display, "hang ").contains(RED + "  BROKEN 1"), line(display, "hang "));
            status.judged(new DrillRun(verdict(4_000_000), List.of(), 1));
            assertTrue(line(display, "hang ").contains(RED + "  BROKEN 1"), "the next one that is kept does not wipe it out");
            assertFalse(line(display, "power cut ").contains("BROKEN"));
        }
    }

    @Test
    void aTakeoverIsShownBeforeTheBoardIsBack() throws Exception {
        try (PairRig rig = rig(); LiveDisplay display = display(rig, false)) {
            status.judged(new DrillRun(verdict(9_000_000), List.of(), 1));
            status.seen(verdict(3_000_000));
            assertTrue(shown(display).endsWith("hang of board A: board B led after 3.00 ms (term 2)"), shown(display));
            assertTrue(line(display, "hang ").startsWith("hang            1 x  p50 9.00 ms"), line(display, "hang "));
        }
    }

    @Test
    void aFaultThatNobodyTookOverIsInTheList() throws Exception {
        try (PairRig rig = rig(); LiveDisplay display = display(rig, false)) {
            status.judged(new DrillRun(verdict(0, "nobody took over"), List.of(), 1));
            assertEquals("hang            1 x    BROKEN 1", line(display, "hang "));
        }
    }

    @Test
    void aBoardThatWasNotStartedYetIsNotDead() throws Exception {
        try (PairRig rig = rig(); LiveDisplay display = display(rig, true)) {
            String shown = shown(display);
            assertTrue(shown.contains(DIM + "not started"), shown);
            assertFalse(shown.contains("dead"), shown);
            rig.start(0);
            rig.board(0).killAll();
            shown = shown(display);
            assertTrue(shown.contains(RED + "dead") && shown.contains(DIM + "not started"), shown);
        }
    }

    @Test
    void whatIsHeardIsLitAndWhatIsSilentIsNotSoThatItIsSeenWithoutColour() throws Exception {
        try (PairRig rig = rig(); LiveDisplay display = display(rig, false)) {
            rig.start(0);
            awaitShown(display, "\n│ leds  ● role ○ peer ○ sync");
            assertTrue(shown(display).contains("\n│ hears ○ EthA ○ EthB ○ UART ○ GPIO"), shown(display));
            rig.start(1);
            awaitShown(display, "\n│ hears ● EthA ● EthB ● UART ● GPIO");
            awaitShown(display, "\n│ leds  ● role ● peer ● sync");
        }
    }

    private static void awaitShown(LiveDisplay display, String text) throws InterruptedException {
        for (int looks = 0; looks < 1000 && !shown(display).contains(text); looks++) {
            Thread.sleep(10);
        }
        assertTrue(shown(display).contains(text), shown(display));
    }

    @Test
    void everyLineFitsTheScreen() throws Exception {
        try (PairRig rig = rig(); LiveDisplay display = display(rig, false)) {
            status.judged(new DrillRun(verdict(1_000_000_000, "one", "two"), List.of(), 1));
            status.judged(new DrillRun(verdict(99_990_000), List.of(), 1));
            List<String> picture = display.compose(System.nanoTime()).stream().map(TextLine::toString).toList();
            assertTrue(picture.size() <= LiveDisplay.ROWS, picture.size() + " lines");
            picture.forEach(line -> assertTrue(line.length() <= LiveDisplay.COLUMNS, line));
            assertTrue(picture.stream().anyMatch(line -> line.startsWith("takeover: fault to") && line.contains("silence:")));
        }
    }
}
