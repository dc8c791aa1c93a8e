package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static final long LEASE_NS = 250;

    private static BoardEvent event(long atNs, String name) {
        return new BoardEvent(atNs, name, 0);
    }

    private static BoardEvent late(long atNs, long byNs) {
        return new BoardEvent(atNs, "LATE", byNs);
    }

    @Test
    void lastsFromTheNeedUntilTheStandbyIsInStep() {
        Transfer transfer = Transfer.of(List.of(event(1_000, "PEER_NEEDS_BASE"), event(5_000, "PEER_STREAMS"), event(6_000, "GRANTED")),
                List.of(event(4_000, "BASE_LOADED")), LEASE_NS).orElseThrow();

        assertEquals(1_000, transfer.fromNs());
        assertEquals(4_000, transfer.loadedNs());
        assertEquals(6_000, transfer.hotNs());
        assertEquals(1, transfer.snapshots());
        assertEquals(new Transfer.Cycles(0, 0, 0), transfer.primary());
    }

    @Test
    void lateCyclesOfBothBoardsCountWhileItLasts() {
        Transfer transfer = Transfer.of(
                List.of(late(999, 900), event(1_000, "PEER_NEEDS_BASE"), late(2_000, 250), late(3_000, 251), event(6_000, "GRANTED"),
                        late(6_400, 400), late(6_401, 400)),
                List.of(late(1_500, 80), event(4_000, "BASE_LOADED")), LEASE_NS).orElseThrow();

        assertEquals(new Transfer.Cycles(3, 2, 400), transfer.primary(), "one that was due when it ended counts, one after it does not");
        assertEquals(new Transfer.Cycles(1, 0, 80), transfer.standby());
    }

    @Test
    void aStateThatHadToBeSentTwiceIsOneTransfer() {
        Transfer transfer = Transfer.of(
                List.of(event(1_000, "PEER_NEEDS_BASE"), event(2_000, "PEER_STREAMS"), event(3_000, "PEER_NEEDS_BASE"), event(6_000, "GRANTED")),
                List.of(event(1_900, "BASE_LOADED"), event(5_000, "BASE_LOADED")), LEASE_NS).orElseThrow();

        assertEquals(1_000, transfer.fromNs());
        assertEquals(5_000, transfer.loadedNs());
        assertEquals(2, transfer.snapshots());
    }

    @Test
    void thereIsNoneWithoutAStateThatWasLoadedAndAStandbyInStepAfterwards() {
        List<BoardEvent> primary = List.of(event(1_000, "PEER_NEEDS_BASE"), event(3_000, "GRANTED"));

        assertEquals(Optional.empty(), Transfer.of(primary, List.of(), LEASE_NS));
        assertEquals(Optional.empty(), Transfer.of(primary, List.of(event(3_500, "BASE_LOADED")), LEASE_NS));
        assertEquals(Optional.empty(), Transfer.of(List.of(event(3_000, "GRANTED")), List.of(event(2_000, "BASE_LOADED")), LEASE_NS));
    }
}
