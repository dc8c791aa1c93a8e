package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.Role;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigReader;
import io.hotpair.node.config.PairKey;
import io.hotpair.node.status.CountersFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class NodeIdentityTest {
    private static final int BOOT = 0xB00;

    @TempDir
    private Path folder;
    private String toml;
    private int port;

    /** One board's identity and what it is told. */
    private final class Side implements AutoCloseable {
        final CountersFile counters;
        final PeerMatch match = new PeerMatch();
        final int role;
        final int peerAlive;
        final int peerBootId;
        final NodeIdentity identity;

        Side(BoardId board, Path key, int settleMaxSeconds, int changes) throws Exception {
            Path file = Files.writeString(folder.resolve("pair-" + board.letter() + ".toml"), toml.formatted(settleMaxSeconds, changes));
            Config config = ConfigReader.read(file);
            counters = CountersFile.create(folder.resolve("counters-" + board.letter()),
                    new CountersFile.Owner("pair", board.id(), BOOT + board.id(), "1", System.nanoTime()));
            role = counters.register("group0.role");
            counters.register("group0.term");
            peerAlive = counters.register("peer.alive");
            peerBootId = counters.register("peer.bootId");
            identity = new NodeIdentity(config, config.board(board), PairKey.read(key), BOOT + board.id(), System.nanoTime(), "1", counters, match);
            counters.seal();
        }

        PeerVerdict verdict() {
            return PeerVerdict.of((int) counters.value(counters.find("peer.identity")));
        }

        PeerVerdict hint() {
            return PeerVerdict.of((int) counters.value(counters.find("network0.identityHint")));
        }

        @Override
        public void close() throws Exception {
            identity.close();
            counters.close();
        }
    }

    @BeforeEach
    void configuration() throws Exception {
        PairKey.generate(folder.resolve("pair.key"), false);
        PairKey.generate(folder.resolve("other.key"), false);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.23.1"))) {
            port = socket.getLocalPort();
        }
        toml = """
                [pair]
                key-file = "pair.key"
                state-dir = "state"
                run-dir = "run"
                [timing]
                settle-max = "%%d s"
                [damping]
                voluntary-changes = %%d
                [network.a]
                checkpoint = "tcp:127.0.23.9:9"
                [board.a]
                network-a = "127.0.23.1:%1$d"
                [board.b]
                network-a = "127.0.23.2:%1$d"
                """.formatted(port);
    }

    private Side side(BoardId board, String key) throws Exception {
        return new Side(board, folder.resolve(key), 600, 4);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1); // the limit is that of the test
        }
    }

    @Test
    void aLoneBoardMayLeadOnceItHasAsked() throws Exception {
        try (Side a = side(BoardId.A, "pair.key")) {
            await(a.identity::placeFree);
            assertEquals(PeerVerdict.UNKNOWN, a.verdict());
            assertNull(a.identity.trouble());
        }
    }

    @Test
    void besideABoardWithAnotherKeyNoneMayLead() throws Exception {
        try (Side a = side(BoardId.A, "pair.key"); Side b = side(BoardId.B, "other.key")) {
            await(() -> a.hint() == PeerVerdict.OTHER_KEY && b.hint() == PeerVerdict.OTHER_KEY);
            assertFalse(a.identity.placeFree());
            assertFalse(b.identity.placeFree());
            String trouble = a.identity.hint();
            assertTrue(trouble.startsWith("ALARM") && trouble.contains("copy " + folder.resolve("pair.key")) && trouble.contains("repair --lead"),
                    trouble);
            b.identity.close();
            await(a.identity::placeFree);
        }
    }

    @Test
    void aBoardThatHasLedOrMetItsPeerTakesNoNotice() throws Exception {
        for (boolean leads : new boolean[] {true, false}) {
            try (Side a = side(BoardId.A, "pair.key"); Side b = side(BoardId.B, "other.key")) {
                await(() -> a.hint() == PeerVerdict.OTHER_KEY && b.hint() == PeerVerdict.OTHER_KEY);
                assertFalse(a.identity.placeFree());
                a.counters.set(leads ? a.role : a.peerBootId, leads ? Role.PRIMARY.ordinal() : BOOT + 1);
                assertTrue(a.identity.placeFree(), leads ? "a primary beside a stranger" : "one that met its peer");
                a.counters.set(a.role, Role.JOINING.ordinal());
                assertTrue(a.identity.placeFree(), "and when it looks for its place again");
                assertFalse(b.identity.placeFree());
            }
        }
    }

    /** What cannot be authenticated delays for a stated time and no longer. */
    @Test
    void aStrangerThatIsHeardNoMoreIsForgotten() throws Exception {
        InetAddress addressOfB = InetAddress.getByName("127.0.23.2");
        try (ServerSocket silent = new ServerSocket(port, 50, addressOfB);
                Side a = new Side(BoardId.A, folder.resolve("pair.key"), 1, 4);
                Socket stranger = new Socket(InetAddress.getByName("127.0.23.1"), port, addressOfB, 0)) {
            stranger.getOutputStream().write(new byte[] {'H', 'P', 'I', 'D', 9, 0, 1, 1});
            await(() -> a.hint() == PeerVerdict.OTHER_PROTOCOL);
            await(a.identity::placeFree);
            assertTrue(silent.isBound());
        }
    }

    /** Whoever has the peer's address can say anything: it is shown with that address for a minute, and hides nothing that was proved. */
    @Test
    void whatAStrangerSaysIsShownForAMinute() throws Exception {
        InetAddress addressOfB = InetAddress.getByName("127.0.23.2");
        try (Side a = side(BoardId.A, "pair.key"); Side b = new Side(BoardId.B, folder.resolve("pair.key"), 600, 5)) {
            await(() -> a.verdict() == PeerVerdict.OTHER_CONFIGURATION);
            String proved = a.identity.trouble();
            for (int time = 0; time < 2; time++) {
                b.identity.close();
                try (Socket stranger = new Socket(InetAddress.getByName("127.0.23.1"), port, addressOfB, 0)) {
                    stranger.getOutputStream().write(new byte[] {'H', 'P', 'I', 'D', 9, 0, 1, 1});
                    await(() -> a.hint() == PeerVerdict.OTHER_PROTOCOL);
                }
                assertTrue(a.identity.hint().contains("the node at 127.0.23.2 (not authenticated)"), a.identity.hint());
                assertEquals(proved, a.identity.trouble());
                long nowNs = System.nanoTime();
                a.identity.forgetHints(nowNs + 50_000_000_000L);
                assertEquals(PeerVerdict.OTHER_PROTOCOL, a.hint());
                a.identity.forgetHints(nowNs + 61_000_000_000L);
                assertEquals(PeerVerdict.UNKNOWN, a.hint());
                assertNull(a.identity.hint());
                assertEquals(PeerVerdict.OTHER_CONFIGURATION, a.verdict());
            }
        }
    }

    /** It has the pair's key, but is at an address that the pair does not know: it may lead as before, but says so. */
    @Test
    void aBoardThatIsHungUpOnIsTold() throws Exception {
        try (Side a = side(BoardId.A, "pair.key")) {
            toml = toml.replace("127.0.23.2", "127.0.23.3");
            try (Side third = side(BoardId.B, "pair.key")) {
                await(() -> third.hint() == PeerVerdict.HANGS_UP);
                assertTrue(third.identity.hint().contains("port 127.0.23.1:" + port + " (not authenticated) hangs up before its hello: it may not know"
                        + " this board's address 127.0.23.3"), third.identity.hint());
                assertTrue(third.identity.placeFree());
                assertEquals(PeerVerdict.UNKNOWN, a.hint());
                a.identity.close();
                third.identity.forgetHints(System.nanoTime() + 61_000_000_000L);
                assertEquals(PeerVerdict.UNKNOWN, third.hint());
            }
        }
    }

    /** As a node does that is just ending. */
    @Test
    void oneThatHangsUpTwiceInARowIsNotTold() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        try (ServerSocket ending = new ServerSocket(port, 50, InetAddress.getByName("127.0.23.2"));
                Side a = side(BoardId.A, "pair.key")) {
            Thread.ofVirtual().start(() -> {
                List<Socket> silent = new ArrayList<>();
                try {
                    for (;;) {
                        Socket socket = ending.accept();
                        if (taken.incrementAndGet() % 3 == 0) {
                            silent.add(socket);
                        } else {
                            socket.close();
                        }
                    }
                } catch (IOException e) {
                    // the test is over
                }
            });
            await(() -> taken.get() > 6);
            assertEquals(PeerVerdict.UNKNOWN, a.hint());
            assertNull(a.identity.hint());
        }
    }

    @Test
    void thePeerIsKnownByWhatItSays() throws Exception {
        try (Side a = side(BoardId.A, "pair.key"); Side b = side(BoardId.B, "pair.key")) {
            await(() -> a.match.same(BOOT + 1) && b.match.same(BOOT));
            assertTrue(a.identity.placeFree() && b.identity.placeFree());
            await(() -> a.verdict() == PeerVerdict.SAME); // told a moment after the match
        }
        try (Side a = side(BoardId.A, "pair.key"); Side b = new Side(BoardId.B, folder.resolve("pair.key"), 600, 5)) {
            await(() -> a.match.knows(BOOT + 1) && b.match.knows(BOOT));
            assertFalse(a.match.same(BOOT + 1) || b.match.same(BOOT));
            await(() -> a.verdict() == PeerVerdict.OTHER_CONFIGURATION);
            assertTrue(a.identity.placeFree(), "it is the peer all the same");
        }
    }

    @Test
    void whatAPeerRunsIsShownWhileItIsThere() throws Exception {
        try (Side a = side(BoardId.A, "pair.key"); Side b = new Side(BoardId.B, folder.resolve("pair.key"), 600, 5)) {
            await(() -> a.verdict() == PeerVerdict.OTHER_CONFIGURATION);
            String told = a.identity.trouble();
            long answeredNs = System.nanoTime();
            b.identity.close();
            long goneNs = System.nanoTime() + 11_000_000_000L;
            a.counters.set(a.peerAlive, 1);
            a.identity.showProved(goneNs);
            assertEquals(PeerVerdict.OTHER_CONFIGURATION, a.verdict(), "heard, though its identity port does not answer");
            assertEquals(told, a.identity.trouble());
            a.counters.set(a.peerAlive, 0);
            a.identity.showProved(answeredNs);
            assertEquals(PeerVerdict.OTHER_CONFIGURATION, a.verdict(), "it answered just now");
            a.identity.showProved(goneNs);
            assertEquals(PeerVerdict.UNKNOWN, a.verdict());
            assertNull(a.identity.trouble());
            a.counters.set(a.peerAlive, 1);
            a.identity.showProved(goneNs);
            assertEquals(PeerVerdict.OTHER_CONFIGURATION, a.verdict(), "the same boot, heard again");
        }
    }

    /** A peer that is heard is asked on until it is known what this boot of it runs, in whatever role this board is. */
    @Test
    void aPeerIsSoughtUntilItIsKnown() throws Exception {
        try (Side a = side(BoardId.A, "pair.key")) {
            await(a.identity::placeFree);
            a.counters.set(a.role, Role.PRIMARY.ordinal());
            a.counters.set(a.peerAlive, 1);
            a.counters.set(a.peerBootId, BOOT + 1);
            a.identity.maintain();
            try (Side b = side(BoardId.B, "pair.key")) {
                b.counters.set(b.role, Role.STANDBY.ordinal());
                b.counters.set(b.peerAlive, 1);
                b.counters.set(b.peerBootId, BOOT);
                await(() -> a.match.same(BOOT + 1));
            }
        }
    }
}
