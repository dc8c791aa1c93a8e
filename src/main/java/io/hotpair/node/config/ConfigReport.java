package io.hotpair.node.config;

import static io.hotpair.node.config.Durations.format;

import io.hotpair.drivers.checkpoint.CheckpointSpec;
import io.hotpair.node.config.Config.Board;
import io.hotpair.node.config.Config.Channel;
import io.hotpair.node.config.Config.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a configuration promises, in words, and what about it is weaker than it could be.
 *
 * @param channels every channel with its interval
 * @param decision T, its formula and the channel that sets it
 * @param promise what happens in total silence, and what is assumed for at most one primary
 * @param ports one line each: what the ways in and out of the task promise; empty without a task
 * @param warnings one line each, may be empty
 */
public record ConfigReport(String channels, String decision, String promise, List<String> ports, List<String> warnings) {
    public ConfigReport {
        ports = List.copyOf(ports);
        warnings = List.copyOf(warnings);
    }

    /** Looks at a checked configuration; touches neither devices nor networks. */
    public static ConfigReport of(Config config) {
        String channels = config.channels().stream()
                .map(channel -> channel.name() + " every " + format(channel.intervalNs()))
                .collect(Collectors.joining(", "));
        Channel slowest = config.slowestChannel();
        String decision = format(config.decisionNs()) + " = misses × slowest interval + arbitration = " + config.timing().misses() + " × "
                + format(slowest.intervalNs()) + " + " + format(config.timing().arbitrationNs()) + "; set by " + slowest.name();
        return new ConfigReport(channels, decision, promise(config), config.task().map(PortPromise::of).orElse(List.of()), warnings(config));
    }

    private static String promise(Config config) {
        return switch (config.pair().onSilence()) {
            case TAKEOVER -> "takeover: a standby that hears nothing on any channel leads if its checkpoint answers within "
                    + format(config.timing().arbitrationNs()) + ". Never two primaries as long as not all channels fail while both boards live";
            case HOLD -> "hold: silence never makes a primary, so never two of them whatever fails. After a power cut or a hang of the primary "
                    + "the output rests until it is back or an operator decides; an announced death is still taken over";
        };
    }

    private static List<String> warnings(Config config) {
        List<String> warnings = new ArrayList<>();
        Board a = config.boardA();
        long heartbeatNs = config.timing().heartbeatIntervalNs();
        if (config.channels().size() == 1) {
            warnings.add("one channel only: whatever cuts it is total silence");
        }
        if (a.networks().size() == 1) {
            warnings.add("one network only: its failure leaves no second checkpoint to ask");
        } else if (a.networks().isEmpty()) {
            warnings.add("no network: frames travel over the UART alone");
        }
        if (a.uart().isEmpty()) {
            warnings.add("no UART: with the networks cut, nothing but a GPIO line tells a dead peer from a cut one");
        } else if (config.uart().heartbeatIntervalNs() > heartbeatNs) {
            warnings.add("the UART is slower than the networks (" + format(config.uart().heartbeatIntervalNs()) + " instead of "
                    + format(heartbeatNs) + ") and sets T: a hang or power cut is noticed that much later");
        }
        if (a.gpioWire().isEmpty()) {
            warnings.add("no GPIO line: every path shares a driver stack or a cable with another");
        }
        checkpoints(config, warnings);
        if (config.realtime().priority() == 0) {
            warnings.add("realtime.priority = 0: other processes delay the duty cycle, and it stands still when they hog the processor");
        }
        config.task().ifPresent(task -> task(task, warnings));
        config.ticks().ifPresent(ticks -> TickReader.warn(config, ticks, warnings));
        for (BoardId id : BoardId.values()) {
            if (config.task().isEmpty() && config.board(id).streamTo().isEmpty()) {
                warnings.add("board." + id.letter() + ".stream-to is not set: board " + id.letter() + " sends no numbered output");
            }
        }
        return warnings;
    }

    private static void task(TaskConfig task, List<String> warnings) {
        if (task.storage().commit() == TaskConfig.Commit.ONE) {
            warnings.add("storage.commit = \"one\": outputs do not wait for the standby, so with the primary what caused its last ones may be lost");
        }
        if (task.storage().kind() == TaskConfig.Kind.NONE) {
            warnings.add("storage.kind = \"none\": when both boards are off, the task's state is gone");
        }
        PortPromise.warn(task, warnings);
        if (task.program().inProcess()) {
            warnings.add("task.in-process: a task that waits or crashes stops the node with it");
        }
    }

    private static void checkpoints(Config config, List<String> warnings) {
        for (BoardId id : BoardId.values()) {
            List<CheckpointSpec> configured = new ArrayList<>(2);
            for (int index = 0; index < 2; index++) {
                String letter = index == 0 ? "a" : "b";
                Network network = config.board(id).network(index).orElse(null);
                if (network != null && !network.checkpoint().configured()) {
                    warnings.add("board " + id.letter() + " has no checkpoint on network " + letter
                            + ": it cannot tell a dead peer from its own failure there");
                } else if (network != null) {
                    configured.add(network.checkpoint());
                }
            }
            if (configured.size() == 2 && configured.get(0).equals(configured.get(1))) {
                warnings.add("board " + id.letter() + " asks " + configured.get(0) + " on both networks: one device's failure takes both checkpoints away");
            }
        }
    }
}
