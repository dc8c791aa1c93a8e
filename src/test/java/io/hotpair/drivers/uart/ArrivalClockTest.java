package io.hotpair.drivers.uart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ArrivalClockTest {
    private static final long MS = 1_000_000;
    private static final long START = -7_000 * MS;

    private final ArrivalClock clock = new ArrivalClock();

    private long at(long ms) {
        return START + ms * MS;
    }

    @Test
    void asARuleBytesArriveWhenTheyAreRead() {
        clock.onOpened(at(0));
        assertEquals(at(5), clock.onRead(at(5), true), "before the first look, too");
        for (int i = 6; i < 500; i++) {
            clock.onLook(at(i));
        }
        assertEquals(at(500), clock.onRead(at(500), true));
    }

    @Test
    void whatLayInTheDeviceWhileTheProcessStoodStillIsAsOldAsThat() {
        clock.onOpened(at(0));
        clock.onLook(at(1));
        assertEquals(at(2), clock.onRead(at(2), true));
        clock.onLook(at(3));
        // a second later the reader wakes first
        assertEquals(at(3), clock.onRead(at(1_003), false));
        clock.onLook(at(1_003));
        // the rest of what waited; then what is new
        assertEquals(at(3), clock.onRead(at(1_004), true));
        assertEquals(at(1_005), clock.onRead(at(1_005), true));
    }

    @Test
    void alsoWhenTheDutyCycleWakesFirst() {
        clock.onOpened(at(0));
        clock.onLook(at(1));
        clock.onLook(at(1_001));
        clock.onLook(at(1_002));
        assertEquals(at(1), clock.onRead(at(1_003), true));
        assertEquals(at(1_004), clock.onRead(at(1_004), true));
    }

    @Test
    void aDeviceThatWasOpenedSinceHeldNothingOld() {
        clock.onLook(at(1));
        clock.onLook(at(1_001));
        clock.onOpened(at(1_002));
        clock.onLook(at(1_003));
        clock.onLook(at(1_004));
        assertEquals(at(1_005), clock.onRead(at(1_005), true));
    }
}
