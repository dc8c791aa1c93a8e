package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.Role;
import io.hotpair.lab.BoardPower;
import io.hotpair.lab.PathFaults;
import io.hotpair.lab.UartRelay;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigReader;
import io.hotpair.node.config.PairKey;
import io.hotpair.node.status.CountersFile;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two whole nodes in this process, every channel active: over a million cycles in either role the duty-cycle thread allocates nothing. The
 * heartbeat is five times as fast as usual, so that a million cycles take less than a minute.
 */
@Tag("allocation")
class NodeAllocationTest {
    private static final long CYCLES = 1_000_000;
    /**
     * Until a loop is compiled it may allocate, and the JVM does so on the thread that runs into it when it links or compiles something for the first
     * time: a few hundred bytes, once for each class. So the count begins after so many cycles without any.
     */
    private static final long WARM_UP_CYCLES = 400_000;
    private static final long PATIENCE_NS = 300_000_000_000L;
    private static final String EMITTED = "sync0.emitted";

    @TempDir
    private Path folder;

    private static final String TOML = """
            [pair]
            name = "allocation"
            key-file = "pair.key"
            state-dir = "state"
            run-dir = "run"
            [timing]
            heartbeat-interval = "200 us"
            lease = "500 us"
            margin = "50 us"
            settle = "50 ms"
            [network.a]
            checkpoint = "tcp:127.0.0.1:%d"
            [network.b]
            checkpoint = "udp:127.0.0.2:%d"
            [uart]
            heartbeat-interval = "1 ms"
            [realtime]
            priority = 0
            lock-memory = false
            [board.a]
            network-a = "127.0.21.1:%3$d"
            network-b = "127.0.22.1:%3$d"
            uart = "%4$s"
            gpio = "sim:%6$s"
            %7$s
            [board.b]
            network-a = "127.0.21.2:%3$d"
            network-b = "127.0.22.2:%3$d"
            uart = "%5$s"
            gpio = "sim:%6$s"
            %7$s
            """;
    private static final String TASK = """
            [task]
            class = "io.hotpair.lab.CountingTask"
            in-process = true
            [input.load]
            board-a = "127.0.21.1:%1$d"
            board-b = "127.0.21.2:%1$d"
            numbered = true
            [output.answers]
            to = "127.0.0.1:%2$d"
            """;
    private static final long INPUT_EVERY_NS = 1_000_000;
    private static final int INPUT_BYTES = 16;

    @Test
    void aMillionCyclesInEitherRoleAllocateNothing() throws Exception {
        try (DatagramSocket plant = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            run("stream-to = \"127.0.0.1:" + plant.getLocalPort() + '"', "", NodeAllocationTest::measure);
        }
    }

    /** The whole way of a thousand inputs a second: sockets, order, stream, task, commit, outputs. */
    @Test
    void norDoTheyWithATaskInStep() throws Exception {
        int port = freePort();
        try (DatagramSocket plant = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            Thread load = Thread.ofPlatform().daemon().unstarted(() -> send(plant, port));
            run("", TASK.formatted(port, plant.getLocalPort()), (a, b) -> {
                load.start();
                await(() -> value(a, EMITTED) + value(b, EMITTED) > 0);
                long before = value(a, EMITTED) + value(b, EMITTED);
                long sinceNs = System.nanoTime();
                measure(a, b);
                long due = (System.nanoTime() - sinceNs) / INPUT_EVERY_NS;
                long left = value(a, EMITTED) + value(b, EMITTED) - before;
                assertTrue(left > due / 2, left + " outputs left, of " + due + " inputs");
                await(() -> value(a, "group0.syncState") == 2 && value(b, "group0.syncState") == 2); // on a busy machine left behind for a moment
            });
        }
    }

    private static void send(DatagramSocket from, int port) {
        byte[] input = new byte[INPUT_BYTES];
        ByteBuffer number = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        try {
            InetAddress[] boards = {InetAddress.getByName("127.0.21.1"), InetAddress.getByName("127.0.21.2")};
            for (long n = 1;; n++) {
                number.putLong(0, n).putLong(8, n);
                for (InetAddress board : boards) {
                    from.send(new DatagramPacket(input, INPUT_BYTES, board, port));
                }
                LockSupport.parkNanos(INPUT_EVERY_NS);
            }
        } catch (IOException e) {
            return; // the socket is closed: the test is over
        }
    }

    private interface Measurement {
        void of(CountersFile a, CountersFile b) throws InterruptedException;
    }

    private void run(String ofEachBoard, String more, Measurement measurement) throws Exception {
        BoardPower on = new BoardPower();
        PathFaults[] none = {new PathFaults(on, on), new PathFaults(on, on)};
        try (ServerSocket checkpointA = new ServerSocket(0, 1024, InetAddress.getByName("127.0.0.1"));
                DatagramSocket checkpointB = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"));
                UartRelay uart = new UartRelay(0, none, () -> { })) {
            answer(checkpointA, checkpointB);
            PairKey.generate(folder.resolve("pair.key"), false);
            String toml = TOML.formatted(checkpointA.getLocalPort(), checkpointB.getLocalPort(), freePort(), uart.device(0), uart.device(1),
                    folder.resolve("wire"), ofEachBoard);
            Path file = Files.writeString(folder.resolve("pair.toml"), toml + more);
            Config config = ConfigReader.read(file);
            Node a = new Node(config, BoardId.A, "test");
            a.start(folder.resolve("no-guard"));
            Node b = new Node(config, BoardId.B, "test");
            b.start(folder.resolve("no-guard"));
            try (CountersFile seenA = CountersFile.open(Node.countersPath(config, BoardId.A));
                    CountersFile seenB = CountersFile.open(Node.countersPath(config, BoardId.B))) {
                measurement.of(seenA, seenB);
            } finally {
                for (Node node : new Node[] {b, a}) {
                    node.stop();
                    assertEquals(null, node.awaitEnd());
                    node.close();
                }
            }
        }
    }

    /** Until they are closed. */
    private static void answer(ServerSocket tcp, DatagramSocket udp) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    tcp.accept().close();
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        Thread.ofPlatform().daemon().start(() -> {
            DatagramPacket probe = new DatagramPacket(new byte[64], 64);
            try {
                while (true) {
                    udp.receive(probe);
                    udp.send(probe);
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
    }

    private static void measure(CountersFile a, CountersFile b) throws InterruptedException {
        await(() -> led(a, b));
        warmUp(a, b);
        CountersFile primary = role(a) == Role.PRIMARY ? a : b;
        CountersFile standby = primary == a ? b : a;
        long[] cycles = {value(primary, "node.cycles"), value(standby, "node.cycles")};
        // The thread figures are published once a second: what is read is at most that old.
        long[] bytes = {published(primary), published(standby)};
        long[] received = received(primary, standby);
        await(() -> value(primary, "node.cycles") - cycles[0] > CYCLES && value(standby, "node.cycles") - cycles[1] > CYCLES);
        long[] nowReceived = received(primary, standby);
        for (int i = 0; i < received.length; i++) {
            assertTrue(nowReceived[i] - received[i] > CYCLES / 100, "channel " + i % 4 + " was not active: " + (nowReceived[i] - received[i]));
        }
        assertEquals(0, published(primary) - bytes[0], "bytes allocated by the primary's duty cycle");
        assertEquals(0, published(standby) - bytes[1], "bytes allocated by the standby's duty cycle");
    }

    private static void warmUp(CountersFile a, CountersFile b) throws InterruptedException {
        long sinceNs = System.nanoTime();
        long allocated = -1;
        long sum = published(a) + published(b);
        while (sum != allocated) {
            assertTrue(System.nanoTime() - sinceNs < PATIENCE_NS, "the duty cycles never stop allocating: " + (sum - allocated) + " bytes more");
            allocated = sum;
            long[] from = {value(a, "node.cycles"), value(b, "node.cycles")};
            await(() -> value(a, "node.cycles") - from[0] > WARM_UP_CYCLES && value(b, "node.cycles") - from[1] > WARM_UP_CYCLES);
            sum = published(a) + published(b);
        }
    }

    /** A value that was certainly published after now. */
    private static long published(CountersFile file) throws InterruptedException {
        Thread.sleep(2_500);
        return value(file, "node.cycleAllocatedBytes");
    }

    private static long[] received(CountersFile primary, CountersFile standby) {
        long[] received = new long[8];
        for (int c = 0; c < 4; c++) {
            received[c] = value(primary, "channel" + c + ".received");
            received[4 + c] = value(standby, "channel" + c + ".received");
        }
        return received;
    }

    private static boolean led(CountersFile a, CountersFile b) {
        return (role(a) == Role.PRIMARY && role(b) == Role.STANDBY) || (role(b) == Role.PRIMARY && role(a) == Role.STANDBY);
    }

    private static Role role(CountersFile file) {
        return Role.of((int) value(file, "group0.role"));
    }

    private static long value(CountersFile file, String label) {
        return file.value(file.find(label));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long sinceNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - sinceNs < PATIENCE_NS, "not reached within the patience of the test");
            Thread.sleep(100);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
