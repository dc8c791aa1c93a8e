package io.hotpair.core;

/**
 * Everything that the core records. A code with {@link #roleChange()} is the cause of a role change; its detail is
 * {@code oldRole << 8 | newRole} (ordinals of {@link Role}).
 */
public enum EventCode {
    /** The self test passed: looking for the peer. */
    SELF_TEST_PASSED(true),
    /** The self test failed. */
    SELF_TEST_FAILED(true),
    /** Settle time over, nobody answered, a checkpoint did. */
    NOBODY_THERE(true),
    /** Both boards were joining and agreed on the one that leads. */
    VERDICT(true),
    /** The peer leads. */
    PEER_LEADS(true),
    /** The peer is joining or alive but says that it is out (isolated, fault). */
    PEER_OUT(true),
    /** Every channel silent for the whole bound and the checkpoint answered. */
    PEER_SILENT(true),
    /** The peer's guard, or the peer itself on leaving, said that it is gone. */
    PEER_DEAD(true),
    /** The peer shut its gate and handed over. */
    HANDOVER(true),
    /** The peer shut its gate without a prepared handover. */
    PEER_RELEASED(true),
    /** The peer leads with a higher term. */
    HIGHER_TERM(true),
    /** The peer is heard, but does not hear this board: stepped down. */
    UNHEARD_BY_PEER(true),
    /** Neither the peer nor a checkpoint can be heard. */
    CUT_OFF(true),
    /** Peer or checkpoint heard again. */
    CONTACT(true),
    /** Both boards follow and nobody leads. */
    HEADLESS(true),
    /** The peer is gone, but this board does not hold the whole state: asks again instead of leading at once. */
    NOT_IN_SYNC(true),
    /** A person decided. */
    OPERATOR(true),
    /** The process ends on purpose. */
    LEAVING(true),

    /** A boot of the peer was met; detail: its boot id. */
    PEER_MET(false),
    /** The peer fell silent on every channel; redundancy is lost. */
    PEER_LOST(false),
    /** The peer is heard again. */
    PEER_BACK(false),
    /** A channel fell silent; detail: channel. */
    CHANNEL_LOST(false),
    /** A channel is heard again; detail: channel. */
    CHANNEL_BACK(false),
    /** A network's checkpoint answers; detail: network. */
    CHECKPOINT_UP(false),
    /** A network's checkpoint does not answer, or the network has no carrier; detail: network. */
    CHECKPOINT_DOWN(false),
    /** The own cycle was late; detail: ns. */
    LATE(false),
    /** The output gate opened. */
    GATE_OPENED(false),
    /** The output gate shut. */
    GATE_SHUT(false),
    /** The peer also claims to lead, with a lower term; detail: its term. */
    CONFLICT(false),
    /** Silence, and the policy is to hold: a person has to decide. */
    SILENCE_HELD(false),
    /** No term could be reserved durably: this board cannot lead now. */
    TERM_UNAVAILABLE(false),
    /** The group is to be led, but this board may not: self test, rehearsal or another configuration. */
    MAY_NOT_LEAD(false),
    /** Settling took the stated maximum because a network or its checkpoint is down. */
    SETTLE_EXTENDED(false),
    /** A planned handover began; detail: 0 ordered, 1 because the peer is healthier. */
    HANDOVER_BEGUN(false),
    /** A planned handover was given up. */
    HANDOVER_ABORTED(false),
    /** A voluntary change was refused: too many in the window, or the peer restarts too often. */
    DAMPED(false),
    /** Voluntary changes are held. */
    HELD(false),
    /** Voluntary changes are allowed again. */
    HOLD_ENDED(false),
    /** Order refused: this board is not in the state for it. */
    WRONG_STATE(false),
    /** Order refused: the peer is not there, not in sync or may not lead. */
    PEER_NOT_READY(false),
    /** Order carried out or begun. */
    ORDER_TAKEN(false),
    /** The peer said that it stops on purpose; detail: its boot id. */
    PEER_LEFT(false);

    private static final EventCode[] BY_ORDINAL = values();

    private final boolean roleChange;

    EventCode(boolean roleChange) {
        this.roleChange = roleChange;
    }

    /** Whether this is the cause of a role change. */
    public boolean roleChange() {
        return roleChange;
    }

    /** The code with this ordinal, or null for one that this version does not know. */
    public static EventCode of(int ordinal) {
        return ordinal >= 0 && ordinal < BY_ORDINAL.length ? BY_ORDINAL[ordinal] : null;
    }
}
