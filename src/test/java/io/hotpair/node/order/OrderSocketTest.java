package io.hotpair.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.Operator;
import io.hotpair.node.order.Answer.Outcome;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real local socket; the duty cycle is a thread that accepts every order but REPAIR_LEAD. */
@Timeout(30)
class OrderSocketTest {
    private static final long TIMEOUT_NS = 2_000_000_000L;

    @TempDir
    private Path folder;
    private Path path;
    private final Mailbox mailbox = new Mailbox();
    private OrderSocket socket;
    private volatile boolean dutyCycleRuns = true;
    private volatile int carriedOut;
    private volatile boolean end;

    @BeforeEach
    void serve() throws IOException {
        path = folder.resolve("orders");
        Files.writeString(path, "left by an earlier node");
        socket = new OrderSocket(path, mailbox);
        Thread.ofPlatform().daemon().start(socket::serve);
        Thread.ofPlatform().daemon().start(() -> {
            while (!end) {
                LockSupport.parkNanos(200_000);
                int order = dutyCycleRuns ? mailbox.poll() : Operator.NONE;
                if (order != Operator.NONE) {
                    carriedOut = order;
                    mailbox.answer(order, order != Operator.REPAIR_LEAD, 7);
                }
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        end = true;
        socket.close();
    }

    @Test
    void anOrderIsCarriedOutAndAnsweredByItsCode() throws IOException {
        assertEquals(new Answer(Outcome.ACCEPTED, 7), OrderClient.order(path, Operator.HOLD, TIMEOUT_NS));
        assertEquals(new Answer(Outcome.REFUSED, 7), OrderClient.order(path, Operator.REPAIR_LEAD, TIMEOUT_NS));
        assertEquals(Operator.REPAIR_LEAD, carriedOut);
    }

    @Test
    void anOrderThatTheDutyCycleDoesNotTakeIsWithdrawn() throws IOException {
        dutyCycleRuns = false;
        assertEquals(Outcome.NOT_TAKEN, OrderClient.order(path, Operator.HOLD, 50_000_000).outcome());
        dutyCycleRuns = true;
        assertEquals(Outcome.ACCEPTED, OrderClient.order(path, Operator.RELEASE, TIMEOUT_NS).outcome());
        assertEquals(Operator.RELEASE, carriedOut);
    }

    @Test
    void nobodyStopsTheNodeThisWay() throws IOException {
        assertEquals(new Answer(Outcome.REFUSED, 0), OrderClient.order(path, Operator.STOP, TIMEOUT_NS));
        assertEquals(0, carriedOut);
    }

    @Test
    void anOrderThatExpiredLongAgoIsNotCarriedOut() throws IOException {
        for (long deadlineNs : new long[] {Long.MIN_VALUE, -1, 0, 1}) {
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                client.write(ByteBuffer.wrap(("HOTPAIR 1 3 " + deadlineNs + "\n").getBytes(StandardCharsets.US_ASCII)));
                ByteBuffer answer = ByteBuffer.allocate(64);
                client.read(answer);
                assertEquals("NOT_TAKEN 0\n", new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII));
            }
        }
        assertEquals(0, carriedOut);
    }

    @Test
    void onlyTheOwnerAndTheGroupMayGiveOrders() throws IOException {
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void whatIsNoOrderIsHungUpOnAndHarmsNobody() throws IOException {
        for (String line : new String[] {"\n", "GET / HTTP/1.1\r\n", "HOTPAIR 1 3\n", "HOTPAIR 1 0 9\n", "HOTPAIR 1 4096 9\n", "HOTPAIR 2 3 9\n",
            "HOTPAIR 1 x 9\n", "HOTPAIR 1 3 99999999999999999999\n", "x".repeat(1000)}) {
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                client.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
                assertTrue(ended(client), line);
            }
        }
        assertEquals(0, carriedOut);
        assertEquals(Outcome.ACCEPTED, OrderClient.order(path, Operator.HOLD, TIMEOUT_NS).outcome());
    }

    private static boolean ended(SocketChannel client) {
        try {
            return client.read(ByteBuffer.allocate(64)) < 0;
        } catch (IOException e) {
            return true; // reset: the node did not read all of it
        }
    }

    @Test
    void whoConnectsAndSaysNothingKeepsOthersWaitingForHalfASecondOnly() throws IOException {
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertEquals(Outcome.ACCEPTED, OrderClient.order(path, Operator.HOLD, TIMEOUT_NS).outcome());
            assertTrue(ended(silent));
        }
    }

    @Test
    void whoHangsUpBeforeTheAnswerHarmsNobody() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                client.write(ByteBuffer.wrap(("HOTPAIR 1 3 " + (System.nanoTime() + TIMEOUT_NS) + "\n").getBytes(StandardCharsets.US_ASCII)));
            }
        }
        assertEquals(Outcome.ACCEPTED, OrderClient.order(path, Operator.RELEASE, TIMEOUT_NS).outcome());
    }

    @Test
    void aSocketThatIsGoneIsNoticed() throws IOException {
        Files.delete(path);
        assertThrows(IOException.class, () -> OrderClient.order(path, Operator.HOLD, TIMEOUT_NS));
    }

    @Test
    void aPathThatIsTooLongIsRefusedWithTheBoundAndTheCure() {
        Path longPath = folder.resolve("x".repeat(120));
        IOException e = assertThrows(IOException.class, () -> new OrderSocket(longPath, mailbox));
        assertTrue(e.getMessage().contains("(at most 107): name a shorter run-dir"), e.getMessage());
    }
}
