package io.hotpair.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.jr.ob.JSON;
import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import io.hotpair.core.port.Operator;
import io.hotpair.node.Node;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigReader;
import io.hotpair.node.config.PairKey;
import io.hotpair.node.order.Mailbox;
import io.hotpair.node.order.OrderSocket;
import io.hotpair.node.status.CountersFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told by the commands that look at a node; the node is only its counters file, and answers what the test says. */
@Timeout(60)
class OrderCommandTest {
    private record Said(int code, String out, String err) {
    }

    @TempDir
    private Path folder;
    private Path file;
    private CountersFile node;
    private final Mailbox mailbox = new Mailbox();
    private OrderSocket socket;
    private int held;

    @BeforeEach
    void aNode() throws Exception {
        PairKey.generate(folder.resolve("pair.key"), false);
        file = Files.writeString(folder.resolve("pair.toml"), """
                [pair]
                run-dir = "%s"
                [network.a]
                checkpoint = "tcp:192.0.2.1:80"
                [board.a]
                network-a = "192.0.2.11:7400"
                [board.b]
                network-a = "192.0.2.12:7400"
                """.formatted(folder.resolve("run")));
        Config config = ConfigReader.read(file);
        Files.createDirectories(config.runDir(BoardId.A));
        node = CountersFile.create(Node.countersPath(config, BoardId.A), new CountersFile.Owner("pair", 0, 0xB00, "1", System.nanoTime()));
        socket = new OrderSocket(Node.ordersPath(config, BoardId.A), mailbox);
        Thread.ofPlatform().daemon().start(socket::serve);
        held = node.register("self.held");
        for (String label : new String[] {"group0.role", "group0.peerRole", "group0.peerTerm", "group0.inSync", "group0.peerInSync", "peer.alive",
            "self.mayLead"}) {
            node.register(label);
        }
    }

    @AfterEach
    void end() throws Exception {
        socket.close();
        node.close();
    }

    private void roles(Role own, Role peer) throws Exception {
        node.seal();
        node.set(node.find("group0.role"), own.ordinal());
        node.set(node.find("group0.peerRole"), peer.ordinal());
        node.set(node.find("group0.peerTerm"), 12);
        for (String gauge : new String[] {"group0.inSync", "group0.peerInSync", "peer.alive", "self.mayLead"}) {
            node.set(node.find(gauge), 1);
        }
    }

    private void not(String gauge, String said) throws InterruptedException {
        node.set(node.find(gauge), 0);
        assertRefused("board a: refused: " + said + '\n', ordered(null, EventCode.PEER_NOT_READY, "switchover"));
        node.set(node.find(gauge), 1);
    }

    /** Gives the order; the node records {@code event}, if any, and answers. */
    private Said ordered(EventCode event, EventCode answer, String... command) throws InterruptedException {
        Thread duty = Thread.ofPlatform().daemon().start(() -> {
            int order = Operator.NONE;
            while (order == Operator.NONE) {
                LockSupport.parkNanos(100_000);
                order = mailbox.poll();
            }
            if (event != null) {
                node.events().onEvent(event.ordinal(), -1, 0, 0, System.nanoTime());
            }
            mailbox.answer(order, answer == EventCode.ORDER_TAKEN, answer.ordinal());
        });
        Said said = said(command);
        if (!duty.join(Duration.ofSeconds(5))) {
            fail("the command gave no order: exit code " + said.code + ", " + said.err);
        }
        return said;
    }

    private Said said(String... command) {
        String[] arguments = new String[command.length + 4];
        System.arraycopy(command, 0, arguments, 0, command.length);
        System.arraycopy(new String[] {"--config", file.toString(), "--board", "a"}, 0, arguments, command.length, 4);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Hotpair.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Said(code, out.toString(), err.toString());
    }

    private static void assertFine(String part, Said said) {
        assertEquals(ExitCode.OK, said.code, said.err);
        assertTrue(said.out.contains(part), said.out);
    }

    private static void assertRefused(String part, Said said) {
        assertEquals(ExitCode.FAILED, said.code, said.out);
        assertTrue(said.err.contains(part), said.err);
        assertEquals(1, said.err.lines().count(), said.err);
    }

    @Test
    void releaseTellsWhetherThereWasAHold() throws Exception {
        roles(Role.PRIMARY, Role.STANDBY);
        assertFine("was not on hold", ordered(null, EventCode.ORDER_TAKEN, "release"));
        assertFine("changes are held", ordered(EventCode.HELD, EventCode.ORDER_TAKEN, "hold"));
        assertFine("were held already", ordered(null, EventCode.ORDER_TAKEN, "hold"));
        assertFine("allowed again", ordered(EventCode.HOLD_ENDED, EventCode.ORDER_TAKEN, "release"));
        assertFine("was not on hold", ordered(null, EventCode.ORDER_TAKEN, "release"));
    }

    @Test
    void statusShowsNoOpenGateOfANodeThatStandsStill() throws Exception {
        node.register("group0.gate");
        roles(Role.PRIMARY, Role.STANDBY);
        node.set(node.find("group0.gate"), 1);
        node.touch(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        assertFine("this board PRIMARY, term 0, gate open", said("status"));
        assertEquals(true, gateOpen());
        node.touch(System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
        assertFine("this board PRIMARY, term 0, gate shut", said("status"));
        assertEquals(false, gateOpen());
    }

    private Object gateOpen() throws IOException {
        return ((Map<?, ?>) ((List<?>) JSON.std.mapFrom(said("status", "--json").out).get("groups")).getFirst()).get("gateOpen");
    }

    /** A member of the node's group: may give orders, but not read the key. */
    @Test
    void ordersNeedNoKey() throws Exception {
        roles(Role.PRIMARY, Role.STANDBY);
        Files.delete(folder.resolve("pair.key"));
        assertFine("changes are held", ordered(EventCode.HELD, EventCode.ORDER_TAKEN, "hold"));
    }

    @Test
    void aStandbyWhosePrimaryDoesNotHandOverNamesTheReasons() throws Exception {
        roles(Role.STANDBY, Role.PRIMARY);
        assertRefused("the primary did not hand over: it is on hold ('hotpair release' on that board",
                ordered(null, EventCode.ORDER_TAKEN, "switchover"));
        assertRefused("refused: voluntary changes are held (hotpair release", ordered(null, EventCode.HELD, "switchover"));
    }

    @Test
    void aPrimaryWhosePeerIsNotReadyNamesTheCause() throws Exception {
        roles(Role.PRIMARY, Role.STANDBY);
        not("peer.alive", "the peer is not there");
        not("group0.peerInSync", "the peer is not in sync");
        not("group0.inSync", "the peer may not lead now; 'hotpair status' and the log on that board say more"); // this board's own sync says nothing about the peer
    }

    @Test
    void aStandbyThatIsNotReadyNamesTheCause() throws Exception {
        roles(Role.STANDBY, Role.PRIMARY);
        not("peer.alive", "the peer is not there");
        not("group0.inSync", "this board is not in sync");
        not("self.mayLead", "this board may not lead now; 'hotpair status' and the log on that board say more");
        not("group0.peerInSync", "this board was not ready a moment ago, and is now; try again");
        node.set(node.find("group0.peerRole"), Role.STANDBY.ordinal());
        not("group0.inSync", "the peer does not lead, it is STANDBY");
    }

    @Test
    void repairOfAPrimarySaysThatItLeads() throws Exception {
        roles(Role.PRIMARY, Role.STANDBY);
        assertRefused("refused: this board leads already", ordered(null, EventCode.WRONG_STATE, "repair", "--lead"));
        assertRefused("not in FAULT but PRIMARY", ordered(null, EventCode.WRONG_STATE, "repair", "--fault"));
    }

    @Test
    void repairBesideAPrimarySaysThatThePeerLeads() throws Exception {
        roles(Role.STANDBY, Role.PRIMARY);
        assertRefused("refused: the peer leads (term 12)", ordered(null, EventCode.WRONG_STATE, "repair", "--lead"));
        assertRefused("refused: this board may not lead now: its self test failed", ordered(null, EventCode.MAY_NOT_LEAD, "repair", "--lead"));
    }

    @Test
    void repairOfABrokenBoardSaysThatItsTestFailed() throws Exception {
        roles(Role.FAULT, Role.PRIMARY);
        assertRefused("refused: the board is in FAULT", ordered(null, EventCode.WRONG_STATE, "repair", "--lead"));
        assertRefused("its self test still fails", ordered(null, EventCode.WRONG_STATE, "repair", "--fault"));
    }

    @Test
    void aBoardThatLooksForItsPlaceMovesNoRole() throws Exception {
        roles(Role.JOINING, Role.BOOT);
        assertRefused("refused: this board is JOINING", ordered(null, EventCode.WRONG_STATE, "switchover"));
    }

    @Test
    void statusShowsAHold() throws Exception {
        roles(Role.PRIMARY, Role.STANDBY);
        assertFalse(said("status").out.contains("ON HOLD"));
        assertEquals(false, JSON.std.mapFrom(said("status", "--json").out).get("onHold"));
        node.set(held, 1);
        assertFine("\nON HOLD ", said("status"));
        assertEquals(true, JSON.std.mapFrom(said("status", "--json").out).get("onHold"));
    }

    /** Cycles go on while status looks. */
    @Test
    void theNewestCycleIsNeverAheadOfNow() throws Exception {
        roles(Role.PRIMARY, Role.STANDBY);
        node.touch(System.nanoTime() + 10_000_000_000L);
        Number ageNs = (Number) JSON.std.mapFrom(said("status", "--json").out).get("newestCycleAgeNs");
        assertEquals(0, ageNs.longValue());
    }

    /** What the peer's silence means depends on the role before it. */
    @Test
    void statusTellsEventsAsTheLogDoes() throws Exception {
        roles(Role.PRIMARY, Role.STANDBY);
        node.events().onEvent(EventCode.GATE_OPENED.ordinal(), 0, 7, 0, System.nanoTime());
        node.events().onEvent(EventCode.PEER_LOST.ordinal(), -1, 0, 11, System.nanoTime());
        String text = said("status").out;
        assertTrue(text.contains(" group main: gate open, term 7") && text.contains("still looking for its place"), text);
        assertEquals(2, ((List<?>) JSON.std.mapFrom(said("status", "--json").out).get("events")).size());
    }

    @Test
    void statusCountsWhatIsNotZero() throws Exception {
        for (String label : new String[] {"channel0.present", "channel0.error.unreachable", "channel0.error.malformed", "rejected.forged",
            "identity.in.wrong_key", "identity.busy"}) {
            node.register(label);
        }
        roles(Role.PRIMARY, Role.STANDBY);
        node.set(node.find("channel0.present"), 1);
        String quiet = said("status").out;
        assertFalse(quiet.contains("errors") || quiet.contains("rejected") || quiet.contains("connections"), quiet);
        node.set(node.find("channel0.error.unreachable"), 3);
        node.set(node.find("rejected.forged"), 4);
        node.set(node.find("identity.in.wrong_key"), 5);
        node.set(node.find("identity.busy"), 6);
        assertFine("\n  errors     since start: unreachable 3\n", said("status"));
        assertFine("\nrejected     since start: forged 4\n", said("status"));
        assertFine("\nconnections  since start: in.wrong_key 5, busy 6\n", said("status"));
    }
}
