package io.hotpair.sim;

import io.hotpair.sync.GroupSync;
import io.hotpair.sync.port.JournalPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

/** What flows through the pair: the clients and their lossy ways to both boards, the streams, the journals, and where outputs arrive. */
final class DataPath {
    static final int REPLAY_PORT = 0;
    static final int ONCE_PORT = 1;
    private static final long UNNUMBERED = 1000;
    private static final int WAITING = 64;
    private static final int OUTSTANDING = 4;

    private final World world;
    private final SimRandom random;
    private final DataProfile profile;
    final DataChecker checker;
    final SimOscillator oscillator;
    final AnswerChecker answers;
    private final SimStream[] streams = new SimStream[2];
    private final SimJournal[][] journals = new SimJournal[2][2];
    private final NoJournal none = new NoJournal();
    private final Client[] clients;
    private final ArrayDeque<Input>[][] inputs;
    /** Of an input's way to each board, on top of the usual loss. */
    final int[] lossPermille = new int[2];
    /** Clients send nothing new. */
    boolean quiet;
    final int[] acknowledgedInputs = new int[2];

    private record Input(long client, long number, byte[] bytes, int length, long atNs) { }

    /** One client of one group. */
    private static final class Client {
        final int group;
        final long id;
        long next;
        long oldest;
        final boolean[] seen = new boolean[OUTSTANDING];
        final long[] sentNs = new long[OUTSTANDING];
        final byte[][] bytes = new byte[OUTSTANDING][];
        long nextNs;

        Client(int group, long id) {
            this.group = group;
            this.id = id;
        }
    }

    @SuppressWarnings("unchecked")
    DataPath(World world, SimRandom random) {
        this.world = world;
        this.random = random;
        profile = world.profile().data;
        checker = new DataChecker(world, this);
        oscillator = new SimOscillator(world, new SimRandom(SimRandom.mix(profile.tickNs + profile.tickPhaseNs)));
        answers = new AnswerChecker(world);
        int groups = world.profile().groups;
        inputs = new ArrayDeque[2][2];
        clients = new Client[groups * (profile.numbered + profile.unnumbered)];
        int c = 0;
        for (int g = 0; g < groups; g++) {
            streams[g] = new SimStream(world, new SimRandom(random.next()), profile.streamBytes);
            for (int b = 0; b < 2; b++) {
                inputs[b][g] = new ArrayDeque<>();
                journals[b][g] = new SimJournal(this, world.board(b).disk, new SimRandom(random.next()));
            }
            for (int i = 0; i < profile.numbered + profile.unnumbered; i++) {
                clients[c++] = new Client(g, i < profile.numbered ? i + 1 : UNNUMBERED + i);
            }
        }
        for (Client client : clients) {
            client.nextNs = random.between(0, 2 * profile.inputGapNs);
        }
        world.setData(0);
    }

    static boolean numbered(long client) {
        return client < UNNUMBERED;
    }

    void trace(String text) {
        if (world.trace().on()) {
            world.log("  " + text);
        }
    }

    long nowNs() {
        return world.nowNs();
    }

    SimStream stream(int group) {
        return streams[group];
    }

    JournalPort journal(int board, int group) {
        return profile.mirror ? journals[board][group] : none;
    }

    SimJournal simJournal(int board, int group) {
        return journals[board][group];
    }

    void wakeAt(long atNs) {
        world.setData(atNs);
    }

    void onTick() {
        world.setData(oscillator.doWork()); // the other things wait for the first input
        for (int g = 0; g < world.profile().groups; g++) {
            streams[g].onTick();
        }
        answers.onTick();
    }

    void onProcessEnd(int board) {
        oscillator.onProcessEnd(board);
        for (int g = 0; g < world.profile().groups; g++) {
            inputs[board][g].clear();
        }
    }

    void doWork() {
        long nowNs = world.nowNs();
        long nextNs = Math.min(nowNs + 5_000_000, oscillator.doWork());
        for (int g = 0; g < world.profile().groups; g++) {
            nextNs = Math.min(nextNs, streams[g].doWork());
            for (int b = 0; b < 2; b++) {
                journals[b][g].doWork(nowNs);
                nextNs = Math.min(nextNs, journals[b][g].dueNs());
                ArrayDeque<Input> waiting = inputs[b][g];
                if (!waiting.isEmpty()) {
                    if (waiting.peek().atNs <= nowNs) {
                        world.board(b).wake();
                    }
                    for (Input input : waiting) {
                        if (input.atNs > nowNs) {
                            nextNs = Math.min(nextNs, input.atNs);
                            break;
                        }
                    }
                }
            }
        }
        for (Client client : clients) {
            if (client.nextNs <= nowNs) {
                act(client, nowNs);
            }
            nextNs = Math.min(nextNs, client.nextNs);
        }
        world.setData(Math.max(nowNs + 1, nextNs));
    }

    // ---- clients ----

    private void act(Client client, long nowNs) {
        client.nextNs = nowNs + 1 + random.between(0, 2 * profile.inputGapNs);
        if (!numbered(client.id)) {
            if (!quiet) {
                boolean same = client.next > 0 && random.oneIn(20);
                client.next += same ? 0 : 1;
                send(client, client.next, payload(client.id, client.next));
            }
            return;
        }
        for (long n = client.oldest; n < client.next; n++) {
            int slot = (int) (n % OUTSTANDING);
            if (!client.seen[slot] && nowNs - client.sentNs[slot] > 3 * profile.inputGapNs) {
                client.sentNs[slot] = nowNs;
                send(client, n, client.bytes[slot]);
            }
        }
        if (!quiet && client.next - client.oldest < OUTSTANDING) {
            int slot = (int) (client.next % OUTSTANDING);
            client.seen[slot] = false;
            client.sentNs[slot] = nowNs;
            client.bytes[slot] = payload(client.id, client.next);
            send(client, client.next, client.bytes[slot]);
            client.next++;
        }
    }

    private byte[] payload(long client, long number) {
        int length = random.oneIn(50) && numbered(client) ? 1400 : 24;
        ByteBuffer b = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(client).putLong(number).putLong(SimRandom.mix(client * 31 + number));
        return b.array();
    }

    private void send(Client client, long number, byte[] bytes) {
        for (int b = 0; b < 2; b++) {
            if (world.board(b).node == null || random.permille(profile.inputLossPermille + lossPermille[b])) {
                continue;
            }
            ArrayDeque<Input> waiting = inputs[b][client.group];
            long atNs = world.nowNs() + random.between(20_000, 400_000);
            if (!waiting.isEmpty()) {
                atNs = Math.max(atNs, waiting.peekLast().atNs);
            }
            if (waiting.size() < WAITING) {
                waiting.add(new Input(client.id, number, bytes, bytes.length, atNs));
                checker.onArrival(client.group, client.id, number, atNs);
                world.setData(atNs);
            }
        }
    }

    /** An input of this client reaches one board only. */
    void sendTo(int board, int group, long client, long number) {
        byte[] bytes = payload(client, number);
        inputs[board][group].add(new Input(client, number, bytes, bytes.length, world.nowNs()));
        checker.onArrival(group, client, number, world.nowNs());
        world.setData(world.nowNs());
    }

    /** Hands a board what has arrived. */
    void deliverInputs(Board board, int group, GroupSync sync, long localNs) {
        ArrayDeque<Input> waiting = inputs[board.id][group];
        while (!waiting.isEmpty() && waiting.peek().atNs <= world.nowNs()) {
            Input input = waiting.poll();
            boolean numbered = numbered(input.client);
            if (numbered) {
                answers.onInput(board, group, input.client, input.number);
            }
            sync.onInput(numbered ? 0 : 1, input.client, numbered ? input.number : GroupSync.NO_SEQUENCE, input.bytes, 0, input.length,
                    board.clock.local(input.atNs), localNs);
        }
    }

    /** An output left: the client sees it. */
    void onOutput(Board board, int group, int port, long number, boolean repetition, byte[] buffer, int offset) {
        ByteBuffer b = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
        long id = b.getLong(offset);
        long sequence = b.getLong(offset + 8);
        int node = (int) b.getLong(offset + 16);
        int ordinal = (int) b.getLong(offset + 24);
        world.trace().mix(b.getLong(offset + 32) ^ number);
        checker.onOutput(board, group, port, node, ordinal, repetition);
        answers.onAnswer(board, group, id, sequence);
        for (Client client : clients) {
            if (client.group == group && client.id == id && numbered(id) && sequence >= client.oldest && sequence < client.next) {
                client.seen[(int) (sequence % OUTSTANDING)] = true;
                acknowledgedInputs[group]++;
                while (client.oldest < client.next && client.seen[(int) (client.oldest % OUTSTANDING)]) {
                    client.oldest++;
                }
            }
        }
    }

    /** Whether every numbered input has been answered. */
    boolean allAcknowledged() {
        for (Client client : clients) {
            if (numbered(client.id) && client.oldest < client.next) {
                return false;
            }
        }
        return true;
    }

    String unanswered() {
        StringBuilder s = new StringBuilder();
        for (Client client : clients) {
            for (long n = client.oldest; n < client.next && numbered(client.id); n++) {
                if (!client.seen[(int) (n % OUTSTANDING)]) {
                    s.append(" group ").append(client.group).append(" client ").append(client.id).append(" input ").append(n);
                }
            }
        }
        return s.toString();
    }

    void heal() {
        oscillator.heal();
        lossPermille[0] = 0;
        lossPermille[1] = 0;
        for (int g = 0; g < world.profile().groups; g++) {
            streams[g].extraDelayNs[0] = 0;
            streams[g].extraDelayNs[1] = 0;
            streams[g].refused = false;
        }
    }
}
