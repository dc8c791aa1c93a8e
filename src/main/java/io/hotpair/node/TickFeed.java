package io.hotpair.node;

import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.syncline.SimulatedSyncLine;
import io.hotpair.drivers.syncline.SyncLine;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Durations;
import io.hotpair.node.config.TickConfig;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.CountersFile.Kind;
import io.hotpair.sync.GroupSync;
import io.hotpair.sync.SyncConfig;
import io.hotpair.sync.TickState;
import io.hotpair.sync.Ticks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The duty cycle's side of the ticks: hands the edges of the sync line to the replication, and publishes what it makes of them. */
final class TickFeed {
    /** What the kernel keeps for a line. */
    private static final int EDGES_PER_CYCLE = 64;
    private static final int NOT_WATCHED = -1;

    private final TickConfig config;
    private final SyncLine line;
    private Poller poller;
    private int index = NOT_WATCHED;
    private volatile TickState state = TickState.OFF;
    private CountersFile file;
    private int stateId;
    private int number;
    private int ordered;
    private int period;
    private int phase;
    private int phaseError;
    private int start;

    /**
     * @param config null if there are no ticks
     * @param line null if they are the primary's clock's
     */
    TickFeed(TickConfig config, SyncLine line) {
        this.config = config;
        this.line = line;
    }

    /** Where there are no ticks. */
    static TickFeed none() {
        return new TickFeed(null, null);
    }

    /** @param resources takes what is opened */
    static TickFeed open(Optional<TickConfig> config, BoardId board, Resources resources) throws StartException {
        if (config.isEmpty()) {
            return none();
        }
        Optional<Path> file = config.get().line(board);
        try {
            return new TickFeed(config.get(), file.isEmpty() ? null : resources.add(SimulatedSyncLine.end(file.get(), board.id())));
        } catch (IOException e) {
            throw new StartException("sync-line: " + Folder.withCure(e.getMessage()), e);
        }
    }

    SyncConfig configure(SyncConfig sync) {
        return config == null ? sync : sync.ticks(config.intervalNs(), line != null, config.startAfter(), config.startWaitNs());
    }

    int descriptors() {
        return line != null && line.fd() >= 0 ? 1 : 0;
    }

    void watch(Poller watching) {
        if (descriptors() > 0) {
            poller = watching;
            index = watching.add(line.fd());
        }
    }

    /** At the begin of each cycle. */
    void receive(GroupSync sync, long nowNs) {
        if (line == null || index != NOT_WATCHED && !poller.ready(index)) {
            return;
        }
        for (int i = 0; i < EDGES_PER_CYCLE; i++) {
            long edgeNs = line.pollEdgeNs();
            if (edgeNs == SyncLine.NO_EDGE) {
                return;
            }
            sync.onEdge(edgeNs, nowNs);
        }
    }

    void publishIn(CountersFile counters) {
        if (config != null) {
            file = counters;
            String name = "group0.tick";
            stateId = file.register(name + "State", Kind.GAUGE);
            number = file.register(name + "Number", Kind.GAUGE);
            ordered = file.register(name + "Ordered", Kind.GAUGE);
            period = file.register(name + "PeriodNs", Kind.GAUGE);
            phase = file.register(name + "PhaseNs", Kind.GAUGE);
            phaseError = file.register(name + "PhaseErrorNs", Kind.GAUGE);
            start = file.register(name + "Start", Kind.GAUGE);
        }
    }

    void publish(Ticks ticks) {
        state = ticks.state();
        if (file != null) {
            file.set(stateId, ticks.state().ordinal());
            file.set(number, ticks.number());
            file.set(ordered, ticks.ordered() == Long.MIN_VALUE ? -1 : ticks.ordered());
            file.set(period, ticks.periodNs());
            file.set(phase, ticks.phaseNs());
            file.set(phaseError, ticks.phaseErrorNs() == Long.MAX_VALUE ? -1 : ticks.phaseErrorNs());
            file.set(start, ticks.startTick());
        }
    }

    /** What is wrong with the line, or null. From any thread. */
    String trouble() {
        return switch (state) {
            case HOLDOVER -> "ALARM: the sync line shows no edges every " + Durations.format(config.intervalNs())
                    + ": this board's ticks are in holdover, by its own clock; the roles stay as they are";
            case SLEWING -> "the sync line is back: the ticks are being brought to its edges";
            default -> null;
        };
    }
}
