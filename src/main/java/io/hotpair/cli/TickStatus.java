package io.hotpair.cli;

import io.hotpair.node.status.CountersFile;
import io.hotpair.sync.TickState;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What {@code hotpair status} says of the ticks. */
final class TickStatus {
    private static final String NAME = "group0.tick";
    private static final int NONE = -1;

    private TickStatus() { }

    /** Whether the node has ticks. */
    static boolean present(CountersFile file) {
        return file.find(NAME + "State") >= 0;
    }

    private static long value(CountersFile file, String label) {
        return OrderCommand.value(file, NAME + label);
    }

    private static TickState state(CountersFile file) {
        return TickState.of((int) value(file, "State"));
    }

    static Map<String, Object> read(CountersFile file) {
        Map<String, Object> ticks = new LinkedHashMap<>();
        long executed = value(file, "Ordered");
        long errorNs = value(file, "PhaseErrorNs");
        ticks.put("state", state(file).name());
        ticks.put("number", value(file, "Number"));
        ticks.put("newestOrdered", executed == NONE ? null : executed);
        ticks.put("periodNs", value(file, "PeriodNs"));
        ticks.put("start", value(file, "Start") == 0 ? null : value(file, "Start"));
        ticks.put("laterThanPeerNs", errorNs == NONE ? null : value(file, "PhaseNs"));
        ticks.put("laterThanPeerErrorNs", errorNs == NONE ? null : errorNs);
        return ticks;
    }

    static void print(PrintWriter out, CountersFile file) {
        long ordered = value(file, "Ordered");
        long errorNs = value(file, "PhaseErrorNs");
        long start = value(file, "Start");
        String began = ordered != NONE ? "newest ordered " + ordered + (start == 0 ? "" : ", begun with " + start)
                : start == 0 ? "the tasks have not begun: the primary waits for its standby" : "the tasks begin with " + start;
        out.printf(Locale.ROOT, "ticks        %s, number %d every %.6f ms; %s%n", text(state(file)), value(file, "Number"),
                value(file, "PeriodNs") / 1e6, began);
        if (errorNs != NONE) {
            out.printf(Locale.ROOT, "             this board has them %.1f us later than the peer, give or take %.1f%n",
                    value(file, "PhaseNs") / 1e3, errorNs / 1e3);
        }
    }

    private static String text(TickState state) {
        return switch (state) {
            case LOCKED -> "locked to the sync line";
            case HOLDOVER -> "HOLDOVER, the sync line is lost";
            case SLEWING -> "the sync line is back, being brought to its edges";
            case SOFTWARE -> "by the primary's clock";
            case WAITING -> "waiting for the sync line";
            case OFF -> "none";
        };
    }
}
