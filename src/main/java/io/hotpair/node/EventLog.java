package io.hotpair.node;

import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import io.hotpair.node.status.EventRing;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.LongUnaryOperator;

/** What is said of a node's events, which are told in their order: each loss of the peer once, and as what it is to a board in this role. */
public final class EventLog {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

    /** @param warning whether somebody should look */
    record Line(boolean warning, String text) {
    }

    private final LongUnaryOperator wallNs;
    private final ZoneId zone;
    private final Role[] roles = {Role.BOOT, Role.BOOT};
    private boolean peerGone;

    /** @param wallNs turns an event's time into that of the wall clock */
    public EventLog(LongUnaryOperator wallNs, ZoneId zone) {
        this.wallNs = wallNs;
        this.zone = zone;
    }

    /** The line for this event, with its time; null if there is nothing new in it. */
    Line line(EventRing.Event event) {
        String text = text(event);
        if (text == null) {
            return null;
        }
        boolean warning = text.contains("ALARM") || text.contains("REDUNDANCY LOST");
        return new Line(warning, text + " (at " + TIME.format(Instant.ofEpochSecond(0, wallNs.applyAsLong(event.timeNs())).atZone(zone)) + ')');
    }

    /** What happened, without its time; null if there is nothing new in it. */
    public String text(EventRing.Event event) {
        EventCode code = EventCode.of(event.code());
        if (code != null && code.roleChange() && event.group() >= 0) {
            roles[event.group() & 1] = Role.of((int) (event.detail() & 0xFF));
        }
        boolean told = code == EventCode.PEER_LOST && peerGone; // its farewell is followed by silence
        if (code == EventCode.PEER_LOST || code == EventCode.PEER_LEFT) {
            peerGone = true;
        } else if (code == EventCode.PEER_BACK) {
            peerGone = false;
        }
        if (told) {
            return null;
        }
        return code == EventCode.PEER_LOST && !placed() ? "the peer is not heard any more; this board is still looking for its place"
                : EventText.of(event);
    }

    /** Before a board has a place in the pair there is no redundancy to lose. */
    private boolean placed() {
        return taken(roles[0]) || taken(roles[1]);
    }

    private static boolean taken(Role role) {
        return role == Role.PRIMARY || role == Role.STANDBY;
    }
}
