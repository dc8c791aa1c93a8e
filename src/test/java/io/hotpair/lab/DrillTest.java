package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole drill with fake nodes in processes of their own. */
final class DrillTest {
    /** Takeover times are no test's business: a bound that only a broken drill reaches. */
    private static final int BOUND_MS = 10_000;

    private static final DrillObserver NOBODY = new DrillObserver() {
        @Override
        public void step(String what, int done, int total) {}

        @Override
        public void judged(DrillRun run) {}
    };

    @TempDir
    private Path directory;

    private PairRig rig(DrillPlan plan) throws IOException {
        return new PairRig(new FakeNodeKit(), Files.createDirectory(directory.resolve("rig")),
                Files.createDirectory(directory.resolve("run")), plan.outputCapacity(), true, new SplittableRandom(plan.seed()));
    }

    @Test
    void everyFaultMovesTheRoleAndTheBoardComesBack() throws Exception {
        DrillPlan plan = new DrillPlan(1, List.of(FaultKind.values()), 300, BOUND_MS, 20_000, 1);
        ProcessHandle[] nodes = new ProcessHandle[2];
        try (PairRig rig = rig(plan)) {
            DrillResult result = new Drill(rig, plan, NOBODY).run();
            assertEquals("", result.aborted());
            assertEquals(List.of(0, 1, 0), result.runs().stream().map(run -> run.verdict().fault().board()).toList());
            for (DrillRun run : result.runs()) {
                assertTrue(run.verdict().takenOver());
                assertEquals(1, run.verdict().openGates());
            }
            for (int i = 0; i < 2; i++) {
                nodes[i] = ProcessHandle.of(rig.board(i).pid()).orElseThrow();
            }
        }
        assertFalse(nodes[0].isAlive());
        assertFalse(nodes[1].isAlive());
    }

    /** Nobody takes over within a millisecond here, so every takeover breaks a promise. */
    @Test
    void whatWasSeenIsToldBeforeTheBoardIsBroughtBack() throws Exception {
        DrillPlan plan = new DrillPlan(1, List.of(FaultKind.KILL), 60, 1, 20_000, 1);
        List<String> told = new ArrayList<>();
        DrillObserver observer = new DrillObserver() {
            @Override
            public void step(String what, int done, int total) {
                if (what.endsWith("again")) {
                    told.add("back");
                }
            }

            @Override
            public void seen(Verdict soFar) {
                told.add(soFar.kept() ? "kept" : "broken");
            }

            @Override
            public void judged(DrillRun run) {
                told.add("judged");
            }
        };
        try (PairRig rig = rig(plan)) {
            new Drill(rig, plan, observer).run();
        }
        assertEquals(List.of("broken", "back", "judged"), told);
    }

    @Test
    void aNodeThatDoesNotStartEndsTheDrillAndSaysWhy() throws Exception {
        DrillPlan plan = new DrillPlan(1, List.of(FaultKind.KILL), 60, BOUND_MS, 300, 1);
        NodeKit broken = new FakeNodeKit() {
            @Override
            public List<String> command(int boardId, Path config) {
                return List.of("/bin/sh", "-c", "echo no such board");
            }
        };
        try (PairRig rig = new PairRig(broken, Files.createDirectory(directory.resolve("rig")),
                Files.createDirectory(directory.resolve("run")), plan.outputCapacity(), true, new SplittableRandom(1))) {
            DrillResult result = new Drill(rig, plan, NOBODY).run();
            assertFalse(result.kept());
            assertTrue(result.aborted().contains("board A did not become primary"), result.aborted());
            assertEquals(List.of("no such board"), rig.board(0).logTail(1));
        }
    }
}
