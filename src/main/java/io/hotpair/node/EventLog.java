package io.hotpair.node;

import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import io.hotpair.node.status.EventRing;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** What is said of a node's events, which are told in their order: a loss of the peer as what it is to a board in this role. */
public final class EventLog {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

    /** @param warning whether somebody should look */
    record Line(boolean warning, String text) {
    }

    private final LongUnaryOperator wallNs;
    private final ZoneId zone;
    private final List<String> groups;
    private final Role[] roles = {Role.BOOT, Role.BOOT};

    /**
     * @param wallNs turns an event's time into that of the wall clock
     * @param groups their names
     */
    public EventLog(LongUnaryOperator wallNs, ZoneId zone, List<String> groups) {
        this.wallNs = wallNs;
        this.zone = zone;
        this.groups = List.copyOf(groups);
    }

    /** The line for this event, with its time. */
    Line line(EventRing.Event event) {
        String text = text(event);
        boolean warning = text.contains("ALARM") || text.contains("REDUNDANCY LOST");
        return new Line(warning, text + " (at " + TIME.format(Instant.ofEpochSecond(0, wallNs.applyAsLong(event.timeNs())).atZone(zone)) + ')');
    }

    /** What happened, without its time. */
    public String text(EventRing.Event event) {
        EventCode code = EventCode.of(event.code());
        if (code != null && code.roleChange() && event.group() >= 0) {
            roles[event.group() & 1] = Role.of((int) (event.detail() & 0xFF));
        }
        return code == EventCode.PEER_LOST && !placed() ? "the peer is not heard any more; this board is still looking for its place"
                : EventText.of(event, groups);
    }

    /** Before a board has a place in the pair there is no redundancy to lose. */
    private boolean placed() {
        return taken(roles[0]) || taken(roles[1]);
    }

    private static boolean taken(Role role) {
        return role == Role.PRIMARY || role == Role.STANDBY;
    }
}
