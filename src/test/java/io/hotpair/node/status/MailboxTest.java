package io.hotpair.node.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.Operator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class MailboxTest {
    private static final long PATIENCE_NS = 10_000_000_000L;

    @TempDir
    Path dir;

    private CountersFile node;
    private CountersFile client;

    @BeforeEach
    void open() throws IOException {
        node = CountersFile.create(dir.resolve("c"), new CountersFile.Owner("p", 0, 1, "v", 0), 1, 8);
        node.seal();
        client = CountersFile.openForOrders(dir.resolve("c"));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        node.close();
    }

    private int pollUntilOrder() {
        for (;;) {
            int order = node.mailbox().poll();
            if (order != Operator.NONE) {
                return order;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void orderIsTakenOnceAndAnswered() throws Exception {
        CompletableFuture<Mailbox.Answer> answer = CompletableFuture.supplyAsync(() -> client.orders().order(Operator.HOLD, PATIENCE_NS));
        assertEquals(Operator.HOLD, pollUntilOrder());
        assertEquals(Operator.NONE, node.mailbox().poll(), "taken once");
        node.mailbox().answer(Operator.STOP, true, 3); // not the order that was taken
        node.mailbox().answer(Operator.HOLD, true, 12);
        assertEquals(new Mailbox.Answer(Mailbox.Outcome.ACCEPTED, 12), answer.get(10, TimeUnit.SECONDS));
    }

    @Test
    void refusalCarriesItsCode() throws Exception {
        CompletableFuture<Mailbox.Answer> answer = CompletableFuture.supplyAsync(() -> client.orders().order(Operator.REPAIR_LEAD, PATIENCE_NS));
        node.mailbox().answer(pollUntilOrder(), false, 0x7FFF);
        assertEquals(new Mailbox.Answer(Mailbox.Outcome.REFUSED, 0x7FFF), answer.get(10, TimeUnit.SECONDS));
    }

    @Test
    void orderThatNobodyTookIsWithdrawn() {
        assertEquals(Mailbox.Outcome.NOT_TAKEN, client.orders().order(Operator.STOP, 2_000_000).outcome());
        assertEquals(Operator.NONE, node.mailbox().poll(), "never carried out");
    }

    @Test
    void takenButUnansweredBlocksTheNextAndIsReportedAsUnknown() {
        CompletableFuture<Mailbox.Answer> first = CompletableFuture.supplyAsync(() -> client.orders().order(Operator.STOP, 50_000_000));
        assertEquals(Operator.STOP, pollUntilOrder());
        assertEquals(Mailbox.Outcome.UNANSWERED, first.join().outcome());
        assertEquals(Mailbox.Outcome.BUSY, client.orders().order(Operator.HOLD, 2_000_000).outcome());
        node.mailbox().answer(Operator.STOP, true, 1); // late: nobody collects it
        CompletableFuture<Mailbox.Answer> next = CompletableFuture.supplyAsync(() -> client.orders().order(Operator.HOLD, PATIENCE_NS));
        assertEquals(Operator.HOLD, pollUntilOrder());
        node.mailbox().answer(Operator.HOLD, true, 2);
        assertEquals(new Mailbox.Answer(Mailbox.Outcome.ACCEPTED, 2), next.join());
    }

    @Test
    void everyClientGetsItsOwnAnswer() throws Exception {
        int clients = 4;
        int ordersEach = 10;
        AtomicInteger right = new AtomicInteger();
        Thread[] threads = new Thread[clients];
        for (int c = 0; c < clients; c++) {
            int base = c * 100;
            threads[c] = Thread.ofVirtual().start(() -> {
                for (int i = 1; i <= ordersEach; i++) {
                    Mailbox.Answer answer = client.orders().order(base + i, PATIENCE_NS);
                    if (answer.equals(new Mailbox.Answer(Mailbox.Outcome.ACCEPTED, base + i))) {
                        right.incrementAndGet();
                    }
                }
            });
        }
        int taken = 0;
        while (taken < clients * ordersEach) {
            int order = pollUntilOrder();
            node.mailbox().answer(order, true, order);
            taken++;
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(clients * ordersEach, right.get());
    }

    @Test
    void ordersOutOfRangeAreRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> client.orders().order(0, 1));
        assertThrows(IllegalArgumentException.class, () -> client.orders().order(4096, 1));
        assertTrue(node.mailbox().poll() == Operator.NONE);
    }
}
