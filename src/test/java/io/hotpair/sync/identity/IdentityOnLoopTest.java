package io.hotpair.sync.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The identity connections of a pair that runs a task: one thread for everything. */
class IdentityOnLoopTest extends IdentityServiceTest {
    private NetworkLoop loop;

    @Override
    IdentityService make(IdentityService.Settings settings, Supplier<IdentityMessage.Statement> statement, IdentityService.Listener listener)
            throws IOException {
        loop = closing(new NetworkLoop(NetworkLoop.NO_PRIORITY));
        return new IdentityService(loop, settings, statement, listener);
    }

    /** One board has a task, the other has not: both prove who they are, so that either can say what is wrong, and the connection ends. */
    @Test
    void streamAskedOfABoardWithoutATaskEnds() throws Exception {
        InetSocketAddress[] address = {freeAddress(), freeAddress()};
        IdentityService without = closing(new IdentityService(settings(1, address), () -> statement(1), result -> { }));
        IdentityService with = closing(make(settings(0, address), () -> statement(0), result -> { }));
        Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
        Queue<IdentityService.Verified> streams = new ConcurrentLinkedQueue<>();
        with.setStreams((network, verified) -> streams.add(verified));
        loop.loop().execute(() -> with.connectStream(0, (outcome, detail) -> outcomes.add(outcome)));
        await(() -> !streams.isEmpty());
        assertEquals(Outcome.VERIFIED, outcomes.peek());
        assertEquals("0.1.1", streams.peek().handshake().peerStatement().softwareVersion());
        streams.peek().channel().closeFuture().await(5, TimeUnit.SECONDS);
        assertEquals(false, streams.peek().channel().isOpen());
        await(() -> without.inboundCount(Outcome.VERIFIED) == 1);
    }

    private static IdentityService.Settings settings(int board, InetSocketAddress[] address) {
        return IdentityService.Settings.of(board, 1 + board, KEY, List.of(new IdentityService.Network(address[board], address[1 - board])));
    }
}
