package io.hotpair.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.port.JournalPort;
import org.junit.jupiter.api.Test;

/** What a board that neither leads nor is HOT concludes from what it hears of its peer's data. */
class LeadRightTest {
    private static final int BOOT = 7;
    private final SyncConfig config = SyncConfig.of(0, Commit.BOTH).log(64, 64 << 10).outputs(64, 64 << 10);
    private final State peer = new State();
    private Replicated r;
    private Mark mark;
    private LeadRight right;
    private long stateNs;

    private void board(boolean durable) {
        FixedJournal journal = new FixedJournal();
        journal.durable = durable;
        r = new Replicated(config, new FixedTask(), journal, (code, term, index, detail, atNs) -> { }, 1_000_000_000);
        mark = new Mark(journal);
        right = new LeadRight(r, peer, mark);
        stateNs = r.nowNs;
    }

    private void heartbeat(boolean leads, long term, int index) {
        right.onPeerIndex(leads, term, index);
    }

    private void statement(long held, int itsMark, boolean onItsDisk) {
        peer.boot = BOOT;
        peer.recovered = true;
        peer.held = held;
        peer.lastTerm = held == 0 ? 0 : 2;
        peer.mark = itsMark;
        peer.markDurable = onItsDisk;
        stateNs = r.nowNs;
        right.onPeer(false);
    }

    private void pass(long ns) {
        r.nowNs += ns;
    }

    private boolean mayLead() {
        return right.byData(stateNs);
    }

    private boolean preparing() {
        return right.preparing(stateNs);
    }

    @Test
    void firstHeartbeatMakesABoardWithoutAJournalWaitForThePeersWord() {
        board(false);
        assertTrue(mayLead(), "nobody is there");
        heartbeat(false, 0, 0);
        assertFalse(mayLead());
        assertTrue(preparing());
        statement(0, JournalPort.MARK_NONE, true);
        assertTrue(mayLead(), "it has no more");
    }

    @Test
    void whoIsNeverToldGoesByWhatHeartbeatsShow() {
        board(false);
        heartbeat(false, 0, 9);
        pass(config.compareWaitNs);
        assertFalse(mayLead(), "the peer shows more");
        assertFalse(preparing());
        heartbeat(false, 0, 0);
        assertTrue(mayLead());
        heartbeat(false, 0, 9);
        right.peerHeard(false);
        assertTrue(mayLead(), "it is gone, and with it what it had");
    }

    @Test
    void statementThatWasHeldUpOnItsWayComparesNothing() {
        board(false);
        heartbeat(true, 2, 9);
        statement(0, JournalPort.MARK_NONE, true);
        assertFalse(mayLead(), "the heartbeat was sent later");
        heartbeat(false, 0, 9);
        statement(0, JournalPort.MARK_NONE, true);
        assertFalse(mayLead());
        statement(9, JournalPort.MARK_NONE, true);
        assertFalse(mayLead());
        assertFalse(preparing(), "now it is known to be newer");
    }

    @Test
    void peersMarkIsOffItsDiskBeforeThisBoardLeads() {
        board(true);
        heartbeat(false, 0, 0);
        statement(0, JournalPort.MARK_ALONE, true);
        assertFalse(mayLead(), "alone, the peer would lead by its mark");
        assertTrue(preparing());
        statement(0, JournalPort.MARK_NONE, false);
        assertFalse(mayLead(), "its disk still says so");
        statement(0, JournalPort.MARK_NONE, true);
        assertTrue(mayLead());
    }

    @Test
    void peerWhoseDiskKeepsTheMarkIsWaitedForAWhileOnly() {
        board(true);
        heartbeat(false, 0, 0);
        statement(0, JournalPort.MARK_ALONE, true);
        pass(config.compareWaitNs / 2);
        statement(0, JournalPort.MARK_NONE, false);
        pass(config.compareWaitNs / 2);
        statement(0, JournalPort.MARK_NONE, false);
        assertTrue(mayLead(), "a disk that fails does not stop the service");
        assertFalse(preparing());
    }

    @Test
    void ownMarkIsVoidOnceThePeerHasAsMuch() {
        board(true);
        mark.set(JournalPort.MARK_ALONE, 2, 0);
        heartbeat(false, 0, 0);
        statement(0, JournalPort.MARK_NONE, true);
        assertEquals(JournalPort.MARK_NONE, mark.value());
        assertTrue(mayLead(), "beside the peer it may");
        right.peerHeard(false);
        assertFalse(mayLead(), "alone it may not any more: the peer may lead as well");
    }

    @Test
    void personsOrderThatIsRefusedIsUndone() {
        board(true);
        heartbeat(false, 0, 9);
        statement(9, JournalPort.MARK_NONE, true);
        assertFalse(mayLead(), "the peer has newer data");
        right.person(true);
        assertTrue(mayLead(), "a person decides");
        assertFalse(preparing());
        right.person(false);
        assertFalse(mayLead(), "the order was refused");
    }
}
