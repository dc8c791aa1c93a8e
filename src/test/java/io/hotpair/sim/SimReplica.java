package io.hotpair.sim;

import io.hotpair.core.port.Replica;

/** The task of each group on one board, reduced to what the roles depend on: how far it is and whether it is in step. */
class SimReplica implements Replica {
    final Board board;
    final long[] produced = new long[2];
    final long[] committed = new long[2];
    final long[] held = new long[2];
    final boolean[] hot = new boolean[2];
    private final boolean[] frozen = new boolean[2];
    private final boolean[] primary = new boolean[2];
    private final long[] attachedNs = new long[2];
    /** How long a standby needs to get into step. */
    long joinNs = 5_000_000;
    /** The standby is slow or stalled until then. */
    long coldUntilNs;

    SimReplica(Board board) {
        this.board = board;
    }

    /** Whether it lets the board lead. */
    boolean mayLead() {
        return true;
    }

    /** Whether {@link #mayLead} may change by itself shortly. */
    boolean preparing() {
        return false;
    }

    /** What waits for the board's process is read, before the core's cycle. */
    void beforeCore(long localNs) {
    }

    /** The replication's own part of a cycle; returns when the next is due, local clock. */
    long afterCore(long localNs) {
        return Long.MAX_VALUE;
    }

    /** Whether it was in step when the board last was promoted. */
    boolean wasHot(int group) {
        return hot(group);
    }

    /** Whether the board does not read its stream just now. */
    boolean stalls(long worldNs) {
        return worldNs < coldUntilNs;
    }

    void onProcessEnd(boolean powerCut) {
    }

    void onProcessStart() {
        for (int g = 0; g < 2; g++) {
            produced[g] = 0;
            committed[g] = 0;
            held[g] = 0;
            hot[g] = false;
            frozen[g] = false;
            primary[g] = false;
            attachedNs[g] = 0;
        }
    }

    /** One tick of the sync stream between a primary and its standby; {@code peer} is null while they are not connected. */
    void tickAsPrimary(int group, long nowNs, SimReplica peer, boolean peerIsStandby) {
        hot[group] = true;
        if (!frozen[group]) {
            produced[group]++;
        }
        if (!peerIsStandby || !peer.hot[group]) {
            committed[group] = produced[group];
        }
    }

    void tickAsStandby(int group, long nowNs, SimReplica primaryReplica, boolean connected) {
        if (nowNs < coldUntilNs) {
            hot[group] &= held[group] == primaryReplica.produced[group]; // slow, but nothing new has come
            attachedNs[group] = 0;
            return;
        }
        if (!connected) {
            attachedNs[group] = 0;
            return;
        }
        if (attachedNs[group] == 0) {
            attachedNs[group] = nowNs;
        }
        if (hot[group] || nowNs - attachedNs[group] >= joinNs) {
            held[group] = primaryReplica.produced[group];
            hot[group] = true;
        }
    }

    void tickAsOther(int group) {
        attachedNs[group] = 0;
    }

    @Override
    public long commitIndex(int group) {
        return primary[group] ? committed[group] : held[group];
    }

    @Override
    public boolean hot(int group) {
        return hot[group];
    }

    @Override
    public void onPeerCommitIndex(int group, boolean peerIsPrimary, long term, int peerIndex) {
        if (peerIsPrimary && !primary[group] && peerIndex - (int) held[group] > 0) {
            hot[group] = false;
        } else if (!peerIsPrimary && primary[group] && peerIndex - (int) produced[group] <= 0) {
            committed[group] += Math.max(0, peerIndex - (int) committed[group]);
        }
    }

    @Override
    public void onPeerCold(int group, long heardNs) {
    }

    @Override
    public void freeze(int group, boolean on) {
        frozen[group] = on;
    }

    @Override
    public boolean drained(int group) {
        return produced[group] == committed[group];
    }

    @Override
    public void onRole(int group, boolean primary, long term) {
        if (primary && !this.primary[group]) {
            produced[group] = held[group];
            committed[group] = held[group];
            frozen[group] = false;
        } else if (!primary && this.primary[group]) {
            held[group] = committed[group];
        }
        this.primary[group] = primary;
    }
}
