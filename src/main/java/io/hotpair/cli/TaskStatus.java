package io.hotpair.cli;

import io.hotpair.core.Role;
import io.hotpair.lab.InputLosses;
import io.hotpair.node.status.CountersFile;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code hotpair status} says of a user's task and its replication. */
final class TaskStatus {
    private static final String[] SYNC = {"COLD", "SYNCING", "HOT"};
    private static final String[] JOURNAL = {"none", "written", "FAILING"};

    private TaskStatus() { }

    /** Whether the node runs a task; else it runs its built-in stream and there is nothing to say. */
    static boolean present(CountersFile file) {
        return file.find("group0.syncState") >= 0;
    }

    private static long value(CountersFile file, String label) {
        return OrderCommand.value(file, label);
    }

    static Map<String, Object> read(CountersFile file) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("ready", value(file, "group0.taskReady") == 1);
        task.put("starts", value(file, "group0.taskStarts"));
        task.put("syncState", SYNC[(int) value(file, "group0.syncState")]);
        task.put("heldIndex", value(file, "group0.heldIndex"));
        task.put("peerHeldIndex", value(file, "group0.peerHeldIndex"));
        task.put("commitIndex", value(file, "group0.commitIndex"));
        task.put("executedIndex", value(file, "group0.executedIndex"));
        task.put("digest", String.format("%016x", value(file, "group0.digest")));
        task.put("journal", JOURNAL[(int) value(file, "group0.journal")]);
        task.put("durableIndex", value(file, "group0.durableIndex"));
        task.put("outputs", value(file, "group0.outputs"));
        task.put("inputs", KillsReport.asMap(losses(file)));
        for (int network = 0; file.find(stream(network)) >= 0; network++) {
            task.put("stream" + network, value(file, stream(network)) == 1);
        }
        return task;
    }

    private static InputLosses losses(CountersFile file) {
        return InputLosses.of(label -> value(file, label));
    }

    private static String stream(int network) {
        return "stream" + network + ".connected";
    }

    static void print(PrintWriter out, CountersFile file) {
        boolean leads = Role.of((int) value(file, "group0.role")) == Role.PRIMARY;
        String state = SYNC[(int) value(file, "group0.syncState")];
        long held = value(file, "group0.heldIndex");
        long executed = value(file, "group0.executedIndex");
        out.printf("task         %s, started %d times; executed up to %d%s, %d outputs left%n",
                value(file, "group0.taskReady") == 1 ? "runs" : "DOWN",
                value(file, "group0.taskStarts"), executed, executed < held ? " of " + held : "", value(file, "group0.outputs"));
        out.printf("replication  %s %s; record %d, committed %d, the peer holds %d; digest %016x%n", leads ? "standby" : "this board", state, held,
                value(file, "group0.commitIndex"), value(file, "group0.peerHeldIndex"), value(file, "group0.digest"));
        out.println("inputs       " + losses(file));
        StringBuilder streams = new StringBuilder();
        for (int network = 0; file.find(stream(network)) >= 0; network++) {
            streams.append(network == 0 ? "" : ", ").append(value(file, stream(network)) == 1 ? "connected" : "NOT CONNECTED");
        }
        int journal = (int) value(file, "group0.journal");
        out.printf("stream       %s%n", streams);
        out.printf("journal      %s%s%n", JOURNAL[journal], journal == 0 ? "" : ", on disk up to " + value(file, "group0.durableIndex"));
    }
}
