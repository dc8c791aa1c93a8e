package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BurstSocketTest {
    private static final int BYTES = 16;
    private static final int BUFFER_BYTES = 1 << 20;

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static List<Long> received(BurstSocket socket) {
        List<Long> numbers = new ArrayList<>();
        for (int count = socket.receive(); count > 0; count = socket.receive()) {
            for (int i = 0; i < count; i++) {
                assertEquals(BYTES, socket.lengthBytes(i));
                numbers.add(socket.data(i).get(ValueLayout.JAVA_LONG, 0));
            }
        }
        return numbers;
    }

    @Test
    void eachOfABurstArrivesByItselfAtEachDestination() throws IOException {
        try (BurstSocket a = new BurstSocket(anyPort(), new InetSocketAddress[0], BYTES, BUFFER_BYTES);
                BurstSocket b = new BurstSocket(anyPort(), new InetSocketAddress[0], BYTES, BUFFER_BYTES);
                BurstSocket sender = new BurstSocket(anyPort(), new InetSocketAddress[] {a.address(), b.address()}, BYTES, BUFFER_BYTES)) {
            for (int i = 0; i < BurstSocket.BURST; i++) {
                sender.burst().set(ValueLayout.JAVA_LONG, (long) i * BYTES, i + 1);
            }
            assertTrue(sender.send(BurstSocket.BURST, 0));
            assertTrue(sender.send(BurstSocket.BURST, 1));
            assertTrue(sender.send(1, 1));

            List<Long> all = LongStream.rangeClosed(1, BurstSocket.BURST).boxed().toList();
            assertEquals(all, received(a));
            List<Long> more = new ArrayList<>(all);
            more.add(1L);
            assertEquals(more, received(b));
        }
    }

    @Test
    void theLengthOfADatagramCanBeChosenAnew() throws IOException {
        try (BurstSocket to = new BurstSocket(anyPort(), new InetSocketAddress[0], BYTES, BUFFER_BYTES);
                BurstSocket sender = new BurstSocket(anyPort(), new InetSocketAddress[] {to.address()}, 2 * BYTES, BUFFER_BYTES)) {
            sender.burst().set(ValueLayout.JAVA_LONG, 0, 1);
            sender.burst().set(ValueLayout.JAVA_LONG, BYTES, 2);
            sender.cut(BYTES);

            assertTrue(sender.send(2, 0));
            assertEquals(List.of(1L, 2L), received(to));
        }
    }
}
