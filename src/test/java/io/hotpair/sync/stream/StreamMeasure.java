package io.hotpair.sync.stream;

import io.hotpair.drivers.linux.EventFd;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.drivers.linux.RealTime;
import io.hotpair.sync.identity.IdentityMessage;
import io.hotpair.sync.identity.IdentityService;
import io.hotpair.sync.identity.NetworkLoop;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Measures the stream between two JVMs over loopback; prints, asserts nothing. One message at a time there and back through the duty-cycle threads of
 * both, which sleep in a poll until they are woken; then as many one-way messages as the stream takes.
 *
 * <p>Arguments: payload bytes, round trips, one-way messages, real-time priority (0: none).
 */
public final class StreamMeasure {
    private static final long BASE_PORT = 47_300;
    private static final long CYCLE_NS = 1_000_000;
    private static final byte ECHO = 1;
    private static final byte DISCARD = 2;

    private final boolean echo;
    private final int board;
    private final EventFd wake = new EventFd();
    private final Poller poller = new Poller(5);
    private final NetworkLoop loop;
    private final StreamService stream;
    private final byte[] message;
    private long received;
    private boolean refused;

    private StreamMeasure(int board, int payloadBytes, int priority) throws Exception {
        this.board = board;
        echo = board == 1;
        message = new byte[payloadBytes];
        poller.add(wake.fd());
        if (priority > 0) {
            String warning = RealTime.fifo(priority);
            if (warning != null) {
                System.out.println(warning);
            }
        }
        loop = new NetworkLoop(priority > 1 ? priority - 1 : NetworkLoop.NO_PRIORITY);
        List<IdentityService.Network> networks = new ArrayList<>();
        for (int network = 0; network < 2; network++) {
            networks.add(new IdentityService.Network(address(board, network), address(1 - board, network)));
        }
        IdentityService identity = new IdentityService(loop, IdentityService.Settings.of(board, 1 + board, StreamBoard.KEY, networks),
                () -> new IdentityMessage.Statement("0.1.0", new byte[32], 0, 0, 0, 0, 0, 0), result -> { });
        stream = new StreamService(StreamSettings.defaults(), board, loop, identity, 2, "0.1.0", new byte[32], wake::signal);
        stream.watch(poller);
    }

    private static InetSocketAddress address(int board, int network) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) BASE_PORT + 2 * board + network);
    }

    /** One cycle: takes what there is, or sleeps until something comes. */
    private void cycle() {
        stream.connection(0);
        boolean more = stream.receive(this::onMessage, false, System.nanoTime());
        if (!stream.flush(System.nanoTime()) && !more) {
            poller.await(CYCLE_NS);
            wake.drain();
        }
    }

    private void onMessage(int network, byte[] buffer, int offset, int lengthBytes) {
        received++;
        if (echo && buffer[offset] == ECHO) {
            stream.connection(network);
            refused |= !stream.offer(network, buffer, offset, lengthBytes);
        }
    }

    private void roundTrips(int count) {
        Histogram histogram = new Histogram(10_000_000_000L, 3);
        for (int i = 0; i < count; i++) {
            long startNs = System.nanoTime();
            roundTrip();
            histogram.recordValue(System.nanoTime() - startNs);
        }
        System.out.printf("round trip of %d bytes, %d times: p50 %.1f us, p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f%n", message.length, count,
                us(histogram, 50), us(histogram, 90), us(histogram, 99), us(histogram, 99.9), histogram.getMaxValue() / 1e3);
    }

    private void roundTrip() {
        message[0] = ECHO;
        long before = received;
        while (!stream.offer(0, message, 0, message.length)) {
            cycle();
        }
        stream.flush(System.nanoTime());
        while (received == before) {
            cycle();
        }
    }

    private static double us(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }

    private void oneWay(int count) {
        message[0] = DISCARD;
        long writes = stream.count(0, StreamCount.WRITES);
        long full = 0;
        long startNs = System.nanoTime();
        for (int i = 0; i < count; i++) {
            if (!stream.offer(0, message, 0, message.length)) {
                full++;
                i--;
                stream.flush(System.nanoTime());
            }
        }
        // The answer to a message behind them says that all have arrived.
        roundTrip();
        double seconds = (System.nanoTime() - startNs) / 1e9;
        writes = stream.count(0, StreamCount.WRITES) - writes;
        System.out.printf("one way, %d messages of %d bytes: %.0f a second, %.1f in a write, refused as full %d times%n", count, message.length,
                count / seconds, count / (double) writes, full);
    }

    public static void main(String[] arguments) throws Exception {
        int payloadBytes = Integer.parseInt(arguments[0]);
        int priority = Integer.parseInt(arguments[3]);
        if (arguments.length > 4) {
            serve(new StreamMeasure(1, payloadBytes, priority));
        }
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StreamMeasure.class.getName()));
        command.addAll(List.of(arguments));
        command.add("serve");
        Process peer = new ProcessBuilder(command).inheritIO().start();
        try {
            StreamMeasure measure = new StreamMeasure(0, payloadBytes, priority);
            int trips = Integer.parseInt(arguments[1]);
            int messages = Integer.parseInt(arguments[2]);
            for (int round = 0; round < 4; round++) {
                measure.roundTrips(trips);
                measure.oneWay(messages);
            }
        } finally {
            peer.destroyForcibly();
        }
        System.exit(0);
    }

    private static void serve(StreamMeasure measure) {
        for (;;) {
            measure.cycle();
            if (measure.refused) {
                System.out.println("board " + measure.board + " could not answer");
                measure.refused = false;
            }
        }
    }
}
