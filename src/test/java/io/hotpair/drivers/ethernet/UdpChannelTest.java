package io.hotpair.drivers.ethernet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.drivers.linux.Poller;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UdpChannelTest {
    private static final int FRAME_BYTES = 64;

    /** Loopback delivers within the sending call, so nothing here waits. */
    @Test
    void carriesFramesBothWays() throws Exception {
        int[] ports = freePorts();
        try (UdpChannel a = channel(ports[0], ports[1]); UdpChannel b = channel(ports[1], ports[0]); Poller poller = new Poller(1)) {
            int index = poller.add(b.fd());
            byte[] frame = frame(7);
            byte[] buffer = new byte[128];
            assertEquals(-1, b.receive(buffer));
            assertTrue(a.send(frame, 0, FRAME_BYTES));
            assertTrue(a.send(frame, 3, 20));
            assertEquals(1, poller.await(1_000_000_000));
            assertTrue(poller.ready(index));
            assertEquals(FRAME_BYTES, b.receive(buffer));
            assertArrayEquals(frame, Arrays.copyOf(buffer, FRAME_BYTES));
            assertEquals(20, b.receive(buffer));
            assertArrayEquals(Arrays.copyOfRange(frame, 3, 23), Arrays.copyOf(buffer, 20));
            assertEquals(-1, b.receive(buffer));
            assertTrue(b.send(frame, 0, FRAME_BYTES));
            assertEquals(FRAME_BYTES, a.receive(buffer));
            assertEquals(2, a.sent());
            assertEquals(2, b.received());
            assertNull(a.warning());
        }
    }

    @Test
    void aClosedPeerPortIsCountedAndDelaysNoFrame() throws Exception {
        int[] ports = freePorts();
        byte[] frame = frame(1);
        byte[] buffer = new byte[128];
        try (UdpChannel a = channel(ports[0], ports[1])) {
            assertTrue(a.send(frame, 0, FRAME_BYTES));
            assertTrue(a.send(frame, 0, FRAME_BYTES), "an earlier frame's refusal is not this one's");
            assertTrue(a.refused() >= 1);
            assertEquals(-1, a.receive(buffer), "and is nothing that arrived");
            assertTrue(a.refused() >= 2);
            try (UdpChannel b = channel(ports[1], ports[0])) {
                assertTrue(a.send(frame, 0, FRAME_BYTES));
                assertEquals(FRAME_BYTES, b.receive(buffer), "heard by the first frame after the peer's start");
            }
        }
    }

    @Test
    void dropsAndCountsWhatIsTooLongOrEmpty() throws Exception {
        int[] ports = freePorts();
        byte[] buffer = new byte[FRAME_BYTES];
        try (UdpChannel b = channel(ports[1], ports[0]); DatagramSocket a = new DatagramSocket(loopback(ports[0]))) {
            a.send(new DatagramPacket(new byte[FRAME_BYTES + 1], FRAME_BYTES + 1, loopback(ports[1])));
            a.send(new DatagramPacket(new byte[9000], 9000, loopback(ports[1])));
            a.send(new DatagramPacket(new byte[0], 0, loopback(ports[1])));
            a.send(new DatagramPacket(frame(5), FRAME_BYTES, loopback(ports[1])));
            assertEquals(FRAME_BYTES, b.receive(buffer));
            assertArrayEquals(frame(5), buffer);
            assertEquals(3, b.malformed());
        }
    }

    @Test
    void oneCallIsBoundedAndTheRestIsNotLost() throws Exception {
        int[] ports = freePorts();
        byte[] buffer = new byte[FRAME_BYTES];
        try (UdpChannel b = channel(ports[1], ports[0]); DatagramSocket a = new DatagramSocket(loopback(ports[0]))) {
            for (int i = 0; i < 20; i++) {
                a.send(new DatagramPacket(new byte[100], 100, loopback(ports[1])));
            }
            a.send(new DatagramPacket(frame(5), FRAME_BYTES, loopback(ports[1])));
            assertEquals(-1, b.receive(buffer));
            assertEquals(FRAME_BYTES, b.receive(buffer));
            assertEquals(20, b.malformed());
        }
    }

    @Test
    void hearsNobodyButThePeer() throws Exception {
        int[] ports = freePorts();
        try (UdpChannel b = channel(ports[1], ports[0]); DatagramSocket stranger = new DatagramSocket(loopback(0))) {
            stranger.send(new DatagramPacket(frame(5), FRAME_BYTES, loopback(ports[1])));
            assertEquals(-1, b.receive(new byte[FRAME_BYTES]));
        }
    }

    @Test
    void aPortInUseIsAnImmediateClearError() throws Exception {
        int[] ports = freePorts();
        try (UdpChannel a = channel(ports[0], ports[1])) {
            IOException error = assertThrows(IOException.class, () -> channel(ports[0], ports[1]));
            assertTrue(error.getMessage().contains("127.0.0.1:" + ports[0] + " is in use"), error.getMessage());
            assertTrue(a.connected());
        }
    }

    @Test
    void aMissingLocalAddressDoesNoHarm() throws Exception {
        InetSocketAddress missing = new InetSocketAddress("203.0.113.77", freePorts()[0]);
        try (UdpChannel a = new UdpChannel(missing, new InetSocketAddress("203.0.113.78", 4000), null)) {
            assertFalse(a.ensureConnected());
            assertFalse(a.send(frame(1), 0, FRAME_BYTES));
            assertEquals(1, a.unreachable());
            assertEquals(-1, a.receive(new byte[FRAME_BYTES]));
        }
    }

    @Test
    void aMissingInterfaceIsNamed() throws Exception {
        int[] ports = freePorts();
        try (UdpChannel a = new UdpChannel(loopback(ports[0]), loopback(ports[1]), "nosuch0")) {
            assertNotNull(a.warning());
            assertTrue(a.warning().contains("nosuch0"), a.warning());
        }
    }

    @Test
    void allocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(ThereAndBack.class));
        assertEquals(0, Allocation.steadyStateBytes(ToAClosedPort.class), "with the peer's port closed");
    }

    static final class ThereAndBack implements Allocation.Work {
        private final int[] ports = freePorts();
        private final byte[] frame = frame(1);
        private final byte[] buffer = new byte[128];
        private final UdpChannel a = channel(ports[0], ports[1]);
        private final UdpChannel b = channel(ports[1], ports[0]);

        ThereAndBack() throws IOException {
        }

        @Override
        public void measured() {
            a.send(frame, 0, FRAME_BYTES);
            b.receive(buffer);
            b.receive(buffer);
            if (b.received() != a.sent()) {
                throw new AssertionError(b.received() + " of " + a.sent() + " frames came");
            }
        }
    }

    static final class ToAClosedPort implements Allocation.Work {
        private final int[] ports = freePorts();
        private final byte[] frame = frame(1);
        private final byte[] buffer = new byte[128];
        private final UdpChannel a = channel(ports[0], ports[1]);

        ToAClosedPort() throws IOException {
        }

        @Override
        public void measured() {
            a.send(frame, 0, FRAME_BYTES);
            a.receive(buffer);
        }
    }

    private static byte[] frame(int seed) {
        byte[] frame = new byte[FRAME_BYTES];
        for (int i = 0; i < FRAME_BYTES; i++) {
            frame[i] = (byte) (seed + i);
        }
        return frame;
    }

    private static UdpChannel channel(int localPort, int peerPort) throws IOException {
        return new UdpChannel(loopback(localPort), loopback(peerPort), null);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    /** Two ports that the kernel just handed out and took back. */
    private static int[] freePorts() throws IOException {
        try (DatagramSocket a = new DatagramSocket(loopback(0)); DatagramSocket b = new DatagramSocket(loopback(0))) {
            return new int[] {a.getLocalPort(), b.getLocalPort()};
        }
    }
}
