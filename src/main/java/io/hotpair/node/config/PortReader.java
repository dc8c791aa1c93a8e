package io.hotpair.node.config;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads {@code [input.NAME]} and {@code [output.NAME]}. */
final class PortReader {
    private static final String ENDPOINT = "a numeric IPv4 address and a port, \"192.0.2.1:7500\"";
    private static final String DEVICE = "a serial device, \"/dev/ttyAMA1\"";
    private static final String LINE = SimulatedFile.shape("line");
    private static final String UDP = "udp";
    private static final String UART = "uart";
    private static final String GPIO = "gpio";
    /** What the guard can look after beside the channels to the peer. */
    private static final int MOST_GPIO_OUTPUTS = 12;

    /** What stands in for a value that is missing or was refused: then nothing is opened. */
    private static final InetSocketAddress NO_ADDRESS = new InetSocketAddress(0);
    private static final Path NO_FILE = Path.of("/");

    private final Problems problems;
    private final Path folder;

    PortReader(Problems problems, Path folder) {
        this.problems = problems;
        this.folder = folder;
    }

    private String kind(Section section) {
        String kind = section.text("kind", UDP);
        problems.require(List.of(UDP, UART, GPIO).contains(kind), section.key("kind"), "must be \"udp\", \"uart\" or \"gpio\"");
        return kind;
    }

    private void finish(Section section, String kind) {
        if (List.of(UDP, UART, GPIO).contains(kind)) {
            section.finish();
        }
    }

    // ---- in ----

    InputConfig input(String name, Section section) {
        String kind = kind(section);
        InputConfig input = switch (kind) {
            case UDP -> udpInput(name, section);
            case UART -> {
                Optional<String> a = atBoard(section, "board-a", DEVICE, PortReader::device);
                Optional<String> b = atBoard(section, "board-b", DEVICE, PortReader::device);
                SerialLine line = serialLine(section);
                yield new InputConfig.Uart(name, a.orElse(""), b.orElse(""), line, section.flag("numbered", false));
            }
            case GPIO -> {
                Optional<Path> a = atBoard(section, "board-a", LINE, this::simulated);
                Optional<Path> b = atBoard(section, "board-b", LINE, this::simulated);
                yield new InputConfig.Gpio(name, a.orElse(NO_FILE), b.orElse(NO_FILE), section.durationNs("debounce", "0 ms", "0 ms", "1 s"));
            }
            default -> new InputConfig.Gpio(name, NO_FILE, NO_FILE, 0); // refused: which other keys it may have is not known
        };
        finish(section, kind);
        return input;
    }

    private InputConfig udpInput(String name, Section section) {
        Optional<InetSocketAddress> a = atBoard(section, "board-a", ENDPOINT, PortReader::parse);
        Optional<InetSocketAddress> b = atBoard(section, "board-b", ENDPOINT, PortReader::parse);
        Optional<InetSocketAddress> multicast = section.optional("multicast", "a multicast group and a port, \"239.1.1.1:7500\"",
                text -> parse(text).filter(group -> group.getAddress().isMulticastAddress()));
        boolean numbered = section.flag("numbered", true);
        InputConfig.SourceBy sourceBy = switch (section.text("source", "address-and-port")) {
            case "address-and-port" -> InputConfig.SourceBy.ADDRESS_AND_PORT;
            case "address" -> InputConfig.SourceBy.ADDRESS;
            case "port" -> InputConfig.SourceBy.PORT;
            default -> {
                problems.add(section.key("source"), "must be \"address-and-port\", \"address\" or \"port\"");
                yield InputConfig.SourceBy.PORT;
            }
        };
        return new InputConfig.Udp(name, a.orElse(NO_ADDRESS), b.orElse(NO_ADDRESS), multicast, numbered, sourceBy);
    }

    private <T> Optional<T> atBoard(Section section, String key, String shape, Function<String, Optional<T>> parse) {
        Optional<T> value = section.optional(key, shape, parse);
        problems.require(value.isPresent() || problems.isWritten(section.key(key)), section.key(key), "is missing: where "
                + key.replace('-', ' ') + " receives this input, " + shape + (shape.equals(ENDPOINT) ? " (with multicast: of its interface)" : ""));
        return value;
    }

    // ---- out ----

    OutputConfig output(String name, Section section) {
        String kind = kind(section);
        OutputConfig output = switch (kind) {
            case UDP -> {
                List<InetSocketAddress> to = to(section, ENDPOINT, PortReader::parse, NO_ADDRESS);
                yield new OutputConfig.Udp(name, to.getFirst(), to.getLast(), section.flag("header", true), section.flag("repeats", true));
            }
            case UART -> {
                List<String> to = to(section, DEVICE, PortReader::device, "");
                yield new OutputConfig.Uart(name, to.getFirst(), to.getLast(), serialLine(section), section.flag("repeats", false));
            }
            case GPIO -> {
                List<Path> to = to(section, LINE, this::simulated, NO_FILE);
                yield new OutputConfig.Gpio(name, to.getFirst(), to.getLast(), safeHigh(section),
                        section.durationNs("max-hold", "500 ms", "5 ms", "60 min"), section.flag("repeats", true));
            }
            default -> new OutputConfig.Gpio(name, NO_FILE, NO_FILE, false, 1, true);
        };
        finish(section, kind);
        return output;
    }

    /** For board A and board B. */
    private <T> List<T> to(Section section, String shape, Function<String, Optional<T>> parse, T none) {
        Optional<T> to = section.optional("to", shape, parse);
        Optional<T> toA = section.optional("to-a", shape, parse).or(() -> to);
        Optional<T> toB = section.optional("to-b", shape, parse).or(() -> to);
        boolean written = problems.isWritten(section.key("to")) || problems.isWritten(section.key("to-a")) && problems.isWritten(section.key("to-b"));
        problems.require(written, section.key("to"), "is missing: where this output goes, " + shape + "; or to-a and to-b, one for each board");
        return List.of(toA.orElse(none), toB.orElse(none));
    }

    private boolean safeHigh(Section section) {
        return switch (section.text("safe", "low")) {
            case "low" -> false;
            case "high" -> true;
            default -> {
                problems.add(section.key("safe"), "must be \"low\" or \"high\": the level of the line while no board leads");
                yield false;
            }
        };
    }

    // ---- serial lines ----

    private SerialLine serialLine(Section section) {
        int baud = section.integer("baud", 115_200, 1_200, 4_000_000);
        SerialLine.Framing framing = switch (section.text("framing", "lines")) {
            case "lines" -> SerialLine.Framing.LINES;
            case "cobs" -> SerialLine.Framing.COBS;
            default -> {
                problems.add(section.key("framing"), "must be \"lines\" or \"cobs\"");
                yield SerialLine.Framing.LINES;
            }
        };
        SerialLine.Checksum checksum = switch (section.text("checksum", "none")) {
            case "none" -> SerialLine.Checksum.NONE;
            case "nmea" -> SerialLine.Checksum.NMEA;
            case "crc32" -> SerialLine.Checksum.CRC32;
            default -> {
                problems.add(section.key("checksum"), "must be \"none\", \"nmea\" (lines) or \"crc32\" (cobs)");
                yield SerialLine.Checksum.NONE;
            }
        };
        SerialLine.Framing needed = checksum == SerialLine.Checksum.NMEA ? SerialLine.Framing.LINES : SerialLine.Framing.COBS;
        problems.require(checksum == SerialLine.Checksum.NONE || framing == needed, section.key("checksum"),
                "needs " + section.key("framing") + " = \"" + (needed == SerialLine.Framing.LINES ? "lines" : "cobs") + '"', section.key("framing"));
        return new SerialLine(baud, framing, checksum);
    }

    private static Optional<String> device(String text) {
        return Optional.of(text).filter(path -> path.startsWith("/"));
    }

    private Optional<Path> simulated(String text) {
        return SimulatedFile.parse(text, folder);
    }

    private static Optional<InetSocketAddress> parse(String text) {
        return Addresses.parseEndpoint(text).filter(address -> address.getAddress() instanceof Inet4Address);
    }

    // ---- what several of them must keep together ----

    void relations(Config config, TaskConfig task) {
        addresses(task);
        for (BoardId board : BoardId.values()) {
            devices(config, task, board);
            lines(config, task, board);
        }
        List<OutputConfig> driven = task.outputs().stream().filter(OutputConfig.Gpio.class::isInstance).toList();
        problems.require(driven.size() <= MOST_GPIO_OUTPUTS, "output",
                "has " + driven.size() + " of kind \"gpio\"; the guard looks after " + MOST_GPIO_OUTPUTS + " at most");
    }

    private void addresses(TaskConfig task) {
        Map<InetSocketAddress, String> taken = new TreeMap<>((x, y) -> x.toString().compareTo(y.toString()));
        for (InputConfig input : task.inputs()) {
            if (input instanceof InputConfig.Udp udp && udp.multicast().isEmpty()) {
                for (BoardId board : BoardId.values()) {
                    String key = "input." + udp.name() + ".board-" + board.letter();
                    String first = taken.putIfAbsent(udp.at(board), key);
                    problems.require(first == null, key, "is the same address as " + first + ": every input needs its own",
                            first == null ? key : first);
                }
            }
        }
    }

    private record Use(String key, SerialLine line) {}

    /** A device has one reader. It may be an input and an output, then it is opened once. */
    private void devices(Config config, TaskConfig task, BoardId board) {
        String heartbeat = config.board(board).uart().orElse("");
        Map<String, Use> read = new HashMap<>();
        Map<String, Use> written = new HashMap<>();
        for (InputConfig input : task.inputs()) {
            if (input instanceof InputConfig.Uart uart) {
                String key = "input." + uart.name() + ".board-" + board.letter();
                claim(read, uart.device(board), new Use(key, uart.line()), heartbeat, board, "its messages would go to one of the two");
            }
        }
        for (OutputConfig output : task.outputs()) {
            if (output instanceof OutputConfig.Uart uart) {
                String key = toKey("output." + uart.name(), board);
                claim(written, uart.device(board), new Use(key, uart.line()), heartbeat, board, "two outputs of one device are one output");
            }
        }
        written.forEach((device, out) -> {
            Use in = read.get(device);
            problems.require(in == null || in.line().equals(out.line()), out.key(), in == null ? "" : "is the device of " + in.key()
                    + ": then baud, framing and checksum must be the same in both", in == null ? out.key() : in.key());
        });
    }

    private void claim(Map<String, Use> taken, String device, Use use, String heartbeat, BoardId board, String why) {
        if (device.isEmpty()) {
            return; // refused before
        }
        Use first = taken.putIfAbsent(device, use);
        problems.require(first == null, use.key(), "is the same device as " + (first == null ? "" : first.key()) + ": " + why);
        problems.require(!device.equals(heartbeat), use.key(),
                "is the same device as board." + board.letter() + ".uart, which is the pair's own", "board." + board.letter() + ".uart");
    }

    private void lines(Config config, TaskConfig task, BoardId board) {
        Optional<Path> heartbeat = config.board(board).gpioWire();
        Map<Path, String> driven = new HashMap<>();
        for (OutputConfig output : task.outputs()) {
            if (output instanceof OutputConfig.Gpio gpio && !gpio.wire(board).equals(NO_FILE)) {
                String key = toKey("output." + gpio.name(), board);
                String first = driven.putIfAbsent(gpio.wire(board), key);
                problems.require(first == null, key, "is the same line as " + first + ": every output needs its own", first == null ? key : first);
                notTheHeartbeats(heartbeat, gpio.wire(board), key, board);
            }
        }
        for (InputConfig input : task.inputs()) {
            if (input instanceof InputConfig.Gpio gpio) {
                notTheHeartbeats(heartbeat, gpio.wire(board), "input." + gpio.name() + ".board-" + board.letter(), board);
            }
        }
    }

    private void notTheHeartbeats(Optional<Path> heartbeat, Path wire, String key, BoardId board) {
        String own = "board." + board.letter() + ".gpio";
        problems.require(heartbeat.isEmpty() || !heartbeat.get().equals(wire), key, "is the same line as " + own + ", which is the pair's own", own);
    }

    private String toKey(String table, BoardId board) {
        String own = table + ".to-" + board.letter();
        return problems.isWritten(own) ? own : table + ".to";
    }
}
