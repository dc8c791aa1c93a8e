package io.hotpair.sim;

import io.hotpair.sync.Commit;
import io.hotpair.sync.SyncEvent;
import io.hotpair.sync.port.TaskPort;
import java.util.HashMap;

/**
 * What the replication promises, judged from what tasks execute and what leaves the boards:
 *
 * <ul>
 *   <li>I4: no output leaves before its commit rule is met while a standby believes to be HOT; a board that leads has all that was acknowledged, as
 *       long as somebody still has it who can be asked.
 *   <li>I8: who is promoted as HOT has all that was acknowledged.
 *   <li>I9: same executed inputs, same digest.
 *   <li>Exactly once: no numbered input twice in any history. Row 44: nothing is ordered later than the match window after it arrived.
 *   <li>Outputs: what leaves twice is marked, or left by a port that repeats; never twice by an at-most-once port.
 * </ul>
 */
final class DataChecker {
    private static final long WINDOW_NS = 100_000_000;
    private static final long SLACK_NS = 3_000_000;
    private static final int GROUPS = 2;
    /** As the checker of the gates has it. */
    private static final int FRAMES_TO_SETTLE = 6;

    private final World world;
    private final DataPath path;
    private final DataProfile profile;
    final TickChecker ticks;
    private final History[] history = {new History(), new History()};
    private final HashMap<Long, Long> arrivedNs = new HashMap<>();
    private final HashMap<Long, Integer> executions = new HashMap<>();
    private final HashMap<Long, Integer> left = new HashMap<>();
    private final int[][] at = new int[2][GROUPS];
    private final int[] acknowledged = new int[GROUPS];
    private final int[] holderBoot = new int[GROUPS];
    private final int[] emitterBoot = new int[GROUPS];
    /** Who began the newest reign, or goes on from an older one together with a standby. */
    private final int[] newestBoot = new int[GROUPS];
    private final long[] channelFailures = new long[GROUPS];
    /** Newest index that each board held when it last was alone. */
    private final long[][] aloneIndex = new long[2][GROUPS];
    private final long[][] leadsFrom = new long[2][GROUPS];
    private final long[][] reignIndex = new long[2][GROUPS];
    private final boolean[][] promotedHot = new boolean[2][GROUPS];
    /** Whether the disk had failed, and not got whole since, when the board began to lead. */
    private final boolean[][] begunIncomplete = new boolean[2][GROUPS];
    /** Since when each board has let outputs leave alone that the other does not hold; 0 = it does not. */
    private final long[][] unheldSinceNs = new long[2][GROUPS];
    private final int[][] unheldBoot = new int[2][GROUPS];
    private boolean person;
    int reigns;
    int excusedReigns;
    int outputs;
    int repetitions;
    int loads;
    int differences;
    int superseded;

    DataChecker(World world, DataPath path) {
        this.world = world;
        this.path = path;
        profile = world.profile().data;
        ticks = new TickChecker(world);
    }

    History history(int group) {
        return history[group];
    }

    private static long key(long client, long number) {
        return client << 40 ^ number;
    }

    private static SyncReplica replica(Board b) {
        return (SyncReplica) b.replica;
    }

    void onArrival(int group, long client, long number, long atNs) {
        arrivedNs.put(key(client, number) * 2 + group, atNs);
    }

    void onStart(Board b, int group) {
        ticks.onStart(b.id, group);
        at[b.id][group] = 0;
        reignIndex[b.id][group] = 0;
        aloneIndex[b.id][group] = 0;
        leadsFrom[b.id][group] = 0;
        promotedHot[b.id][group] = false;
    }

    /** A cycle of the replication begins: what it commits now, it commits alone. */
    void beforeCycle(Board b, int group, boolean alone) {
        if (alone) {
            aloneIndex[b.id][group] = Long.MAX_VALUE;
        }
    }

    /** A cycle of the replication is over. */
    void onCycle(Board b, int group, boolean alone, long held) {
        if (alone) {
            aloneIndex[b.id][group] = held;
        }
    }

    void onLoad(Board b, int group, int node) {
        loads++;
        at[b.id][group] = node;
    }

    void onPerson() {
        person = true;
    }

    /** From standby straight to primary is a promotion as HOT. */
    void onRole(Board b, int group, int from, int to) {
        promotedHot[b.id][group] = from == WireView.ROLE_STANDBY && to == WireView.ROLE_PRIMARY;
    }

    void onEvent(Board b, int group, SyncEvent event, long index) {
        ticks.onEvent(b, group, event, index);
        if (event == SyncEvent.REIGN) {
            reignIndex[b.id][group] = index;
            leadsFrom[b.id][group] = index;
            newestBoot[group] = b.bootId;
            begunIncomplete[b.id][group] = path.simJournal(b.id, group).incomplete;
        }
        if (event == SyncEvent.RESULTS_DIFFER) {
            differences++;
            if (profile.randomOneIn == 0) {
                throw new Violation("I9", "board " + World.name(b.id) + " finds different results at " + index + " of a deterministic task");
            }
        }
    }

    /** A task executes a record; returns the node at which it is then. */
    int onExecute(Board b, int group, int from, long recordHash, int kind, long client, long number, int outputCount, long digest, long offeredNs) {
        History h = history[group];
        int node = h.child(from, recordHash);
        boolean first = node < 0;
        node = first ? ~node : node;
        long nowNs = world.nowNs();
        long input = kind == TaskPort.INPUT && DataPath.numbered(client) ? key(client, number) : 0;
        if (first) {
            h.describe(node, input, outputCount, digest, nowNs);
            if (kind == TaskPort.INPUT) {
                executions.merge(key(client, number) * 2 + group, 1, Integer::sum);
            }
            if (input != 0) {
                exactlyOnce(b, group, from, input, client, number);
            }
            if (kind == TaskPort.INPUT) {
                notOld(b, group, client, number, offeredNs);
            }
        } else if (h.digest(node) != digest && profile.randomOneIn == 0) {
            throw new Violation("I9", "board " + World.name(b.id) + " group " + group + " has another digest at index " + h.index(node));
        }
        at[b.id][group] = node;
        if (kind == TaskPort.REIGN && reignIndex[b.id][group] == h.index(node)) {
            reignIndex[b.id][group] = 0;
            onReign(b, group, node);
        }
        return node;
    }

    /** How many nodes of the tree are this input: of any history. */
    int executions(int group, long client, long number) {
        return executions.getOrDefault(key(client, number) * 2 + group, 0);
    }

    private void exactlyOnce(Board b, int group, int from, long input, long client, long number) {
        History h = history[group];
        for (int n = from; n != 0; n = h.parent(n)) {
            if (h.input(n) == input) {
                throw new Violation("once", "board " + World.name(b.id) + " executes input " + number + " of client " + client + " at index "
                        + (h.index(from) + 1) + " again, first at " + h.index(n));
            }
        }
    }

    /** Judged by when the record was offered to the task, which is right after it was ordered; executed it may be much later, over a pause. */
    private void notOld(Board b, int group, long client, long number, long offeredNs) {
        Long arrived = arrivedNs.get(key(client, number) * 2 + group);
        if (arrived == null || offeredNs == SimTask.NOT_KNOWN) {
            return;
        }
        boolean ownReign = leadsFrom[b.id][group] != 0 && history[group].index(at[b.id][group]) >= leadsFrom[b.id][group];
        if (ownReign && offeredNs - arrived > WINDOW_NS + SLACK_NS && b.role(group) == WireView.ROLE_PRIMARY) {
            throw new Violation("row 44", "board " + World.name(b.id) + " orders input " + number + " of client " + client + " that last arrived "
                    + (offeredNs - arrived) / 1000 + " us ago");
        }
    }

    // ---- who leads has what was acknowledged ----

    private void onReign(Board b, int group, int node) {
        reigns++;
        int wanted = acknowledged[group];
        History h = history[group];
        boolean hot = promotedHot[b.id][group];
        boolean excused = excused(group) || hot && cannotKnow(b, group);
        if (wanted == 0 || h.contains(node, wanted) && h.index(wanted) <= h.index(node)) {
            return;
        }
        String what = "board " + World.name(b.id) + " group " + group + " leads from index " + h.index(node)
                + " without what was acknowledged at index "
                + h.index(wanted);
        if (!excused) {
            if (hot) {
                throw new Violation("I8", what + ", promoted as HOT");
            }
            if (b.bootId == holderBoot[group] || b.bootId == emitterBoot[group]) {
                throw new Violation("I4", what + " although this very process held it");
            }
            // a disk that fails is an alarm, and does not stop the service: what it says afterwards may be old
            if (profile.mirror && !begunIncomplete[b.id][group] && (heldByProcess(1 - b.id, group, wanted) || onDisk(1 - b.id, group, wanted))) {
                throw new Violation("I4", what + ", which the other board has: the older journal leads");
            }
            if (profile.mirror && profile.commit == Commit.DURABLE && !path.simJournal(0, group).everRefused
                    && !path.simJournal(1, group).everRefused) {
                throw new Violation("I4", what + " under durable");
            }
        }
        excusedReigns++;
        acknowledged[group] = 0;
    }

    /**
     * Whether nothing that the other board has sent since it began to acknowledge alone was read here: it went alone, every channel of its own
     * failed, and it died before one frame got through. No rule of the standby could know.
     */
    private boolean cannotKnow(Board b, int group) {
        long sinceNs = unheldSinceNs[1 - b.id][group];
        return sinceNs != 0 && !world.judge().contact.readSentAfter(b.id, unheldBoot[1 - b.id][group], sinceNs);
    }

    private boolean excused(int group) {
        return world.judge().contact.allFailed(FRAMES_TO_SETTLE) || person || profile.randomOneIn > 0
                || world.judge().contact.failures > channelFailures[group] || world.judge().oneGate.excused > 0;
    }

    private boolean heldByProcess(int board, int group, int node) {
        Board b = world.board(board);
        return b.node != null && history[group].index(at[board][group]) >= history[group].index(node)
                && history[group].contains(at[board][group], node);
    }

    /**
     * Whether the disk reaches so far; that its content is of the same history follows from the journal's being a prefix of what the board executed.
     */
    private boolean onDisk(int board, int group, int node) {
        return nodeOnDisk(board, group) != 0 && history[group].index(nodeOnDisk(board, group)) >= history[group].index(node)
                && history[group].contains(nodeOnDisk(board, group), node);
    }

    /** Node of the newest record on the disk as far as this board's own last process executed it, else 0. */
    private int nodeOnDisk(int board, int group) {
        History h = history[group];
        int node = at[board][group];
        long last = path.simJournal(board, group).onDisk();
        if (world.board(board).node == null || last > h.index(node)) {
            node = lastNode[board][group];
        }
        while (node != 0 && h.index(node) > last) {
            node = h.parent(node);
        }
        return h.index(node) == last ? node : 0;
    }

    private final int[][] lastNode = new int[2][GROUPS];

    /** The process is gone; what it had executed is remembered for what its disk holds. */
    void onEnd(Board b, int group) {
        lastNode[b.id][group] = at[b.id][group];
        at[b.id][group] = 0;
    }

    // ---- outputs ----

    void onOutput(Board b, int group, int port, int node, int ordinal, boolean repetition) {
        outputs++;
        History h = history[group];
        Board other = world.board(1 - b.id);
        long index = h.index(node);
        boolean alone = index <= aloneIndex[b.id][group]; // committed while it was, though it may be heard again by now
        boolean otherHot = other.node != null && other.role(group) == WireView.ROLE_STANDBY && replica(other).hot(group);
        boolean otherHolds = other.node != null && replica(other).sync(group).heldIndex() >= index && h.related(at[other.id][group], node);
        if (world.trace().on()) {
            world.log("output of node " + node + " index " + index + " port " + port + (repetition ? " repetition" : "") + " from " + World.name(b.id)
                    + (alone ? " alone" : "") + (otherHot ? " beside HOT" : "") + (otherHolds ? " held by both" : ""));
        }
        if (otherHolds || !alone) {
            unheldSinceNs[b.id][group] = 0;
        } else if (unheldSinceNs[b.id][group] == 0 || unheldBoot[b.id][group] != b.bootId) {
            unheldSinceNs[b.id][group] = world.nowNs();
            unheldBoot[b.id][group] = b.bootId;
        }
        if (profile.commit != Commit.ONE && otherHot && !otherHolds && !alone) {
            throw new Violation("I4", "board " + World.name(b.id) + " group " + group + " emits an output of index " + index
                    + " that its HOT standby does not hold");
        }
        if (profile.commit == Commit.DURABLE && profile.mirror) {
            durable(b, other, group, index, otherHot && !alone);
        }
        Integer before = left.get(((long) node * 4 + ordinal) * 2 + group);
        if (profile.randomOneIn > 0) {
            return; // what a task like that puts out is anybody's guess
        }
        if (before != null && port == DataPath.ONCE_PORT && !excused(group)) {
            throw new Violation("output", "output " + ordinal + " of index " + index + " leaves an at-most-once port again, from board "
                    + World.name(b.id));
        }
        if (before != null && !repetition && !excused(group)) {
            throw new Violation("output", "output " + ordinal + " of index " + index + " leaves again from board " + World.name(b.id)
                    + " without the mark");
        }
        repetitions += repetition ? 1 : 0;
        left.put(((long) node * 4 + ordinal) * 2 + group, 1);
        if (b.bootId != newestBoot[group]) {
            onSuperseded(b, group, node, otherHolds && otherHot);
        } else if (profile.commit != Commit.ONE && (acknowledged[group] == 0 || h.index(node) >= h.index(acknowledged[group]))) {
            acknowledged[group] = node;
            holderBoot[group] = otherHolds && otherHot ? other.bootId : 0;
            emitterBoot[group] = b.bootId;
            if (!alone) { // where all channels fail while both live, both may lead, and what one of them acknowledges alone binds nobody else
                channelFailures[group] = world.judge().contact.failures;
            }
        }
    }

    /**
     * A primary whose successor has gone already, unheard, leads on: what the one or the other acknowledged alone cannot both be had. Together with
     * a standby its word counts again.
     */
    private void onSuperseded(Board b, int group, int node, boolean together) {
        superseded++;
        if (!history[group].contains(node, acknowledged[group])) {
            acknowledged[group] = 0;
        }
        if (together) {
            newestBoot[group] = b.bootId;
        }
    }

    private void durable(Board b, Board other, int group, long index, boolean otherHot) {
        SimJournal own = path.simJournal(b.id, group);
        SimJournal others = path.simJournal(other.id, group);
        if (own.onDisk() < index && !own.failing() && !own.everRefused) {
            throw new Violation("I4", "board " + World.name(b.id) + " emits an output of index " + index + ", its disk has " + own.onDisk());
        }
        if (otherHot && others.onDisk() < index && !others.everRefused) {
            throw new Violation("I4", "board " + World.name(b.id) + " emits an output of index " + index + ", its standby's disk has "
                    + others.onDisk());
        }
    }

    // ---- in the end ----

    /** What was acknowledged is in the order that survives. */
    void atTheEnd(int group, int leader) {
        History h = history[group];
        int wanted = acknowledged[group];
        if (wanted != 0 && !h.contains(at[leader][group], wanted) && !excused(group)) {
            throw new Violation("I4", "what was acknowledged at index " + h.index(wanted) + " is not in the surviving order of group " + group);
        }
    }
}
