package io.hotpair.node;

import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import io.hotpair.node.status.EventRing;
import io.hotpair.sync.SyncEvent;
import java.util.List;
import java.util.Locale;

/** Says in words what an event of the ring means. */
public final class EventText {
    private static final String[] CHANNELS = {"Ethernet A", "Ethernet B", "UART", "GPIO"};
    private static final long NS_PER_US = 1000;

    private EventText() { }

    /** One line. @param groups their names */
    public static String of(EventRing.Event event, List<String> groups) {
        EventCode code = EventCode.of(event.code());
        SyncEvent replication = SyncEventText.of(event.code());
        if (replication != null) {
            return inGroup(event.group(), SyncEventText.of(replication, event), groups);
        }
        if (code == null) {
            return "event " + event.code() + " of another version, detail " + event.detail();
        }
        String text = code.roleChange() ? roleChange(code, event) : other(code, event);
        return inGroup(event.group(), text, groups);
    }

    /** The name of a code of the ring: that of an {@link EventCode} or of a {@link SyncEvent}. */
    public static String name(int code) {
        EventCode own = EventCode.of(code);
        SyncEvent replication = SyncEventText.of(code);
        return own != null ? own.name() : replication != null ? replication.name() : "event " + code;
    }

    private static String inGroup(int group, String text, List<String> groups) {
        return group < 0 ? text : "group " + (group < groups.size() ? groups.get(group) : group) + ": " + text;
    }

    private static String roleChange(EventCode code, EventRing.Event event) {
        Role from = Role.of((int) (event.detail() >>> 8));
        Role to = Role.of((int) (event.detail() & 0xFF));
        return from + " -> " + to + ", term " + event.term() + ": " + cause(code);
    }

    private static String cause(EventCode code) {
        return switch (code) {
            case SELF_TEST_PASSED -> "self test passed";
            case SELF_TEST_FAILED -> "self test failed";
            case NOBODY_THERE -> "nobody answered, a checkpoint did";
            case VERDICT -> "both were starting, this board was first or alone may lead";
            case PEER_LEADS -> "the peer leads";
            case PEER_OUT -> "the peer is there, but cannot lead";
            case PEER_SILENT -> "every channel silent, the checkpoint answers";
            case PEER_DEAD -> "the peer said that it is gone";
            case HANDOVER -> "planned handover";
            case PEER_RELEASED -> "the peer released the group";
            case HIGHER_TERM -> "the peer leads with a higher term";
            case UNHEARD_BY_PEER -> "the peer does not hear this board";
            case CUT_OFF -> "neither the peer nor a checkpoint answers";
            case CONTACT -> "the peer or a checkpoint is heard again";
            case HEADLESS -> "both followed and nobody led";
            case NOT_IN_SYNC -> "the peer is gone, but this board is not in sync";
            case OPERATOR -> "ordered";
            case LEAVING -> "stopping";
            default -> code.name();
        };
    }

    private static String other(EventCode code, EventRing.Event event) {
        long detail = event.detail();
        return switch (code) {
            case PEER_MET -> "met the peer, boot " + hex(detail);
            case PEER_LOST -> "REDUNDANCY LOST: the peer is gone, boot " + hex(detail);
            case PEER_LEFT -> "the peer left in good order; no redundancy until it is back, boot " + hex(detail);
            case PEER_BACK -> "the peer is heard, boot " + hex(detail);
            case CHANNEL_LOST -> "channel silent: " + channel(detail);
            case CHANNEL_BACK -> "channel heard: " + channel(detail);
            case CHECKPOINT_UP -> "network " + network(detail) + ": checkpoint answers";
            case CHECKPOINT_DOWN -> "ALARM: network " + network(detail) + ": no carrier or checkpoint does not answer";
            case LATE -> "own cycle late by " + detail / NS_PER_US + " us";
            case GATE_OPENED -> "gate open, term " + event.term();
            case GATE_SHUT -> "gate shut, term " + event.term();
            case CONFLICT -> "ALARM: the peer also leads, with the lower term " + detail;
            case SILENCE_HELD -> "ALARM: silence, and on-silence = hold; see who is alive, then order 'hotpair repair --lead' on one board";
            case TERM_UNAVAILABLE -> "ALARM: no term could be stored, so this board cannot lead; see the state directory's disk";
            case MAY_NOT_LEAD -> "ALARM: nobody leads, and this board may not: its self test failed, its rehearsal is not over, or a node that"
                    + " cannot be paired with answers at the peer's address";
            case SETTLE_EXTENDED -> "ALARM: a network or its checkpoint is down, so the start took the longest settle time";
            case HANDOVER_BEGUN -> "handover begun" + (detail == 1 ? ": the peer is healthier" : detail == 2 ? ": stopping" : ": ordered");
            case HANDOVER_ABORTED -> "handover given up";
            case DAMPED -> "ALARM: no voluntary change: too many of them, or the peer restarts too often";
            case HELD -> "voluntary changes held";
            case HOLD_ENDED -> "voluntary changes allowed again";
            default -> code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    private static String channel(long detail) {
        return CHANNELS[(int) detail & 3];
    }

    private static String network(long detail) {
        return detail == 0 ? "A" : "B";
    }

    private static String hex(long bootId) {
        return String.format("%08x", bootId & 0xFFFF_FFFFL);
    }
}
