package io.hotpair.drivers.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PollerTest {
    private static final long FOREVER_NS = Long.MAX_VALUE;

    @Test
    void wakesByTime() throws Exception {
        try (EventFd event = new EventFd(); Poller poller = new Poller(1)) {
            int index = poller.add(event.fd());
            long startNs = System.nanoTime();
            assertEquals(0, poller.await(2_000_000));
            assertTrue(System.nanoTime() - startNs >= 2_000_000, "never early");
            assertFalse(poller.ready(index));
        }
    }

    @Test
    void zeroAndNegativeOnlyLook() throws Exception {
        try (EventFd event = new EventFd(); Poller poller = new Poller(1)) {
            poller.add(event.fd());
            assertEquals(0, poller.await(0));
            assertEquals(0, poller.await(Long.MIN_VALUE));
        }
    }

    @Test
    void wakesByTheDescriptorThatIsReady() throws Exception {
        try (EventFd quiet = new EventFd(); EventFd busy = new EventFd(); Poller poller = new Poller(2)) {
            int quietIndex = poller.add(quiet.fd());
            int busyIndex = poller.add(busy.fd());
            Thread other = Thread.ofPlatform().start(busy::signal);
            assertEquals(1, poller.await(FOREVER_NS));
            assertFalse(poller.ready(quietIndex));
            assertTrue(poller.ready(busyIndex));
            assertFalse(poller.failed(busyIndex));
            other.join();

            busy.signal();
            busy.drain();
            assertEquals(0, poller.await(0), "signals coalesce and are taken at once");
            assertFalse(poller.ready(busyIndex));
        }
    }

    @Test
    void aPlaceCanBeTakenOutAndUsedAgain() throws Exception {
        try (EventFd event = new EventFd(); Poller poller = new Poller(1)) {
            int index = poller.add(-1);
            event.signal();
            assertEquals(0, poller.await(0));
            poller.set(index, event.fd());
            assertEquals(1, poller.await(0));
            poller.set(index, -1);
            assertFalse(poller.ready(index));
            assertEquals(0, poller.await(0));
            assertThrows(IllegalStateException.class, () -> poller.add(event.fd()), "fixed set");
        }
    }

    @Test
    void aDescriptorThatIsNoneFails() {
        try (Poller poller = new Poller(1)) {
            int index = poller.add(1_000_000);
            assertEquals(1, poller.await(FOREVER_NS));
            assertTrue(poller.failed(index));
        }
    }

    @Test
    void allocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(SignalAndAwait.class));
    }

    static final class SignalAndAwait implements Allocation.Work {
        private final EventFd event = new EventFd();
        private final Poller poller = new Poller(1);
        private final int index = poller.add(event.fd());

        SignalAndAwait() throws IOException {
        }

        @Override
        public void measured() {
            event.signal();
            poller.await(FOREVER_NS);
            if (poller.ready(index)) {
                event.drain();
            }
        }
    }
}
