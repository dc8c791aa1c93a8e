package io.hotpair.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * From an input to its committed output: a pair with a task beside a Redis primary with a replica, {@code SET} and {@code WAIT 1}, in one run. The
 * same thread is the client of both, in turn; both keep nothing on a disk, and both answer when two processes hold the input.
 *
 * <pre>
 *  Redis alone     every way, some rounds                what the pair's heartbeats cost Redis on a small machine shows beside it
 *  task in node    pair, Redis, pair, Redis, ...
 *  own process     pair, Redis, pair, Redis, ...
 * </pre>
 *
 * <p>The window of 64 goes out at once, and the next when all are committed: this is how one connection to Redis has to do it, where a {@code WAIT}
 * lets nothing pass. Redis has a second way, 64 connections of which each waits for its own.
 */
public final class SyncBench {
    /** Inputs that are out at a time. */
    public static final int WINDOW = 64;
    private static final int[] PAYLOADS = {64, 1024};
    private static final int ROUNDS = 3;
    private static final int ALONE_ROUNDS = 2;
    /** Of a slot, at its beginning, not counted: the other's traffic ends, a board finds its pace. */
    private static final long LEAD_IN_NS = 50_000_000;
    private static final long WARM_UP_NS = 1_000_000_000L;
    private static final long GIVE_UP_NS = 500_000_000;
    /** The counters file shows a counter after 16 ms at most, then some. */
    private static final long COUNTERS_MS = 40;

    /** What is measured. */
    public enum Subject {
        PAIR_IN_PROCESS("pair, task in the node"),
        PAIR_OWN_PROCESS("pair, task of its own"),
        /** While no pair runs. */
        REDIS_ALONE("Redis, no pair running"),
        /** Between the rounds of a pair, which sends its heartbeats meanwhile. */
        REDIS("Redis beside the pair");

        private final String title;

        Subject(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /** How inputs are handed over. */
    public enum Way {
        ONE("one client, one at a time", 1, 1),
        WINDOW_AT_ONCE("64 at once", WINDOW, 1),
        WINDOW_OF_CONNECTIONS("64 connections, a WAIT each", WINDOW, WINDOW);

        private final String title;
        private final int depth;
        private final int connections;

        Way(String title, int depth, int connections) {
            this.title = title;
            this.depth = depth;
            this.connections = connections;
        }

        public String title() {
            return title;
        }

        public int depth() {
            return depth;
        }

        /** Inputs that go out together. */
        int burst() {
            return depth / connections;
        }
    }

    /**
     * One stretch of one subject.
     *
     * @param inStep whether a pair's standby was in step all the time: else not every answer was held by both
     */
    public record Round(Distribution tookNs, double perSecond, long unanswered, boolean inStep) {}

    /** All rounds of a subject. */
    public record Row(Subject subject, Way way, int payloadBytes, List<Round> rounds) {
        /** The rounds' median of a percentile. */
        public long tookNs(double percent) {
            return new Distribution(rounds.stream().mapToLong(round -> round.tookNs().percentile(percent)).toArray()).median();
        }

        /** The rounds' median. */
        public double perSecond() {
            return new Distribution(rounds.stream().mapToLong(round -> Math.round(round.perSecond())).toArray()).median();
        }

        public long unanswered() {
            return rounds.stream().mapToLong(Round::unanswered).sum();
        }

        public long outOfStep() {
            return rounds.stream().filter(round -> !round.inStep()).count();
        }
    }

    /**
     * What came of it.
     *
     * @param redisVersion empty where there is no Redis
     */
    public record Result(String machine, Optional<String> redisVersion, List<Row> rows) {
        /** The row, or nothing if that was not measured. */
        public Optional<Row> row(Subject subject, Way way, int payloadBytes) {
            return rows.stream().filter(row -> row.subject == subject && row.way == way && row.payloadBytes == payloadBytes).findFirst();
        }
    }

    private final NodeKit kit;
    private final int seconds;
    private final Optional<Path> redisServer;
    private final Consumer<String> progress;
    private final List<Row> rows = new ArrayList<>();

    /**
     * @param seconds of measurement
     * @param redisServer its program, if it is there
     */
    public SyncBench(NodeKit kit, int seconds, Optional<Path> redisServer, Consumer<String> progress) {
        this.kit = kit;
        this.seconds = seconds;
        this.redisServer = redisServer;
        this.progress = progress;
    }

    /** The payloads that are measured, bytes. */
    public static int[] payloads() {
        return PAYLOADS.clone();
    }

    /** Runs it. @throws IOException if a pair or Redis does not come up, or ends under the measurement */
    public Result run() throws IOException, InterruptedException {
        kit.favourProgram();
        if (redisServer.isEmpty()) {
            progress.accept(RedisPair.ABSENT);
            runPairs(Optional.empty());
            return new Result(Machine.describe(), Optional.empty(), rows);
        }
        try (Workspace workspace = new Workspace(); RedisPair redis = new RedisPair(redisServer.get(), workspace.directory())) {
            String version;
            try (OnInterrupt interrupt = new OnInterrupt(redis::close, workspace::close)) {
                progress.accept("starting Redis with a replica");
                version = redis.start();
                measure(List.of(new Contender(Subject.REDIS_ALONE, redis.primary())), ALONE_ROUNDS);
            }
            runPairs(Optional.of(redis));
            return new Result(Machine.describe(), Optional.of(version), rows);
        }
    }

    private void runPairs(Optional<RedisPair> redis) throws IOException, InterruptedException {
        for (Subject subject : List.of(Subject.PAIR_IN_PROCESS, Subject.PAIR_OWN_PROCESS)) {
            runPair(subject, redis);
        }
    }

    private void runPair(Subject subject, Optional<RedisPair> redis) throws IOException, InterruptedException {
        try (Workspace workspace = new Workspace();
                TaskRig rig = new TaskRig(kit, workspace.directory(), workspace.run(), "load");
                PairPath path = new PairPath(new InetSocketAddress(rig.world(), 0), rig.inputs());
                OnInterrupt interrupt = new OnInterrupt(rig::close, () -> redis.ifPresent(RedisPair::close), workspace::close)) {
            rig.set("task", "class", CountingTask.class.getName())
                    .setRaw("task", "in-process", Boolean.toString(subject == Subject.PAIR_IN_PROCESS))
                    .set("output.answers", "to", RigAddresses.text(path.address()))
                    .set("storage", "kind", "none").set("storage", "commit", "both");
            rig.write();
            progress.accept("starting a pair: " + subject.title());
            try (CountersView a = rig.view(0); CountersView b = rig.view(1)) {
                rig.start(0);
                TaskRig.await("board A did not become primary", () -> TaskRig.rehearsed(a) && TaskRig.is(a, BoardView.PRIMARY));
                rig.start(1);
                List<Contender> contenders = new ArrayList<>(List.of(new Contender(subject, path, new CountersView[] {a, b})));
                redis.ifPresent(pair -> contenders.add(new Contender(Subject.REDIS, pair.primary())));
                measure(contenders, ROUNDS);
            } catch (IOException e) {
                throw new IOException(e.getMessage() + rig.logs(), e);
            }
        }
    }

    /** Who is measured, and through what. */
    private static final class Contender {
        private final Subject subject;
        private final PairPath pair;
        private final CountersView[] views;
        private final InetSocketAddress redis;
        private long nextNumber = 1;

        Contender(Subject subject, PairPath pair, CountersView[] views) {
            this.subject = subject;
            this.pair = pair;
            this.views = views;
            redis = null;
        }

        Contender(Subject subject, InetSocketAddress redis) {
            this.subject = subject;
            this.redis = redis;
            pair = null;
            views = new CountersView[0];
        }

        /** A pair sees inputs only, not how a client waits: it has no third way. */
        boolean knows(Way way) {
            return redis != null || way != Way.WINDOW_OF_CONNECTIONS;
        }
    }

    private void measure(List<Contender> contenders, int rounds) throws IOException, InterruptedException {
        for (Contender contender : contenders) {
            for (Way way : Way.values()) {
                if (contender.knows(way)) {
                    round(contender, way, PAYLOADS[0], WARM_UP_NS);
                }
            }
        }
        long slotNs = seconds * 1_000_000_000L / slots();
        for (int r = 1; r <= rounds; r++) {
            for (Way way : Way.values()) {
                if (contenders.stream().noneMatch(contender -> contender.knows(way))) {
                    continue;
                }
                progress.accept(contenders.getFirst().subject.title() + ", round " + r + " of " + rounds + ": " + way.title());
                for (int payloadBytes : PAYLOADS) {
                    for (Contender contender : contenders) {
                        if (contender.knows(way)) {
                            row(contender.subject, way, payloadBytes).rounds.add(round(contender, way, payloadBytes, slotNs));
                        }
                    }
                }
            }
        }
    }

    private int slots() {
        int ofPairs = 2 * ROUNDS * PAYLOADS.length * (Way.values().length - 1);
        int ofRedis = (2 * ROUNDS + ALONE_ROUNDS) * PAYLOADS.length * Way.values().length;
        return redisServer.isEmpty() ? ofPairs : ofPairs + ofRedis;
    }

    private Row row(Subject subject, Way way, int payloadBytes) {
        for (Row row : rows) {
            if (row.subject == subject && row.way == way && row.payloadBytes == payloadBytes) {
                return row;
            }
        }
        Row row = new Row(subject, way, payloadBytes, new ArrayList<>());
        rows.add(row);
        return row;
    }

    private Round round(Contender contender, Way way, int payloadBytes, long forNs) throws IOException, InterruptedException {
        if (contender.pair == null) {
            try (RedisPath path = new RedisPath(contender.redis, way.connections)) {
                return drive(contender, path, way, payloadBytes, forNs);
            }
        }
        int primary = TaskRig.awaitWhole(contender.views);
        long asked = contender.views[primary].value("sync0.coldRequests");
        Round round = drive(contender, contender.pair, way, payloadBytes, forNs);
        TimeUnit.MILLISECONDS.sleep(COUNTERS_MS);
        boolean inStep = TaskRig.primaryOfWhole(contender.views) == primary && contender.views[primary].value("sync0.coldRequests") == asked;
        return new Round(round.tookNs, round.perSecond, round.unanswered, inStep);
    }

    /** The client: as many as the way permits, again and again. */
    private static Round drive(Contender contender, CommitPath path, Way way, int payloadBytes, long forNs) throws IOException {
        InFlight leadIn = new InFlight(way.depth, contender.nextNumber);
        exchange(leadIn, path, way, payloadBytes, LEAD_IN_NS);
        InFlight counted = new InFlight(way.depth, leadIn.nextNumber());
        long tookNs = exchange(counted, path, way, payloadBytes, Math.max(LEAD_IN_NS, forNs - LEAD_IN_NS));
        contender.nextNumber = counted.nextNumber();
        if (counted.committed() == 0) {
            throw new IOException(contender.subject.title() + " answers nothing");
        }
        return new Round(counted.tookNs(), counted.committed() * 1e9 / tookNs, counted.unanswered(), true);
    }

    /** Returns how long it took until the last was committed or given up. */
    private static long exchange(InFlight window, CommitPath path, Way way, int payloadBytes, long forNs) throws IOException {
        long beganNs = System.nanoTime();
        long nowNs = beganNs;
        while (nowNs - beganNs < forNs || window.out() > 0) {
            while (window.free() >= way.burst() && nowNs - beganNs < forNs) {
                long first = window.nextNumber();
                window.sent(way.burst(), System.nanoTime());
                path.send(first, way.burst(), payloadBytes);
            }
            path.receive(window);
            nowNs = System.nanoTime();
            window.giveUp(nowNs - GIVE_UP_NS);
        }
        return nowNs - beganNs;
    }
}
