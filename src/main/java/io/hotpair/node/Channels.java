package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.port.FrameChannel;
import io.hotpair.core.port.PulseChannel;
import io.hotpair.drivers.ethernet.UdpChannel;
import io.hotpair.drivers.gpio.SimulatedWire;
import io.hotpair.drivers.guard.Guard;
import io.hotpair.drivers.linux.EventFd;
import io.hotpair.drivers.uart.UartChannel;
import io.hotpair.node.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.tinylog.Logger;

/** Opens the four channels to the peer that the configuration names. A channel that is missing now comes back later by itself. */
final class Channels {
    private static final int NO_DESCRIPTOR = -1;

    final FrameChannel[] frames = new FrameChannel[CoreConfig.FRAME_CHANNELS];
    final int[] guardIndex = new int[CoreConfig.FRAME_CHANNELS];
    final List<DutyCycle.Source> sources = new ArrayList<>();
    PulseChannel pulse;

    private final Resources resources;
    private final Guard guard;
    private final List<Supplier<String>> troubles;
    private final Figures figures;

    Channels(Resources resources, Guard guard, List<Supplier<String>> troubles, Figures figures) {
        this.resources = resources;
        this.guard = guard;
        this.troubles = troubles;
        this.figures = figures;
        Arrays.fill(guardIndex, NO_DESCRIPTOR);
    }

    void open(Config config, Config.Board board, EventFd wake) throws StartException {
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            if (board.network(n).isPresent()) {
                openNetwork(n, board.network(n).get());
            }
        }
        if (board.uart().isPresent()) {
            openUart(board.uart().get(), config.uart().baud(), wake);
        }
        if (board.gpioWire().isPresent()) {
            openGpio(board.gpioWire().get(), board.id().id());
        }
    }

    private void openNetwork(int channel, Config.Network network) throws StartException {
        try {
            UdpChannel udp = resources.add(new UdpChannel(network.own(), network.peer(), network.interfaceName().orElse(null)));
            if (udp.warning() != null) {
                Logger.warn(udp.warning());
            }
            frames[channel] = udp;
            sources.add(new DutyCycle.Source(channel, new UdpInbox(udp), udp.fd()));
            guardIndex[channel] = guard.addSocket(udp.fd());
            error(channel, "peerPortClosed", udp::refused);
            error(channel, "unreachable", udp::unreachable);
            error(channel, "queueFull", udp::queueFull);
            error(channel, "malformed", udp::malformed);
            error(channel, "other", udp::otherErrors);
        } catch (IOException e) {
            throw new StartException(e.getMessage(), e);
        }
    }

    private void openUart(String device, int baud, EventFd wake) {
        UartChannel uart = resources.add(new UartChannel(UartChannel.Settings.of(device, baud), wake::signal));
        frames[CoreConfig.UART] = uart;
        sources.add(new DutyCycle.Source(CoreConfig.UART, uart::receive, NO_DESCRIPTOR));
        guardIndex[CoreConfig.UART] = guard.addDevice(Path.of(device));
        error(CoreConfig.UART, "malformed", uart::malformed);
        error(CoreConfig.UART, "tooLong", uart::tooLong);
        error(CoreConfig.UART, "queueOverruns", uart::queueOverruns);
        error(CoreConfig.UART, "droppedStalled", uart::droppedStalled);
        error(CoreConfig.UART, "droppedBroken", uart::droppedBroken);
        troubles.add(() -> uart.tried() ? uart.trouble() : null);
    }

    private void error(int channel, String cause, LongSupplier count) {
        figures.add("channel" + channel + ".error." + cause, count);
    }

    private void openGpio(Path wire, int board) throws StartException {
        try {
            pulse = resources.add(SimulatedWire.end(wire, board));
        } catch (IOException e) {
            throw new StartException("cannot use the GPIO wire " + wire + ": " + e.getMessage(), e);
        }
    }
}
