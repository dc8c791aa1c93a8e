package io.hotpair.drivers.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hotpair.core.port.Checkpoint;
import io.hotpair.drivers.linux.Allocation;
import io.hotpair.drivers.linux.EventFd;
import io.hotpair.drivers.linux.Poller;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ProbeThreadTest {
    private static final long LONG_NS = 10_000_000_000L;

    private EventFd dutyCycle;
    private Poller poller;
    private ProbeThread probes;

    @BeforeEach
    void open() throws IOException {
        dutyCycle = new EventFd();
        poller = new Poller(1);
        poller.add(dutyCycle.fd());
        probes = new ProbeThread(dutyCycle, 0);
    }

    @AfterEach
    void close() {
        probes.close();
        poller.close();
        dutyCycle.close();
    }

    @Test
    void aListeningPortAnswersAndWakesTheDutyCycle() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            RemoteCheckpoint checkpoint = probes.add(tcp(server.getLocalPort()), null);
            probes.start();
            assertTrue(checkpoint.configured());
            assertTrue(checkpoint.carrier());
            assertEquals(Checkpoint.NEVER, checkpoint.newestAnsweredProbeNs());
            for (long probeNs = 5; probeNs < 8; probeNs++) {
                checkpoint.probe(probeNs);
                awaitSignal();
                assertEquals(probeNs, checkpoint.newestAnsweredProbeNs());
            }
            assertEquals(3, checkpoint.answered());
        }
    }

    @Test
    void aStampMayBeNegativeAsTheClockMay() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            RemoteCheckpoint checkpoint = probes.add(tcp(server.getLocalPort()), "lo");
            probes.start();
            for (long probeNs = -1; probeNs < 2; probeNs++) {
                checkpoint.probe(probeNs);
                awaitSignal();
                assertEquals(probeNs, checkpoint.newestAnsweredProbeNs());
            }
        }
    }

    @Test
    void aRefusalIsNoAnswer() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = server.getLocalPort();
        }
        RemoteCheckpoint checkpoint = probes.add(tcp(port), null);
        probes.start();
        checkpoint.probe(5);
        await(() -> checkpoint.refused() == 1);
        assertEquals(Checkpoint.NEVER, checkpoint.newestAnsweredProbeNs());
        assertEquals(0, checkpoint.answered());
    }

    /** A listener whose queue is full drops further connection requests without a word. */
    @Test
    void aBlackHoleIsNoAnswerAndBlocksNothing() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket hole = new ServerSocket(0, 1, loopback); ServerSocket good = new ServerSocket(0, 50, loopback)) {
            for (int i = 0; i < 2; i++) { // the kernel queues one more than asked
                Socket socket = new Socket();
                socket.connect(new InetSocketAddress(loopback, hole.getLocalPort()), 1_000);
                crowd.add(socket);
            }
            RemoteCheckpoint silent = probes.add(tcp(hole.getLocalPort()), null);
            RemoteCheckpoint speaking = probes.add(tcp(good.getLocalPort()), null);
            probes.start();
            for (int i = 1; i <= 2 * Prober.OUTSTANDING; i++) { // more than are kept in mind
                long sent = i;
                silent.probe(i);
                await(() -> silent.sent() == sent);
            }
            speaking.probe(7);
            awaitSignal();
            assertEquals(7, speaking.newestAnsweredProbeNs());
            assertEquals(Checkpoint.NEVER, silent.newestAnsweredProbeNs());
            assertEquals(0, silent.refused() + silent.failed());
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    @Test
    void aDatagramThatIsReturnedIsAnAnswerAndAnythingElseIsNone() throws Exception {
        try (DatagramSocket echo = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            echo.setSoTimeout(10_000);
            RemoteCheckpoint checkpoint = probes.add(udp(echo.getLocalPort()), null);
            probes.start();
            DatagramPacket probe = new DatagramPacket(new byte[64], 64);
            for (long probeNs = -20; probeNs < 20; probeNs++) {
                checkpoint.probe(probeNs);
                echo.receive(probe);
                byte[] wrong = Arrays.copyOf(probe.getData(), probe.getLength() + (int) (probeNs & 1));
                wrong[wrong.length - 1] ^= 1;
                echo.send(new DatagramPacket(wrong, wrong.length, probe.getSocketAddress()));
                byte[] elsewhere = Arrays.copyOf(probe.getData(), probe.getLength());
                elsewhere[0] += 16; // the same place in the table, the same token, another number
                echo.send(new DatagramPacket(elsewhere, elsewhere.length, probe.getSocketAddress()));
                elsewhere[0] -= 16;
                elsewhere[7] = (byte) 0x80;
                echo.send(new DatagramPacket(elsewhere, elsewhere.length, probe.getSocketAddress()));
                try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
                    stranger.send(probe);
                }
                assertEquals(probeNs + 20, checkpoint.answered());
                echo.send(probe);
                echo.send(probe); // a copy is no second answer
                awaitSignal();
                assertEquals(probeNs, checkpoint.newestAnsweredProbeNs());
            }
            checkpoint.probe(20);
            echo.receive(probe);
            echo.send(probe);
            awaitSignal();
            assertEquals(41, checkpoint.answered());
        }
    }

    @Test
    void anEchoServiceMayBeGoneAndComeBack() throws Exception {
        DatagramSocket echo = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        int port = echo.getLocalPort();
        echo.close();
        RemoteCheckpoint checkpoint = probes.add(udp(port), "lo");
        probes.start();
        checkpoint.probe(1);
        await(() -> checkpoint.refused() == 1);
        assertEquals(Checkpoint.NEVER, checkpoint.newestAnsweredProbeNs());
        try (DatagramSocket back = new DatagramSocket(port, InetAddress.ofLiteral("127.0.0.1"))) {
            back.setSoTimeout(10_000);
            checkpoint.probe(2);
            DatagramPacket probe = new DatagramPacket(new byte[64], 64);
            back.receive(probe);
            back.send(probe);
            awaitSignal();
            assertEquals(2, checkpoint.newestAnsweredProbeNs());
        }
    }

    @Test
    void echoRepliesAreMatchedToTheirProbes() throws Exception {
        RemoteCheckpoint checkpoint;
        try {
            checkpoint = probes.add(CheckpointSpec.parse("icmp:127.0.0.1").orElseThrow(), null);
        } catch (IOException notPermitted) {
            assertTrue(notPermitted.getMessage().contains("ping_group_range"));
            abort(notPermitted.getMessage());
            return;
        }
        probes.start();
        for (long probeNs = 1; probeNs <= 40; probeNs++) {
            checkpoint.probe(probeNs);
            awaitSignal();
            assertEquals(probeNs, checkpoint.newestAnsweredProbeNs());
        }
        assertEquals(40, checkpoint.answered());
    }

    @Test
    void arpNeedsAnInterface() {
        IOException error = assertThrows(IOException.class, () -> probes.add(CheckpointSpec.parse("arp:192.0.2.1").orElseThrow(), null));
        assertTrue(error.getMessage().contains("interface"), error.getMessage());
    }

    /** ARP, the ping socket and the carrier want interfaces of their own: a child JVM in a network namespace. */
    @Test
    void inANetworkNamespace() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        int probe = run("unshare", "-n", "true");
        assumeTrue(probe == 0, "ARP, ping socket and carrier need root, unshare and ip");
        String setUp = "ip link set lo up && ip link add va type veth peer name vb && ip link set va up && ip link set vb up"
                + " && ip addr add 10.9.0.2/24 dev vb && echo '0 0' > /proc/sys/net/ipv4/ping_group_range"
                + " && mount -t sysfs sysfs /sys && exec \"$@\"";
        assertEquals(0, run("unshare", "-n", "-m", "sh", "-c", setUp, "sh", java, "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), InNamespace.class.getName()));
    }

    static final class InNamespace {
        public static void main(String[] arguments) throws Exception {
            try (EventFd dutyCycle = new EventFd(); ProbeThread probes = new ProbeThread(dutyCycle, 0)) {
                RemoteCheckpoint arp = probes.add(CheckpointSpec.parse("arp:10.9.0.2").orElseThrow(), "va");
                RemoteCheckpoint ping = probes.add(CheckpointSpec.parse("icmp:127.0.0.1").orElseThrow(), "lo");
                probes.start();
                check(arp.carrier(), "carrier up");
                for (long i = 1; i <= 40; i++) {
                    long probeNs = System.nanoTime();
                    arp.probe(probeNs);
                    ping.probe(probeNs);
                    await(() -> arp.newestAnsweredProbeNs() == probeNs && ping.newestAnsweredProbeNs() == probeNs);
                }
                run("ip", "link", "set", "vb", "down");
                await(() -> !arp.carrier());
                check(ping.carrier(), "lo has nothing to lose");
                run("ip", "link", "set", "vb", "up");
                await(arp::carrier);
                run("ip", "link", "del", "va");
                await(() -> !arp.carrier());
                run("sh", "-c", "ip link add va type veth peer name vb; ip link set va up; ip link set vb up; ip addr add 10.9.0.2/24 dev vb");
                long afterNs = System.nanoTime();
                await(() -> {
                    arp.probe(System.nanoTime());
                    return arp.newestAnsweredProbeNs() - afterNs > 0;
                });
            }
        }

        private static void check(boolean condition, String what) {
            if (!condition) {
                throw new AssertionError(what);
            }
        }
    }

    @Test
    void withoutACheckpointOnlyTheCarrierCounts() throws Exception {
        RemoteCheckpoint none = probes.add(CheckpointSpec.NONE, null);
        RemoteCheckpoint missing = probes.add(CheckpointSpec.NONE, "nosuch0");
        probes.start();
        none.probe(1);
        assertFalse(none.configured());
        assertTrue(none.carrier());
        assertFalse(missing.carrier());
        assertEquals(Checkpoint.NEVER, none.newestAnsweredProbeNs());
    }

    @Test
    @Tag("allocation")
    void askingAllocatesNothingAndAnsweringNeither() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(AskAndAnswer.class));
    }

    /**
     * A probe from its request to its answer, the helper thread's turns included, all on one thread. The connection is taken before the next one
     * is asked for: a listener that does not keep up lets the kernel drop requests, and each drop costs a second.
     */
    static final class AskAndAnswer implements Allocation.Work {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        private final ProbeThread probes = new ProbeThread(new EventFd(), 0);
        private final RemoteCheckpoint checkpoint = probes.add(tcp(server.getLocalPort()), null);
        private long probeNs;

        AskAndAnswer() throws IOException {
        }

        @Override
        public void unmeasured() throws IOException {
            if (probeNs > 0) {
                server.accept().close();
            }
        }

        @Override
        public void measured() {
            checkpoint.probe(++probeNs);
            while (checkpoint.newestAnsweredProbeNs() != probeNs) {
                probes.turn();
            }
        }
    }

    private static CheckpointSpec udp(int port) {
        return CheckpointSpec.parse("udp:127.0.0.1:" + port).orElseThrow();
    }

    private static CheckpointSpec tcp(int port) {
        return CheckpointSpec.parse("tcp:127.0.0.1:" + port).orElseThrow();
    }

    private void awaitSignal() {
        assertEquals(1, poller.await(LONG_NS));
        dutyCycle.drain();
    }

    private static void await(BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > LONG_NS) {
                throw new AssertionError("has not happened within 10 s");
            }
            Thread.yield();
        }
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException missing) {
            return -1;
        }
    }
}
