package io.hotpair.sim;

import io.hotpair.core.port.Operator;

/**
 * What goes wrong in the safety phase of a seed. Each seed picks its own menu of faults (swarm testing: a run with few kinds of faults finds
 * what a run with all of them hides), how often they strike, and how long they last.
 */
final class Faults {
    private static final long MS = 1_000_000;

    /** Kinds of faults. */
    enum Kind {
        LINK_CUT, CHANNEL_CUT, ONE_WAY_CUT, LOOM_CUT, LOSS, DUPLICATES, REORDERING, CORRUPTION, DELAY, CABLE, SWITCH, CHECKPOINT,
        CHECKPOINT_PATH, BOARD_NETWORKS, CUT_OFF, ALL_CHECKPOINTS, NOISE, SHORT_PAUSE, LONG_PAUSE, HANG, CRASH, CRASH_WITH_GUARD,
        POWER_CUT, POWER_CUT_BOTH, LATENESS, DISK_STALLS, DISK_REFUSES, SELF_TEST, MAY_NOT_LEAD, PENALTY, COLD, ORDER, STOP, RESTARTS,
        /** From here on only where there is a data path. */
        STREAM_BREAKS, SLOW_NETWORK, INPUTS_LOST,
        /** Rarer ones, that last longer. */
        NO_STREAM, NO_NETWORKS, SLOW_DISK, DISK_HANGS
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int ACTIVE = 1024;

    private final World world;
    private final SimRandom random;
    private final int[] menu = new int[64];
    private int menuSize;
    private final long meanGapNs;
    private final boolean mayFailAll;
    private final Kind[] activeKind = new Kind[ACTIVE];
    private final int[] activeA = new int[ACTIVE];
    private final int[] activeB = new int[ACTIVE];
    private int nextActive;
    /** What a write took before the disk became slow, 0 if it is not. */
    private final long[] usualWriteNs = new long[2];
    private boolean over;
    int struck;

    Faults(World world, SimRandom random) {
        this.world = world;
        this.random = random;
        for (Kind kind : KINDS) {
            boolean usual = kind.ordinal() < Kind.NO_STREAM.ordinal() && (world.data() != null || kind.ordinal() < Kind.STREAM_BREAKS.ordinal());
            if (usual && random.oneIn(3)) {
                menu[menuSize++] = kind.ordinal();
            }
        }
        if (menuSize == 0) {
            menu[menuSize++] = Kind.CRASH.ordinal();
        }
        mayFailAll = random.oneIn(4);
        meanGapNs = random.logBetween(8 * MS, 400 * MS);
        for (int kind = Kind.NO_STREAM.ordinal(); world.data() != null && kind < KINDS.length; kind++) {
            if (random.oneIn(6)) {
                menu[menuSize++] = kind;
            }
        }
    }

    /** No more faults: those that are still active end with the healing of the world. */
    void stop() {
        over = true;
        world.stopFaults();
        usualWrites(0);
        usualWrites(1);
    }

    private void usualWrites(int board) {
        if (usualWriteNs[board] != 0) {
            world.board(board).disk.writeNs = usualWriteNs[board];
            usualWriteNs[board] = 0;
        }
    }

    /** One fault, or a few at the same instant; returns when the next strikes. */
    long strike() {
        int count = random.oneIn(5) ? 2 + random.below(2) : 1;
        for (int i = 0; i < count; i++) {
            strike(KINDS[menu[random.below(menuSize)]]);
        }
        return world.nowNs() + random.between(MS / 10, 2 * meanGapNs);
    }

    private void strike(Kind kind) {
        struck++;
        int board = random.below(2);
        int network = random.below(2);
        int channel = random.below(Net.CHANNELS);
        long shortNs = kind.ordinal() < Kind.NO_STREAM.ordinal() ? random.logBetween(MS / 2, 300 * MS) : random.logBetween(50 * MS, 3000 * MS);
        if (world.trace().on()) {
            world.log("fault " + kind + " board " + World.name(board) + " network " + network + " channel " + channel + " span "
                    + shortNs / 1000 + " us");
        }
        boolean networks = kind.ordinal() <= Kind.ALL_CHECKPOINTS.ordinal() || kind == Kind.NO_NETWORKS;
        boolean healthOfBoards = kind.ordinal() >= Kind.LATENESS.ordinal();
        world.judge().leader.onFault(networks, healthOfBoards);
        Net net = world.net();
        switch (kind) {
            case LINK_CUT -> cut(channel, board, shortNs);
            case CHANNEL_CUT -> {
                cut(channel, 0, shortNs);
                cut(channel, 1, shortNs);
            }
            case ONE_WAY_CUT -> {
                for (int c = 0; c < Net.CHANNELS; c++) {
                    cut(c, board, shortNs);
                }
            }
            case LOOM_CUT -> {
                for (int c = mayFailAll ? 0 : 1; c < Net.CHANNELS; c++) {
                    cut(c, 0, shortNs);
                    cut(c, 1, shortNs);
                }
            }
            case LOSS -> {
                net.lossPermille[channel][board] = random.oneIn(3) ? 500 + random.below(450) : random.below(500);
                endLater(kind, channel, board, shortNs);
            }
            case DUPLICATES -> {
                net.duplicatePermille[channel][board] = random.below(700);
                endLater(kind, channel, board, shortNs);
            }
            case REORDERING -> {
                net.extraJitterNs[channel][board] = random.logBetween(MS / 10, 5 * MS);
                endLater(kind, channel, board, shortNs);
            }
            case CORRUPTION -> {
                net.corruptPermille[channel][board] = random.below(900);
                endLater(kind, channel, board, shortNs);
            }
            case DELAY -> {
                // an edge cannot linger on a wire: what holds it up is the kernel that stamps it
                net.extraDelayNs[channel][board] = random.logBetween(MS / 10, channel == Net.GPIO ? world.profile().intervalNs : 30 * MS);
                endLater(kind, channel, board, shortNs);
            }
            case CABLE -> cable(board, network, shortNs);
            case SWITCH -> {
                net.switchDead[network] = true;
                endLater(kind, network, 0, shortNs);
            }
            case CHECKPOINT -> {
                net.checkpointDead[network] = true;
                endLater(kind, network, 0, shortNs);
            }
            case CHECKPOINT_PATH -> {
                net.checkpointBlocked[board][network] = true;
                endLater(kind, board, network, shortNs);
            }
            case BOARD_NETWORKS -> {
                cable(board, 0, shortNs);
                cable(board, 1, shortNs);
            }
            case CUT_OFF -> {
                cable(board, 0, shortNs);
                cable(board, 1, shortNs);
                for (int c = Net.UART; c <= Net.GPIO; c++) {
                    cut(c, 0, shortNs);
                    cut(c, 1, shortNs);
                }
            }
            case ALL_CHECKPOINTS -> {
                for (int n = 0; n < 2; n++) {
                    net.checkpointDead[n] = true;
                    endLater(Kind.CHECKPOINT, n, 0, shortNs);
                }
            }
            case NO_NETWORKS -> {
                for (int n = 0; n < 2; n++) {
                    net.switchDead[n] = true;
                    endLater(Kind.SWITCH, n, 0, shortNs);
                }
            }
            case NOISE -> {
                world.setNoise(board, random.logBetween(world.profile().intervalNs / 30, 3 * world.profile().intervalNs));
                endLater(kind, board, 0, shortNs);
            }
            default -> strikeBoard(kind, world.board(board), shortNs);
        }
    }

    private void strikeBoard(Kind kind, Board b, long shortNs) {
        long intervalNs = world.profile().intervalNs;
        long backNs = random.logBetween(5 * MS, 1000 * MS);
        BoardPorts.Conditions conditions = b.ports.conditions;
        switch (kind) {
            case SHORT_PAUSE -> b.pause(random.between(intervalNs / 4, intervalNs * 12 / 5));
            case LONG_PAUSE -> b.pause(random.logBetween(intervalNs * 5 / 2, 60 * MS + 6 * intervalNs));
            case HANG -> b.pause(random.logBetween(100 * MS, 2000 * MS));
            case CRASH -> world.crash(b.id, 0, backNs);
            case CRASH_WITH_GUARD -> world.crash(b.id, random.between(150_000, 1_200_000), backNs);
            case POWER_CUT -> world.powerCut(b.id, backNs);
            case POWER_CUT_BOTH -> {
                world.powerCut(b.id, backNs);
                world.powerCut(1 - b.id, random.oneIn(2) ? backNs + random.below(2_000_000) : random.logBetween(5 * MS, 1000 * MS));
            }
            case LATENESS -> {
                b.heavyLatenessPermille = 1 + random.below(random.oneIn(2) ? 1000 : 100);
                b.heavyLatenessNs = random.logBetween(intervalNs / 4, 5 * intervalNs);
                endLater(kind, b.id, 0, shortNs);
            }
            case DISK_STALLS -> {
                b.disk.stalls = true;
                endLater(kind, b.id, 0, shortNs);
            }
            case DISK_REFUSES -> {
                b.disk.refuses = true;
                endLater(kind, b.id, 0, shortNs);
            }
            case SELF_TEST -> {
                conditions.selfTestFails = true;
                endLater(kind, b.id, 0, shortNs);
            }
            case MAY_NOT_LEAD -> {
                conditions.mayLead = false;
                endLater(kind, b.id, 0, shortNs);
            }
            case PENALTY -> {
                conditions.penalty = random.below(4) * 10;
                endLater(kind, b.id, 0, shortNs);
            }
            case COLD -> b.replica.coldUntilNs = world.nowNs() + shortNs;
            case STREAM_BREAKS -> {
                for (int g = 0; g < world.profile().groups; g++) {
                    world.data().stream(g).breakUp(random.below(2));
                }
            }
            case SLOW_NETWORK -> {
                int network = random.below(2);
                world.data().stream(0).extraDelayNs[network] = random.logBetween(MS / 10, 100 * MS);
                endLater(kind, network, 0, shortNs);
            }
            case NO_STREAM -> {
                for (int g = 0; g < world.profile().groups; g++) {
                    world.data().stream(g).refused = true;
                    endLater(kind, g, 0, shortNs);
                }
            }
            case SLOW_DISK -> {
                usualWriteNs[b.id] = usualWriteNs[b.id] == 0 ? b.disk.writeNs : usualWriteNs[b.id];
                b.disk.writeNs = random.logBetween(world.profile().takeoverNs(), 150 * MS);
                endLater(kind, b.id, 0, shortNs);
            }
            case DISK_HANGS -> {
                b.disk.stalls = true;
                endLater(Kind.DISK_STALLS, b.id, 0, shortNs);
            }
            case INPUTS_LOST -> {
                world.data().lossPermille[b.id] = 200 + random.below(800);
                endLater(kind, b.id, 0, shortNs);
            }
            case ORDER -> order(b);
            case STOP -> b.ports.orders.give(Operator.STOP);
            default -> {
                // a restart storm: it comes back at once and goes again
                world.crash(b.id, random.oneIn(2) ? 300_000 : 0, random.logBetween(5 * MS, 40 * MS));
                for (int i = 1 + random.below(6); i > 0; i--) {
                    endLater(kind, b.id, 0, i * random.between(20 * MS, 60 * MS));
                }
            }
        }
    }

    private void order(Board b) {
        switch (random.below(6)) {
            case 0 -> b.ports.orders.give(Operator.HOLD);
            case 1 -> b.ports.orders.give(Operator.RELEASE);
            case 2 -> b.ports.orders.give(Operator.SWITCHOVER_GROUP_1);
            default -> b.ports.orders.give(Operator.SWITCHOVER_GROUP_0);
        }
    }

    private void cut(int channel, int sender, long spanNs) {
        world.net().cut[channel][sender] = true;
        endLater(Kind.LINK_CUT, channel, sender, spanNs);
    }

    /** Network interfaces and lines that are deaf for a while after a start. */
    void deafAfterStart(long startNs) {
        for (int c = 0; c < Net.CHANNELS; c++) {
            long spanNs = startNs + random.between(0, 30 * MS);
            cut(c, 0, spanNs);
            cut(c, 1, spanNs);
        }
    }

    private void cable(int board, int network, long spanNs) {
        world.net().cableOut[board][network] = true;
        endLater(Kind.CABLE, board, network, spanNs);
    }

    private void endLater(Kind kind, int a, int b, long afterNs) {
        int i = nextActive++ % ACTIVE;
        activeKind[i] = kind;
        activeA[i] = a;
        activeB[i] = b;
        world.at(world.nowNs() + afterNs, World.FAULT_ENDS, 0, i);
    }

    void end(int i) {
        if (over) {
            return;
        }
        int a = activeA[i];
        int b = activeB[i];
        Kind kind = activeKind[i];
        if (world.trace().on()) {
            world.log("end of " + kind + " " + a + " " + b);
        }
        world.judge().leader.onFault(kind.ordinal() <= Kind.ALL_CHECKPOINTS.ordinal(), kind.ordinal() >= Kind.LATENESS.ordinal());
        Net net = world.net();
        switch (kind) {
            case LINK_CUT -> net.cut[a][b] = false;
            case LOSS -> net.lossPermille[a][b] = 0;
            case DUPLICATES -> net.duplicatePermille[a][b] = 0;
            case REORDERING -> net.extraJitterNs[a][b] = 0;
            case CORRUPTION -> net.corruptPermille[a][b] = 0;
            case DELAY -> net.extraDelayNs[a][b] = 0;
            case CABLE -> net.cableOut[a][b] = false;
            case SWITCH -> net.switchDead[a] = false;
            case CHECKPOINT -> net.checkpointDead[a] = false;
            case CHECKPOINT_PATH -> net.checkpointBlocked[a][b] = false;
            case NOISE -> world.setNoise(a, 0);
            case LATENESS -> world.board(a).heavyLatenessPermille = 0;
            case DISK_STALLS -> world.board(a).disk.stalls = false;
            case DISK_REFUSES -> world.board(a).disk.refuses = false;
            case SELF_TEST -> {
                world.board(a).ports.conditions.selfTestFails = false;
                world.board(a).ports.orders.give(Operator.REPAIR_FAULT);
            }
            case MAY_NOT_LEAD -> world.board(a).ports.conditions.mayLead = true;
            case PENALTY -> world.board(a).ports.conditions.penalty = 0;
            case SLOW_NETWORK -> world.data().stream(0).extraDelayNs[a] = 0;
            case INPUTS_LOST -> world.data().lossPermille[a] = 0;
            case NO_STREAM -> world.data().stream(a).refused = false;
            case SLOW_DISK -> usualWrites(a);
            default -> world.crash(a, 300_000, 1 + random.logBetween(5 * MS, 40 * MS));
        }
    }
}
