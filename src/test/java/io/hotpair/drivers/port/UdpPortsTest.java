package io.hotpair.drivers.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.sync.port.OutputPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class UdpPortsTest {
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final byte[] buffer = new byte[2000];

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static UdpInput input(boolean numbered, UdpInput.SourceBy sourceBy) throws IOException {
        return new UdpInput(loopback(0), null, numbered, sourceBy);
    }

    private static void send(DatagramSocket socket, UdpInput to, byte[] bytes) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, loopback(to.localPort())));
    }

    private int await(UdpInput input) {
        try (Poller poller = new Poller(1)) {
            poller.add(input.fd());
            assertEquals(1, poller.await(PATIENCE_NS), "an input arrives");
        }
        return input.receive(buffer, 7);
    }

    @Test
    void inputsComeInOrderWithTheirSource() throws IOException {
        try (UdpInput input = input(false, UdpInput.SourceBy.ADDRESS_AND_PORT);
                DatagramSocket one = new DatagramSocket();
                DatagramSocket two = new DatagramSocket()) {
            assertEquals(-1, input.receive(buffer, 0));
            for (int i = 0; i < 100; i++) { // more than one batch
                send(one, input, new byte[] {(byte) i, 1, 2});
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(3, i == 0 ? await(input) : input.receive(buffer, 7));
                assertEquals(i, buffer[7]);
                assertEquals(0x7F00_0001L << 16 | one.getLocalPort(), input.source());
                assertFalse(input.numbered());
            }
            send(two, input, new byte[0]);
            assertEquals(0, await(input), "an empty datagram is an input");
            assertEquals(0x7F00_0001L << 16 | two.getLocalPort(), input.source());
        }
    }

    @Test
    void aNumberedSourceSendsItsSequenceInFront() throws IOException {
        try (UdpInput input = input(true, UdpInput.SourceBy.ADDRESS); DatagramSocket socket = new DatagramSocket()) {
            send(socket, input, new byte[7]);
            send(socket, input, new byte[1409]);
            send(socket, input, ByteBuffer.allocate(1408).order(ByteOrder.LITTLE_ENDIAN).putLong(0x1122_3344_5566_7788L).put((byte) 9).array());
            assertEquals(1400, await(input));
            assertEquals(0x1122_3344_5566_7788L, input.sequence());
            assertTrue(input.numbered());
            assertEquals(9, buffer[7]);
            assertEquals(0x7F00_0001L << 16, input.source());
            assertEquals(2, input.malformed(), "one too short, one too long");
            assertEquals(-1, input.receive(buffer, 7));
        }
    }

    @Test
    void whatFoundTheSocketFullIsCounted() throws IOException {
        try (UdpInput input = input(false, UdpInput.SourceBy.PORT); DatagramSocket socket = new DatagramSocket()) {
            int sent = 20_000; // four times what it holds
            for (int i = 0; i < sent; i++) {
                send(socket, input, new byte[16]);
            }
            int taken = 0;
            while (input.receive(buffer, 0) >= 0) {
                taken++;
            }
            assertTrue(taken >= (input.shortage() == null ? 5_000 : 250) && taken < sent, taken + " taken");
            send(socket, input, new byte[16]);
            assertEquals(16, await(input));
            assertEquals(sent - taken, input.overflowed(), "told with the next one");
        }
    }

    @Test
    void onePortCanBeOneSource() throws IOException {
        try (UdpInput input = input(false, UdpInput.SourceBy.PORT); DatagramSocket socket = new DatagramSocket()) {
            send(socket, input, new byte[3]);
            await(input);
            assertEquals(0, input.source());
        }
    }

    @Test
    void anInputIsAsOldAsTheKernelSays() throws IOException {
        try (UdpInput input = input(false, UdpInput.SourceBy.PORT); DatagramSocket socket = new DatagramSocket()) {
            awaitStamps(input, socket);
            long beforeNs = System.nanoTime();
            assertEquals(-1, input.receive(buffer, 0));
            send(socket, input, new byte[3]);
            long afterNs = System.nanoTime();
            long laterNs = afterNs + 30_000_000;
            while (System.nanoTime() - laterNs < 0) {
                Thread.onSpinWait(); // the node is paused while the input lies in the socket
            }
            await(input);
            assertTrue(input.arrivedNs() - beforeNs >= 0 && input.arrivedNs() - laterNs < 0, "arrived while the node was paused");
        }
    }

    /** The kernel begins to stamp a little after the first socket has asked for it; what arrives before is as old as its reading. */
    private void awaitStamps(UdpInput input, DatagramSocket socket) throws IOException {
        long sinceNs = System.nanoTime();
        long readNs;
        do {
            assertTrue(System.nanoTime() - sinceNs < PATIENCE_NS, "nothing is stamped");
            send(socket, input, new byte[3]);
            Thread.onSpinWait();
            readNs = System.nanoTime();
            await(input);
        } while (input.arrivedNs() - readNs >= 0);
    }

    @Test
    void aGroupIsJoined() throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        int free;
        try (UdpInput probe = input(false, UdpInput.SourceBy.PORT)) {
            free = probe.localPort();
        }
        InetSocketAddress group = new InetSocketAddress("239.255.77.3", free);
        try (UdpInput first = new UdpInput(group, (Inet4Address) loopback, false, UdpInput.SourceBy.ADDRESS_AND_PORT);
                UdpInput second = new UdpInput(group, (Inet4Address) loopback, false, UdpInput.SourceBy.ADDRESS_AND_PORT);
                UdpOutput output = new UdpOutput(loopback(0), group, "lo", false, true)) {
            assertEquals(OutputPort.EMITTED, output.emit(1, 1, false, new byte[] {5, 6}, 1, 1));
            assertEquals(1, await(first));
            assertEquals(6, buffer[7]);
            long source = first.source();
            assertEquals(1, await(second));
            assertEquals(source, second.source(), "the same on both boards");
        }
    }

    @Test
    void anOutputTellsItsNumberWhereAHeaderIsAskedFor() throws IOException {
        try (DatagramSocket plant = new DatagramSocket(loopback(0));
                UdpOutput output = new UdpOutput(loopback(0), loopback(plant.getLocalPort()), null, true, true)) {
            byte[] payload = {1, 2, 3, 4};
            assertEquals(OutputPort.EMITTED, output.emit(0x1_0000_0002L, 0xFFFF_FFF7L, true, payload, 1, 3));
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            plant.setSoTimeout(10_000);
            plant.receive(packet);
            assertEquals(19, packet.getLength());
            ByteBuffer received = ByteBuffer.wrap(packet.getData()).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0x1_0000_0002L, received.getLong());
            assertEquals(0xFFFF_FFF7, received.getInt());
            assertEquals(UdpOutput.FLAG_REPETITION, received.getInt());
            assertEquals(2, received.get());
            output.emit(3, 7, false, payload, 0, 4);
            plant.receive(packet);
            assertEquals(0, received.getInt(12));
            assertTrue(output.replays());
        }
    }

    @Test
    void noReceiverLosesOutputsAndHoldsNothingUp() throws IOException {
        int closed;
        try (DatagramSocket gone = new DatagramSocket(loopback(0))) {
            closed = gone.getLocalPort();
        }
        try (UdpOutput output = new UdpOutput(loopback(0), new InetSocketAddress("127.0.0.1", closed), null, false, false);
                UdpOutput nowhere = new UdpOutput(loopback(0), loopback(closed), "no-such-if", false, false)) {
            for (int i = 0; i < 10; i++) {
                assertEquals(OutputPort.EMITTED, output.emit(i, 1, false, new byte[3], 0, 3));
                assertEquals(OutputPort.EMITTED, nowhere.emit(i, 1, false, new byte[3], 0, 3));
            }
            assertEquals(10, nowhere.lost());
            assertNotEquals(null, nowhere.warning());
        }
    }

    @Test
    void allocateNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(ThereAndBack.class));
    }

    static final class ThereAndBack implements Allocation.Work {
        private final UdpInput input = input(true, UdpInput.SourceBy.ADDRESS_AND_PORT);
        private final UdpOutput output = new UdpOutput(loopback(0), loopback(input.localPort()), null, true, true);
        private final byte[] bytes = new byte[1400];
        private long number;

        ThereAndBack() throws IOException {
        }

        @Override
        public void measured() {
            output.emit(++number, 3, false, bytes, 0, 64);
            while (input.receive(bytes, 0) < 0) {
                Thread.onSpinWait();
            }
            if (input.sequence() != number || input.source() == 0) {
                throw new AssertionError();
            }
        }
    }
}
