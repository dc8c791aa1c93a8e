package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NumberedStreamTest {
    private final NumberedStream stream = new NumberedStream(1, 5, 1, 1_000_000, null, () -> 0);

    @Test
    void aStandbyIsHotOnlyOnceItsPeerIsKnownToRunTheSame() {
        PeerMatch match = new PeerMatch();
        stream.hotOnlyIf(() -> match.same(9));
        stream.onPeerCommitIndex(0, true, 2, 40);
        assertFalse(stream.hot(0), "the primary is heard, but what it runs is not known");
        match.onVerified(9, false);
        assertFalse(stream.hot(0));
        match.onVerified(9, true);
        assertTrue(stream.hot(0));
    }

    @Test
    void aStandbyIsHotOnlyOnceThePrimaryWasHeard() {
        stream.hotOnlyIf(() -> true);
        stream.onPeerCommitIndex(0, false, 2, 40);
        assertFalse(stream.hot(0));
        stream.onPeerCommitIndex(0, true, 2, 40);
        assertTrue(stream.hot(0));
    }
}
