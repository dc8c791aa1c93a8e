package io.hotpair.node.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hotpair.core.port.Operator;
import io.hotpair.node.order.Answer.Outcome;
import io.hotpair.drivers.linux.Allocation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MailboxTest {
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final Mailbox mailbox = new Mailbox();

    private CompletableFuture<Answer> ordered(int order, long timeoutNs) {
        return CompletableFuture.supplyAsync(() -> mailbox.order(order, System.nanoTime() + timeoutNs));
    }

    private int pollUntilOrder() {
        for (;;) {
            int order = mailbox.poll();
            if (order != Operator.NONE) {
                return order;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void orderIsTakenOnceAndAnswered() throws Exception {
        CompletableFuture<Answer> answer = ordered(Operator.HOLD, PATIENCE_NS);
        assertEquals(Operator.HOLD, pollUntilOrder());
        assertEquals(Operator.NONE, mailbox.poll(), "taken once");
        mailbox.answer(Operator.STOP, true, 3); // not the order that was taken
        mailbox.answer(Operator.HOLD, true, 12);
        assertEquals(new Answer(Outcome.ACCEPTED, 12), answer.get(10, TimeUnit.SECONDS));
    }

    @Test
    void refusalCarriesItsCode() throws Exception {
        CompletableFuture<Answer> answer = ordered(Operator.REPAIR_LEAD, PATIENCE_NS);
        mailbox.answer(pollUntilOrder(), false, 0x7FFF);
        assertEquals(new Answer(Outcome.REFUSED, 0x7FFF), answer.get(10, TimeUnit.SECONDS));
    }

    @Test
    void orderThatNobodyTookIsWithdrawn() {
        assertEquals(Outcome.NOT_TAKEN, ordered(Operator.STOP, 2_000_000).join().outcome());
        assertEquals(Operator.NONE, mailbox.poll(), "never carried out");
    }

    /** As when the whole process was stopped: the duty cycle runs again before the thread that would withdraw the order does. */
    @Test
    void orderWhoseDeadlinePassedIsNotTakenThoughNobodyWithdrewIt() throws Exception {
        long deadlineNs = System.nanoTime() + 300_000_000L;
        Thread poster = Thread.ofPlatform().daemon().start(() -> mailbox.order(Operator.HOLD, deadlineNs));
        while (poster.getState() != Thread.State.TIMED_WAITING && poster.isAlive()) {
            Thread.onSpinWait(); // until it has posted and sleeps
        }
        int taken = Operator.NONE;
        while (poster.isAlive()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                taken |= mailbox.poll();
            }
        }
        assertEquals(Operator.NONE, taken);
    }

    @Test
    void takenButUnansweredBlocksTheNextAndIsReportedAsUnknown() {
        CompletableFuture<Answer> first = ordered(Operator.STOP, 50_000_000);
        assertEquals(Operator.STOP, pollUntilOrder());
        assertEquals(Outcome.UNANSWERED, first.join().outcome());
        assertEquals(Outcome.BUSY, ordered(Operator.HOLD, 2_000_000).join().outcome());
        mailbox.answer(Operator.STOP, true, 1); // late: nobody collects it
        CompletableFuture<Answer> next = ordered(Operator.HOLD, PATIENCE_NS);
        assertEquals(Operator.HOLD, pollUntilOrder());
        mailbox.answer(Operator.HOLD, true, 2);
        assertEquals(new Answer(Outcome.ACCEPTED, 2), next.join());
    }

    @Test
    void everyCallerGetsItsOwnAnswer() throws Exception {
        int callers = 4;
        int ordersEach = 10;
        AtomicInteger right = new AtomicInteger();
        Thread[] threads = new Thread[callers];
        for (int c = 0; c < callers; c++) {
            int base = c * 100;
            threads[c] = Thread.ofPlatform().start(() -> {
                for (int i = 1; i <= ordersEach; i++) {
                    if (mailbox.order(base + i, System.nanoTime() + PATIENCE_NS).equals(new Answer(Outcome.ACCEPTED, base + i))) {
                        right.incrementAndGet();
                    }
                }
            });
        }
        for (int taken = 0; taken < callers * ordersEach; taken++) {
            int order = pollUntilOrder();
            mailbox.answer(order, true, order);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(callers * ordersEach, right.get());
    }

    @Test
    void ordersOutOfRangeAreRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> mailbox.order(0, 1));
        assertThrows(IllegalArgumentException.class, () -> mailbox.order(4096, 1));
        assertEquals(Operator.NONE, mailbox.poll());
    }

    @Test
    void lookingAllocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Look.class));
    }

    static final class Look implements Allocation.Work {
        private final Mailbox mailbox = new Mailbox();

        @Override
        public void measured() {
            mailbox.poll();
        }
    }
}
