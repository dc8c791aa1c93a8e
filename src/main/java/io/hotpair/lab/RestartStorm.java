package io.hotpair.lab;

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
    /** A restart counts when the board heard its peer; one that does not come so far in this time is killed all the same. */
    private static final long RESTART_TIMEOUT_NS = 5_000_000_000L;
    private static final long GONE_WITHIN_MS = 2_000;

    /**
     * One storm over one board.
     *
     * @param stormed 0 or 1
     * @param restarts how often it was killed and started again
     * @param durationNs how long that took
     * @param gapsNs between neighbouring outputs of the survivor during the storm, in the order in which they were sent
     * @param calmGapsNs the same in the time before it
     * @param takeoverNs from the kill of the survivor to the first output of the stormed board; -1 if none came
     * @param lost numbers that never arrived, over all
     * @param broken what was not as promised
     */
    public record Storm(int stormed, int restarts, long durationNs, Distribution gapsNs, Distribution calmGapsNs, long takeoverNs, long lost,
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
        try (Workspace workspace = new Workspace();
                PairRig rig = new PairRig(kit, workspace.directory(), workspace.run(), OUTPUTS, true, new SplittableRandom(System.nanoTime()));
                CountersView a = (CountersView) rig.view(0);
                CountersView b = (CountersView) rig.view(1)) {
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
        long term = views[survivor].term();
        List<Output> before = take(rig);
        long sinceNs = System.nanoTime();
        int done = 0;
        while (done < restarts && System.nanoTime() - sinceNs < maxDurationNs) {
            rig.kill(stormed);
            if (!rig.board(stormed).awaitGone(GONE_WITHIN_MS)) {
                broken.add("the guard of board " + name(stormed) + " did not end after its node");
                rig.board(stormed).killAll();
            }
            rig.start(stormed);
            awaitHeard(view);
            done++;
            if (done % 10 == 0) {
                progress.accept("board " + name(stormed) + " started again " + done + " times in " + (System.nanoTime() - sinceNs) / 1_000_000 + " ms");
            }
        }
        long durationNs = System.nanoTime() - sinceNs;
        List<Output> during = take(rig);
        views[survivor].refresh();
        if (!is(views[survivor], BoardView.PRIMARY) || views[survivor].term() != term) {
            broken.add("board " + name(survivor) + " is " + views[survivor].role() + " with term " + views[survivor].term()
                    + " after the storm, was PRIMARY with term " + term);
        }
        long strangers = during.stream().filter(output -> output.board() == stormed).count();
        if (strangers > 0) {
            broken.add(strangers + " outputs of the stormed board");
        }
        long otherTerms = during.stream().filter(output -> output.board() == survivor && output.term() != term).count();
        if (otherTerms > 0) {
            broken.add(otherTerms + " outputs of board " + name(survivor) + " with another term");
        }
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
        return new Storm(stormed, done, durationNs, gaps(during), gaps(before), takeoverNs, balance.lost(), balance.doubled(), List.copyOf(broken));
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

    private static Distribution gaps(List<Output> outputs) throws IOException {
        if (outputs.size() < 2) {
            throw new IOException("the plant received nothing: no gaps to tell");
        }
        List<Output> sent = new ArrayList<>(outputs);
        sent.sort(Comparator.comparingLong(output -> output.sentNs() - outputs.getFirst().sentNs()));
        long[] gaps = new long[Math.max(0, sent.size() - 1)];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = sent.get(i + 1).sentNs() - sent.get(i).sentNs();
        }
        return new Distribution(gaps);
    }

    private static void awaitHeard(CountersView view) {
        long sinceNs = System.nanoTime();
        while (System.nanoTime() - sinceNs < RESTART_TIMEOUT_NS && !(view.refresh() && view.value("peer.alive") == 1)) {
            LockSupport.parkNanos(LOOK_NS);
        }
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
