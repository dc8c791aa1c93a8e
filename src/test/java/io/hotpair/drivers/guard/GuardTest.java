package io.hotpair.drivers.guard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hotpair.drivers.ethernet.UdpChannel;
import io.hotpair.drivers.linux.Allocation;
import io.hotpair.drivers.linux.ChildJvm;
import io.hotpair.drivers.linux.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GuardTest {
    private static final byte[] DEAD = {0, 1, 2, 3, 4, 5, 6, 7};
    private static final byte[] STALE = {9, 9, 9};
    private static final int ROUNDS = 3;

    private static Path binary;

    @TempDir
    static Path build;
    @TempDir
    Path folder;

    @BeforeAll
    static void guardProgram() throws Exception {
        binary = build(build);
    }

    /** The build names its guard; without one, the tests make their own. */
    static Path build(Path into) throws Exception {
        String named = System.getProperty("guard.binary");
        if (named != null && Files.isExecutable(Path.of(named))) {
            return Path.of(named);
        }
        Path made = into.resolve("guard");
        int result;
        try {
            result = new ProcessBuilder("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", made.toString(), "src/main/c/guard.c")
                    .inheritIO().start().waitFor();
        } catch (IOException noCompiler) {
            result = -1;
        }
        assumeTrue(result != -1, "no C compiler (cc) on this machine and no -Dguard.binary");
        assertEquals(0, result, "guard.c compiles without a warning");
        return made;
    }

    @Test
    void aKilledNodeIsToldOnceForEachRoundAndPath() throws Exception {
        try (DatagramSocket networkA = receiver(); DatagramSocket networkB = receiver()) {
            Path uart = Files.createFile(folder.resolve("uart"));
            Process node = node(networkA, networkB, uart, "wait");
            try (BufferedReader output = new BufferedReader(new InputStreamReader(node.getInputStream()))) {
                int guardPid = Integer.parseInt(output.readLine());
                node.destroyForcibly();
                for (DatagramSocket network : List.of(networkA, networkB)) {
                    for (int round = 0; round < ROUNDS; round++) {
                        assertArrayEquals(DEAD, receive(network), "the newest message that was prepared whole");
                    }
                }
                awaitEnd(guardPid);
                ByteBuffer written = ByteBuffer.allocate(ROUNDS * DEAD.length);
                for (int round = 0; round < ROUNDS; round++) {
                    written.put(DEAD);
                }
                assertArrayEquals(written.array(), Files.readAllBytes(uart));
                assertSilent(networkA);
            } finally {
                node.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void aDutyCycleThreadThatEndsAloneIsTold() throws Exception {
        try (DatagramSocket network = receiver(); UdpChannel channel = channel(network); Guard guard = new Guard(folder.resolve("guard-file"))) {
            int index = guard.addSocket(channel.fd());
            guard.start(binary, 0);
            Thread dutyCycle = Thread.ofPlatform().start(() -> {
                guard.takeMutex();
                guard.updateDead(index, DEAD, 0, DEAD.length);
            });
            dutyCycle.join();
            assertArrayEquals(DEAD, receive(network));
        }
    }

    @Test
    void aCleanStopIsSilent() throws Exception {
        try (DatagramSocket network = receiver(); UdpChannel channel = channel(network)) {
            Path path = folder.resolve("guard-file");
            Guard guard = new Guard(path);
            int index = guard.addSocket(channel.fd());
            guard.updateDead(index, DEAD, 0, DEAD.length);
            guard.start(binary, 0);
            guard.takeMutex();
            awaitWatching(guard);
            guard.cleanStop();
            guard.close();
            assertFalse(guard.watching());
            assertSilent(network);
            assertFalse(Files.exists(path));
        }
    }

    @Test
    void aNodeThatExitsWithoutACleanStopIsDead() throws Exception {
        try (DatagramSocket networkA = receiver(); DatagramSocket networkB = receiver()) {
            Process node = node(networkA, networkB, Files.createFile(folder.resolve("uart")), "exit");
            assertArrayEquals(DEAD, receive(networkA));
            assertEquals(1, node.waitFor());
        }
    }

    @Test
    void aNodeThatDiesBeforeItEmittedIsNotTold() throws Exception {
        try (DatagramSocket networkA = receiver(); DatagramSocket networkB = receiver()) {
            Process node = node(networkA, networkB, Files.createFile(folder.resolve("uart")), "early");
            try (BufferedReader output = new BufferedReader(new InputStreamReader(node.getInputStream()))) {
                int guardPid = Integer.parseInt(output.readLine());
                node.destroyForcibly();
                awaitEnd(guardPid);
                assertSilent(networkA);
            } finally {
                node.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void signalsForTheTerminalDoNotEndIt() throws Exception {
        try (DatagramSocket network = receiver(); UdpChannel channel = channel(network); Guard guard = new Guard(folder.resolve("guard-file"))) {
            guard.addSocket(channel.fd());
            guard.start(binary, 0);
            awaitWatching(guard);
            for (String signal : List.of("INT", "TERM", "HUP")) {
                assertEquals(0, new ProcessBuilder("kill", "-" + signal, Integer.toString(guard.pid())).start().waitFor());
            }
            assertTrue(guard.watching());
            guard.cleanStop();
        }
    }

    @Test
    void keepsNothingOpenButItsPathsToThePeer() throws Exception {
        try (DatagramSocket network = receiver(); UdpChannel channel = channel(network); UdpChannel other = channel(network);
                Guard guard = new Guard(folder.resolve("guard-file"))) {
            guard.addSocket(channel.fd());
            guard.start(binary, 0);
            awaitWatching(guard);
            Path open = Path.of("/proc/" + guard.pid() + "/fd");
            assertTrue(Files.exists(open.resolve(Integer.toString(channel.fd()))));
            assertFalse(Files.exists(open.resolve(Integer.toString(other.fd()))));
            guard.cleanStop();
        }
    }

    @Test
    void aMissingOrWrongProgramIsExplained() throws Exception {
        try (Guard guard = new Guard(folder.resolve("guard-file"))) {
            IOException missing = assertThrows(IOException.class, () -> guard.start(folder.resolve("none"), 0));
            assertTrue(missing.getMessage().contains("cc -O2"), missing.getMessage());
            assertFalse(guard.watching());
        }
    }

    @Test
    void preparingAllocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Prepare.class));
    }

    static final class Prepare implements Allocation.Work {
        private final byte[] message = new byte[64];
        private final Guard guard;
        private final int index;

        Prepare() throws IOException {
            Path file = Files.createTempFile("guard", null);
            Files.delete(file);
            guard = new Guard(file);
            Files.delete(file); // mapped by now
            index = guard.addSocket(0);
        }

        @Override
        public void measured() {
            guard.updateDead(index, message, 0, message.length);
        }
    }

    @Test
    void refusesAFileOfAnotherVersion() throws Exception {
        Path file = folder.resolve("other");
        Files.write(file, new byte[8192]);
        ChildProcess guard = ChildProcess.spawn(binary, List.of(file.toString(), "0"));
        while (guard.running()) {
            Thread.onSpinWait();
        }
        assertEquals(3, guard.exitCode());
    }

    /** A node: prepares its death on two networks and a UART, then waits to be killed, exits, or never gets as far as emitting. */
    static final class Node {
        public static void main(String[] arguments) throws Exception {
            Guard guard = new Guard(Path.of(arguments[1]));
            int[] index = {
                guard.addSocket(channel(Integer.parseInt(arguments[2])).fd()),
                guard.addSocket(channel(Integer.parseInt(arguments[3])).fd()),
                guard.addDevice(Path.of(arguments[4]))
            };
            guard.start(Path.of(arguments[0]), 0);
            for (int i : index) {
                guard.updateDead(i, STALE, 0, STALE.length);
                guard.updateDead(i, DEAD, 0, DEAD.length);
            }
            boolean early = arguments[5].equals("early");
            if (!early) {
                guard.takeMutex();
            }
            awaitWatching(guard);
            System.out.println(guard.pid());
            if (arguments[5].equals("exit")) {
                System.exit(1);
            }
            Thread.sleep(60_000);
        }
    }

    private Process node(DatagramSocket networkA, DatagramSocket networkB, Path uart, String mode) throws IOException {
        return ChildJvm.start(Node.class, binary.toAbsolutePath().toString(), folder.resolve("guard-file").toString(),
                Integer.toString(networkA.getLocalPort()), Integer.toString(networkB.getLocalPort()), uart.toString(), mode);
    }

    private static void awaitWatching(Guard guard) {
        while (!guard.watching()) {
            Thread.onSpinWait();
        }
    }

    /** Not our child, so there is nothing to wait on but its entry in /proc; a zombie that nobody collects has ended, too. */
    private static void awaitEnd(int pid) {
        while (true) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) == 'Z') {
                    return;
                }
            } catch (IOException gone) {
                return;
            }
        }
    }

    private static DatagramSocket receiver() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[256], 256);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /** Called after the guard's end: what it sent over loopback would be here. */
    private static void assertSilent(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(1);
        assertThrows(SocketTimeoutException.class, () -> receive(socket));
    }

    private static UdpChannel channel(DatagramSocket receiver) throws IOException {
        return channel(receiver.getLocalPort());
    }

    private static UdpChannel channel(int port) throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        return new UdpChannel(new InetSocketAddress(loopback, 0), new InetSocketAddress(loopback, port), null);
    }
}
