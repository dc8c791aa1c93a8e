package io.hotpair.node;

import io.hotpair.drivers.port.InputDriver;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.CountersFile.Kind;
import io.hotpair.sync.GroupSync;
import io.hotpair.sync.SyncCounter;
import io.hotpair.sync.port.JournalPort;
import io.hotpair.sync.stream.StreamCount;
import io.hotpair.sync.stream.StreamService;
import java.util.Locale;

/** Publishes what the replication of a group knows in the counters file. */
final class SyncCounters {
    /** This standby is not in step, nor being brought there; or this primary has no standby in step. */
    static final int COLD = 0;
    /** This standby is being brought into step. */
    static final int SYNCING = 1;
    /** This standby is in step; or this primary's is. */
    static final int HOT = 2;
    private static final SyncCounter[] COUNTERS = SyncCounter.values();
    private static final StreamCount[] STREAM = {StreamCount.CONNECTIONS, StreamCount.SENT, StreamCount.RECEIVED, StreamCount.REFUSED_FULL};
    /** Counters are published once in so many intervals, gauges in each. */
    private static final int SELDOM = 16;

    private final CountersFile file;
    private final JournalPort journal;
    private final int networks;
    private final int state;
    private final int held;
    private final int peerHeld;
    private final int executed;
    private final int digest;
    private final int durable;
    private final int journalState;
    private final int taskReady;
    private final int taskStarts;
    private final int taskLate;
    private final int[] connection;
    private final int[][] streamCount;
    private final int[] counter = new int[COUNTERS.length];
    private final int overflowed;
    private final int malformed;
    private int turn;

    SyncCounters(CountersFile file, JournalPort journal, int networks) {
        this.file = file;
        this.journal = journal;
        this.networks = networks;
        String name = "group0.";
        state = file.register(name + "syncState", Kind.GAUGE);
        held = file.register(name + "heldIndex", Kind.GAUGE);
        peerHeld = file.register(name + "peerHeldIndex", Kind.GAUGE);
        executed = file.register(name + "executedIndex", Kind.GAUGE);
        digest = file.register(name + "digest", Kind.GAUGE);
        durable = file.register(name + "durableIndex", Kind.GAUGE);
        journalState = file.register(name + "journal", Kind.GAUGE);
        taskReady = file.register(name + "taskReady", Kind.GAUGE);
        taskStarts = file.register(name + "taskStarts");
        taskLate = file.register(name + "taskLate");
        connection = new int[networks];
        streamCount = new int[networks][STREAM.length];
        for (int n = 0; n < networks; n++) {
            connection[n] = file.register("stream" + n + ".connected", Kind.GAUGE);
            for (int i = 0; i < STREAM.length; i++) {
                streamCount[n][i] = file.register("stream" + n + '.' + camel(STREAM[i].name()));
            }
        }
        for (SyncCounter one : COUNTERS) {
            counter[one.ordinal()] = file.register("sync0." + camel(one.name()));
        }
        overflowed = file.register("sync0.overflowedInputs");
        malformed = file.register("sync0.malformedInputs");
    }

    private static String camel(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.toLowerCase(Locale.ROOT).split("_")) {
            text.append(text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return text.toString();
    }

    void publish(GroupSync sync, HostedTask task, StreamService stream, InputDriver[] inputs) {
        // the digest belongs to the index, so a reader that finds the index the same before and after has the two together
        file.set(executed, task.port().executedIndex());
        file.set(digest, task.port().digest());
        file.set(state, sync.granted() || sync.hot(0) ? HOT : sync.joined() ? SYNCING : COLD);
        file.set(held, sync.heldIndex());
        file.set(peerHeld, sync.peerHeldIndex());
        file.set(durable, journal.durableIndex());
        file.set(journalState, !journal.durable() ? 0 : journal.failing() ? 2 : 1);
        file.set(taskReady, task.port().ready() && task.port().loaded() ? 1 : 0);
        for (int n = 0; n < networks; n++) {
            file.set(connection[n], stream.connection(n) != 0 ? 1 : 0);
        }
        if (turn++ % SELDOM == 0) {
            publishCounts(sync, task, stream);
            publishLosses(inputs);
        }
    }

    private void publishCounts(GroupSync sync, HostedTask task, StreamService stream) {
        file.set(taskStarts, task.starts());
        file.set(taskLate, task.late());
        for (int n = 0; n < networks; n++) {
            for (int i = 0; i < STREAM.length; i++) {
                file.set(streamCount[n][i], stream.count(n, STREAM[i]));
            }
        }
        for (SyncCounter one : COUNTERS) {
            file.set(counter[one.ordinal()], sync.counter(one));
        }
    }

    private void publishLosses(InputDriver[] inputs) {
        long overflowedNow = 0;
        long malformedNow = 0;
        for (InputDriver input : inputs) {
            overflowedNow += input.overflowed();
            malformedNow += input.malformed();
        }
        file.set(overflowed, overflowedNow);
        file.set(malformed, malformedNow);
    }
}
