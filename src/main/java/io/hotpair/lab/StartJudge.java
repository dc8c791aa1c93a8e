package io.hotpair.lab;

import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import java.util.List;

/**
 * Says whether the right one of two boards that started together leads, by what both recorded of themselves.
 *
 * <p>The promise is about boards that see each other starting: the earlier start leads. A board whose process the machine did not let run was
 * not there for the other, however early it was launched, and a board that is not ready in time is waited for only so long.
 */
final class StartJudge {
    private final long settleNs;
    private final long settleMaxNs;
    private final long leastSkewNs;

    /**
     * @param settleNs how long a board that finds nobody waits
     * @param settleMaxNs how long it waits for one that is there, but getting ready
     * @param leastSkewNs starts closer together than this, and than the machine's own noise, may be decided either way
     */
    StartJudge(long settleNs, long settleMaxNs, long leastSkewNs) {
        this.settleNs = settleNs;
        this.settleMaxNs = settleMaxNs;
        this.leastSkewNs = leastSkewNs;
    }

    /**
     * @param startNs when each node started, by its own account
     * @param readyNs when each was first seen able to lead, {@code Long.MAX_VALUE} if never
     * @param events what each recorded since, oldest first
     * @param leader the board that led first
     * @param noiseNs how late things were on this machine meanwhile
     * @return what was not as promised, empty if all was
     */
    String judge(long[] startNs, long[] readyNs, List<List<BoardEvent>> events, int leader, long noiseNs) {
        int other = 1 - leader;
        long laterNs = startNs[leader] - startNs[other];
        BoardEvent lead = firstTo(events.get(leader), Role.PRIMARY);
        if (lead == null) {
            return "the leading board recorded no promotion";
        }
        if (laterNs <= leastSkewNs + noiseNs) {
            return ""; // the earlier one led, or nobody can tell
        }
        BoardEvent joining = firstTo(events.get(other), Role.JOINING);
        long joinedNs = joining == null ? Long.MAX_VALUE : joining.atNs();
        if (lead.name().equals(EventCode.VERDICT.name())) {
            boolean waitedFor = readyNs[other] == Long.MAX_VALUE || readyNs[other] - joinedNs >= settleMaxNs;
            return waitedFor ? "" : "the later start led: both were starting and ready";
        }
        if (lead.name().equals(EventCode.NOBODY_THERE.name())) {
            return joinedNs > lead.atNs() - settleNs ? "" : "the later start led and found nobody there, but the earlier one was joining for "
                    + (lead.atNs() - joinedNs) / 1_000_000 + " ms";
        }
        if (lead.name().equals(EventCode.PEER_OUT.name())) {
            return joinedNs > lead.atNs() ? "" : "the later start led beside a joining board: PEER_OUT";
        }
        return "the later start led: " + lead.name();
    }

    /** The first change to this role, or null. */
    static BoardEvent firstTo(List<BoardEvent> events, Role role) {
        for (BoardEvent event : events) {
            if (isRoleChange(event) && (event.detail() & 0xFF) == role.ordinal()) {
                return event;
            }
        }
        return null;
    }

    static boolean isRoleChange(BoardEvent event) {
        for (EventCode code : EventCode.values()) {
            if (code.roleChange() && code.name().equals(event.name())) {
                return true;
            }
        }
        return false;
    }

    /**
     * How late the machine was while both were joining and none led yet: the most that a cycle of either was late, ns. Ages that the boards tell
     * each other cannot be compared better.
     */
    static long noiseNs(List<List<BoardEvent>> events) {
        long fromNs = Long.MIN_VALUE;
        long toNs = Long.MAX_VALUE;
        for (List<BoardEvent> ofOne : events) {
            BoardEvent joining = firstTo(ofOne, Role.JOINING);
            BoardEvent lead = firstTo(ofOne, Role.PRIMARY);
            fromNs = joining == null ? fromNs : Math.max(fromNs, joining.atNs());
            toNs = lead == null ? toNs : Math.min(toNs, lead.atNs());
        }
        long mostNs = 0;
        for (List<BoardEvent> ofOne : events) {
            for (BoardEvent event : ofOne) {
                boolean counts = event.name().equals(EventCode.LATE.name()) && event.atNs() > fromNs && event.atNs() <= toNs;
                mostNs = counts ? Math.max(mostNs, event.detail()) : mostNs;
            }
        }
        return mostNs;
    }
}
