package io.hotpair.cli;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.Intent;
import io.hotpair.core.Role;
import io.hotpair.lab.TerminalDevice;
import io.hotpair.node.EventLog;
import io.hotpair.node.PeerVerdict;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.EventRing;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hotpair status}: what this board knows of both, read from the counters file; the node does not notice. */
@Command(
        name = "status",
        description = "Shows both boards as this one sees them: roles, terms, channels, checkpoints, the newest events.",
        mixinStandardHelpOptions = true,
        versionProvider = Hotpair.Version.class,
        footerHeading = "%nExample:%n",
        footer = "  hotpair status --config pair.toml --board a --watch")
final class StatusCommand implements Callable<Integer> {
    private static final String[] CHANNELS = {"Ethernet A", "Ethernet B", "UART", "GPIO"};
    private static final String[] CHECKPOINT = {"not known", "answers", "DOWN"};
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final long STALE_NS = 1_000_000_000L;
    private static final String CLEAR = "\033[H\033[2J";
    private static final String BETWEEN_SNAPSHOTS = System.lineSeparator();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private CountersOption counters;

    @Mixin
    private JsonOption json;

    @Option(names = {"-w", "--watch"}, description = "show it again every second until Ctrl-C; one below the other where the output is no terminal")
    private boolean watch;

    @Option(names = "--events", paramLabel = "N", defaultValue = "8", description = "how many of the newest events (default ${DEFAULT-VALUE})")
    private int events;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Config config = counters.load();
        BoardId board = counters.board(config);
        PrintWriter out = spec.commandLine().getOut();
        String before = watch && !json.wanted() && new TerminalDevice(TerminalDevice.STANDARD_OUTPUT).present() ? CLEAR : "";
        while (true) {
            try (CountersFile file = counters.open(config, board)) {
                Map<String, Object> status = read(config, file);
                out.print(before);
                json.print(spec, status, text -> print(text, config, file));
                if (before.isEmpty()) {
                    before = BETWEEN_SNAPSHOTS;
                }
                if (!watch || out.checkError()) { // flushes; nobody reads a broken pipe any more
                    if (!file.nodeAlive()) {
                        throw CountersOption.gone(board, file);
                    }
                    return ExitCode.OK;
                }
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static long value(CountersFile file, String label) {
        return OrderCommand.value(file, label);
    }

    /** The cycle is read before the clock: the other way round, one that took place in between would be of a negative age. */
    private static long newestCycleAgeNs(CountersFile file) {
        long newestNs = file.newestCycleNs();
        return Math.max(0, System.nanoTime() - newestNs);
    }

    /** The newest word of the node, as long as its lease can still hold: nobody opens the gate of a node that is gone or stands still. */
    private static boolean gateOpen(Config config, CountersFile file, String group) {
        return value(file, group + "gate") == 1 && file.nodeAlive() && newestCycleAgeNs(file) < config.timing().leaseNs();
    }

    private static Role role(CountersFile file, String label) {
        return Role.of((int) value(file, label));
    }

    private Map<String, Object> read(Config config, CountersFile file) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("pair", file.pairName());
        status.put("board", BoardId.values()[file.board()].letter());
        status.put("bootId", String.format("%08x", file.bootId()));
        status.put("version", file.softwareVersion());
        status.put("pid", file.pid());
        status.put("nodeAlive", file.nodeAlive());
        status.put("newestCycleAgeNs", newestCycleAgeNs(file));
        status.put("onHold", value(file, "self.held") == 1);
        List<Map<String, Object>> groups = new ArrayList<>();
        for (int g = 0; g < config.pair().groups().size(); g++) {
            groups.add(group(config, file, g));
        }
        status.put("groups", groups);
        if (TaskStatus.present(file)) {
            status.put("task", TaskStatus.read(file));
        }
        if (TickStatus.present(file)) {
            status.put("ticks", TickStatus.read(file));
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < file.counterCount(); i++) {
            values.put(file.label(i), file.value(i));
        }
        status.put("counters", values);
        List<Map<String, Object>> newest = new ArrayList<>();
        for (Told told : newestEvents(config, file)) {
            EventRing.Event event = told.event();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("time", Instant.ofEpochSecond(0, file.wallNs(event.timeNs())).toString());
            entry.put("monotonicNs", event.timeNs());
            entry.put("code", event.code());
            entry.put("group", event.group());
            entry.put("term", event.term());
            entry.put("text", told.text());
            newest.add(entry);
        }
        status.put("events", newest);
        return status;
    }

    private static Map<String, Object> group(Config config, CountersFile file, int g) {
        String name = "group" + g + '.';
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("name", config.pair().groups().get(g));
        group.put("role", role(file, name + "role").name());
        group.put("term", value(file, name + "term"));
        group.put("intent", Intent.of((int) value(file, name + "intent")).name());
        group.put("gateOpen", gateOpen(config, file, name));
        group.put("inSync", value(file, name + "inSync") == 1);
        group.put("peerRole", role(file, name + "peerRole").name());
        group.put("peerTerm", value(file, name + "peerTerm"));
        group.put("peerInSync", value(file, name + "peerInSync") == 1);
        return group;
    }

    private record Told(EventRing.Event event, String text) {
    }

    /** As the node's log tells them. All that the ring still holds are looked at: what one means depends on those before. */
    private List<Told> newestEvents(Config config, CountersFile file) {
        EventRing ring = file.events();
        EventLog log = new EventLog(file::wallNs, ZoneId.systemDefault(), config.pair().groups());
        List<Told> all = new ArrayList<>();
        for (long sequence = Math.max(0, ring.nextSequence() - CountersFile.DEFAULT_EVENT_CAPACITY); sequence < ring.nextSequence(); sequence++) {
            EventRing.Event event = new EventRing.Event();
            if (ring.read(sequence, event)) {
                all.add(new Told(event, log.text(event)));
            }
        }
        return all.subList(Math.max(0, all.size() - events), all.size());
    }

    private void print(PrintWriter out, Config config, CountersFile file) {
        long ageNs = newestCycleAgeNs(file);
        boolean alive = file.nodeAlive();
        out.printf("pair %s, board %s, boot %08x, version %s, process %d%s%n", file.pairName(), BoardId.values()[file.board()].letter(),
                file.bootId(), file.softwareVersion(), file.pid(),
                !alive ? ": GONE, what follows is its last word" : ageNs > STALE_NS ? ": STANDS STILL for " + ageNs / 1_000_000 + " ms" : "");
        for (int g = 0; g < config.pair().groups().size(); g++) {
            printGroup(out, config, config.pair().groups().get(g), file, "group" + g + '.');
        }
        if (TaskStatus.present(file)) {
            TaskStatus.print(out, file);
        }
        if (TickStatus.present(file)) {
            TickStatus.print(out, file);
        }
        if (value(file, "self.held") == 1) {
            out.println("ON HOLD      this board does not hand its role over until 'hotpair release'");
        }
        printIdentity(out, config.board(BoardId.values()[file.board()]), file);
        printChannels(out, file);
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            if (value(file, "channel" + n + ".present") == 1) {
                out.printf("network %s    checkpoint %s%n", n == 0 ? "A" : "B", CHECKPOINT[(int) value(file, "network" + n + ".checkpoint")]);
            }
        }
        out.printf("board        penalty %d (peer %d)%s; since start: duty cycles %d, late p99 %d us, max %d us; guard %s%n",
                value(file, "self.penalty"), value(file, "peer.penalty"), value(file, "self.mayLead") == 1 ? "" : ", MAY NOT LEAD",
                value(file, "node.cycles"), value(file, "node.lateP99Ns") / 1000,
                value(file, "node.lateMaxNs") / 1000, value(file, "guard.watching") == 1 ? "watches" : "MISSING");
        printCounted(out, "rejected", file, "rejected.");
        printCounted(out, "connections", file, "identity.");
        for (Told told : newestEvents(config, file)) {
            LocalTime time = Instant.ofEpochSecond(0, file.wallNs(told.event().timeNs())).atZone(ZoneId.systemDefault()).toLocalTime();
            out.println(TIME.format(time) + ' ' + told.text());
        }
    }

    private static void printGroup(PrintWriter out, Config config, String name, CountersFile file, String prefix) {
        out.printf("group %-6s this board %s, term %d, gate %s%s%n", name, role(file, prefix + "role"), value(file, prefix + "term"),
                gateOpen(config, file, prefix) ? "open" : "shut", value(file, prefix + "inSync") == 1 ? ", in sync" : "");
        if (value(file, "peer.alive") == 1) {
            out.printf("             peer %s, term %d%s%n", role(file, prefix + "peerRole"), value(file, prefix + "peerTerm"),
                    value(file, prefix + "peerInSync") == 1 ? ", in sync" : "");
        } else {
            out.println("             peer NOT HEARD: redundancy lost");
        }
    }

    private static void printIdentity(PrintWriter out, Config.Board board, CountersFile file) {
        PeerVerdict proved = PeerVerdict.of((int) value(file, "peer.identity"));
        if (proved.told() != null) {
            out.println("identity     the peer " + proved.told());
        }
        for (int n = 0; n < board.networks().size(); n++) {
            PeerVerdict hint = PeerVerdict.of((int) value(file, "network" + n + ".identityHint"));
            if (hint.told() != null) {
                Config.Network network = board.networks().get(n);
                out.printf("identity     the node at %s (not authenticated, within a minute, asked from %s) %s%n",
                        network.peerIdentity().getHostString(), network.ownIdentity().getHostString(), hint.told());
            }
        }
    }

    private static void printChannels(PrintWriter out, CountersFile file) {
        for (int c = 0; c < CoreConfig.CHANNELS; c++) {
            String prefix = "channel" + c + '.';
            if (value(file, prefix + "present") == 1) {
                out.printf("%-12s %-6s frames since start: sent %d, received %d, missed between them %d%n", CHANNELS[c],
                        value(file, prefix + "fresh") == 1 ? "heard" : "SILENT",
                        value(file, prefix + "sent"), value(file, prefix + "received"), value(file, prefix + "missed"));
                printCounted(out, "  errors", file, prefix + "error.");
            }
        }
    }

    /** One line of the counters whose labels begin like this and that are not 0; none if all are. */
    private static void printCounted(PrintWriter out, String title, CountersFile file, String prefix) {
        StringJoiner counted = new StringJoiner(", ");
        for (int i = 0; i < file.counterCount(); i++) {
            if (file.label(i).startsWith(prefix) && file.value(i) != 0) {
                counted.add(file.label(i).substring(prefix.length()) + ' ' + file.value(i));
            }
        }
        if (counted.length() > 0) {
            out.printf("%-12s since start: %s%n", title, counted);
        }
    }
}
