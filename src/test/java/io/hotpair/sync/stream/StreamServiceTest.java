package io.hotpair.sync.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.identity.Outcome;
import io.hotpair.sync.port.StreamPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two boards over loopback, with a relay on each network; the test's thread is the duty cycle of both. */
@Timeout(120)
class StreamServiceTest {
    private static final long MS = 1_000_000;
    /** No keep-alive but the first comes between, so that the bytes of a connection are known. */
    private static final StreamSettings NO_KEEP_ALIVE = new StreamSettings(1 << 20, 60_000 * MS, 240_000 * MS, 2 * MS, 10 * MS);
    private static final StreamSettings QUICK = new StreamSettings(1 << 20, 20 * MS, 500 * MS, 2 * MS, 10 * MS);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<InetSocketAddress> atA = new ArrayList<>();
    private final List<InetSocketAddress> atB = new ArrayList<>();
    private final List<MessageRelay> relays = new ArrayList<>();
    private StreamBoard a;
    private StreamBoard b;

    @BeforeEach
    void network() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            (i < 2 ? atA : atB).add((InetSocketAddress) socket.getLocalSocketAddress());
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        for (InetSocketAddress address : atB) {
            MessageRelay relay = new MessageRelay(address);
            relays.add(relay);
            open.add(relay);
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    private StreamBoard.Plan planA() {
        return StreamBoard.Plan.of(StreamBoard.A, atA, relays.stream().map(MessageRelay::address).toList()).settings(QUICK);
    }

    private StreamBoard.Plan planB() {
        return StreamBoard.Plan.of(StreamBoard.B, atB, atA).settings(QUICK);
    }

    private StreamBoard board(StreamBoard.Plan plan) throws IOException {
        StreamBoard board = new StreamBoard(plan);
        open.add(board);
        return board;
    }

    private void pair(StreamSettings settings) throws IOException {
        b = board(planB().settings(settings));
        a = board(planA().settings(settings));
        awaitConnected();
    }

    private void awaitConnected() {
        await(() -> a.connected(0) && a.connected(1) && b.connected(0) && b.connected(1));
    }

    private void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 30_000 * MS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "waited too long");
            if (poll() == 0) {
                LockSupport.parkNanos(MS / 5);
            }
        }
    }

    private int poll() {
        return (a == null ? 0 : a.poll()) + (b == null ? 0 : b.poll());
    }

    private long[] numbers(StreamBoard board, int network) {
        return board.arrivals.stream().filter(arrival -> arrival.network() == network).mapToLong(StreamBoard.Arrival::number).toArray();
    }

    private static byte[] message(long number) {
        return StreamBoard.message(number, 128);
    }

    @Test
    void messagesTravelBothWaysOverBothNetworks() throws IOException {
        pair(QUICK);
        int[] lengths = {8, 128, 1400, StreamPort.MESSAGE_MAX_BYTES};
        for (int network = 0; network < 2; network++) {
            for (int length : lengths) {
                assertTrue(a.offer(network, StreamBoard.message(length, length)));
                assertTrue(b.offer(network, StreamBoard.message(length + 1, length)));
            }
        }
        await(() -> a.arrivals.size() == 2 * lengths.length && b.arrivals.size() == 2 * lengths.length);
        for (int network = 0; network < 2; network++) {
            int at = 0;
            for (StreamBoard.Arrival arrival : b.arrivals) {
                if (arrival.network() == network) {
                    assertArrayEquals(StreamBoard.message(lengths[at], lengths[at]), arrival.bytes());
                    assertEquals(b.stream.connection(network), arrival.connection());
                    at++;
                }
            }
            assertEquals(lengths.length, numbers(a, network).length);
            assertEquals(lengths.length, a.count(network, StreamCount.SENT));
            assertEquals(lengths.length, b.count(network, StreamCount.RECEIVED));
        }
        assertNull(a.stream.trouble());
        assertNull(b.stream.trouble());
        assertTrue(b.wakes.get() >= 2, "woken for each new connection");
    }

    @Test
    void lengthsOutsideTheRangeAreAMistake() throws IOException {
        pair(QUICK);
        assertThrows(IllegalArgumentException.class, () -> a.offer(0, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> a.offer(0, new byte[StreamPort.MESSAGE_MAX_BYTES + 1]));
    }

    /** Fault table, row 40: the connection of one network is cut at each byte of a message; the other network's copy arrives. */
    @Test
    void cutAtEveryByteOfAMessage() throws IOException {
        b = board(planB().settings(NO_KEEP_ALIVE));
        a = board(planA().settings(NO_KEEP_ALIVE));
        int wholeBytes = 40 + StreamMessage.EXTRA_BYTES;
        long lastA = 0;
        long lastB = 0;
        for (int cut = 0; cut <= wholeBytes; cut++) {
            int atByte = cut;
            relays.get(0).fate = (index, message, to) -> {
                if (index == 0) {
                    to.write(message);
                } else {
                    to.write(message, 0, atByte);
                    throw new IOException("cut");
                }
            };
            awaitConnected();
            long beforeA = lastA;
            long beforeB = lastB;
            // the end is counted by B before B is told of it, and A may be told later still
            await(() -> a.stream.connection(0) > beforeA && b.stream.connection(0) > beforeB);
            long before = b.count(0, StreamCount.CUT) + b.count(0, StreamCount.CLOSED_BY_PEER);
            lastA = a.stream.connection(0);
            lastB = b.stream.connection(0);
            long cuts = b.count(0, StreamCount.CUT);
            b.arrivals.clear();
            byte[] message = StreamBoard.message(cut, 40);
            assertTrue(a.offer(0, message) && a.offer(1, message));
            await(() -> b.count(0, StreamCount.CUT) + b.count(0, StreamCount.CLOSED_BY_PEER) > before && numbers(b, 1).length == 1);
            poll();
            assertEquals(cut > 0 && cut < wholeBytes ? 1 : 0, b.count(0, StreamCount.CUT) - cuts, "cut at byte " + cut);
            assertArrayEquals(cut == wholeBytes ? new long[] {cut} : new long[0], numbers(b, 0), "cut at byte " + cut);
            assertArrayEquals(new long[] {cut}, numbers(b, 1));
        }
        assertEquals(1, b.count(1, StreamCount.CONNECTIONS), "the other network never noticed");
    }

    @Test
    void nothingMeantForOneConnectionGoesOutOnTheNext() throws IOException {
        pair(QUICK);
        long first = a.stream.connection(0);
        relays.get(0).drop();
        await(() -> a.count(0, StreamCount.CONNECTIONS) == 2 && b.count(0, StreamCount.CONNECTIONS) == 2);
        // Within await only poll() ran for A: it has not been told of the new connection.
        assertFalse(a.offer(0, message(1)));
        long second = a.stream.connection(0);
        assertTrue(second > first);
        assertTrue(a.offer(0, message(2)));
        await(() -> !b.arrivals.isEmpty());
        assertArrayEquals(new long[] {2}, numbers(b, 0));
    }

    /** What had arrived before the connection broke is delivered, and only then the next connection is told. */
    @Test
    void nextConnectionIsToldAfterTheLastMessageOfTheOneBefore() throws IOException {
        pair(NO_KEEP_ALIVE);
        StreamBoard receiving = b;
        long first = receiving.stream.connection(0);
        b = null; // is not polled
        int[] passed = {0};
        relays.get(0).fate = (index, message, to) -> {
            to.write(message);
            passed[0] = index + 1;
        };
        for (int i = 0; i < 10; i++) {
            assertTrue(a.offer(0, message(i)));
        }
        await(() -> passed[0] > 10); // behind the first keep-alive
        relays.get(0).drop();
        await(() -> a.count(0, StreamCount.CONNECTIONS) == 2 && a.stream.connection(0) != 0 && a.offer(0, message(10)));
        assertEquals(first, receiving.stream.connection(0), "messages of it are still there");
        b = receiving;
        await(() -> b.arrivals.size() == 11);
        long second = b.stream.connection(0);
        assertTrue(second > first);
        for (int i = 0; i < 11; i++) {
            assertEquals(i, b.arrivals.get(i).number());
            assertEquals(i < 10 ? first : second, b.arrivals.get(i).connection());
        }
    }

    @Test
    void anotherKeyGetsNoStream() throws IOException {
        byte[] other = StreamBoard.KEY.clone();
        other[0]++;
        b = board(planB().key(other));
        a = board(planA());
        await(() -> a.stream.attempts(0, Outcome.WRONG_KEY) >= 3 && a.stream.attempts(1, Outcome.WRONG_KEY) >= 3);
        assertFalse(a.connected(0) || a.connected(1) || b.connected(0) || b.connected(1));
        assertTrue(a.stream.trouble().contains("key"), a.stream.trouble());
        assertFalse(a.offer(0, message(1)));
    }

    @Test
    void anotherVersionGetsNoStreamUntilItIsTheSame() throws IOException {
        b = board(planB().version("0.2.0"));
        a = board(planA());
        await(() -> a.count(0, StreamCount.OTHER_VERSION) >= 2 && b.count(1, StreamCount.OTHER_VERSION) >= 2);
        assertFalse(a.connected(0) || b.connected(0));
        assertTrue(a.stream.trouble().contains("0.2.0"), a.stream.trouble());
        assertTrue(b.stream.trouble().contains("0.1.0"), b.stream.trouble());
        b.close();
        b = board(planB().boot(0xB77));
        awaitConnected();
        await(() -> a.stream.trouble() == null);
    }

    @Test
    void anotherConfigurationGetsNoStream() throws IOException {
        byte[] digest = new byte[32];
        digest[31] = 1;
        b = board(planB().digest(digest));
        a = board(planA());
        await(() -> a.count(0, StreamCount.OTHER_CONFIGURATION) >= 2 && b.count(1, StreamCount.OTHER_CONFIGURATION) >= 2);
        assertFalse(a.connected(0) || b.connected(0));
        assertTrue(a.stream.trouble().contains("configuration"), a.stream.trouble());
    }

    @Test
    void anotherProtocolGetsNoStream() throws IOException {
        open.add(new ServerSocket(atB.get(0).getPort(), 16, InetAddress.getLoopbackAddress()) {
            {
                Thread.ofVirtual().start(() -> {
                    try {
                        for (;;) {
                            Socket socket = accept();
                            socket.getOutputStream().write(new byte[] {'H', 'P', 'I', 'D', 9, 0, 1, 1});
                        }
                    } catch (IOException e) {
                        // the test is over
                    }
                });
            }
        });
        a = board(planA());
        await(() -> a.stream.attempts(0, Outcome.OTHER_PROTOCOL) >= 2);
        assertTrue(a.stream.trouble().contains("protocol 9"), a.stream.trouble());
    }

    /** Only the configured address may connect; the bytes of an earlier connection are worthless, as a whole and in a fresh one. */
    @Test
    void bytesOfAnEarlierConnectionAreWorthless() throws IOException {
        b = board(planB().settings(NO_KEEP_ALIVE));
        byte[][] recorded = new byte[1][];
        relays.get(0).fate = (index, message, to) -> {
            if (index == 1) {
                recorded[0] = message;
            }
            to.write(message);
        };
        a = board(planA().settings(NO_KEEP_ALIVE));
        awaitConnected();
        assertTrue(a.offer(0, message(1)));
        await(() -> b.arrivals.size() == 1);
        relays.get(0).fate = (index, message, to) -> to.write(index == 1 ? recorded[0] : message);
        relays.get(0).drop();
        await(() -> a.count(0, StreamCount.CONNECTIONS) == 2 && b.count(0, StreamCount.CONNECTIONS) == 2 && a.connected(0) && b.connected(0));
        assertTrue(a.offer(0, message(2)));
        await(() -> b.count(0, StreamCount.FORGED) == 1);
        poll();
        assertEquals(1, b.arrivals.size());
        assertTrue(b.stream.trouble().contains("wrong seal"), b.stream.trouble());
    }

    /** A message that A sends is put in B's place: the directions have keys of their own. */
    @Test
    void messagesCannotBeReflected() throws IOException {
        relays.get(0).mirrored = true;
        b = board(planB().settings(NO_KEEP_ALIVE));
        a = board(planA().settings(NO_KEEP_ALIVE));
        await(() -> a.count(0, StreamCount.FORGED) > 0);
    }

    private void spoilSecondMessage(MessageRelay.Fate fate, StreamCount expected) throws IOException {
        pair(NO_KEEP_ALIVE);
        relays.get(0).fate = (index, message, to) -> {
            if (index == 2) {
                fate.pass(index, message, to);
            } else {
                to.write(message);
            }
        };
        for (int i = 1; i <= 3; i++) {
            assertTrue(a.offer(0, message(i)));
        }
        await(() -> b.count(0, expected) == 1);
        relays.get(0).fate = MessageRelay.UNCHANGED;
        await(() -> a.count(0, StreamCount.CONNECTIONS) == 2 && a.connected(0) && b.connected(0));
        assertTrue(a.offer(0, message(4)));
        await(() -> b.arrivals.getLast().number() == 4);
        assertNotNull(b.stream.trouble());
        assertEquals(1, b.count(1, StreamCount.CONNECTIONS), "the other network never noticed");
    }

    @Test
    void repeatedMessageEndsTheConnection() throws IOException {
        spoilSecondMessage((index, message, to) -> {
            to.write(message);
            to.write(message);
        }, StreamCount.REPLAYED);
        assertArrayEquals(new long[] {1, 2, 4}, numbers(b, 0));
    }

    @Test
    void missingMessageEndsTheConnection() throws IOException {
        spoilSecondMessage((index, message, to) -> { }, StreamCount.GAP);
        assertArrayEquals(new long[] {1, 4}, numbers(b, 0));
    }

    @Test
    void impossibleLengthEndsTheConnection() throws IOException {
        spoilSecondMessage((index, message, to) -> {
            message[2] = 1; // 65,536 more
            to.write(message);
        }, StreamCount.MALFORMED);
        assertArrayEquals(new long[] {1, 4}, numbers(b, 0));
    }

    /** No byte of a message can be changed; where the length says more than there is, the end tells. */
    @Test
    void changedByteIsNeverDelivered() throws IOException {
        pair(NO_KEEP_ALIVE);
        int wholeBytes = 16 + StreamMessage.EXTRA_BYTES;
        for (int i = 0; i < wholeBytes; i++) {
            int changed = i;
            relays.get(0).fate = (index, message, to) -> {
                if (index == 0) {
                    to.write(message);
                } else {
                    message[changed] ^= (byte) (1 << changed % 8);
                    to.write(message);
                    throw new IOException("no more");
                }
            };
            await(() -> a.connected(0) && b.connected(0));
            long connections = b.count(0, StreamCount.CONNECTIONS);
            assertTrue(a.offer(0, StreamBoard.message(changed, 16)));
            await(() -> b.count(0, StreamCount.CONNECTIONS) > connections);
            assertArrayEquals(new long[0], numbers(b, 0), "byte " + changed);
        }
        assertTrue(b.count(0, StreamCount.FORGED) > 0);
    }

    @Test
    void silentConnectionIsGivenUpAndMadeAgain() throws IOException {
        pair(QUICK);
        relays.get(0).silent = true;
        await(() -> a.count(0, StreamCount.SILENCE) + a.count(0, StreamCount.BROKEN) == 1
                && b.count(0, StreamCount.SILENCE) + b.count(0, StreamCount.BROKEN) == 1);
        await(() -> !a.connected(0) && !b.connected(0));
        assertTrue(a.connected(1) && b.connected(1));
        assertTrue(a.stream.trouble().contains("network A"), a.stream.trouble());
        relays.get(0).silent = false;
        awaitConnected();
        await(() -> a.stream.trouble() == null);
    }

    /** The accepting side may not know yet that the connection is gone when the next one comes. */
    @Test
    void newerConnectionTakesThePlaceOfTheOlder() throws IOException {
        b = board(planB().settings(NO_KEEP_ALIVE));
        a = board(planA().settings(NO_KEEP_ALIVE));
        awaitConnected();
        relays.get(0).silent = true;
        StreamBoard first = a;
        a = null;
        first.close();
        MessageRelay other = new MessageRelay(atB.get(0));
        open.add(other);
        a = board(StreamBoard.Plan.of(StreamBoard.A, atA, List.of(other.address(), relays.get(1).address())).settings(NO_KEEP_ALIVE));
        await(() -> b.count(0, StreamCount.REPLACED) == 1);
        awaitConnected();
        assertTrue(a.offer(0, message(1)));
        await(() -> b.arrivals.size() == 1);
    }

    /** The network does not take anything: this one is refused more at some time, the other goes on, and nothing is lost in the end. */
    @Test
    void stalledNetworkDelaysNeitherTheOtherNorTheCaller() throws IOException {
        pair(NO_KEEP_ALIVE);
        relays.get(0).silent = true;
        byte[] large = new byte[StreamPort.MESSAGE_MAX_BYTES];
        int taken = 0;
        long deadlineNs = System.nanoTime() + 30_000 * MS;
        while (a.count(0, StreamCount.REFUSED_FULL) < 1000) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "never full");
            System.arraycopy(message(taken), 0, large, 0, Long.BYTES);
            if (a.offer(0, large)) {
                taken++;
            } else {
                Thread.yield();
            }
        }
        for (int i = 0; i < 1000; i++) {
            assertTrue(a.offer(1, message(i)));
            await(() -> b.poll() >= 0);
        }
        await(() -> numbers(b, 1).length == 1000);
        assertEquals(0, numbers(b, 0).length);
        relays.get(0).silent = false;
        int expected = taken;
        await(() -> numbers(b, 0).length == expected);
        long[] numbers = numbers(b, 0);
        for (int i = 0; i < expected; i++) {
            assertEquals(i, numbers[i]);
        }
        assertTrue(a.offer(0, large));
        assertEquals(1, a.count(0, StreamCount.CONNECTIONS));
    }

    /** The duty cycle at the other end takes nothing for a while. */
    @Test
    void slowReaderHoldsTheWriterBackAndLosesNothing() throws IOException {
        pair(new StreamSettings(1 << 20, 60_000 * MS, 240_000 * MS, 2 * MS, 10 * MS));
        StreamBoard slow = b;
        b = null;
        int taken = 0;
        byte[] large = new byte[StreamPort.MESSAGE_MAX_BYTES];
        long deadlineNs = System.nanoTime() + 30_000 * MS;
        while (a.count(0, StreamCount.REFUSED_FULL) < 1000) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "never full");
            System.arraycopy(message(taken), 0, large, 0, Long.BYTES);
            if (a.offer(0, large)) {
                taken++;
            } else {
                Thread.yield();
            }
        }
        b = slow;
        int expected = taken;
        await(() -> b.arrivals.size() == expected);
        for (int i = 0; i < expected; i++) {
            assertEquals(i, b.arrivals.get(i).number());
        }
        assertEquals(1, b.count(0, StreamCount.CONNECTIONS));
    }

    /** However much has come meanwhile, a cycle takes a bounded part of it, and says that there is more. */
    @Test
    void whatWaitsIsTakenInHelpings() throws IOException {
        pair(NO_KEEP_ALIVE);
        byte[] large = new byte[StreamPort.MESSAGE_MAX_BYTES];
        for (int i = 0; i < 20; i++) {
            assertTrue(a.stream.offer(0, large, 0, large.length));
        }
        assertTrue(a.stream.flush(System.nanoTime()), "more than goes out in a cycle");
        while (a.stream.flush(System.nanoTime())) {
            Thread.onSpinWait();
        }
        LockSupport.parkNanos(200 * MS);
        assertTrue(b.stream.receive((network, buffer, offset, length) -> { }, false, System.nanoTime()), "more than comes in in a cycle");
        assertTrue(b.count(0, StreamCount.RECEIVED) < 10, b.count(0, StreamCount.RECEIVED) + " messages in a cycle");
        await(() -> b.count(0, StreamCount.RECEIVED) == 20);
    }

    @Test
    void manyMessagesStayInOrder() throws IOException {
        pair(new StreamSettings(1 << 20, 60_000 * MS, 240_000 * MS, 2 * MS, 10 * MS));
        int messages = 150_000; // of 128 bytes
        byte[] message = new byte[128];
        long[] next = {0};
        long sent = 0;
        StreamReceiver inOrder = (network, buffer, offset, length) -> {
            assertEquals(128, length);
            assertEquals(next[0], ByteBuffer.wrap(buffer, offset, length).getLong());
            next[0]++;
        };
        long deadlineNs = System.nanoTime() + 100_000 * MS;
        while (next[0] < messages) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "only " + next[0]);
            for (int i = 0; i < 64 && sent < messages; i++) {
                ByteBuffer.wrap(message).putLong(sent);
                if (!a.stream.offer(0, message, 0, message.length)) {
                    break;
                }
                sent++;
            }
            a.stream.flush(System.nanoTime());
            b.stream.receive(inOrder, false, System.nanoTime());
        }
        assertEquals(1, b.count(0, StreamCount.CONNECTIONS));
        assertEquals(messages, b.count(0, StreamCount.RECEIVED));
        assertTrue(a.count(0, StreamCount.WRITES) < messages / 4, "many messages share a write: " + a.count(0, StreamCount.WRITES));
    }

    @Test
    void restartedPeerGetsNewConnectionsAndNothingOldIsDeliveredAfterIt() throws IOException {
        pair(NO_KEEP_ALIVE);
        long before = b.stream.connection(0);
        StreamBoard receiving = b;
        assertTrue(a.offer(1, message(1)));
        b = null; // is not polled
        StreamBoard first = a;
        a = null;
        first.close();
        int[] passed = {0};
        relays.get(0).fate = (index, message, to) -> {
            to.write(message);
            passed[0] = index + 1;
        };
        a = board(planA().settings(NO_KEEP_ALIVE).boot(0xA77));
        await(() -> a.connected(0) && a.connected(1));
        assertTrue(a.offer(0, message(2)) && a.offer(1, message(3)));
        await(() -> passed[0] > 1); // behind the first keep-alive
        b = receiving;
        await(() -> b.arrivals.size() == 2);
        poll();
        assertArrayEquals(new long[] {2}, numbers(b, 0));
        assertArrayEquals(new long[] {3}, numbers(b, 1), "the message of the earlier boot came second");
        assertEquals(1, b.count(1, StreamCount.PEER_RESTARTED));
        assertTrue(b.stream.connection(0) > before);
    }

    /** The proof of a process that died while it was under way arrives after its successor has proved itself. */
    @Test
    void lastWordOfAnEarlierBootIsRefused() throws IOException {
        relays.get(0).proofsHeld = true;
        b = board(planB());
        StreamBoard early = board(planA().boot(0xA01));
        await(() -> relays.get(0).proofsWaiting == 1 && b.connected(1));
        early.close();
        a = board(planA().boot(0xA02));
        await(() -> a.connected(1) && b.count(1, StreamCount.CONNECTIONS) == 2);
        relays.get(0).proofsHeld = false;
        await(() -> b.count(0, StreamCount.STALE_BOOT) == 1);
        awaitConnected();
        assertTrue(a.offer(0, message(1)) && a.offer(1, message(1)));
        await(() -> b.arrivals.size() == 2);
        assertEquals(2, b.count(1, StreamCount.CONNECTIONS), "the successor kept its connection");
    }

    /** What the peer sends right behind its proof is read together with it, before the socket is the duty cycle's. */
    @Test
    void messagesRightBehindTheHandshakeAreNotLost() throws IOException {
        relays.get(0).answersHeld = true;
        b = board(planB().settings(NO_KEEP_ALIVE));
        a = board(planA().settings(NO_KEEP_ALIVE));
        await(() -> b.connected(0));
        assertTrue(b.offer(0, message(7)) && b.offer(0, message(8)));
        LockSupport.parkNanos(50 * MS);
        relays.get(0).answersHeld = false;
        await(() -> numbers(a, 0).length == 2);
        assertArrayEquals(new long[] {7, 8}, numbers(a, 0));
        assertEquals(1, a.count(0, StreamCount.CONNECTIONS));
    }

    @Test
    void onlyThePeersAddressMayConnect() throws IOException {
        b = board(planB());
        try (Socket stranger = new Socket()) {
            stranger.bind(new InetSocketAddress("127.0.0.9", 0));
            stranger.connect(atB.get(0));
            stranger.setSoTimeout(10_000);
            assertEquals(-1, stranger.getInputStream().read());
        }
        await(() -> b.identity.strangers() == 1);
    }

    @Test
    void settingsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new StreamSettings(1 << 15, MS, 4 * MS, MS, MS));
        assertThrows(IllegalArgumentException.class, () -> new StreamSettings(1 << 20, MS, 3 * MS, MS, MS));
        assertThrows(IllegalArgumentException.class, () -> new StreamSettings(1 << 20, MS, 4 * MS, 2 * MS, MS));
    }
}
