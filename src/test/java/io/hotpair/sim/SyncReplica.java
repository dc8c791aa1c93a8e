package io.hotpair.sim;

import io.hotpair.sync.GroupSync;
import io.hotpair.sync.SyncConfig;
import io.hotpair.sync.SyncCounter;
import io.hotpair.sync.SyncEvent;
import io.hotpair.sync.port.JournalPort;
import io.hotpair.sync.port.OutputPort;

/** The production replication of each group on one simulated board. */
final class SyncReplica extends SimReplica {
    private static final int MESSAGES = 64;
    private final GroupSync[] sync = new GroupSync[2];
    private final SimTask[] task = new SimTask[2];
    private final boolean[] wasHot = new boolean[2];
    final boolean[] compatible = {true, true};

    SyncReplica(Board board) {
        super(board);
    }

    private World world() {
        return board.world;
    }

    private DataPath path() {
        return board.world.data();
    }

    GroupSync sync(int group) {
        return sync[group];
    }

    SimTask task(int group) {
        return task[group];
    }

    long counter(int group, SyncCounter counter) {
        return sync[group] == null ? 0 : sync[group].counter(counter);
    }

    static SyncConfig config(Profile profile, int group) {
        DataProfile p = profile.data;
        SyncConfig config = SyncConfig.of(group, p.commit).log(p.logRecords, p.logRecords * 256).copies(96).outputs(1024, 64 << 10).sources(16)
                .snapshot(p.stateBytes + 64).standbyWait(p.standbyWaitNs).hotLag(32).silence(profile.silenceNs())
                .ticks(p.tickNs, p.tickLine, p.startAfterTicks, p.startWaitNs);
        return config;
    }

    @Override
    void onProcessStart() {
        super.onProcessStart();
        for (int g = 0; g < world().profile().groups; g++) {
            start(g);
        }
    }

    private void start(int g) {
        DataPath path = path();
        DataProfile p = world().profile().data;
        path.stream(g).onProcessStart(board.id);
        path.checker.onStart(board, g);
        task[g] = new SimTask(world(), board, g, path.checker);
        JournalPort journal = path.journal(board.id, g);
        if (p.mirror) {
            path.simJournal(board.id, g).onProcessStart(world().nowNs());
        }
        sync[g] = new GroupSync(config(world().profile(), g), path.stream(g).port(board.id), task[g], journal, output(g),
                (code, term, index, detail, nowNs) -> onEvent(g, code, term, index, detail), board.bootId, board.localNs());
        sync[g].compatible(compatible[g]);
    }

    private void onEvent(int group, int code, long term, long index, long detail) {
        SyncEvent event = SyncEvent.of(code);
        world().trace().mix(code * 31L + index);
        if (world().trace().on()) {
            world().log("  " + World.name(board.id) + " sync " + group + ": " + event + " term " + term + " index " + index + " detail " + detail);
        }
        path().checker.onEvent(board, group, event, index);
    }

    private OutputPort output(int group) {
        return new OutputPort() {
            @Override
            public boolean replays(int port) {
                return port == DataPath.REPLAY_PORT;
            }

            @Override
            public int emit(int port, long number, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
                if (!board.gate(group)) {
                    return GATE_SHUT;
                }
                if (board.random.oneIn(200)) {
                    return BUSY;
                }
                path().onOutput(board, group, port, number, repetition, buffer, offset);
                return EMITTED;
            }
        };
    }

    @Override
    void onProcessEnd(boolean powerCut) {
        for (int g = 0; g < world().profile().groups; g++) {
            path().checker.onEnd(board, g);
            path().stream(g).onProcessEnd(board.id);
            if (world().profile().data.mirror) {
                path().simJournal(board.id, g).onProcessEnd();
            }
            sync[g] = null;
            task[g] = null;
        }
        path().onProcessEnd(board.id);
    }

    @Override
    void beforeCore(long localNs) {
        for (int g = 0; g < world().profile().groups; g++) {
            task[g].onCycle();
            path().oscillator.deliver(board, g, sync[g], localNs);
            path().deliverInputs(board, g, sync[g], localNs);
            for (int n = 0; n < 2 && !stalls(world().nowNs()); n++) {
                for (int i = 0; i < MESSAGES; i++) {
                    byte[] message = path().stream(g).next(board.id, n);
                    if (message == null) {
                        break;
                    }
                    sync[g].onMessage(n, message, 0, message.length, localNs);
                    path().stream(g).taken(board.id, n);
                }
            }
        }
    }

    @Override
    long afterCore(long localNs) {
        long nextNs = Long.MAX_VALUE;
        boolean alone = board.node.alone(localNs);
        boolean heard = board.node.peerAlive(localNs);
        for (int g = 0; g < world().profile().groups; g++) {
            sync[g].alone(alone);
            sync[g].peerHeard(heard);
            path().checker.beforeCycle(board, g, alone);
            long dueNs = sync[g].doWork(localNs);
            path().checker.onCycle(board, g, alone, sync[g].heldIndex());
            nextNs = nextNs == Long.MAX_VALUE ? dueNs : Math.min(nextNs, dueNs);
        }
        return nextNs;
    }

    @Override
    boolean mayLead() {
        boolean may = true;
        for (int g = 0; g < world().profile().groups; g++) {
            may &= sync[g] != null && sync[g].mayLead();
        }
        return may;
    }

    @Override
    boolean preparing() {
        boolean preparing = false;
        for (int g = 0; g < world().profile().groups; g++) {
            preparing |= sync[g] == null || sync[g].preparing();
        }
        return preparing;
    }

    String text(int group) {
        SimJournal journal = path().simJournal(board.id, group);
        return sync[group] == null ? "" : " held " + sync[group].heldIndex() + " commit " + commitIndex(group)
                + (sync[group].granted() ? " granted" : "")
                + (world().profile().data.tickNs > 0 ? " tick " + sync[group].ticks().state() + " " + sync[group].ticks().number() + " ordered "
                        + sync[group].ticks().ordered() + " start " + sync[group].ticks().startTick() : "")
                + (staysCold() ? " stays cold" : "") + (world().profile().data.mirror ? journal.text() : "");
    }

    /** Whether the results of the two boards have differed too often. */
    boolean staysCold() {
        boolean cold = false;
        for (int g = 0; g < world().profile().groups; g++) {
            cold |= sync[g].staysCold();
        }
        return cold;
    }

    /** A person says that this board shall lead with what it has. */
    void lead() {
        for (int g = 0; g < world().profile().groups; g++) {
            if (sync[g] != null) {
                sync[g].lead(true);
            }
        }
        path().checker.onPerson();
    }

    @Override
    public long commitIndex(int group) {
        return sync[group].commitIndex(group);
    }

    @Override
    boolean wasHot(int group) {
        return wasHot[group];
    }

    @Override
    public boolean hot(int group) {
        return sync[group] != null && sync[group].hot(group);
    }

    @Override
    public void onPeerCommitIndex(int group, boolean peerIsPrimary, long term, int peerIndex) {
        sync[group].onPeerCommitIndex(group, peerIsPrimary, term, peerIndex);
    }

    @Override
    public void onPeerCold(int group, long heardNs) {
        sync[group].onPeerCold(group, heardNs);
    }

    @Override
    public void freeze(int group, boolean on) {
        sync[group].freeze(group, on);
    }

    @Override
    public boolean drained(int group) {
        return sync[group].drained(group);
    }

    @Override
    public void onRole(int group, boolean primary, long term) {
        wasHot[group] = primary && sync[group].hot(group);
        sync[group].onRole(group, primary, term);
    }
}
