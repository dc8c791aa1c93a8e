package io.hotpair.lab;

import io.hotpair.core.EventCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Kills one board and starts it again, over and over, while the other serves; then kills the one that served. The plant is the witness of what
 * the storm did to the stream.
 */
public final class RestartStorm {
    private static final int OUTPUTS = 1 << 18;
    private static final long PATIENCE_NS = 60_000_000_000L;
    private static final long LOOK_NS = 2_000_000;
    private static final long REST_MS = 500;
    private static final long GONE_WITHIN_MS = 10_000;
    private static final long GAP_WORTH_TELLING_NS = 20_000_000;
    /** A role change this soon after a late cycle is the machine's fault: a board that is late has to step down. */
    private static final long LATENESS_EXCUSES_NS = 1_000_000_000L;

    /**
     * One storm over one board.
     *
     * @param stormed 0 or 1
     * @param restarts how often it was killed and started again
     * @param heard how many of these starts got as far as hearing the peer
     * @param excused role changes of the survivor right after late cycles of its own
     * @param durationNs how long that took
     * @param gapsNs between neighbouring outputs of the survivor during the storm, in the order in which they were sent
     * @param calmGapsNs the same in the time before it
     * @param takeoverNs from the kill of the survivor to the first output of the stormed board; -1 if none came
     * @param lost numbers that never arrived, over all
     * @param broken what was not as promised
     */
    public record Storm(int stormed, int restarts, int heard, int excused, long durationNs, Distribution gapsNs, Distribution calmGapsNs, long takeoverNs, long lost,
            long doubled, List<String> broken) {}

    private final NodeKit kit;
    private final int restarts;
    private final long maxDurationNs;
    private final Consumer<String> progress;
    private final StreamLedger ledger = new StreamLedger();

    /**
     * @param restarts aimed at, in each storm
     * @param seconds longest time for them
     */
    public RestartStorm(NodeKit kit, int restarts, int seconds, Consumer<String> progress) {
        this.kit = kit;
        this.restarts = restarts;
        maxDurationNs = TimeUnit.SECONDS.toNanos(seconds);
        this.progress = progress;
    }

    /** A storm over board B, then one over board A. */
    public List<Storm> run() throws IOException, InterruptedException {
        List<Storm> storms = new ArrayList<>();
        kit.favourProgram();
        try (Workspace workspace = new Workspace();
                PairRig rig = new PairRig(kit, workspace.directory(), workspace.run(), OUTPUTS, true, new SplittableRandom(System.nanoTime()));
                CountersView a = (CountersView) rig.view(0);
                CountersView b = (CountersView) rig.view(1);
                OnInterrupt interrupt = new OnInterrupt(rig::close, workspace::close)) {
            CountersView[] views = {a, b};
            progress.accept("starting a pair");
            rig.start(0);
            await("board A did not become primary", () -> is(a, BoardView.PRIMARY));
            rig.start(1);
            for (int survivor = 0; survivor < 2; survivor++) {
                int stormed = 1 - survivor;
                awaitWhole(views, survivor);
                storms.add(storm(rig, views, survivor));
                progress.accept("starting board " + name(survivor) + " again");
                rig.start(survivor);
                awaitWhole(views, stormed);
            }
        }
        return storms;
    }

    private Storm storm(PairRig rig, CountersView[] views, int survivor) throws IOException, InterruptedException {
        int stormed = 1 - survivor;
        CountersView view = views[stormed];
        TimeUnit.MILLISECONDS.sleep(REST_MS);
        List<String> broken = new ArrayList<>();
        List<Output> before = take(rig);
        long sinceNs = System.nanoTime();
        int done = 0;
        int heard = 0;
        int excused = 0;
        long watchedNs = sinceNs;
        List<BoardEvent> all = new ArrayList<>();
        while (done < restarts && System.nanoTime() - sinceNs < maxDurationNs) {
            long killedNs = rig.kill(stormed);
            if (!rig.board(stormed).awaitGone(GONE_WITHIN_MS)) {
                broken.add("the guard of board " + name(stormed) + " did not end after its node");
                rig.board(stormed).killAll();
            }
            rig.start(stormed);
            // A board that has not heard its peer when its share of the time is over is killed all the same: the storm has its pace.
            heard += awaitHeard(view, killedNs + (sinceNs + maxDurationNs - killedNs) / (restarts - done)) ? 1 : 0;
            done++;
            views[survivor].refresh();
            List<BoardEvent> events = views[survivor].eventsSince(watchedNs - LATENESS_EXCUSES_NS);
            excused += judgeChanges(events, watchedNs, broken);
            long fromNs = watchedNs;
            events.stream().filter(event -> event.atNs() - fromNs >= 0).forEach(all::add);
            watchedNs = events.isEmpty() ? watchedNs : events.getLast().atNs() + 1;
            if (done % 10 == 0) {
                progress.accept("board " + name(stormed) + " started again " + done + " times in " + (System.nanoTime() - sinceNs) / 1_000_000 + " ms");
            }
        }
        long durationNs = System.nanoTime() - sinceNs;
        List<Output> during = take(rig);
        judgeGates(during, broken);
        tellLargestGap(during, all);
        progress.accept(done + " restarts; waiting for board " + name(stormed) + " to be standby again");
        awaitWhole(views, survivor);
        TimeUnit.MILLISECONDS.sleep(REST_MS);
        take(rig);
        long takeoverNs = takeover(rig, survivor, broken);
        StreamLedger.Balance balance = ledger.close();
        if (balance.lost() > 0) {
            broken.add(balance.lost() + " outputs lost");
        }
        if (balance.doubled() > 0) {
            broken.add(balance.doubled() + " outputs doubled without a warning");
        }
        return new Storm(stormed, done, heard, excused, durationNs, gaps(during), gaps(before), takeoverNs, balance.lost(), balance.doubled(), List.copyOf(broken));
    }

    private long takeover(PairRig rig, int survivor, List<String> broken) throws IOException, InterruptedException {
        long atNs = rig.kill(survivor);
        TimeUnit.MILLISECONDS.sleep(REST_MS);
        Output first = null;
        for (Output output : take(rig)) {
            if (first == null && output.board() != survivor && output.receivedNs() - atNs >= 0) {
                first = output;
            } else if (first != null && output.board() == survivor && output.sentNs() - first.sentNs() > 0) {
                broken.add("both boards emitted");
            }
        }
        if (first == null) {
            broken.add("the stormed board did not take over");
        }
        if (!rig.board(survivor).awaitGone(GONE_WITHIN_MS)) {
            broken.add("the guard of board " + name(survivor) + " did not end after its node");
        }
        return first == null ? -1 : first.receivedNs() - atNs;
    }

    /** What came since the last call, entered in the books. */
    private List<Output> take(PairRig rig) {
        List<Output> outputs = rig.plant().take(System.nanoTime());
        outputs.forEach(output -> ledger.accept(output.number(), output.replay()));
        return outputs;
    }

    /** What the serving board recorded around the largest gap of its stream. */
    private void tellLargestGap(List<Output> outputs, List<BoardEvent> events) {
        List<Output> sent = inOrderOfSending(outputs);
        int at = 0;
        for (int i = 0; i + 1 < sent.size(); i++) {
            at = sent.get(i + 1).sentNs() - sent.get(i).sentNs() > sent.get(at + 1).sentNs() - sent.get(at).sentNs() ? i : at;
        }
        if (sent.size() < 2 || sent.get(at + 1).sentNs() - sent.get(at).sentNs() < GAP_WORTH_TELLING_NS) {
            return;
        }
        long fromNs = sent.get(at).sentNs();
        long toNs = sent.get(at + 1).sentNs();
        progress.accept("largest gap " + (toNs - fromNs) / 1_000_000 + " ms; the serving board recorded meanwhile:");
        for (BoardEvent event : events) {
            if (event.atNs() - fromNs >= -GAP_WORTH_TELLING_NS && event.atNs() - toNs <= GAP_WORTH_TELLING_NS) {
                progress.accept(String.format("  %+9.3f ms  %s %d", (event.atNs() - fromNs) / 1e6, event.name(), event.detail()));
            }
        }
    }

    private static Distribution gaps(List<Output> outputs) throws IOException {
        if (outputs.size() < 2) {
            throw new IOException("the plant received nothing: no gaps to tell");
        }
        List<Output> sent = inOrderOfSending(outputs);
        long[] gaps = new long[Math.max(0, sent.size() - 1)];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = sent.get(i + 1).sentNs() - sent.get(i).sentNs();
        }
        return new Distribution(gaps);
    }

    /** The survivor keeps its role, unless it was late itself. @return how many changes that excuses */
    private static int judgeChanges(List<BoardEvent> events, long fromNs, List<String> broken) {
        int excused = 0;
        BoardEvent late = null;
        for (BoardEvent event : events) {
            if (event.name().equals(EventCode.LATE.name())) {
                late = event;
            } else if (event.atNs() - fromNs >= 0 && StartJudge.isRoleChange(event)) {
                if (late == null || event.atNs() - late.atNs() > LATENESS_EXCUSES_NS) {
                    broken.add("the serving board changed its role without having been late: " + event.name());
                } else {
                    excused++;
                }
            }
        }
        return excused;
    }

    /** Whoever leads: nobody emits once the other has emitted with a higher term. */
    private static void judgeGates(List<Output> outputs, List<String> broken) {
        Output newest = null;
        int overlapping = 0;
        for (Output output : inOrderOfSending(outputs)) {
            if (newest == null || output.term() > newest.term()) {
                newest = output;
            } else if (output.board() != newest.board()) {
                overlapping++;
            }
        }
        if (overlapping > 0) {
            broken.add("two open gates: " + overlapping + " outputs of a board that no longer led");
        }
    }

    private static List<Output> inOrderOfSending(List<Output> outputs) {
        List<Output> sent = new ArrayList<>(outputs);
        if (!sent.isEmpty()) {
            sent.sort(Comparator.comparingLong(output -> output.sentNs() - outputs.getFirst().sentNs()));
        }
        return sent;
    }

    /** @return whether the board hears its peer before the deadline */
    private static boolean awaitHeard(CountersView view, long deadlineNs) {
        while (System.nanoTime() - deadlineNs < 0) {
            if (view.refresh() && view.value("peer.alive") == 1) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return false;
    }

    private static boolean is(CountersView view, String role) {
        return view.refresh() && view.role().equals(role);
    }

    private static void awaitWhole(CountersView[] views, int primary) throws IOException {
        await("the pair did not become whole", () -> is(views[primary], BoardView.PRIMARY) && is(views[1 - primary], BoardView.STANDBY)
                && views[1 - primary].inSync() && views[1 - primary].channelFresh(0) && views[primary].channelFresh(0));
    }

    private static void await(String otherwise, BooleanSupplier condition) throws IOException {
        long sinceNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - sinceNs > PATIENCE_NS) {
                throw new IOException(otherwise + " within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS) + " s");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static String name(int board) {
        return board == 0 ? "A" : "B";
    }
}
