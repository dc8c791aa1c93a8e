package io.hotpair.cli;

import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import io.hotpair.core.port.Operator;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.Mailbox;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Orders to a running node, through the mailbox of its counters file. */
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

    /** What to say when it was taken; null if nothing came of it. */
    abstract String done(CountersFile file, int order);

    @Override
    public Integer call() throws IOException {
        Config config = counters.load();
        BoardId board = counters.board(config);
        int order = order(config);
        try (CountersFile file = counters.open(config, board, true)) {
            before(file);
            Mailbox.Answer answer = file.orders().order(order, ANSWER_TIMEOUT_NS);
            boolean taken = answer.outcome() == Mailbox.Outcome.ACCEPTED;
            String text = taken ? done(file, order) : refusal(answer);
            boolean fine = taken && text != null;
            String shown = text == null ? "taken, but it did not come about; see hotpair status" : text;
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("ok", fine);
            result.put("board", board.letter());
            result.put("outcome", answer.outcome().name());
            result.put("text", shown);
            json.print(spec, result, out -> (fine ? out : spec.commandLine().getErr()).println("board " + board.letter() + ": " + shown));
            return fine ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static String refusal(Mailbox.Answer answer) {
        return switch (answer.outcome()) {
            case BUSY -> "another order is in the way; try again";
            case NOT_TAKEN -> "the node did not look within 2 s (paused?); the order was withdrawn";
            case UNANSWERED -> "the node took the order but did not answer; see hotpair status";
            default -> switch (EventCode.of(answer.eventCode())) {
                case HELD -> "refused: voluntary changes are held (hotpair release ends that)";
                case DAMPED -> "refused: too many voluntary changes within the damping window, or the peer restarts too often";
                case PEER_NOT_READY -> "refused: the peer is not there, not in sync or may not lead";
                case MAY_NOT_LEAD, TERM_UNAVAILABLE -> "refused: this board may not lead now (self test or term storage); see hotpair status";
                case WRONG_STATE -> "refused: the board is not in the state for it; see hotpair status";
                case null, default -> "refused";
            };
        };
    }

    static long value(CountersFile file, String label) {
        int id = file.find(label);
        return id < 0 ? 0 : file.value(id);
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
        String done(CountersFile file, int order) {
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
    }

    /** {@code hotpair hold}. */
    @Command(
            name = "hold",
            description = "No voluntary role change until 'release'; a dead primary is replaced all the same.",
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
        String done(CountersFile file, int order) {
            return "voluntary role changes are held";
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
        String done(CountersFile file, int order) {
            return "voluntary role changes are allowed again";
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
        String done(CountersFile file, int order) {
            return order == Operator.REPAIR_LEAD ? "leads now" : "looks for the peer again";
        }
    }
}
