package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hotpair.core.port.Operator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private final Queue<Integer> given = new ArrayDeque<>();
    private final List<Integer> answered = new ArrayList<>();
    private final List<Boolean> lead = new ArrayList<>();
    private final List<Boolean> leadWithItsData = new ArrayList<>();
    private final Orders orders = new Orders(new Operator() {
        @Override
        public int poll() {
            return given.isEmpty() ? NONE : given.poll();
        }

        @Override
        public void answer(int order, boolean accepted, int eventCode) {
            answered.add(order);
        }
    }, lead::add, leadWithItsData::add);

    @Test
    void whoeverAsksWhetherThisBoardMayLeadIsToldOfTheOrderFirst() {
        given.add(Operator.REPAIR_LEAD);
        assertEquals(Operator.REPAIR_LEAD, orders.poll());
        assertEquals(List.of(true), lead);
        assertEquals(List.of(true), leadWithItsData);
        orders.answer(Operator.REPAIR_LEAD, false, 0);
        assertEquals(List.of(true, false), lead, "refused: the order is void");
        given.add(Operator.REPAIR_LEAD);
        orders.poll();
        orders.answer(Operator.REPAIR_LEAD, true, 0);
        assertEquals(List.of(true, false, true, true), lead);
        orders.answer(Operator.REPAIR_LEAD, false, 0);
        assertEquals(true, lead.getLast(), "leads already, so another order is refused; the decision stands");
        assertEquals(List.of(true, false, true, true, false), leadWithItsData, "but says nothing of other data");
        assertEquals(List.of(Operator.REPAIR_LEAD, Operator.REPAIR_LEAD, Operator.REPAIR_LEAD), answered);
    }

    @Test
    void stoppingComesFirstAndIsAnsweredToNobody() {
        given.add(Operator.HOLD);
        orders.stop();
        assertEquals(Operator.STOP, orders.poll());
        orders.answer(Operator.STOP, true, 0);
        assertEquals(Operator.HOLD, orders.poll());
        orders.answer(Operator.HOLD, true, 0);
        assertEquals(List.of(Operator.HOLD), answered);
        assertEquals(List.of(), lead);
    }
}
