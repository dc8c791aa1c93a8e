package io.hotpair.sim;

import io.hotpair.core.port.Operator;

/** A calm pair for directed scenarios: two healthy boards, A started first, every wire whole. Whatever happens then is asked for. */
final class Rig {
    static final long MS = 1_000_000;

    final Profile profile = new Profile();
    final World world;

    Rig(int policy, int groups, long seed) {
        this(policy, groups, seed, null);
    }

    /** @param data the data path, or null */
    Rig(int policy, int groups, long seed, DataProfile data) {
        profile.data = data;
        profile.policy = policy;
        profile.groups = groups;
        world = new World(seed, profile, new CoreFactory(), Boolean.getBoolean("sim.trace") ? System.out : null);
    }

    static Rig of(int policy) {
        return new Rig(policy, 1, 1);
    }

    /** A pair that has come together: A primary, B standby in sync. */
    static Rig together(int policy, int groups) {
        Rig rig = new Rig(policy, groups, 1);
        rig.world.powerOn(0);
        rig.run(60);
        rig.world.powerOn(1);
        rig.run(300);
        for (int g = 0; g < groups; g++) {
            rig.expectLeader(0, g);
        }
        return rig;
    }

    /** Likewise with the real replication. */
    static Rig together(DataProfile data) {
        Rig rig = new Rig(Profile.TAKEOVER, 1, 1, data);
        if (data.mirror) { // two empty journals lead together only
            rig.world.powerOn(1);
        }
        rig.world.powerOn(0);
        rig.run(60);
        rig.world.powerOn(1);
        rig.run(500);
        rig.expectOneLeader();
        return rig;
    }

    SyncReplica data(int board) {
        return (SyncReplica) world.board(board).replica;
    }

    static Rig together() {
        return together(Profile.TAKEOVER, 1);
    }

    void run(double ms) {
        world.runFor((long) (ms * 1e6));
    }

    Board a() {
        return world.board(0);
    }

    Board b() {
        return world.board(1);
    }

    boolean open(int board) {
        return world.judge().open[board][0];
    }

    int roleChanges() {
        return world.judge().roleChanges;
    }

    void order(int board, int order) {
        world.board(board).ports.orders.give(order);
    }

    void switchover() {
        order(0, Operator.SWITCHOVER_GROUP_0);
    }

    /** Cuts every channel in one direction. */
    void deafen(int sender, boolean cut) {
        for (int c = 0; c < Net.CHANNELS; c++) {
            world.net().cut[c][sender] = cut;
        }
    }

    /** Lets time pass until the board's gate is open; returns how long it took, ms. */
    double untilOpen(int board, int group, double atMostMs) {
        long sinceNs = world.nowNs();
        while (!world.judge().open[board][group]) {
            if (world.nowNs() - sinceNs > atMostMs * 1e6) {
                throw new AssertionError("board " + World.name(board) + " leads not within " + atMostMs + " ms: " + text());
            }
            world.runFor(10_000);
        }
        return (world.nowNs() - sinceNs) / 1e6;
    }

    double untilOpen(int board) {
        return untilOpen(board, 0, 1000);
    }

    /** From here on gaps of the service count. */
    void watchForGaps() {
        world.judge().longestGapNs[0] = 0;
    }

    /** A lost standby delays no output by more than a checkpoint's round trip. */
    void expectNoGapBeyondARoundTrip() {
        double gapMs = world.judge().longestGapNs[0] / 1e6;
        double allowedMs = (world.net().probeRoundTripNs + world.net().probeJitterNs + 100_000) / 1e6;
        if (!open(0) && !open(1) || gapMs > allowedMs) {
            throw new AssertionError("gap of " + gapMs + " ms, " + text());
        }
    }

    /** T, and what the simulated wires and wake-ups add. */
    double boundMs() {
        return (profile.takeoverNs() + world.net().worstDelayNs(0) + 300_000) / 1e6;
    }

    /** One primary with an open gate, the other board its standby in sync. */
    void expectLeader(int board, int group) {
        Board standby = world.board(1 - board);
        if (!world.judge().open[board][group] || standby.role(group) != WireView.ROLE_STANDBY || !standby.replica.hot(group)) {
            throw new AssertionError("expected board " + World.name(board) + " to lead group " + group + ": " + text());
        }
    }

    /** Whichever leads. */
    int expectOneLeader() {
        int leader = open(0) ? 0 : 1;
        expectLeader(leader, 0);
        return leader;
    }

    void expectNoChangeSince(int roleChanges) {
        if (roleChanges() != roleChanges) {
            throw new AssertionError(roleChanges() - roleChanges + " role changes: " + text());
        }
    }

    String text() {
        StringBuilder s = new StringBuilder("at " + world.nowNs() / 1e6 + " ms");
        for (int i = 0; i < 2; i++) {
            Board board = world.board(i);
            s.append(", ").append(World.name(i));
            for (int g = 0; g < profile.groups; g++) {
                s.append(' ').append(board.node == null ? "off" : WireView.roleName(board.role(g)) + "/" + board.node.term(g))
                        .append(world.judge().open[i][g] ? " open" : "");
            }
        }
        return s.toString();
    }
}
