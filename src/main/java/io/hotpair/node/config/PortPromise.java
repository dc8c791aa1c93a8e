package io.hotpair.node.config;

import static io.hotpair.node.config.Durations.format;

import java.util.ArrayList;
import java.util.List;

/** What each way in or out of a task promises, in words, for {@code hotpair check}. */
final class PortPromise {
    private PortPromise() {}

    /** A line for each port. */
    static List<String> of(TaskConfig task) {
        List<String> lines = new ArrayList<>();
        for (InputConfig input : task.inputs()) {
            lines.add("input." + input.name() + ": " + input(input));
        }
        for (OutputConfig output : task.outputs()) {
            lines.add("output." + output.name() + ": " + output(output));
        }
        return lines;
    }

    private static String input(InputConfig input) {
        return switch (input) {
            case InputConfig.Udp udp -> "datagrams, " + numbered(udp.numbered());
            case InputConfig.Uart uart -> line(uart.line()) + ", " + numbered(uart.numbered());
            case InputConfig.Gpio gpio -> "edges, " + numbered(false)
                    + (gpio.debounceNs() == 0 ? "; not debounced" : "; a level counts once it has kept for " + format(gpio.debounceNs()));
        };
    }

    private static String numbered(boolean numbered) {
        return numbered ? "numbered by their source: each is executed exactly once"
                : "told apart by content and order: each is executed once as long as it looks the same on both boards and reaches them within 100 ms";
    }

    private static String line(SerialLine line) {
        String framing = line.framing() == SerialLine.Framing.LINES ? "lines of text" : "COBS frames";
        return framing + " at " + line.baud() + " baud" + switch (line.checksum()) {
            case NONE -> "";
            case NMEA -> " with an NMEA checksum";
            case CRC32 -> " with a CRC-32";
        };
    }

    private static String output(OutputConfig output) {
        return switch (output) {
            case OutputConfig.Udp udp -> "datagrams" + (udp.header() ? " with number and term" : "") + ", " + repeats(udp.repeats());
            case OutputConfig.Uart uart -> line(uart.line()) + ", " + repeats(uart.repeats());
            case OutputConfig.Gpio gpio -> "a level, " + (gpio.safeHigh() ? "high" : "low") + " while no board leads and " + format(gpio.maxHoldNs())
                    + " after the last output at the latest, " + repeats(gpio.repeats());
        };
    }

    private static String repeats(boolean repeats) {
        return repeats ? "at least once: what a dead primary may not have sent is sent again"
                : "at most once: what a dead primary may have sent is not sent again";
    }

    static void warn(TaskConfig task, List<String> warnings) {
        for (InputConfig input : task.inputs()) {
            if (input instanceof InputConfig.Uart uart && uart.line().checksum() == SerialLine.Checksum.NONE) {
                warnings.add("input." + uart.name() + ".checksum = \"none\": what noise changes on one board's line is executed beside the right one"
                        + " of the other board");
            }
        }
    }
}
