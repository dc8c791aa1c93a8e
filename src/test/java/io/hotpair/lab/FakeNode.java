package io.hotpair.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A stand-in for a node, in a process of its own, that drives every path of the rig. It cheats where a real pair may not: who leads
 * is agreed in a file that both boards map.
 */
final class FakeNode {
    static final String SHARED_FILE = "fake-pair";
    static final int SHARED_BYTES = 256;
    static final int BOARD_OFFSET = 64;
    static final int STANDBY = 1;
    static final int PRIMARY = 2;

    private static final long PERIOD_NS = 1_000_000;
    /** Long enough for a machine that is busy with other tests. */
    private static final long SILENCE_NS = 100_000_000;
    private static final long SETTLE_NS = 300_000_000;
    private static final int CHECKPOINT_TIMEOUT_MS = 30;
    private static final int REPLAYS = 200;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final LinuxCalls linux = new LinuxCalls();
    private final int id;
    private final Map<String, String> config;
    private final MemorySegment shared;
    private final DatagramChannel[] networks = new DatagramChannel[2];
    private final DatagramChannel plant = DatagramChannel.open();
    private final int uart;
    private final MemorySegment uartBuffer = Arena.global().allocate(8);
    private final ByteBuffer message = ByteBuffer.allocateDirect(8);
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(OutputDatagram.LENGTH_BYTES);
    private final OutputDatagram output = new OutputDatagram(datagram);
    private final long[] heardNs = new long[3];
    private final long startNs = System.nanoTime();
    private long myTerm;
    private long number;
    private int replaysLeft;

    FakeNode(int id, Path configFile) throws IOException {
        this.id = id;
        config = read(configFile, "board." + "ab".charAt(id));
        Path run = Path.of(read(configFile, "pair").get("run-dir"));
        try (FileChannel channel = FileChannel.open(run.resolve(SHARED_FILE), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, SHARED_BYTES, Arena.global());
        }
        for (int i = 0; i < 2; i++) {
            String network = "-" + "ab".charAt(i);
            networks[i] = DatagramChannel.open().bind(address("network" + network)).connect(address("peer" + network));
            networks[i].configureBlocking(false);
        }
        plant.connect(address("stream-to"));
        uart = linux.openTerminal(config.get("uart"));
        linux.makeRaw(uart);
        java.util.Arrays.fill(heardNs, startNs - SILENCE_NS);
    }

    public static void main(String[] args) throws IOException {
        new FakeNode("ab".indexOf(args[2]), Path.of(args[4])).run();
    }

    private void run() throws IOException {
        while (true) {
            long nowNs = System.nanoTime();
            hear(nowNs);
            if (leads()) {
                emit(nowNs);
            } else if (silent(nowNs) && nowNs - startNs > SETTLE_NS && checkpointAnswers()) {
                claim();
            }
            if (myTerm != 0 && !leads()) {
                myTerm = 0;
            }
            say();
            show(nowNs);
            LockSupport.parkNanos(PERIOD_NS - (System.nanoTime() - nowNs));
        }
    }

    private boolean leads() {
        return myTerm != 0 && (long) LONG.getVolatile(shared, 0L) == myTerm;
    }

    private void claim() {
        long term = (long) LONG.getVolatile(shared, 0L);
        long next = (term | 1) + 1 + id;
        if (LONG.compareAndSet(shared, 0L, term, next)) {
            myTerm = next;
            replaysLeft = REPLAYS;
        }
    }

    private void emit(long nowNs) throws IOException {
        number++;
        plant.write(output.write(id, replaysLeft > 0, myTerm, (int) startNs, number, nowNs));
        replaysLeft = Math.max(0, replaysLeft - 1);
    }

    private void say() throws IOException {
        for (DatagramChannel network : networks) {
            network.write(message.clear().putLong(number).flip());
        }
        uartBuffer.set(ValueLayout.JAVA_LONG, 0, number);
        linux.write(uart, uartBuffer, Long.BYTES);
    }

    private void hear(long nowNs) throws IOException {
        for (int i = 0; i < 2; i++) {
            while (networks[i].read(message.clear()) > 0) {
                heard(i, message.getLong(0), nowNs);
            }
        }
        while (linux.read(uart, uartBuffer) > 0) {
            heardNs[2] = nowNs;
        }
    }

    private void heard(int channel, long peerNumber, long nowNs) {
        heardNs[channel] = nowNs;
        if (!leads()) {
            number = peerNumber;
        }
    }

    private boolean silent(long nowNs) {
        return nowNs - Math.max(heardNs[0], Math.max(heardNs[1], heardNs[2])) > SILENCE_NS;
    }

    private boolean checkpointAnswers() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address("checkpoint-a"));
            socket.setSoTimeout(CHECKPOINT_TIMEOUT_MS);
            DatagramPacket probe = new DatagramPacket(new byte[1], 1);
            socket.send(probe);
            socket.receive(probe);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void show(long nowNs) {
        long base = BOARD_OFFSET * (1L + id);
        long fresh = 0;
        for (int i = 0; i < 3; i++) {
            fresh |= nowNs - heardNs[i] < SILENCE_NS ? 1L << i : 0;
        }
        LONG.setVolatile(shared, base + 8, (long) LONG.getVolatile(shared, 0L));
        // The wire is not played: it is as good as the rest.
        LONG.setVolatile(shared, base + 16, fresh == 7 ? 15 : fresh);
        LONG.setVolatile(shared, base, leads() ? (long) PRIMARY : STANDBY);
    }

    private InetSocketAddress address(String key) {
        String text = config.get(key).replace("udp:", "");
        int colon = text.indexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static Map<String, String> read(Path file, String table) throws IOException {
        Map<String, String> values = new HashMap<>();
        boolean inside = false;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("[")) {
                inside = line.equals("[" + table + "]");
            } else if (inside && line.contains(" = ")) {
                String[] parts = line.split(" = ", 2);
                values.put(parts[0], parts[1].replace("\"", ""));
            }
        }
        return values;
    }
}
