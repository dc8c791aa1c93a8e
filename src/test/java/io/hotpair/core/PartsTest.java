package io.hotpair.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.port.TermStore;
import io.hotpair.wire.Frame;
import org.junit.jupiter.api.Test;

/** The small parts of the core on their own; together they are tested by the simulator. */
class PartsTest {
    private static final long MS = 1_000_000;

    private static final class Store implements TermStore {
        private long used;
        private long durable = UNKNOWN;
        private long wanted;

        @Override
        public long usedTerm() {
            return used;
        }

        @Override
        public long durableTerm() {
            return durable;
        }

        @Override
        public void reserve(long term) {
            wanted = Math.max(wanted, term);
        }
    }

    @Test
    void termsRiseAndCarryTheBoardsBit() {
        Store store = new Store();
        store.durable = 100;
        Terms a = new Terms(0, store);
        Terms b = new Terms(1, store);
        assertEquals(2, a.take());
        b.heard(2);
        assertEquals(3, b.take());
        a.heard(3);
        assertEquals(4, a.take());
        assertEquals(6, a.take());
    }

    @Test
    void noTermIsUsedBeforeItIsDurable() {
        Store store = new Store();
        Terms terms = new Terms(0, store);
        terms.maintain();
        assertFalse(terms.available());
        assertEquals(Terms.NONE, terms.take());
        store.durable = 0;
        terms.maintain();
        assertEquals(Terms.NONE, terms.take());
        store.durable = store.wanted;
        assertEquals(2, terms.take());
    }

    @Test
    void termsOfAnEarlierBootAreNotUsedAgain() {
        Store store = new Store();
        store.used = 64;
        store.durable = 64;
        Terms terms = new Terms(0, store);
        terms.maintain();
        assertFalse(terms.available());
        store.durable = store.wanted;
        assertEquals(66, terms.take());
    }

    @Test
    void aFarAheadPeerMakesTheBoardWaitForItsDisk() {
        Store store = new Store();
        store.durable = 64;
        Terms terms = new Terms(1, store);
        terms.heard(5000);
        assertFalse(terms.available());
        terms.maintain();
        assertTrue(store.wanted > 5000);
    }

    @Test
    void voluntaryChangesAreCountedInASlidingWindow() {
        Damping damping = new Damping(2, 100);
        assertTrue(damping.allows(0));
        damping.onVoluntaryChange(0);
        assertTrue(damping.allows(10));
        damping.onVoluntaryChange(10);
        assertFalse(damping.allows(99));
        assertTrue(damping.allows(100));
        damping.onVoluntaryChange(100);
        assertFalse(damping.allows(109));
        assertTrue(damping.allows(110));
    }

    @Test
    void aChangeThatCameToNothingDoesNotCount() {
        Damping damping = new Damping(1, 100);
        damping.onVoluntaryChange(5);
        assertFalse(damping.allows(6));
        damping.onAborted(5);
        assertTrue(damping.allows(6));
    }

    @Test
    void aPeerThatRestartsAgainAndAgainIsNotHandedTheRole() {
        Damping damping = new Damping(10, 1000);
        for (int boot = 0; boot < 4; boot++) {
            damping.onPeerBoot(boot);
        }
        assertTrue(damping.allows(10));
        damping.onPeerBoot(4);
        assertFalse(damping.allows(10));
        assertTrue(damping.allows(1000));
    }

    @Test
    void pulseCodesAreToldApartByTheirPeriod() {
        for (int code : new int[] {PulseDecoder.OUT, PulseDecoder.STANDBY, PulseDecoder.PRIMARY}) {
            PulseDecoder decoder = new PulseDecoder(MS);
            long edgeNs = -5 * MS;
            boolean alive = false;
            for (int i = 0; i < 20; i++) {
                alive = decoder.onEdge(edgeNs);
                edgeNs += PulseDecoder.periodNs(code, MS);
            }
            assertTrue(alive);
            assertEquals(code, decoder.code());
        }
    }

    @Test
    void aNoisyLineIsNotAlive() {
        PulseDecoder decoder = new PulseDecoder(MS);
        long edgeNs = 0;
        for (int i = 0; i < 100; i++) {
            edgeNs += i % 2 == 0 ? MS / 10 : 3 * MS;
            assertFalse(decoder.onEdge(edgeNs));
            assertEquals(PulseDecoder.NONE, decoder.code());
        }
    }

    /** Where the line is the only one left, a spike is no silence; several are noise. */
    @Test
    void aSpikeOnAGoodLineIsPassedOver() {
        for (int spikeAt = 0; spikeAt < 100; spikeAt += 5) {
            PulseDecoder decoder = new PulseDecoder(MS);
            long edgeNs = 0;
            for (int i = 0; i < 20; i++) {
                decoder.onEdge(edgeNs += MS);
            }
            decoder.onEdge(edgeNs + spikeAt * MS / 100 + 1000);
            decoder.onEdge(edgeNs + spikeAt * MS / 100 + 3000);
            boolean alive = decoder.onEdge(edgeNs += MS);
            alive |= decoder.onEdge(edgeNs += MS);
            assertTrue(alive, "spike at " + spikeAt + " %");
        }
    }

    @Test
    void spikesOneAfterAnotherAreNoise() {
        PulseDecoder decoder = new PulseDecoder(MS);
        long edgeNs = 0;
        for (int i = 0; i < 20; i++) {
            decoder.onEdge(edgeNs += MS);
        }
        boolean alive = true;
        for (int i = 0; i < 6; i++) {
            for (int k = 1; k <= 4; k++) {
                alive = decoder.onEdge(edgeNs + k * MS / 20);
            }
            edgeNs += MS;
            alive = decoder.onEdge(edgeNs);
        }
        assertFalse(alive);
        assertEquals(PulseDecoder.NONE, decoder.code());
    }

    @Test
    void outIsBelievedOnlyAfterALongRun() {
        PulseDecoder decoder = new PulseDecoder(MS);
        long edgeNs = 0;
        for (int i = 0; i < 8; i++) {
            decoder.onEdge(edgeNs += 400_000);
            assertEquals(PulseDecoder.NONE, decoder.code(), "edge " + i);
        }
        decoder.onEdge(edgeNs += 400_000);
        assertEquals(PulseDecoder.OUT, decoder.code());
        assertTrue(decoder.outHolds(edgeNs + 849_999));
        assertFalse(decoder.outHolds(edgeNs + 850_000));
    }

    /** A frame on a channel that returns nothing yet was still made after the frame before it. */
    @Test
    void aStatementIsAsYoungAsTheOneBeforeIt() {
        PeerView peer = new PeerView(config(MS, 3, 2_500_000, 250_000), 0);
        peer.meet(7);
        peer.onFrame(0, statement(5 * MS), 90 * MS, 100 * MS);
        assertTrue(peer.saidSince(89 * MS, 100 * MS));
        peer.onFrame(1, statement(6 * MS), PeerView.NEVER, 101 * MS);
        assertTrue(peer.saidSince(89 * MS, 101 * MS));
        assertFalse(peer.saidSince(90 * MS, 101 * MS));
    }

    private static Frame statement(long txTimeNs) {
        return new Frame().wrap(new byte[Frame.LENGTH_BYTES], 0).header(Frame.HEARTBEAT, 1, 0, true, false).bootId(7).txTimeNs(txTimeNs);
    }

    @Test
    void latenessPostponesJudgementOnlySoOftenInOneSilence() {
        CoreConfig config = config(MS, 3, 2_500_000, 250_000);
        Lateness lateness = new Lateness(config, 0);
        long nowNs = 0;
        for (int i = 0; i < 3; i++) {
            lateness.nextDeadline(nowNs);
            nowNs += 5 * MS;
            assertEquals(5 * MS, lateness.onCycle(nowNs));
            assertFalse(lateness.mayJudge(nowNs));
        }
        lateness.nextDeadline(nowNs);
        nowNs += 5 * MS;
        lateness.onCycle(nowNs);
        assertTrue(lateness.mayJudge(nowNs), "the fourth lateness in one silence postpones nothing");
        assertEquals(nowNs, lateness.wakeNs());
        lateness.onPeerHeard();
        lateness.nextDeadline(nowNs);
        nowNs += 5 * MS;
        lateness.onCycle(nowNs);
        assertFalse(lateness.mayJudge(nowNs), "a new silence may be postponed again");
    }

    @Test
    void settingsThatWouldBreakTheLeaseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> config(MS, 3, 2_750_001, 250_000));
        assertThrows(IllegalArgumentException.class, () -> config(MS, 3, 2_500_000, 0));
        assertThrows(IllegalArgumentException.class, () -> config(MS, 1, 500_000, 250_000));
        assertEquals(4 * MS, config(MS, 3, 2_750_000, 250_000).takeoverBoundNs());
    }

    private static CoreConfig config(long intervalNs, int misses, long leaseNs, long marginNs) {
        return new CoreConfig(0, 1, OnSilence.TAKEOVER, intervalNs, misses, leaseNs, marginNs, MS, 250 * MS, 10_000 * MS, 1000 * MS,
                new long[] {intervalNs, intervalNs, intervalNs, intervalNs}, 10, 4, 60_000 * MS);
    }
}
