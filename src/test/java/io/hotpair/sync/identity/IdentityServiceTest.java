package io.hotpair.sync.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.IdentityPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IdentityServiceTest {
    private static final long MS = 1_000_000;
    static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes();
    private static final byte[] OTHER_KEY = "0123456789abcdef0123456789abcdeX".getBytes();
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    // Helper threads of the tests add to it while it is being closed.
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
    private final Queue<IdentityResult> resultsOfA = new ConcurrentLinkedQueue<>();
    private InetSocketAddress addressOfA;
    private InetSocketAddress addressOfB;

    static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, LOOPBACK)) {
            return (InetSocketAddress) one.getLocalSocketAddress();
        }
    }

    @BeforeEach
    void addresses() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, LOOPBACK); ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
            addressOfA = (InetSocketAddress) one.getLocalSocketAddress();
            addressOfB = (InetSocketAddress) other.getLocalSocketAddress();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    static IdentityMessage.Statement statement(int board) {
        return new IdentityMessage.Statement("0.1." + board, new byte[32], 77, board, 0, board + 1, 0, 0);
    }

    private IdentityService service(int board, byte[] key, InetSocketAddress own, InetSocketAddress peer, long stepNs, int maxInbound,
            IdentityService.Listener listener) throws IOException {
        IdentityService service = make(
                new IdentityService.Settings(board, 0xB00 + board, key, List.of(new IdentityService.Network(own, peer)), stepNs, 5 * MS, maxInbound),
                () -> statement(board), listener);
        open.add(0, service);
        return service;
    }

    /** With threads of its own; {@link IdentityOnLoopTest} has it do the same on a network loop. */
    IdentityService make(IdentityService.Settings settings, Supplier<IdentityMessage.Statement> statement, IdentityService.Listener listener)
            throws IOException {
        return new IdentityService(settings, statement, listener);
    }

    /** Closed after the test, behind every service. */
    <T extends AutoCloseable> T closing(T last) {
        open.add(last);
        return last;
    }

    private IdentityService boardA(long stepNs) throws IOException {
        return service(0, KEY, addressOfA, addressOfB, stepNs, 2, resultsOfA::add);
    }

    private IdentityService boardB(byte[] key) throws IOException {
        return service(1, key, addressOfB, addressOfA, 2_000 * MS, 2, result -> {});
    }

    static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 10_000 * MS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "waited too long");
            LockSupport.parkNanos(MS / 2);
        }
    }

    private Socket connect(InetSocketAddress to) throws IOException {
        Socket socket = new Socket(to.getAddress(), to.getPort());
        socket.setSoTimeout(10_000);
        open.add(0, socket);
        return socket;
    }

    /** Something that is not a node listens at B's address: it reads at most {@code readBytes}, says {@code says}, and holds on. */
    private void fakePeer(int readBytes, byte[] says) throws IOException {
        ServerSocket server = new ServerSocket(addressOfB.getPort(), 16, LOOPBACK);
        open.add(0, server);
        Thread.ofVirtual().start(() -> {
            try {
                for (;;) {
                    Socket socket = server.accept();
                    open.add(0, socket);
                    socket.getInputStream().readNBytes(readBytes);
                    socket.getOutputStream().write(says);
                }
            } catch (IOException e) {
                // the test is over
            }
        });
    }

    private IdentityResult firstOfA() {
        await(() -> !resultsOfA.isEmpty());
        return resultsOfA.peek();
    }

    @Test
    void oneConnectionIsAnAnswerForBothSides() throws IOException {
        IdentityService b = boardB(KEY);
        IdentityService a = boardA(2_000 * MS);
        assertEquals(IdentityPort.NEVER, a.newestAnswerNs());
        long beforeNs = System.nanoTime();
        a.setSeeking(true);
        await(() -> a.newestAnswer() != null && b.newestAnswer() != null);
        assertTrue(a.newestAnswerNs() - beforeNs >= 0 && System.nanoTime() - a.newestAnswerNs() >= 0);
        IdentityResult ofB = a.newestAnswer();
        assertEquals(Outcome.VERIFIED, ofB.outcome());
        assertFalse(ofB.inbound());
        assertEquals(0xB01, ofB.peerBootId());
        assertEquals("0.1.1", ofB.peer().softwareVersion());
        assertTrue(ofB.peer().sameConfig(new byte[32]));
        assertEquals(2, ofB.peer().term0());
        IdentityResult ofA = b.newestAnswer();
        assertTrue(ofA.inbound());
        assertEquals(0xB00, ofA.peerBootId());
        await(() -> a.outboundCount(Outcome.VERIFIED) >= 3);
        assertEquals(1, resultsOfA.size(), "told once, not at every repetition");
        assertTrue(a.newestAnswerNs() - ofB.atNs() > 0, "and yet newer");
        a.setSeeking(false);
        assertEquals(0, b.outboundCount(Outcome.VERIFIED), "B was not seeking");
    }

    @Test
    void changedConfigurationOfThePeerIsTold() throws IOException {
        IdentityService a = boardA(2_000 * MS);
        IdentityMessage.Statement[] ofB = {statement(1)};
        open.add(0, make(
                IdentityService.Settings.of(1, 9, KEY, List.of(new IdentityService.Network(addressOfB, addressOfA))), () -> ofB[0], r -> {}));
        a.setSeeking(true);
        firstOfA();
        byte[] digest = new byte[32];
        digest[31] = 1;
        ofB[0] = new IdentityMessage.Statement("0.1.1", digest, 0, 0, 0, 0, 0, 0);
        await(() -> resultsOfA.size() == 2);
        assertFalse(a.newestAnswer().peer().sameConfig(new byte[32]));
    }

    @Test
    void nobodyListeningIsRefused() throws IOException {
        boardA(500 * MS).setSeeking(true);
        IdentityResult result = firstOfA();
        assertEquals(Outcome.REFUSED, result.outcome());
        assertNull(result.peer());
        assertTrue(result.detail().contains(String.valueOf(addressOfB.getPort())), result.detail());
    }

    /** A paused process accepts too: the kernel does it for it. */
    @Test
    void acceptedButSilentIsNoAnswer() throws IOException {
        open.add(0, new ServerSocket(addressOfB.getPort(), 16, LOOPBACK));
        IdentityService a = boardA(30 * MS);
        a.setSeeking(true);
        assertEquals(Outcome.NO_ANSWER, firstOfA().outcome());
        assertEquals(IdentityPort.NEVER, a.newestAnswerNs());
    }

    @Test
    void silentAfterTheHelloIsNoAnswer() throws IOException {
        fakePeer(IdentityMessage.HELLO_LENGTH, IdentityMessage.hello(1, 5, Purpose.IDENTITY, new byte[16]));
        IdentityService a = boardA(30 * MS);
        a.setSeeking(true);
        assertEquals(Outcome.NO_ANSWER, firstOfA().outcome());
        assertEquals(IdentityPort.NEVER, a.newestAnswerNs());
    }

    @Test
    void anotherKeyIsToldOnBothSidesAndIsNoAnswer() throws IOException {
        IdentityService b = boardB(OTHER_KEY);
        IdentityService a = boardA(2_000 * MS);
        a.setSeeking(true);
        assertEquals(Outcome.WRONG_KEY, firstOfA().outcome());
        await(() -> b.inboundCount(Outcome.WRONG_KEY) > 0);
        assertEquals(IdentityPort.NEVER, a.newestAnswerNs());
        assertEquals(IdentityPort.NEVER, b.newestAnswerNs());
    }

    @Test
    void aForeignNodeIsKnownUntilItIsGoneOrThePeerIsThere() throws Exception {
        IdentityService b = boardB(OTHER_KEY);
        IdentityService a = boardA(2_000 * MS);
        assertFalse(a.askedEverywhere());
        long beforeNs = System.nanoTime();
        a.setSeeking(true);
        await(a::askedEverywhere);
        assertTrue(a.newestForeignNs() - beforeNs > 0);
        await(() -> b.newestForeignNs() - beforeNs > 0);
        b.close();
        await(() -> a.newestForeignNs() == IdentityPort.NEVER);
        IdentityService stillForeign = boardB(OTHER_KEY);
        await(() -> a.newestForeignNs() != IdentityPort.NEVER);
        a.setSeeking(false);
        stillForeign.close();
        IdentityService peer = boardB(KEY);
        peer.setSeeking(true);
        await(() -> a.newestForeignNs() == IdentityPort.NEVER);
    }

    @Test
    void anotherProtocolIsForeignAndGarbageIsNot() throws IOException {
        IdentityService a = boardA(2_000 * MS);
        connect(addressOfA).getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
        await(() -> a.inboundCount(Outcome.MALFORMED) == 1);
        assertEquals(IdentityPort.NEVER, a.newestForeignNs());
        byte[] hello = IdentityMessage.hello(1, 5, Purpose.IDENTITY, new byte[16]);
        hello[4] = 9;
        connect(addressOfA).getOutputStream().write(hello);
        await(() -> a.newestForeignNs() != IdentityPort.NEVER);
    }

    /** Deciding must not wait for a machine that is not there: asked is asked, whatever came of it. */
    @Test
    void askedMeansAnsweredOrGivenUp() throws IOException {
        open.add(0, new ServerSocket(addressOfB.getPort(), 16, LOOPBACK));
        IdentityService a = boardA(30 * MS);
        a.setSeeking(true);
        await(a::askedEverywhere);
        assertEquals(Outcome.NO_ANSWER, firstOfA().outcome());
        assertEquals(IdentityPort.NEVER, a.newestForeignNs());
    }

    @Test
    void impostorWithoutTheKeyIsFoundOut() throws IOException {
        byte[] says = Arrays.copyOf(IdentityMessage.hello(1, 5, Purpose.IDENTITY, new byte[16]),
                IdentityMessage.HELLO_LENGTH + IdentityMessage.PROOF_LENGTH);
        System.arraycopy(IdentityMessage.proof(statement(1)), 0, says, IdentityMessage.HELLO_LENGTH, IdentityMessage.PROOF_LENGTH);
        fakePeer(IdentityMessage.HELLO_LENGTH, says);
        boardA(2_000 * MS).setSeeking(true);
        assertEquals(Outcome.WRONG_KEY, firstOfA().outcome());
    }

    @Test
    void anotherProtocolVersionIsNamed() throws IOException {
        byte[] hello = IdentityMessage.hello(1, 5, Purpose.IDENTITY, new byte[16]);
        hello[4] = 9;
        fakePeer(8, hello);
        IdentityService a = boardA(2_000 * MS);
        a.setSeeking(true);
        IdentityResult result = firstOfA();
        assertEquals(Outcome.OTHER_PROTOCOL, result.outcome());
        assertEquals("the other end speaks identity protocol 9, this board 1", result.detail());

        Socket newer = connect(addressOfA);
        newer.getOutputStream().write(hello);
        byte[] answer = newer.getInputStream().readNBytes(IdentityMessage.HELLO_LENGTH);
        assertEquals(1, IdentityMessage.version(answer), "the newer one is told which version this board speaks");
        await(() -> a.inboundCount(Outcome.OTHER_PROTOCOL) == 1);
    }

    @Test
    void twoBoardsWithOneIdAreToldApartFromNobody() throws IOException {
        IdentityService b = service(0, KEY, addressOfB, addressOfA, 2_000 * MS, 2, result -> {});
        boardA(2_000 * MS).setSeeking(true);
        assertEquals(Outcome.SAME_BOARD, firstOfA().outcome());
        await(() -> b.inboundCount(Outcome.SAME_BOARD) > 0);
        assertEquals(IdentityPort.NEVER, b.newestAnswerNs());
    }

    @Test
    void garbageIsMalformedInBothDirections() throws IOException {
        fakePeer(0, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
        IdentityService a = boardA(2_000 * MS);
        a.setSeeking(true);
        assertEquals(Outcome.MALFORMED, firstOfA().outcome());
        connect(addressOfA).getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
        await(() -> a.inboundCount(Outcome.MALFORMED) == 1);
        connect(addressOfA).getOutputStream().write(IdentityMessage.proof(statement(1)));
        await(() -> a.inboundCount(Outcome.MALFORMED) == 2);
        connect(addressOfA).getOutputStream().write(IdentityMessage.reject(1));
        await(() -> a.inboundCount(Outcome.MALFORMED) == 3);
        connect(addressOfA).close();
        await(() -> a.inboundCount(Outcome.REFUSED) == 1);
        assertEquals(IdentityPort.NEVER, a.newestAnswerNs());
    }

    @Test
    void replayedTranscriptIsNoAnswer() throws Exception {
        // A relay between the boards records what A says.
        ByteArrayOutputStream recorded = new ByteArrayOutputStream();
        IdentityService b = boardB(KEY);
        ServerSocket relay = new ServerSocket(0, 1, LOOPBACK);
        open.add(0, relay);
        IdentityService a = service(0, KEY, addressOfA, (InetSocketAddress) relay.getLocalSocketAddress(), 2_000 * MS, 2, resultsOfA::add);
        a.setSeeking(true);
        try (Socket fromA = relay.accept(); Socket toB = connect(addressOfB)) {
            a.setSeeking(false);
            InputStream in = fromA.getInputStream();
            recorded.write(in.readNBytes(IdentityMessage.HELLO_LENGTH));
            toB.getOutputStream().write(recorded.toByteArray());
            fromA.getOutputStream().write(toB.getInputStream().readNBytes(IdentityMessage.HELLO_LENGTH));
            byte[] proof = in.readNBytes(IdentityMessage.PROOF_LENGTH);
            recorded.write(proof);
            toB.getOutputStream().write(proof);
            fromA.getOutputStream().write(toB.getInputStream().readNBytes(IdentityMessage.PROOF_LENGTH));
        }
        await(() -> b.newestAnswer() != null && b.inboundCount(Outcome.VERIFIED) == 1);
        long answerNs = b.newestAnswerNs();
        connect(addressOfB).getOutputStream().write(recorded.toByteArray());
        await(() -> b.inboundCount(Outcome.WRONG_KEY) == 1);
        assertEquals(answerNs, b.newestAnswerNs());
    }

    @Test
    void drippingClientIsCutOffAndDoesNotKeepOthersOut() throws Exception {
        IdentityService a = service(0, KEY, addressOfA, addressOfB, 150 * MS, 1, resultsOfA::add);
        byte[] hello = IdentityMessage.hello(1, 5, Purpose.IDENTITY, new byte[16]);
        Socket slow = connect(addressOfA);
        Thread dripping = Thread.ofVirtual().start(() -> {
            try {
                for (byte b : hello) {
                    slow.getOutputStream().write(b);
                    LockSupport.parkNanos(20 * MS);
                }
            } catch (IOException e) {
                // cut off
            }
        });
        LockSupport.parkNanos(20 * MS);
        byte[] answer = connect(addressOfA).getInputStream().readNBytes(IdentityMessage.PREFIX_LENGTH);
        assertEquals(1, a.busy(), "one at a time here");
        assertArrayEquals(IdentityMessage.reject(IdentityMessage.REASON_BUSY), answer);
        await(() -> a.inboundCount(Outcome.NO_ANSWER) == 1);
        dripping.join();
        assertFalse(saysHello(slow), "cut off before its hello was complete");
        IdentityService b = boardB(KEY);
        b.setSeeking(true);
        await(() -> a.newestAnswer() != null);
    }

    private static boolean saysHello(Socket socket) {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false; // reset
        }
    }

    @Test
    void strangersAreTurnedAwayUnheard() throws Exception {
        IdentityService a = service(0, KEY, addressOfA, new InetSocketAddress("127.0.0.9", 1), 100 * MS, 1, resultsOfA::add);
        assertEquals(-1, connect(addressOfA).getInputStream().read());
        await(() -> a.strangers() == 1);
        assertTrue(resultsOfA.isEmpty());
    }

    @Test
    void takenPortIsNamed() throws IOException {
        open.add(0, new ServerSocket(addressOfA.getPort(), 1, LOOPBACK));
        IOException e = assertThrows(IOException.class, () -> boardA(100 * MS));
        String address = addressOfA.getHostString() + ":" + addressOfA.getPort();
        assertTrue(e.getMessage().startsWith("identity address " + address + " of network A cannot be listened on"), e.getMessage());
    }

    @Test
    void addressThatTheBoardDoesNotHaveYetIsNoError() throws IOException {
        IdentityService a = service(0, KEY, new InetSocketAddress("192.0.2.1", 7_000), addressOfB, 100 * MS, 1, resultsOfA::add);
        assertNotNull(a.trouble(0));
        assertNull(a.listening(0));
        a.setSeeking(true);
        assertEquals(Outcome.NO_ANSWER, firstOfA().outcome());
    }

    @Test
    void settingsAreChecked() {
        List<IdentityService.Network> networks = List.of(new IdentityService.Network(addressOfA, addressOfB));
        assertThrows(IllegalArgumentException.class, () -> IdentityService.Settings.of(2, 1, KEY, networks));
        assertThrows(IllegalArgumentException.class, () -> IdentityService.Settings.of(0, 0, KEY, networks));
        assertThrows(IllegalArgumentException.class, () -> IdentityService.Settings.of(0, 1, new byte[15], networks));
        assertThrows(IllegalArgumentException.class, () -> IdentityService.Settings.of(0, 1, KEY, List.of()));
    }
}
