package io.hotpair.sim;

import io.hotpair.core.port.PulseChannel;

/** One board: its power, its process, its clock, what waits in its sockets, and what its surroundings let it see. */
final class Board {
    private static final int[] INBOX = {256, 256, 64};
    private static final int INBOX_MASK = 255;
    private static final int EDGES = 64;

    final int id;
    final World world;
    final SimRandom random;
    final SimDisk disk;
    final SimReplica replica;
    final BoardPorts ports;
    Clock clock = new Clock(0, 0);

    boolean powered;
    long powerCutNs = Long.MIN_VALUE;
    SimNode node;
    int bootId;
    long startedNs;
    private int generation;
    boolean paused;
    /** Its power is cut for good: the first start of a seed, which may be due later, does not come. */
    boolean gone;
    long resumeNs;
    /** The process does not get the processor in this span although it has something to do. */
    private long lateFromNs;
    long lateUntilNs;
    long lastCycleNs;
    long lastLateNs = Long.MIN_VALUE / 2;
    long lastFeedNs;
    /** Cycles in the present millisecond: a core that spins is a fault of its own. */
    private String lastRejects = "";
    private long cyclesMs;
    private int cycles;

    int usualLatenessNs = 20_000;
    int heavyLatenessPermille;
    long heavyLatenessNs;
    boolean watchdogFitted = true;
    long watchdogNs = 300_000_000;

    private final int[][] inbox = new int[3][INBOX_MASK + 1];
    private final int[] inboxHead = new int[3];
    private final int[] inboxTail = new int[3];
    private final long[] edges = new long[EDGES];
    private final long[] gateAskedNs = {Long.MIN_VALUE, Long.MIN_VALUE};
    private final boolean[] gateAnswer = new boolean[2];
    private int edgeHead;
    private int edgeTail;

    Board(World world, int id, SimRandom random) {
        this.world = world;
        this.id = id;
        this.random = random;
        disk = new SimDisk(world, this, random);
        replica = world.profile().data == null ? new SimReplica(this) : new SyncReplica(this);
        ports = new BoardPorts(world, this);
    }

    int generation() {
        return generation & 0xFF;
    }

    /** A start that was to come does not. */
    void forgetStarts() {
        generation++;
    }

    /** Whether the process was told to end, and will. */
    boolean stopping() {
        return node != null && ports.orders.stopping;
    }

    boolean running() {
        return node != null && !paused;
    }

    long localNs() {
        return clock.local(world.nowNs());
    }

    boolean gate(int group) {
        return node != null && gateOpen(group) && (!world.interlocked() || world.latch().enable(id));
    }

    /** The core's answer; asked once an instant after a cycle, for between cycles it depends on nothing but the clock, and on the latch. */
    private boolean gateOpen(int group) {
        return gateAskedNs[group] == world.nowNs() && !world.interlocked() ? gateAnswer[group] : node.gateOpen(group, localNs());
    }

    /** Asks the core after a cycle. */
    boolean askGate(int group) {
        gateAskedNs[group] = world.nowNs();
        gateAnswer[group] = node.gateOpen(group, localNs());
        return gateAnswer[group];
    }

    int role(int group) {
        return node == null ? -1 : node.role(group);
    }

    /** The process starts under a boot id that no board had before. */
    void startProcess() {
        generation++;
        bootId = world.newBootId();
        startedNs = world.nowNs();
        paused = false;
        lateFromNs = startedNs;
        lateUntilNs = 0;
        lastCycleNs = startedNs;
        lastFeedNs = startedNs;
        replica.onProcessStart();
        ports.onProcessStart();
        disk.onProcessStart();
        gateAskedNs[0] = Long.MIN_VALUE;
        gateAskedNs[1] = Long.MIN_VALUE;
        node = world.startNode(this, bootId, clock.local(startedNs));
        world.judge().onStart(this);
        world.setCycle(id, world.nowNs());
        world.setEmission(id, world.nowNs() + random.below(1_000_000));
    }

    /** The process is gone, whatever the reason. */
    void endProcess() {
        world.judge().beforeEnd();
        replica.onProcessEnd(!powered);
        node = null;
        paused = false;
        for (int c = 0; c < 3; c++) {
            while (inboxHead[c] != inboxTail[c]) {
                world.net().freeSlot(inbox[c][inboxHead[c]++ & INBOX_MASK]);
            }
        }
        edgeHead = edgeTail;
        generation++;
        world.setCycle(id, Long.MAX_VALUE);
        world.setEmission(id, Long.MAX_VALUE);
        world.judge().onEnd(this);
    }

    /** A frame reached the board's socket or driver. */
    void arrive(int slot) {
        Net net = world.net();
        int channel = net.slotChannel[slot];
        if (node == null || inboxTail[channel] - inboxHead[channel] >= INBOX[channel]) {
            net.freeSlot(slot);
            return;
        }
        world.judge().onArrive(this, slot);
        inbox[channel][inboxTail[channel]++ & INBOX_MASK] = slot;
        wake();
    }

    /** The incoming GPIO line changed its level; the kernel stamps it whatever the process does. */
    void edge(boolean genuine) {
        if (node == null) {
            return;
        }
        if (genuine) {
            world.judge().onEdge(this);
        } else {
            world.judge().onFalseEdge(this);
        }
        if (edgeTail - edgeHead < EDGES) {
            edges[edgeTail++ & EDGES - 1] = localNs();
        }
        wake();
    }

    long pollEdgeNs() {
        return edgeHead == edgeTail ? PulseChannel.NO_EDGE : edges[edgeHead++ & EDGES - 1];
    }

    /** Something has arrived. */
    void wake() {
        if (node == null) {
            return;
        }
        if (paused) {
            return;
        }
        long nowNs = world.nowNs();
        if (nowNs >= lateFromNs && nowNs < lateUntilNs) {
            return;
        }
        cycle();
    }

    private void logRead(int slot) {
        Net net = world.net();
        int length = net.slotLength[slot];
        world.log("  " + World.name(id) + " reads on " + net.slotChannel[slot] + (net.slotGenuine[slot] ? "" : " (not genuine)") + ": "
                + (length < WireView.MESSAGE_BYTES ? length + " bytes" : WireView.text(net.arena, slot * Net.SLOT_BYTES, world.profile().groups)));
    }

    private void logRejects() {
        String rejects = node.rejects();
        if (!rejects.equals(lastRejects)) {
            lastRejects = rejects;
            world.log("  " + World.name(id) + " has rejected: " + rejects);
        }
    }

    /** One duty cycle: drain every channel, then work. */
    void cycle() {
        long nowNs = world.nowNs();
        if (nowNs / 1_000_000 != cyclesMs) {
            cyclesMs = nowNs / 1_000_000;
            cycles = 0;
        } else if (++cycles > 1000) {
            throw new Violation("sane", "the core asks for more than 1000 cycles in a millisecond");
        }
        if (nowNs - lateFromNs > world.profile().intervalNs) {
            lastLateNs = nowNs;
        }
        long localNs = clock.local(nowNs);
        Net net = world.net();
        Judge judge = world.judge();
        replica.beforeCore(localNs);
        judge.beforeCall(this);
        for (int c = 0; c < 3; c++) {
            int[] ring = inbox[c];
            while (inboxHead[c] != inboxTail[c]) {
                int slot = ring[inboxHead[c]++ & INBOX_MASK];
                judge.onRead(this, slot);
                if (world.trace().on()) {
                    logRead(slot);
                }
                node.onFrame(c, net.arena, slot * Net.SLOT_BYTES, net.slotLength[slot], localNs);
                if (world.trace().on()) {
                    logRejects();
                }
                net.freeSlot(slot);
            }
        }
        long deadlineNs = node.doWork(localNs);
        lastCycleNs = nowNs;
        judge.afterCall(this);
        if (node.stopped(localNs)) {
            world.onStopped(this);
            return;
        }
        deadlineNs = Math.min(deadlineNs, replica.afterCore(localNs));
        long dueNs = Math.max(nowNs + 1_000, clock.world(deadlineNs));
        long lateNs = random.below(usualLatenessNs);
        if (heavyLatenessPermille > 0 && random.permille(heavyLatenessPermille)) {
            lateNs = random.between(0, heavyLatenessNs);
        }
        lateFromNs = dueNs;
        lateUntilNs = dueNs + lateNs;
        world.setCycle(id, lateUntilNs);
        world.trace().mix(deadlineNs);
    }

    /** SIGSTOP, a collection, a debugger: the process stands still; its sockets go on filling. */
    void pause(long durationNs) {
        if (node == null) {
            return;
        }
        long untilNs = world.nowNs() + durationNs;
        if (paused) {
            resumeNs = Math.max(resumeNs, untilNs);
            return;
        }
        resumeNs = untilNs;
        world.judge().onPause(this);
        paused = true;
        world.setCycle(id, Long.MAX_VALUE);
        world.at(untilNs, World.RESUME, id, generation());
    }

    void resume() {
        if (!paused || node == null) {
            return;
        }
        if (world.nowNs() < resumeNs) {
            world.at(resumeNs, World.RESUME, id, generation());
            return;
        }
        paused = false;
        world.judge().onResume(this);
        // whether the task or the duty cycle gets the processor first is anybody's guess
        if (random.oneIn(2)) {
            emit();
        }
        world.setCycle(id, world.nowNs() + random.below(30_000));
    }

    /** The board's task sends an output of every group whose gate is open at this very instant. */
    void emit() {
        if (!running()) {
            return;
        }
        for (int g = 0; g < world.profile().groups; g++) {
            if (gate(g)) {
                world.judge().onEmission(this, g);
            }
        }
    }

    boolean pulsesAlive(long decayNs) {
        return node != null && node.role(0) == WireView.ROLE_PRIMARY && world.nowNs() - lastCycleNs < decayNs;
    }
}
