package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UdpRelayTest {
    /** Long enough for anything that is on its way; only waited for where nothing may come. */
    private static final int QUIET_MS = 100;
    private static final int PATIENCE_MS = 5_000;

    private final BoardPower[] power = {new BoardPower(), new BoardPower()};
    private DatagramSocket[] boards;
    private UdpRelay relay;

    @BeforeEach
    void connectTwoBoards() throws IOException {
        InetAddress local = InetAddress.getByAddress(new byte[] {127, 77, 1, 1});
        boards = new DatagramSocket[] {
            new DatagramSocket(new InetSocketAddress(local, 0)), new DatagramSocket(new InetSocketAddress(local, 0))
        };
        relay = new UdpRelay("test",
                new InetSocketAddress[] {
                    (InetSocketAddress) boards[0].getLocalSocketAddress(), (InetSocketAddress) boards[1].getLocalSocketAddress()
                },
                new InetAddress[] {local, local},
                new PathFaults[] {new PathFaults(power[0], power[1]), new PathFaults(power[1], power[0])},
                power,
                () -> {});
        // Connected, as a node's are: a datagram from anywhere else would not be received.
        boards[0].connect(relay.addressFacing(0));
        boards[1].connect(relay.addressFacing(1));
    }

    @AfterEach
    void disconnect() throws IOException {
        relay.close();
        boards[0].close();
        boards[1].close();
    }

    @Test
    void carriesDatagramsBothWaysFromTheAddressThatTheBoardKnows() throws IOException {
        send(0, "to b");
        assertEquals("to b", receive(1));
        send(1, "to a");
        assertEquals("to a", receive(0));
    }

    @Test
    void aCutDirectionCarriesNothingAndTheOtherGoesOn() throws IOException {
        relay.from(0).cut(true);
        send(0, "lost");
        assertNothingArrives(1);
        send(1, "heard");
        assertEquals("heard", receive(0));
        relay.from(0).cut(false);
        send(0, "again");
        assertEquals("again", receive(1));
        assertEquals(1, relay.from(0).dropped());
    }

    @Test
    void aBoardWithoutPowerNeitherSpeaksNorHears() throws IOException {
        power[0].set(false);
        send(0, "lost");
        assertNothingArrives(1);
        send(1, "lost as well");
        assertNothingArrives(0);
    }

    @Test
    void aCorruptedDatagramDiffersInOneBit() throws IOException {
        relay.from(0).corrupt(1_000_000);
        byte[] sent = new byte[48];
        Set<Integer> places = new HashSet<>();
        for (int round = 1; round <= 20; round++) {
            boards[0].send(new DatagramPacket(sent, sent.length));
            byte[] got = receiveBytes(1);
            int flipped = 0;
            for (int i = 0; i < got.length; i++) {
                flipped += Integer.bitCount(got[i] & 0xFF);
                if (got[i] != 0) {
                    places.add(i);
                }
            }
            assertEquals(sent.length, got.length);
            assertEquals(1, flipped);
            assertEquals(round, relay.from(0).corrupted());
        }
        assertTrue(places.size() > 5);
    }

    @Test
    void aDelayHoldsBackAndKeepsTheOrderAlsoWhenItEnds() throws IOException {
        long delayNs = 40_000_000;
        relay.from(0).delay(delayNs);
        long sentNs = System.nanoTime();
        send(0, "first");
        send(0, "second");
        assertEquals("first", receive(1));
        assertTrue(System.nanoTime() - sentNs >= delayNs);
        assertEquals("second", receive(1));
        relay.from(0).delay(0);
        send(0, "third");
        assertEquals("third", receive(1));
    }

    @Test
    void whatIsUnderWayIsLostWithTheCut() throws IOException {
        relay.from(0).delay(60_000_000);
        // Counted once it has passed the way in.
        relay.from(0).corrupt(1_000_000);
        send(0, "under way");
        await(() -> relay.from(0).corrupted() == 1);
        relay.from(0).cut(true);
        assertNothingArrives(1);
    }

    @Test
    void whatWasSentDuringACutDoesNotArriveAfterIt() throws IOException {
        relay.from(0).delay(40_000_000);
        relay.from(0).corrupt(1_000_000);
        relay.from(0).cut(true);
        send(0, "lost");
        await(() -> relay.from(0).dropped() == 1);
        relay.from(0).cut(false);
        // It was lost on the way in, where a corruption would have come later.
        assertEquals(0, relay.from(0).corrupted());
        assertNothingArrives(1);
    }

    @Test
    void strangersAreNotForwarded() throws IOException {
        try (DatagramSocket stranger = new DatagramSocket()) {
            stranger.send(new DatagramPacket(new byte[1], 1, relay.addressFacing(0)));
            send(0, "known");
            assertEquals("known", receive(1));
        }
    }

    @Test
    void isAnEchoServiceForWhoeverIsNotTheBoard() throws IOException {
        relay.from(0).cut(true); // the network may be reached although the peer is not
        try (DatagramSocket prober = new DatagramSocket()) {
            prober.connect(relay.addressFacing(0));
            prober.setSoTimeout(PATIENCE_MS);
            DatagramPacket probe = new DatagramPacket("probe".getBytes(), 5);
            prober.send(probe);
            DatagramPacket answer = new DatagramPacket(new byte[64], 64);
            prober.receive(answer);
            assertEquals("probe", new String(answer.getData(), 0, answer.getLength()));
            power[0].set(false);
            prober.send(probe);
            prober.setSoTimeout(QUIET_MS);
            assertThrows(SocketTimeoutException.class, () -> prober.receive(answer));
        }
        assertNothingArrives(1);
    }

    /** Else a busy machine tells each of two boards that the other is gone. */
    @Test
    void aNetworkThatStandsStillHasACheckpointThatStandsStill() throws Exception {
        relay.close();
        CountDownLatch goesOn = new CountDownLatch(1);
        relay = new UdpRelay("still",
                new InetSocketAddress[] {
                    (InetSocketAddress) boards[0].getLocalSocketAddress(), (InetSocketAddress) boards[1].getLocalSocketAddress()
                },
                new InetAddress[] {boards[0].getLocalAddress(), boards[0].getLocalAddress()},
                new PathFaults[] {new PathFaults(power[0], power[1]), new PathFaults(power[1], power[0])},
                power,
                () -> awaitUninterrupted(goesOn));
        boards[0].connect(relay.addressFacing(0));
        boards[1].connect(relay.addressFacing(1));
        try (DatagramSocket prober = new DatagramSocket()) {
            prober.connect(relay.addressFacing(0));
            prober.send(new DatagramPacket(new byte[1], 1));
            send(0, "late");
            prober.setSoTimeout(QUIET_MS);
            assertThrows(SocketTimeoutException.class, () -> prober.receive(new DatagramPacket(new byte[64], 64)));
            assertNothingArrives(1);
            goesOn.countDown();
            prober.setSoTimeout(PATIENCE_MS);
            prober.receive(new DatagramPacket(new byte[64], 64));
            assertEquals("late", receive(1));
        } finally {
            goesOn.countDown();
        }
    }

    @Test
    void aBoardThatIsGoneDisturbsNobody() throws IOException {
        boards[1].close();
        for (int i = 0; i < 10; i++) {
            send(0, "into the void");
        }
        // An unreachable port told to a connected socket would make this throw.
        boards[0].setSoTimeout(QUIET_MS);
        assertThrows(SocketTimeoutException.class, () -> boards[0].receive(new DatagramPacket(new byte[64], 64)));
    }

    @Test
    void delaysAndRatesHaveBounds() {
        assertThrows(IllegalArgumentException.class, () -> relay.from(0).delay(-1));
        assertThrows(IllegalArgumentException.class, () -> relay.from(0).delay(PathFaults.DELAY_MAX_NS + 1));
        assertThrows(IllegalArgumentException.class, () -> relay.from(0).corrupt(1_000_001));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "waited in vain");
            Thread.onSpinWait();
        }
    }

    private void send(int from, String text) throws IOException {
        boards[from].send(new DatagramPacket(text.getBytes(), text.length()));
    }

    private String receive(int at) throws IOException {
        return new String(receiveBytes(at));
    }

    private byte[] receiveBytes(int at) throws IOException {
        boards[at].setSoTimeout(PATIENCE_MS);
        DatagramPacket packet = new DatagramPacket(new byte[256], 256);
        boards[at].receive(packet);
        return java.util.Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private void assertNothingArrives(int at) throws IOException {
        boards[at].setSoTimeout(QUIET_MS);
        assertThrows(SocketTimeoutException.class, () -> boards[at].receive(new DatagramPacket(new byte[256], 256)));
    }
}
