package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.syncline.SimulatedSyncLine.Fault;
import io.hotpair.sync.TickState;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two real nodes and an oscillator: start, death of the primary, loss of the line (fault table, row 36). */
@Tag("slow")
class TickDrillTest {
    private static final long PERIOD_NS = 20_000_000;
    private static final int START_AFTER = 25;
    private static final int HEADER_BYTES = 16;
    private static final long STRETCH_MS = 2_000;

    /** An output as the world got it. */
    private record Told(long atNs, long term, boolean repetition, long tick, long count) { }

    /** Hears the outputs. */
    private static final class World implements AutoCloseable {
        private final DatagramSocket socket;
        private final List<Told> told = Collections.synchronizedList(new ArrayList<>());

        World(InetSocketAddress at) throws IOException {
            socket = new DatagramSocket(at);
            Thread.ofPlatform().daemon().start(this::hear);
        }

        private void hear() {
            byte[] bytes = new byte[64];
            ByteBuffer output = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            try {
                while (true) {
                    socket.receive(new DatagramPacket(bytes, bytes.length));
                    told.add(new Told(System.nanoTime(), output.getInt(8), output.getInt(12) != 0, output.getLong(HEADER_BYTES),
                            output.getLong(HEADER_BYTES + 8)));
                }
            } catch (IOException e) {
                return; // closed
            }
        }

        List<Told> told() {
            synchronized (told) {
                return List.copyOf(told);
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void ticksGoOnOverTheDeathOfThePrimaryAndTheLossOfTheLine() throws Exception {
        RealNodeKit kit = new RealNodeKit();
        try (Workspace workspace = new Workspace(); TaskRig rig = new TaskRig(kit, workspace.directory(), workspace.run(), "load");
                Oscillator oscillator = new Oscillator(workspace.run().resolve("sync-line"), PERIOD_NS, kit.threadSetup());
                World world = new World(new InetSocketAddress(rig.world(), 0))) {
            // what is counted here depends on no compiled code, and not on whose task is late on a busy machine
            rig.setRaw("realtime", "rehearse", "false").setRaw("damping", "handover-threshold", "200")
                    .set("task", "class", TickTask.class.getName()).set("task", "class-path", System.getProperty("java.class.path"))
                    .set("task.settings", "folder", workspace.directory())
                    .set("output.ticks", "to", RigAddresses.text((InetSocketAddress) world.socket.getLocalSocketAddress()))
                    .set("ticks", "interval", "20 ms").setRaw("ticks", "start-after", Integer.toString(START_AFTER))
                    .set("ticks", "start-wait", "10 min").set("sync-line", "line", "sim:" + workspace.run().resolve("sync-line"));
            rig.write();
            try (CountersView a = rig.view(0); CountersView b = rig.view(1)) {
                drill(rig, oscillator, world, new CountersView[] {a, b});
                executedOnce(world.told());
                executedAlike(workspace.directory());
            } catch (IOException | AssertionError e) {
                throw new AssertionError(e.getMessage() + rig.logs(), e);
            }
        }
    }

    private void drill(TaskRig rig, Oscillator oscillator, World world, CountersView[] views) throws Exception {
        rig.start(0);
        TaskRig.await("board A did not lead", () -> TaskRig.rehearsed(views[0]) && TaskRig.is(views[0], BoardView.PRIMARY));
        assertEquals(List.of(), world.told(), "the tasks wait for each other");
        rig.start(1);
        int primary = TaskRig.awaitWhole(views);
        awaitStates(views, TickState.LOCKED);
        TaskRig.await("the ticks did not begin", () -> world.told().size() > 10 && views[0].refresh() && views[1].refresh());
        assertEquals(views[0].value("group0.tickStart"), views[1].value("group0.tickStart"));
        assertEquals(views[0].value("group0.tickStart"), world.told().getFirst().tick());
        long numbers = numbering(world, oscillator, STRETCH_MS);
        tellPhase(views);

        long term = world.told().getLast().term();
        long killedNs = rig.kill(primary);
        TaskRig.await("no tick of the other board", () -> world.told().getLast().term() != term);
        Told first = world.told().stream().filter(told -> told.atNs() - killedNs > 0 && told.term() > term).findFirst().orElseThrow();
        System.out.printf("first tick of the new primary %.1f ms after the kill%n", (first.atNs() - killedNs) / 1e6);
        assertEquals(numbers, numbering(world, oscillator, STRETCH_MS), "the new primary numbers the edges as the old one did");
        assertTrue(rig.awaitGone(primary));
        rig.start(primary);
        primary = TaskRig.awaitWhole(views);
        awaitStates(views, TickState.LOCKED);
        assertEquals(numbers, numbering(world, oscillator, STRETCH_MS));
        tellPhase(views);

        loseTheLine(rig, oscillator, world, views, primary);
        assertEquals(numbers, numbering(world, oscillator, STRETCH_MS), "it was lost for too short a time to be off by a tick");
    }

    private void loseTheLine(TaskRig rig, Oscillator oscillator, World world, CountersView[] views, int primary) throws Exception {
        long[] terms = {views[0].term(), views[1].term()};
        oscillator.fault(0, Fault.CUT, 0);
        oscillator.fault(1, Fault.CUT, 0);
        awaitStates(views, TickState.HOLDOVER);
        int before = world.told().size();
        TimeUnit.MILLISECONDS.sleep(STRETCH_MS);
        int ticks = world.told().size() - before;
        System.out.println(ticks + " ticks in " + STRETCH_MS + " ms of holdover");
        assertTrue(ticks > STRETCH_MS * 1_000_000 / PERIOD_NS / 2, "ticks go on");
        TaskRig.await("no alarm in the log", () -> rig.board(0).logTail(50).stream().anyMatch(line -> line.contains("ALARM") && line.contains("holdover")));
        oscillator.fault(0, Fault.NORMAL, 0);
        oscillator.fault(1, Fault.NORMAL, 0);
        awaitStates(views, TickState.LOCKED);
        assertEquals(primary, TaskRig.awaitWhole(views), "the roles stay");
        assertEquals(terms[0], views[0].term());
        assertEquals(terms[1], views[1].term());
    }

    private static void awaitStates(CountersView[] views, TickState state) throws IOException {
        TaskRig.await("the boards are not both " + state, () -> views[0].refresh() && views[1].refresh()
                && views[0].value("group0.tickState") == state.ordinal() && views[1].value("group0.tickState") == state.ordinal());
    }

    private static void tellPhase(CountersView[] views) {
        for (CountersView view : views) {
            view.refresh();
            assertNotEquals(-1, view.value("group0.tickPhaseErrorNs"), "the boards compare their ticks");
            System.out.printf("%s has its ticks %.1f us later than the other, give or take %.1f%n", view.role(), view.value("group0.tickPhaseNs") / 1e3,
                    view.value("group0.tickPhaseErrorNs") / 1e3);
        }
    }

    /**
     * Number of a tick less the place of its edge, by the output of a while that came soonest behind it: one that comes late seems to be of a later edge,
     * and none can come too soon.
     */
    private static long numbering(World world, Oscillator oscillator, long whileMs) throws InterruptedException {
        int from = world.told().size();
        TimeUnit.MILLISECONDS.sleep(whileMs);
        List<Told> told = world.told();
        return told.subList(from, told.size()).stream().mapToLong(one -> one.tick() - oscillator.edge(one.atNs() - PERIOD_NS / 2)).max()
                .orElseThrow(() -> new AssertionError("no tick in " + whileMs + " ms"));
    }

    /** What left twice was marked, and each tick has the next place in the count of all. */
    private static void executedOnce(List<Told> told) {
        Map<Long, Told> first = new HashMap<>();
        long newest = 0;
        long count = 0;
        int repetitions = 0;
        for (Told one : told) {
            Told before = first.putIfAbsent(one.tick(), one);
            if (before == null) {
                assertTrue(one.tick() > newest, one.tick() + " after " + newest);
                assertEquals(count + 1, one.count(), "tick " + one.tick());
                newest = one.tick();
                count = one.count();
            } else {
                assertTrue(one.repetition() && before.count() == one.count(), one + " after " + before);
                repetitions++;
            }
        }
        System.out.println(first.size() + " ticks, " + (newest - told.getFirst().tick() + 1 - first.size()) + " skipped, " + repetitions + " outputs repeated");
    }

    /** The tasks of all three processes executed the same ticks, as far as each lived. */
    private static void executedAlike(Path folder) throws IOException {
        List<TreeSet<Long>> all = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "executed-*")) {
            for (Path file : files) {
                all.add(executed(file));
            }
        }
        assertEquals(3, all.size());
        int shared = 0;
        for (TreeSet<Long> one : all) {
            for (TreeSet<Long> other : all) {
                long from = Math.max(one.first(), other.first());
                long to = Math.min(one.last(), other.last());
                if (one != other && from <= to) {
                    assertEquals(one.subSet(from, true, to, true), other.subSet(from, true, to, true));
                    shared += one.subSet(from, true, to, true).size();
                }
            }
        }
        System.out.println(shared / 2 + " ticks executed on both boards");
        assertTrue(shared > 0);
    }

    private static TreeSet<Long> executed(Path file) throws IOException {
        TreeSet<Long> ticks = new TreeSet<>();
        byte[] bytes = Files.readAllBytes(file);
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            for (int i = 0; i < bytes.length / Long.BYTES; i++) {
                long tick = in.readLong();
                assertTrue(ticks.isEmpty() || tick > ticks.last(), tick + " after " + ticks);
                ticks.add(tick);
            }
        }
        return ticks;
    }
}
