package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two real nodes with serial devices and lines: what comes in to both, leaves one; the other goes on; nothing is doubled. */
@Tag("slow")
class FieldPortsTest {
    private static final long MS = 1_000_000;
    private static final long HOLD_MS = 2_000;
    private static final int LINES = 300;

    private Workspace workspace;
    private TaskRig rig;
    private Field field;
    private CountersView[] views;

    private void start(boolean numbered) throws Exception {
        workspace = new Workspace();
        rig = new TaskRig(new RealNodeKit(), workspace.directory(), workspace.run(), "sensor");
        field = new Field(workspace.run());
        field.configure(rig, HOLD_MS + " ms", numbered);
        rig.set("task", "class", FieldTask.class.getName()).setRaw("task", "in-process", "true").setRaw("realtime", "rehearse", "false")
                .setRaw("damping", "handover-threshold", "200")
                // Ten times the defaults: how fast a takeover is, is not this test's business, and it shares its machine.
                .set("timing", "heartbeat-interval", "10 ms").set("timing", "lease", "25 ms").set("timing", "margin", "2.5 ms")
                .set("timing", "arbitration", "10 ms").write();
        views = new CountersView[] {rig.view(0), rig.view(1)};
        rig.start(0);
        TaskRig.await("board A did not become primary", () -> TaskRig.is(views[0], BoardView.PRIMARY));
        rig.start(1);
        whole();
        field.endLine();
    }

    @AfterEach
    void close() throws Exception {
        views[0].close();
        views[1].close();
        rig.close();
        field.close();
        workspace.close();
    }

    private int whole() throws IOException {
        try {
            return TaskRig.awaitWhole(views);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + rig.logs(), e);
        }
    }

    /**
     * Waits until every line was executed.
     *
     * @return how many were not: those that a board which goes on, or the machine that it shares, was too late for, by its own count
     */
    private int awaitExecuted(int survivor) throws IOException {
        try {
            TaskRig.await("not every line was executed", () -> field.fed - field.executed() <= tooLate(survivor));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + ": " + field.executed() + " of " + field.fed + rig.logs(), e);
        }
        return (int) (field.fed - field.executed());
    }

    private long tooLate(int board) {
        views[board].refresh();
        return views[board].value("sync0.expiredCopies") + views[board].value("sync0.droppedInputs")
                + views[board].value("input.sensor.error.wrongChecksum") + views[board].value("input.sensor.error.overflowed");
    }

    private static void pause(long ms) {
        LockSupport.parkNanos(ms * MS);
    }

    /** The levels that the valve had, one after the other, since this was asked last. */
    private String levels() {
        StringBuilder levels = new StringBuilder();
        while (field.valve.await(0)) {
            levels.append(field.valve.high() ? '1' : '0');
        }
        return levels.toString();
    }

    private void play(int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            field.feed(1);
            if (i % 30 == 0) {
                field.press();
            }
        }
    }

    @Test
    void aKilledPrimaryIsReplacedAndNothingIsDoubled() throws Exception {
        start(true);
        int primary = whole();
        play(LINES);
        rig.kill(primary);
        play(LINES);
        CountersView survivor = views[1 - primary];
        int lost = awaitExecuted(1 - primary);
        pause(500); // whatever comes doubled comes soon
        int unlogged = field.judge();
        assertTrue(field.executed() <= field.fed, field.executed() + " lines of " + field.fed + " executed");
        assertTrue(field.edges() > 0 && field.edges() <= field.pressed, field.edges() + " edges of " + field.pressed + " executed");
        TaskRig.await("the valve was let go", () -> !field.valve.level()); // the hold of the last output is over
        TaskRig.await("that was counted", () -> survivor.refresh() && survivor.value("output.valve.expired") > 0);
        assertTrue(unlogged <= survivor.value("sync0.skippedOutputs"), unlogged + " lines were not told to the log");
        assertEquals(0, survivor.value("input.sensor.error.tooLong") + survivor.value("input.sensor.error.malformed"));
        System.out.println("field: killed among " + field.fed + " lines, " + lost + " of them lost, " + unlogged + " never logged, "
                + survivor.value("sync0.skippedOutputs") + " outputs skipped, " + survivor.value("sync0.repetitions") + " repeated; "
                + field.edges() + " of " + field.pressed + " edges");
    }

    @Test
    void aLevelIsSafeFromTheDeathOfThePrimaryUntilTheOtherDrives() throws Exception {
        start(false);
        int primary = whole();
        field.feed(10, 1);
        awaitExecuted(primary);
        pause(200); // the standby has been told of all
        assertTrue(field.valve.level());
        levels();
        long killedNs = rig.kill(primary);
        TaskRig.await("the other board did not lead", () -> TaskRig.is(views[1 - primary], BoardView.PRIMARY));
        TaskRig.await("the guard did not let go", () -> !field.valve.level());
        assertTrue(System.nanoTime() - killedNs < HOLD_MS * MS, "the hold was over before");
        assertEquals("0", levels(), "the new primary waits for the task to say something");
        field.feed(10, 1);
        awaitExecuted(1 - primary);
        assertTrue(levels().startsWith("1"));
        assertTrue(rig.awaitGone(primary));
        field.judge();

        rig.start(primary);
        int now = whole();
        field.feed(10, 1);
        awaitExecuted(now);
        assertTrue(field.valve.level());
    }

    @Test
    void aPrimaryThatStandsStillLetsGoInTimeAndBringsNothingOldBack() throws Exception {
        start(false);
        int primary = whole();
        field.feed(10, 1);
        awaitExecuted(primary);
        pause(200);
        levels();
        rig.board(primary).signal(LinuxCalls.SIGSTOP);
        TaskRig.await("the other board did not lead", () -> TaskRig.is(views[1 - primary], BoardView.PRIMARY));
        TaskRig.await("the line was not let go", () -> !field.valve.level());
        assertEquals("0", levels());
        field.feed(100, 0);
        int lost = awaitExecuted(1 - primary);
        pause(300); // longer than inputs are told apart by their content
        rig.board(primary).signal(LinuxCalls.SIGCONT);
        TaskRig.await("what waited in the device was not looked at",
                () -> views[primary].refresh() && views[primary].value("sync0.expiredCopies") > 0);
        whole();
        pause(300);
        assertEquals(field.fed - lost, field.executed(), "what lay in the stopped board's device was executed before");
        assertEquals("", levels());
        field.judge();
        System.out.println("field: " + views[primary].value("sync0.expiredCopies") + " lines in a stopped board's device were too old");
    }
}
