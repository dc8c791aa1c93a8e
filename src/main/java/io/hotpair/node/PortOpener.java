package io.hotpair.node;

import io.hotpair.drivers.gpio.SimulatedLine;
import io.hotpair.drivers.guard.Guard;
import io.hotpair.drivers.linux.RealTime;
import io.hotpair.drivers.port.EdgeInput;
import io.hotpair.drivers.port.InputDriver;
import io.hotpair.drivers.port.LevelOutput;
import io.hotpair.drivers.port.OutputDriver;
import io.hotpair.drivers.port.UdpInput;
import io.hotpair.drivers.port.UdpOutput;
import io.hotpair.drivers.uart.UartPort;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.InputConfig;
import io.hotpair.node.config.OutputConfig;
import io.hotpair.node.config.SerialLine;
import io.hotpair.node.config.TaskConfig;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.tinylog.Logger;

/** Opens the ways in and out of a task that the configuration names. A serial device that is missing now comes back later by itself. */
final class PortOpener {
    /** The most figures of one port. */
    private static final int FIGURES = 5;

    private final TaskConfig task;
    private final BoardId board;
    private final Resources resources;
    private final List<Supplier<String>> troubles;
    private final Figures figures;
    private final Guard guard;
    private final Runnable wake;
    private final Runnable onThread;
    private final Map<String, UartPort> uarts = new HashMap<>();

    /**
     * @param resources takes what is opened
     * @param guard not started yet
     * @param wake wakes the duty cycle, from any thread
     * @param priority of the threads that read devices, SCHED_FIFO; 0 for an ordinary one
     */
    PortOpener(TaskConfig task, BoardId board, Resources resources, List<Supplier<String>> troubles, Figures figures, Guard guard, Runnable wake,
            int priority) {
        this.task = task;
        this.board = board;
        this.resources = resources;
        this.troubles = troubles;
        this.figures = figures;
        this.guard = guard;
        this.wake = wake;
        onThread = () -> {
            if (priority > 0) {
                RealTime.fifo(priority); // whether that is permitted was told at the start
            }
        };
    }

    /** How many figures all ports together may have. */
    static int figures(Optional<TaskConfig> task) {
        return task.map(ports -> FIGURES * (ports.inputs().size() + ports.outputs().size())).orElse(0);
    }

    /** By port number. */
    List<InputDriver> inputs() throws StartException {
        List<InputDriver> inputs = new ArrayList<>();
        for (InputConfig input : task.inputs()) {
            try {
                inputs.add(switch (input) {
                    case InputConfig.Udp udp -> udp(udp);
                    case InputConfig.Uart uart -> uart(uart);
                    case InputConfig.Gpio gpio -> gpio(gpio);
                });
            } catch (IOException e) {
                throw new StartException("input." + input.name() + ": " + e.getMessage(), e);
            }
        }
        return inputs;
    }

    private InputDriver udp(InputConfig.Udp input) throws IOException {
        InetSocketAddress at = input.at(board);
        UdpInput.SourceBy sourceBy = UdpInput.SourceBy.valueOf(input.sourceBy().name());
        UdpInput opened = resources.add(input.multicast().isPresent()
                ? new UdpInput(input.multicast().get(), (Inet4Address) at.getAddress(), input.numbered(), sourceBy)
                : new UdpInput(at, null, input.numbered(), sourceBy));
        if (opened.shortage() != null) {
            Logger.warn("input.{}: {}", input.name(), opened.shortage());
        }
        return opened;
    }

    private InputDriver uart(InputConfig.Uart input) {
        String device = input.device(board);
        boolean replays = task.outputs().stream().anyMatch(
                output -> output instanceof OutputConfig.Uart uart && uart.device(board).equals(device) && uart.repeats());
        UartPort port = open("input." + input.name(), device, settings(device, input.line(), true, input.numbered(), replays));
        String name = "input." + input.name() + ".error.";
        figures.add(name + "tooLong", port::tooLong);
        figures.add(name + "malformed", port::cut);
        figures.add(name + "wrongChecksum", port::wrongChecksums);
        figures.add(name + "withoutNumber", port::withoutNumber);
        figures.add(name + "overflowed", port::overflowed);
        return port;
    }

    private InputDriver gpio(InputConfig.Gpio input) throws IOException {
        EdgeInput edges = resources.add(new EdgeInput(SimulatedLine.watch(input.wire(board)), input.debounceNs(), wake).start(onThread));
        figures.add("input." + input.name() + ".error.bounced", edges::bounced);
        figures.add("input." + input.name() + ".error.overflowed", edges::overflowed);
        return edges;
    }

    /** By port number. After {@link #inputs}: a device that is both is opened once. */
    List<OutputDriver> outputs() throws StartException {
        List<OutputDriver> outputs = new ArrayList<>();
        for (OutputConfig output : task.outputs()) {
            try {
                OutputDriver opened = switch (output) {
                    case OutputConfig.Udp udp -> resources.add(
                            new UdpOutput(new InetSocketAddress("0.0.0.0", 0), udp.to(board), null, udp.header(), udp.repeats()));
                    case OutputConfig.Uart uart -> uart(uart);
                    case OutputConfig.Gpio gpio -> gpio(gpio);
                };
                figures.add("output." + output.name() + ".lost", opened::lost);
                outputs.add(opened);
            } catch (IOException e) {
                throw new StartException("output." + output.name() + ": " + e.getMessage(), e);
            }
        }
        return outputs;
    }

    private OutputDriver uart(OutputConfig.Uart output) {
        String device = output.device(board);
        UartPort both = uarts.get(device);
        return both != null ? both : open("output." + output.name(), device, settings(device, output.line(), false, false, output.repeats()));
    }

    private UartPort open(String name, String device, UartPort.Settings settings) {
        UartPort port = resources.add(new UartPort(settings, wake, onThread, System::nanoTime));
        uarts.put(device, port);
        troubles.add(() -> port.trouble() == null ? null : name + ": " + port.trouble());
        return port;
    }

    private static UartPort.Settings settings(String device, SerialLine line, boolean listens, boolean numbered, boolean replays) {
        return new UartPort.Settings(device, line.baud(), UartPort.Framed.valueOf(line.framing().name()),
                UartPort.Checked.valueOf(line.checksum().name()), listens, numbered, replays);
    }

    private OutputDriver gpio(OutputConfig.Gpio output) throws IOException {
        Path wire = output.wire(board);
        SimulatedLine.Driver line = SimulatedLine.drive(wire, board.id(), output.safeHigh());
        LevelOutput level = resources.add(new LevelOutput(new GuardedLine(line, guard, guard.addLine(wire, board.id())), output.safeHigh(),
                output.maxHoldNs(), output.repeats(), System::nanoTime));
        figures.add("output." + output.name() + ".expired", level::expired);
        figures.add("output." + output.name() + ".malformed", level::malformed);
        return level;
    }

    /** A line that the guard lets go of when this process no longer can. */
    private record GuardedLine(SimulatedLine.Driver line, Guard guard, int index) implements LevelOutput.Line {
        @Override
        public boolean drive(boolean high) {
            return line.drive(high);
        }

        @Override
        public void holdUntil(long expiresNs) {
            guard.holdLine(index, expiresNs);
        }

        @Override
        public void close() {
            line.close();
        }
    }
}
