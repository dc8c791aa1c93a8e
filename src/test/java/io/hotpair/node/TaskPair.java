package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.OnSilence;
import io.hotpair.core.Role;
import io.hotpair.drivers.port.InputDriver;
import io.hotpair.drivers.port.OutputDriver;
import io.hotpair.sync.Commit;
import io.hotpair.sync.SyncConfig;
import io.hotpair.sync.journal.NoJournal;
import io.hotpair.sync.journal.SyncRecordFormat;
import io.hotpair.sync.port.OutputPort;
import io.hotpair.sync.stream.StreamPair;
import io.hotpair.sync.stream.StreamSettings;
import io.hotpair.task.Context;
import io.hotpair.task.Task;
import io.hotpair.task.host.HostSettings;
import io.hotpair.task.host.InProcessTask;
import io.hotpair.task.host.TaskNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/** Two boards that replicate a task that counts, for tests: they live under one made-up clock, and every answer is kept. */
final class TaskPair implements AutoCloseable {
    private static final long MS = 1_000_000;
    private static final long PATIENCE_NS = 60_000 * MS; // of the made-up clock
    private static final int INPUT_BYTES = 8;

    /** An answer that left: the number of the input, and its place among all that were executed. */
    private record Answer(long number, long place) {}

    private final RehearsalBoard[] boards = new RehearsalBoard[2];
    private final ReplicatedTask[] tasks = new ReplicatedTask[2];
    private final InProcessTask[] hosts = new InProcessTask[2];
    private final Feed[] feeds = {new Feed(), new Feed()};
    private final boolean[] runs = new boolean[2];
    private final List<List<Answer>> answers = List.of(new ArrayList<>(), new ArrayList<>());
    private final boolean[] open = new boolean[2];
    private final List<Answer> all = new ArrayList<>();
    private final StreamPair streams = new StreamPair(new StreamSettings(1 << 20, 100 * MS, 1_000 * MS, 10 * MS, 100 * MS),
            CoreConfig.NETWORKS);
    private final boolean[] ready = {true, true};
    private boolean same = true;
    private int boots;
    private long nowNs = 1;

    TaskPair(Path folder) throws IOException {
        for (int board = 0; board < 2; board++) {
            CoreConfig config = new CoreConfig(board, 1, OnSilence.TAKEOVER, MS, 3, 5 * MS / 2, MS / 4, MS, 20 * MS, 20 * MS, 1_000 * MS,
                    new long[] {MS, MS, 0, 0}, 10, 4, 1_000 * MS);
            boards[board] = new RehearsalBoard(config, new byte[32], folder.resolve("ab".substring(board, board + 1)), () -> nowNs);
            boards[board].run((id, bootId, plant, closing) -> boot(id, bootId, closing));
        }
        boards[0].connect(boards[1]);
    }

    private ReplicatedTask boot(int board, int bootId, Resources closing) {
        streams.connect();
        hosts[board] = closing.add(new InProcessTask(Count::new, new TaskNames(List.of("in"), List.of("out"), Map.of()),
                new HostSettings().stateMaxBytes(1 << 10).outputsPerRecord(1).outputQueueBytes(64 << 10).stateDigest(0, 1)));
        SyncConfig config = SyncConfig.of(0, Commit.BOTH).log(8192, 1 << 20).outputs(8192, 1 << 20).snapshot(1 << 16);
        tasks[board] = new ReplicatedTask(new ReplicatedTask.Parts(config, new HostedTask(hosts[board]), streams.end(board),
                new NoJournal(new SyncRecordFormat()), List.of(feeds[board]), List.of(new Way(board)), (code, term, index, detail, at) -> { }, bootId,
                peer -> same, peerLeads -> ready[board], TickFeed.none()), () -> nowNs);
        return tasks[board];
    }

    /** Starts the board, without anything of what it knew before. */
    void start(int board) {
        feeds[board].waiting.clear();
        boards[board].boot(++boots, nowNs);
        runs[board] = true;
    }

    /** The board does nothing any more. */
    void kill(int board) {
        runs[board] = false;
    }

    /** The board does nothing for a while; inputs wait for it. */
    void pause(int board) {
        runs[board] = false;
    }

    void resume(int board) {
        runs[board] = true;
    }

    /** Whether the boards believe of each other to run the same configuration. */
    void sameConfiguration(boolean same) {
        this.same = same;
    }

    /** Whether the board is to take part. */
    void ready(int board, boolean ready) {
        this.ready[board] = ready;
    }

    /** Both boards receive inputs with these numbers. */
    void feed(long first, long last) {
        for (Feed feed : feeds) {
            for (long number = first; number <= last; number++) {
                feed.waiting.add(number);
            }
        }
    }

    /** One cycle of each board that runs, then time goes on to when one is due. */
    void cycle() {
        long nextNs = Long.MAX_VALUE;
        for (int board = 0; board < 2; board++) {
            if (runs[board]) {
                boards[board].cycle();
                nextNs = Math.min(nextNs, boards[board].dueNs());
            }
        }
        nowNs = Math.max(nowNs + MS / 20, Math.min(nextNs, nowNs + MS));
    }

    void await(String what, BooleanSupplier condition) {
        long untilNs = nowNs + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (nowNs - untilNs > 0) {
                throw new AssertionError("waited in vain: " + what + "; A is " + role(0) + " and answered " + answers.get(0).size() + ", B is "
                        + (tasks[1] == null ? "not there" : role(1) + " and answered " + answers.get(1).size()));
            }
            cycle();
        }
    }

    Role role(int board) {
        return boards[board].role();
    }

    ReplicatedTask task(int board) {
        return tasks[board];
    }

    /** Over all that the board's task has put out. */
    long digest(int board) {
        return hosts[board].digest();
    }

    /** From the board's last look for inputs until its next cycle is due. */
    long sleepNs(int board) {
        return boards[board].dueNs() - feeds[board].lookedNs;
    }

    /** How often the board has looked for inputs. */
    long looks(int board) {
        return feeds[board].looks;
    }

    /** The present time of both boards. */
    long nowNs() {
        return nowNs;
    }

    /** Whether the board's ways out were told last that the gate is open. */
    boolean open(int board) {
        return open[board];
    }

    /** Inputs that the board has taken. */
    long taken(int board) {
        return feeds[board].taken;
    }

    /** Numbers of the inputs that this board answered, in order. */
    List<Long> answers(int board) {
        return answers.get(board).stream().map(Answer::number).toList();
    }

    /** Numbers of the inputs as a listener hears them that drops what it has heard already. */
    List<Long> firstAnswers() {
        return all.stream().map(Answer::number).distinct().toList();
    }

    /** Whether no input has two places, and no place two inputs. */
    boolean everyAnswerHasItsPlace() {
        Map<Long, Long> placeOf = new HashMap<>();
        Map<Long, Long> numberAt = new HashMap<>();
        for (Answer answer : all) {
            Long place = placeOf.putIfAbsent(answer.number, answer.place);
            Long number = numberAt.putIfAbsent(answer.place, answer.number);
            if (place != null && place != answer.place || number != null && number != answer.number) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (RehearsalBoard board : boards) {
            board.close();
        }
        streams.close();
    }

    /** Answers each input with its number and its place. */
    private static final class Count implements Task {
        private final ByteBuffer answer = ByteBuffer.allocate(2 * INPUT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private long count;

        @Override
        public void onInput(int port, ByteBuffer data, Context context) {
            context.send(0, answer.putLong(0, data.getLong(0)).putLong(INPUT_BYTES, ++count));
        }

        @Override
        public void save(ByteBuffer state) {
            state.putLong(count);
        }

        @Override
        public void load(ByteBuffer state) {
            count = state.getLong();
        }
    }

    /** Numbered inputs that wait. */
    private final class Feed implements InputDriver {
        private final Queue<Long> waiting = new ArrayDeque<>();
        private long sequence;
        private long taken;
        private long lookedNs;
        private long looks;

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public int receive(byte[] destination, int offset) {
            lookedNs = nowNs;
            if (waiting.isEmpty()) {
                looks++;
                return -1;
            }
            taken++;
            sequence = waiting.remove();
            ByteBuffer.wrap(destination).order(ByteOrder.LITTLE_ENDIAN).putLong(offset, sequence);
            return INPUT_BYTES;
        }

        @Override
        public long source() {
            return 7;
        }

        @Override
        public boolean numbered() {
            return true;
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public long arrivedNs() {
            return nowNs;
        }

        @Override
        public long malformed() {
            return 0;
        }

        @Override
        public long overflowed() {
            return 0;
        }

        @Override
        public void close() { }
    }

    /** Keeps what leaves. */
    private final class Way implements OutputDriver {
        private final int board;

        Way(int board) {
            this.board = board;
        }

        @Override
        public boolean replays() {
            return true;
        }

        @Override
        public int emit(long number, long term, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
            ByteBuffer output = ByteBuffer.wrap(buffer, offset, lengthBytes).slice().order(ByteOrder.LITTLE_ENDIAN);
            Answer answer = new Answer(output.getLong(0), output.getLong(INPUT_BYTES));
            answers.get(board).add(answer);
            all.add(answer);
            return OutputPort.EMITTED;
        }

        @Override
        public void onGate(boolean nowOpen, long atNs) {
            open[board] = nowOpen;
        }

        @Override
        public long lost() {
            return 0;
        }

        @Override
        public void close() { }
    }
}
