package io.hotpair.sim;

import io.hotpair.sync.SyncEvent;
import io.hotpair.sync.TickState;
import io.hotpair.sync.Ticks;
import io.hotpair.sync.port.TaskPort;
import java.util.HashMap;

/**
 * What is promised of the ticks, judged from what tasks execute and from when the edges really were:
 *
 * <ul>
 *   <li>In every history their numbers rise, whoever led; so none is executed twice.
 *   <li>Nobody runs ahead of the time.
 *   <li>The first one was announced: to the board that orders it, and to the standby if it is in step then.
 *   <li>On lines that are whole both boards give an edge the same number.
 * </ul>
 */
final class TickChecker {
    private static final long NONE = Long.MIN_VALUE;
    private static final int GROUPS = 2;

    private final World world;
    private final DataProfile profile;
    /** By group and node of the history: the newest tick up to there. */
    private final HashMap<Long, Long> newest = new HashMap<>();
    private final long[][] announced = new long[2][GROUPS];
    /** By board and group: the term of the reign that its task is in. */
    private final long[][] executedReign = new long[2][GROUPS];
    private final long[][] reignTerm = new long[2][GROUPS];
    private final long[][] reignFirst = new long[2][GROUPS];
    private final long[][] reignFirstNs = new long[2][GROUPS];
    private final long[][] executed = new long[2][GROUPS];
    /** The first tick of all, as its primary ordered it. */
    final long[] started = {NONE, NONE};
    int ticks;

    TickChecker(World world) {
        this.world = world;
        profile = world.profile().data;
    }

    private static long key(int group, int node) {
        return (long) node << 1 | group;
    }

    /** Newest tick of the history up to a node. */
    long newest(int group, int node) {
        return newest.getOrDefault(key(group, node), NONE);
    }

    /** The newest tick that a board's task has executed in its present life. */
    long executed(int board, int group) {
        return executed[board][group];
    }

    void onStart(int board, int group) {
        announced[board][group] = 0;
        reignTerm[board][group] = 0;
        executedReign[board][group] = 0;
        executed[board][group] = NONE;
    }

    /**
     * @param reign of a record that begins one: its term, else 0
     * @param offeredNs when the record was offered to the task: right after it was ordered, if this board did that
     */
    void onExecute(Board b, int group, int from, int node, int kind, long tick, long reign, long offeredNs) {
        long before = newest(group, from);
        if (reign != 0) {
            executedReign[b.id][group] = reign;
        }
        if (kind != TaskPort.TICK) {
            newest.put(key(group, node), before);
            return;
        }
        if (tick <= before) {
            throw new Violation("ticks", "board " + World.name(b.id) + " executes tick " + tick + " after " + before);
        }
        ticks++;
        newest.put(key(group, node), tick);
        executed[b.id][group] = tick;
        boolean own = b.role(group) == WireView.ROLE_PRIMARY && executedReign[b.id][group] == b.node.term(group);
        if (own && offeredNs != SimTask.NOT_KNOWN) {
            notAhead(b, group, tick, offeredNs);
        }
    }

    private void notAhead(Board b, int group, long tick, long orderedNs) {
        if (reignTerm[b.id][group] != b.node.term(group)) {
            reignTerm[b.id][group] = b.node.term(group);
            reignFirst[b.id][group] = tick;
            reignFirstNs[b.id][group] = orderedNs;
        }
        long fastestNs = profile.tickNs - profile.tickNs / 16;
        long most = reignFirst[b.id][group] + (orderedNs - reignFirstNs[b.id][group]) / fastestNs + 3;
        if (tick > most) {
            throw new Violation("ticks", "board " + World.name(b.id) + " is at tick " + tick + ", it cannot be later than " + most);
        }
    }

    void onEvent(Board b, int group, SyncEvent event, long index) {
        if (event == SyncEvent.START_ANNOUNCED) {
            announced[b.id][group] = index;
        } else if (event == SyncEvent.TICKS_STARTED && b.role(group) == WireView.ROLE_PRIMARY) {
            started[group] = index;
            Board other = world.board(1 - b.id);
            boolean granted = ((SyncReplica) b.replica).sync(group).granted(); // a standby may not have heard yet that it is in step no more
            boolean inStep = granted && other.node != null && other.role(group) == WireView.ROLE_STANDBY && other.replica.hot(group);
            if (announced[b.id][group] != index || inStep && announced[other.id][group] != index) {
                throw new Violation("ticks", "the first tick is " + index + ", announced were " + announced[b.id][group] + " to the primary and "
                        + announced[other.id][group] + " to the standby");
            }
        }
    }

    /** The number that a board gives an edge, less the edge's place in the order of all; {@code Long.MIN_VALUE} if it is not at the edges. */
    long numbering(Board b, int group) {
        Ticks own = ((SyncReplica) b.replica).sync(group).ticks();
        if (own.state() != TickState.LOCKED) {
            return NONE;
        }
        return own.number() - world.data().oscillator.nearest(b.clock.world(own.instantNs()));
    }

    /** Whether all is as it should be where nothing is broken any more. */
    boolean settled(int leader, int group, boolean alone) {
        if (profile.tickNs == 0) {
            return true;
        }
        Board lead = world.board(leader);
        Board other = world.board(1 - leader);
        if (newest(group, ((SyncReplica) lead.replica).task(group).node()) == NONE) {
            return false; // the tasks have not begun
        }
        if (!profile.tickLine) {
            return alone || Math.abs(apartNs(group)) < profile.tickNs / 4;
        }
        return numbering(lead, group) != NONE && (alone || numbering(other, group) == numbering(lead, group));
    }

    /** By how much A has a tick later than B. */
    long apartNs(int group) {
        long[] atNs = new long[2];
        long[] number = new long[2];
        for (Board b : new Board[] {world.board(0), world.board(1)}) {
            Ticks own = ((SyncReplica) b.replica).sync(group).ticks();
            atNs[b.id] = b.clock.world(own.instantNs());
            number[b.id] = own.number();
        }
        return atNs[0] - atNs[1] - (number[0] - number[1]) * profile.tickNs;
    }
}
