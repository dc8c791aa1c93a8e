package io.hotpair.sim;

import io.hotpair.wire.Seal;
import java.io.PrintStream;

/**
 * Virtual time and everything in it: two boards, the wires between them, the checkpoints, and whoever does harm. Single-threaded; all that
 * is random comes from the seed, so that a seed is the same run on every machine.
 */
final class World {
    static final int FRAME = 0;
    static final int EDGE = 1;
    static final int PROBE_ANSWER = 2;
    static final int DISK_WRITTEN = 4;
    static final int RESUME = 5;
    static final int GUARD = 6;
    static final int POWER_ON = 7;
    static final int FAULT_ENDS = 8;
    private static final int KIND_SHIFT = 27;
    private static final int BOARD_SHIFT = 26;
    private static final int ARGUMENT_MASK = (1 << BOARD_SHIFT) - 1;

    private static final int CYCLE = 0;
    private static final int EMISSION = 2;
    private static final int NOISE = 4;
    private static final int TICK = 6;
    private static final int FAULT = 7;
    private static final int ATTACK = 8;
    private static final int DATA = 9;
    private static final int TIMERS = 10;

    private final Profile profile;
    private final SimNode.Factory factory;
    private final EventQueue queue = new EventQueue();
    private final long[] timers = new long[TIMERS];
    private final SimRandom random;
    private final Trace trace = new Trace();
    private final Net net;
    private final Attacker attacker;
    private final Latch latch;
    private final Board[] boards;
    private final Judge judge;
    private final DataPath data;
    private final byte[] lastWord = new byte[Net.SLOT_BYTES];
    private final Seal networkSeal;
    private final Seal lineSeal;
    private Faults faults;
    private long nowNs;
    private int boots;
    private long ticks;
    /** Events so far. */
    long events;
    /** Mean time between two false edges on a board's incoming GPIO line; 0 = the line is quiet. */
    final long[] noiseGapNs = new long[2];
    /** A stopped process is started again after this long; 0 = it stays away. */
    long restartAfterStopNs;

    World(long seed, Profile profile, SimNode.Factory factory, PrintStream traceOut) {
        this.profile = profile;
        this.factory = factory;
        random = new SimRandom(seed);
        long key = random.next();
        networkSeal = profile.realHmac ? CoreFactory.realSeal(Net.ETHERNET_A) : new SimSeal(key, 16);
        lineSeal = profile.realHmac ? CoreFactory.realSeal(Net.UART) : new SimSeal(key ^ 1, 4);
        trace.clear(traceOut);
        net = new Net(this, new SimRandom(random.next()));
        attacker = new Attacker(this, new SimRandom(random.next()));
        latch = new Latch(this);
        boards = new Board[] {new Board(this, 0, new SimRandom(random.next())), new Board(this, 1, new SimRandom(random.next()))};
        data = profile.data == null ? null : new DataPath(this, new SimRandom(random.next()));
        judge = new Judge(this);
        java.util.Arrays.fill(timers, Long.MAX_VALUE);
        timers[TICK] = 0;
    }

    Profile profile() {
        return profile;
    }

    SimRandom random() {
        return random;
    }

    Trace trace() {
        return trace;
    }

    Net net() {
        return net;
    }

    Attacker attacker() {
        return attacker;
    }

    Latch latch() {
        return latch;
    }

    /** The data path, or null. */
    DataPath data() {
        return data;
    }

    Judge judge() {
        return judge;
    }

    Board board(int id) {
        return boards[id];
    }

    boolean interlocked() {
        return profile.policy == Profile.INTERLOCK;
    }

    Seal seal(int channel) {
        return channel == Net.UART ? lineSeal : networkSeal;
    }

    long nowNs() {
        return nowNs;
    }

    int newBootId() {
        return (int) SimRandom.mix(0x5EED_0000L + ++boots) | 1;
    }

    SimNode startNode(Board board, int bootId, long startNs) {
        return factory.start(profile, board, bootId, startNs);
    }

    void at(long atNs, int kind, int board, int argument) {
        queue.add(atNs, kind << KIND_SHIFT | board << BOARD_SHIFT | argument);
    }

    void setCycle(int board, long atNs) {
        timers[CYCLE + board] = atNs;
    }

    /** When the data path has to do something next. */
    void setData(long atNs) {
        timers[DATA] = Math.min(timers[DATA], atNs);
    }

    void setEmission(int board, long atNs) {
        timers[EMISSION + board] = atNs;
    }

    void setAttacker(long meanGapNs) {
        attacker.meanGapNs = meanGapNs;
        timers[ATTACK] = meanGapNs == 0 ? Long.MAX_VALUE : nowNs + meanGapNs;
    }

    void setNoise(int board, long meanGapNs) {
        noiseGapNs[board] = meanGapNs;
        timers[NOISE + board] = meanGapNs == 0 ? Long.MAX_VALUE : nowNs;
    }

    void setFaults(Faults faults, long firstNs) {
        this.faults = faults;
        timers[FAULT] = firstNs;
    }

    void stopFaults() {
        timers[FAULT] = Long.MAX_VALUE;
    }

    void log(String text) {
        trace.line(nowNs, text);
    }

    void runFor(long spanNs) {
        runUntil(nowNs + spanNs);
    }

    /** Lets everything happen up to and including {@code endNs}. */
    void runUntil(long endNs) {
        while (true) {
            long atNs = queue.nextTimeNs();
            int which = -1;
            for (int i = 0; i < TIMERS; i++) {
                long timerNs = timers[i];
                which = timerNs < atNs ? i : which;
                atNs = Math.min(atNs, timerNs);
            }
            if (atNs > endNs) {
                nowNs = endNs;
                return;
            }
            nowNs = Math.max(nowNs, atNs);
            events++;
            if (which >= 0) {
                trace.mix(nowNs ^ (long) which << 56);
                onTimer(which);
            } else {
                int payload = queue.poll();
                trace.mix(nowNs ^ (long) payload << 32);
                onEvent(payload >>> KIND_SHIFT, payload >>> BOARD_SHIFT & 1, payload & ARGUMENT_MASK);
            }
            judge.afterEvent();
        }
    }

    private void onTimer(int which) {
        timers[which] = Long.MAX_VALUE;
        switch (which) {
            case CYCLE, CYCLE + 1 -> {
                if (boards[which - CYCLE].running()) {
                    boards[which - CYCLE].cycle();
                }
            }
            case EMISSION, EMISSION + 1 -> {
                boards[which - EMISSION].emit();
                timers[which] = nowNs + profile.intervalNs / 2 + random.below((int) profile.intervalNs);
            }
            case NOISE, NOISE + 1 -> {
                int board = which - NOISE;
                boards[board].edge(false);
                timers[which] = noiseGapNs[board] == 0 ? Long.MAX_VALUE : nowNs + 1 + random.between(0, 2 * noiseGapNs[board]);
            }
            case TICK -> tick();
            case FAULT -> timers[FAULT] = faults.strike();
            case DATA -> data.doWork();
            default -> timers[ATTACK] = nowNs + attacker.act();
        }
    }

    private void onEvent(int kind, int board, int argument) {
        Board b = boards[board];
        switch (kind) {
            case FRAME -> {
                if (net.slotChannel[argument] == Net.UART && boards[1 - board].powerCutNs > net.slotSentNs[argument]) {
                    net.freeSlot(argument); // was still in the sender's buffer or half on the line
                } else {
                    b.arrive(argument);
                }
            }
            case EDGE -> b.edge(true);
            case PROBE_ANSWER -> b.ports.checkpoints[argument >>> 16].onAnswer(argument & 0xFFFF);
            case DISK_WRITTEN -> b.disk.onWritten();
            case RESUME -> {
                if (argument == b.generation()) {
                    b.resume();
                }
            }
            case GUARD -> guardSpeaks(b, argument);
            case POWER_ON -> {
                if (argument == 0 ? !b.gone : argument == b.generation()) {
                    powerOn(board);
                }
            }
            default -> faults.end(argument);
        }
    }

    /** The slow things: the sync stream, the watchdogs, the identity connections. */
    private void tick() {
        timers[TICK] = nowNs + profile.intervalNs / 2;
        ticks++;
        boolean connected = boards[0].running() && boards[1].running()
                && (net.passes(0, 0) && net.passes(0, 1) || net.passes(1, 0) && net.passes(1, 1));
        if (data != null) {
            data.onTick();
        }
        for (int g = 0; g < profile.groups && data == null; g++) {
            for (Board b : boards) {
                if (!b.running()) {
                    continue;
                }
                Board peer = boards[1 - b.id];
                int role = b.role(g);
                if (role == WireView.ROLE_PRIMARY) {
                    b.replica.tickAsPrimary(g, nowNs, peer.replica, peer.running() && peer.role(g) == WireView.ROLE_STANDBY);
                } else if (role == WireView.ROLE_STANDBY && peer.role(g) == WireView.ROLE_PRIMARY) {
                    b.replica.tickAsStandby(g, nowNs, peer.replica, connected);
                } else {
                    b.replica.tickAsOther(g);
                }
            }
        }
        for (Board b : boards) {
            if (connected && (ticks & 7) == 0) {
                b.ports.identityAnswerNs = b.localNs();
            }
            if (b.node != null && b.watchdogFitted && nowNs - b.lastFeedNs > b.watchdogNs) {
                log("board " + name(b.id) + ": the watchdog resets the board");
                powerCut(b.id, 50_000_000 + random.between(0, 200_000_000));
            }
        }
        judge.onTick();
    }

    static char name(int board) {
        return (char) ('A' + board);
    }

    void powerOn(int board) {
        Board b = boards[board];
        if (b.node != null) {
            return;
        }
        if (!b.powered) {
            b.powered = true;
            b.clock = new Clock(b.random.between(-(1L << 60), 1L << 60), b.random.between(-200, 200));
        }
        b.startProcess();
        if (trace.on()) {
            log("board " + name(board) + ": starts, boot " + Integer.toHexString(b.bootId));
        }
    }

    /** Power gone; {@code backAfterNs} 0 = for good. */
    void powerCut(int board, long backAfterNs) {
        Board b = boards[board];
        log("board " + name(board) + ": power cut");
        b.powered = false;
        b.gone = backAfterNs == 0;
        b.powerCutNs = nowNs;
        if (b.node != null) {
            b.endProcess();
        } else {
            b.forgetStarts();
        }
        b.disk.onPowerCut();
        startLater(b, backAfterNs);
    }

    /** The process is killed; the guard, if it lives, says so after {@code guardNs}; {@code guardNs} 0 = killed too. */
    void crash(int board, long guardNs, long backAfterNs) {
        Board b = boards[board];
        if (b.node == null) {
            return;
        }
        log("board " + name(board) + ": process killed" + (guardNs > 0 ? "" : ", guard too"));
        if (guardNs > 0) {
            prepareLastWord(b);
        }
        b.endProcess();
        if (guardNs > 0) {
            at(nowNs + guardNs, GUARD, board, b.generation());
        }
        startLater(b, backAfterNs);
    }

    private void startLater(Board b, long afterNs) {
        if (afterNs > 0) {
            at(nowNs + afterNs, POWER_ON, b.id, b.generation());
        }
    }

    /** A node ended on purpose. */
    void onStopped(Board b) {
        log("board " + name(b.id) + ": node stopped in good order");
        b.endProcess();
        startLater(b, restartAfterStopNs);
    }

    private void prepareLastWord(Board b) {
        deadBoot[b.id] = b.bootId;
        deadTerm[b.id][0] = b.node.term(0);
        deadTerm[b.id][1] = profile.groups > 1 ? b.node.term(1) : 0;
        deadStartNs[b.id] = b.startedNs;
    }

    private final int[] deadBoot = new int[2];
    private final long[][] deadTerm = new long[2][2];
    private final long[] deadStartNs = new long[2];

    private void guardSpeaks(Board b, int generation) {
        if (!b.powered) {
            return;
        }
        log("board " + name(b.id) + ": the guard says DEAD");
        for (int c = 0; c < 3; c++) {
            long age = b.clock.local(nowNs) - b.clock.local(deadStartNs[b.id]);
            LastWord.write(lastWord, b.id, c, deadBoot[b.id], age, deadTerm[b.id], seal(c));
            net.send(b.id, c, lastWord, 0, WireView.MESSAGE_BYTES + seal(c).lengthBytes());
        }
        judge.onDeadSaid(b.id, deadBoot[b.id]);
    }
}
