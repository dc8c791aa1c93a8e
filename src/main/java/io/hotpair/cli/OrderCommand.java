package io.hotpair.cli;

import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import io.hotpair.core.port.Operator;
import io.hotpair.node.Node;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.order.Answer;
import io.hotpair.node.order.OrderClient;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.EventRing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Orders to a running node, through the socket in its run-dir. */
abstract class OrderCommand implements Callable<Integer> {
    private static final long ANSWER_TIMEOUT_NS = 2_000_000_000L;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private CountersOption counters;

    @Mixin
    private JsonOption json;

    /** The order, one of {@link Operator}. */
    abstract int order(Config config);

    /** Called before the order is given, to look at the state that it changes. */
    void before(CountersFile file) { }

    /** What to say when it was taken; null if nothing came of it. {@code eventBefore}: sequence of the first event since it was given. */
    abstract String done(CountersFile file, int order, long eventBefore);

    /** Why nothing came of an order that was taken. */
    String notDone(CountersFile file) {
        return "taken, but it did not come about; see hotpair status";
    }

    /** Why the board is not in the state for the order. */
    String wrongState(CountersFile file) {
        return "the board is not in the state for it; see hotpair status";
    }

    /** Which of the boards is not ready for it, and why. */
    String notReady(CountersFile file) {
        return "the boards are not ready for it; see hotpair status";
    }

    @Override
    public Integer call() throws IOException {
        Config config = counters.load();
        BoardId board = counters.board(config);
        int order = order(config);
        try (CountersFile file = counters.openRunning(config, board)) {
            before(file);
            long eventBefore = file.events().nextSequence();
            Answer answer = give(Node.ordersPath(config, board), order);
            boolean taken = answer.outcome() == Answer.Outcome.ACCEPTED;
            String text = taken ? done(file, order, eventBefore) : refusal(file, answer);
            boolean fine = taken && text != null;
            String shown = text == null ? notDone(file) : text;
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("ok", fine);
            result.put("board", board.letter());
            result.put("outcome", answer.outcome().name());
            result.put("text", shown);
            json.print(spec, result, out -> (fine ? out : spec.commandLine().getErr()).println("board " + board.letter() + ": " + shown));
            return fine ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static Answer give(Path socket, int order) {
        try {
            return OrderClient.order(socket, order, ANSWER_TIMEOUT_NS);
        } catch (IOException e) {
            throw new EnvironmentException(socket + ": " + e.getMessage() + ": to give orders, be the node's user or a member of the socket's group;"
                    + " if the socket is gone, restart the node", e);
        }
    }

    private String refusal(CountersFile file, Answer answer) {
        return switch (answer.outcome()) {
            case BUSY -> "another order is in the way; try again";
            case NOT_TAKEN -> "the node did not look within 2 s (paused?); the order was withdrawn";
            case UNANSWERED -> "the node did not answer within 2 s (paused?); the order is carried out only if it was taken before; see hotpair status";
            default -> switch (EventCode.of(answer.eventCode())) {
                case HELD -> "refused: voluntary changes are held (hotpair release ends that)";
                case DAMPED -> "refused: too many voluntary changes within the damping window, or the peer restarts too often";
                case PEER_NOT_READY -> "refused: " + notReady(file);
                case MAY_NOT_LEAD -> "refused: this board may not lead now: its self test failed, it is leaving, or its state directory does not"
                        + " take a term; the node's log says which";
                case WRONG_STATE -> "refused: " + wrongState(file);
                case null, default -> "refused";
            };
        };
    }

    /** A role in the first group: {@code "role"} this board's, {@code "peerRole"} the peer's. */
    private static Role role(CountersFile file, String which) {
        return Role.of((int) value(file, "group0." + which));
    }

    static long value(CountersFile file, String label) {
        int id = file.find(label);
        return id < 0 ? 0 : file.value(id);
    }

    /** By the events, not by the gauge: that one is as old as an interval. */
    private static boolean happened(CountersFile file, EventCode code, long since) {
        EventRing.Event event = new EventRing.Event();
        for (long sequence = since; sequence < file.events().nextSequence(); sequence++) {
            if (file.events().read(sequence, event) && EventCode.of(event.code()) == code) {
                return true;
            }
        }
        return false;
    }

    /** {@code hotpair switchover}. */
    @Command(
            name = "switchover",
            description = "Moves the primary role to the other board, in order and without loss. May be given on either board.",
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = "  hotpair switchover --config pair.toml --board a")
    static final class Switchover extends OrderCommand {
        private static final long CHANGE_TIMEOUT_NS = 2_000_000_000L;
        private static final long LOOK_NS = 1_000_000;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Option(names = "--group", paramLabel = "NAME", description = "the group to move; not needed where there is one")
        private String group;

        private int index;
        private long roleBefore;

        @Override
        int order(Config config) {
            index = group == null ? 0 : config.pair().groups().indexOf(group);
            if (index < 0 || (group == null && config.pair().groups().size() > 1)) {
                throw new CommandLine.ParameterException(spec.commandLine(),
                        "--group must be one of " + String.join(", ", config.pair().groups()));
            }
            return index == 0 ? Operator.SWITCHOVER_GROUP_0 : Operator.SWITCHOVER_GROUP_1;
        }

        @Override
        void before(CountersFile file) {
            roleBefore = value(file, "group" + index + ".role");
        }

        @Override
        String done(CountersFile file, int order, long eventBefore) {
            String group = "group" + index;
            long sinceNs = System.nanoTime();
            while (System.nanoTime() - sinceNs < CHANGE_TIMEOUT_NS) {
                long role = value(file, group + ".role");
                boolean settled = role == Role.PRIMARY.ordinal() || value(file, group + ".peerRole") == Role.PRIMARY.ordinal();
                if (role != roleBefore && settled) {
                    return "switched over: this board is " + Role.of((int) role) + " now, term " + value(file, group + ".term");
                }
                LockSupport.parkNanos(LOOK_NS);
            }
            return null;
        }

        @Override
        String wrongState(CountersFile file) {
            return "this board is " + Role.of((int) roleBefore) + ": only a primary or its standby moves the role";
        }

        /** The answer names no cause; by now the gauges show it, or it is over. */
        @Override
        String notReady(CountersFile file) {
            String group = "group" + index;
            boolean standby = Role.of((int) value(file, group + ".role")) == Role.STANDBY;
            Role peer = Role.of((int) value(file, group + ".peerRole"));
            if (value(file, "peer.alive") == 0) {
                return "the peer is not there";
            }
            if (standby && peer != Role.PRIMARY) {
                return "the peer does not lead, it is " + peer;
            }
            if (value(file, group + (standby ? ".inSync" : ".peerInSync")) == 0) {
                return (standby ? "this board" : "the peer") + " is not in sync";
            }
            if (standby && value(file, "self.mayLead") == 1) {
                return "this board was not ready a moment ago, and is now; try again";
            }
            return (standby ? "this board" : "the peer") + " may not lead now; 'hotpair status' and the log on that board say more";
        }

        /** The primary's refusal of what its standby asks for is not in any frame; what this board can tell, it told at once. */
        @Override
        String notDone(CountersFile file) {
            return roleBefore == Role.PRIMARY.ordinal()
                    ? "handover begun, but given up: the peer did not get ready in time; see hotpair status on both boards"
                    : "the primary did not hand over: it is on hold ('hotpair release' on that board ends it), or it made too many voluntary changes"
                            + " within the damping window; 'hotpair status' on that board says which";
        }
    }

    /** {@code hotpair hold}. */
    @Command(
            name = "hold",
            description = {
                "While it leads, this board does not hand its role over until 'release'; given to both boards, the pair stays as it is.",
                "A dead primary is replaced all the same, and a node that is ended (SIGTERM) hands over before."},
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = "  hotpair hold --config pair.toml --board a")
    static final class Hold extends OrderCommand {
        @Override
        int order(Config config) {
            return Operator.HOLD;
        }

        @Override
        String done(CountersFile file, int order, long eventBefore) {
            return happened(file, EventCode.HELD, eventBefore) ? "voluntary role changes are held" : "voluntary role changes were held already";
        }
    }

    /** {@code hotpair release}. */
    @Command(
            name = "release",
            description = "Ends 'hold'.",
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = "  hotpair release --config pair.toml --board a")
    static final class Release extends OrderCommand {
        @Override
        int order(Config config) {
            return Operator.RELEASE;
        }

        @Override
        String done(CountersFile file, int order, long eventBefore) {
            return happened(file, EventCode.HOLD_ENDED, eventBefore) ? "voluntary role changes are allowed again"
                    : "was not on hold; voluntary role changes are allowed";
        }
    }

    /** {@code hotpair repair}. */
    @Command(
            name = "repair",
            description = "Decides what only a person can know.",
            mixinStandardHelpOptions = true,
            versionProvider = Hotpair.Version.class,
            footerHeading = "%nExample:%n",
            footer = "  hotpair repair --lead --config pair.toml --board b")
    static final class Repair extends OrderCommand {
        @CommandLine.ArgGroup(multiplicity = "1")
        private What what;

        private static final class What {
            @Option(names = "--lead", description = "lead now; make sure first that the other board does not")
            private boolean lead;

            @Option(names = "--fault", description = "leave FAULT after a repair: look for the peer again")
            private boolean fault;
        }

        @Override
        int order(Config config) {
            return what.lead ? Operator.REPAIR_LEAD : Operator.REPAIR_FAULT;
        }

        @Override
        String done(CountersFile file, int order, long eventBefore) {
            return order == Operator.REPAIR_LEAD ? "leads now" : "looks for the peer again";
        }

        @Override
        String wrongState(CountersFile file) {
            Role own = role(file, "role");
            if (what.fault) {
                return own == Role.FAULT ? "its self test still fails: repair what the node's log names, and start the node again"
                        : "the board is not in FAULT but " + own + ": nothing to repair";
            }
            return switch (own) {
                case PRIMARY -> "this board leads already";
                case BOOT, FAULT -> "the board is in " + own + ": its self test has not passed; see the node's log";
                default -> "the peer leads (term " + value(file, "group0.peerTerm") + "): 'hotpair switchover' moves the role";
            };
        }
    }
}
