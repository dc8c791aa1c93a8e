package io.hotpair.sim;

import io.hotpair.core.EventCode;

/**
 * What the boards record about themselves. I6: each role change has a cause, the term and the time. I7: no more voluntary changes in a window
 * than configured. Silence: nobody takes over for silence while a channel delivers. I8: a standby that is not in step becomes primary only by way of
 * a recorded decision.
 */
final class RecordChecker {
    private static final int REMEMBERED = 16;
    private static final int BECAUSE_HEALTHIER = 1;

    private final World world;
    private final int[][] chain = new int[2][2];
    private final boolean[][] hotBefore = new boolean[2][2];
    private final boolean[][] healthHandover = new boolean[2][2];
    /** A board let go of the group because the other is healthier, and nobody knows it yet. */
    private final boolean[][] released = new boolean[2][2];
    private final long[][] releasedNs = new long[2][2];
    private final long[] voluntaryNs = new long[REMEMBERED];
    private int voluntary;
    int voluntaryChanges;

    RecordChecker(World world) {
        this.world = world;
    }

    String name(int code) {
        EventCode known = EventCode.of(code);
        return known == null ? "code " + code : known.name();
    }

    void onStart(Board b) {
        for (int g = 0; g < 2; g++) {
            chain[b.id][g] = WireView.ROLE_BOOT;
            healthHandover[b.id][g] = false;
            released[b.id][g] = false;
        }
    }

    /** A board that starts anew remembers nothing of what the pair did before. */
    void onEnd(Board b) {
        voluntary = 0;
    }

    void beforeCall(Board b) {
        for (int g = 0; g < world.profile().groups; g++) {
            hotBefore[b.id][g] = b.replica.hot(g);
        }
    }

    boolean roleChange(int code) {
        return EventCode.of(code).roleChange();
    }

    void onRecord(Board b, int code, int group, long term, long detail, long localNs) {
        EventCode known = EventCode.of(code);
        if (known == null) {
            throw new Violation("I6", "record of unknown code " + code);
        }
        if (localNs != b.localNs()) {
            throw new Violation("I6", known + " recorded with a time that is not now");
        }
        if (known == EventCode.HANDOVER_BEGUN) {
            healthHandover[b.id][group] = detail == BECAUSE_HEALTHIER;
        }
        if (!known.roleChange()) {
            return;
        }
        int from = (int) (detail >>> 8);
        int to = (int) detail & 0xFF;
        if (from != chain[b.id][group]) {
            throw new Violation("I6", known + " says it left " + WireView.roleName(from) + ", but the board was "
                    + WireView.roleName(chain[b.id][group]));
        }
        chain[b.id][group] = to;
        if (known == EventCode.HANDOVER && from == WireView.ROLE_PRIMARY && healthHandover[b.id][group]) {
            healthHandover[b.id][group] = false;
            released[b.id][group] = true;
            releasedNs[b.id][group] = world.nowNs();
        }
        if (to == WireView.ROLE_PRIMARY) {
            released[b.id][group] = false; // what the other board has not heard by now it will not hear: the next release may be an ordered one
            world.judge().oneGate.onReign(b, group, known == EventCode.NOBODY_THERE);
        }
        if (known == EventCode.PEER_SILENT) {
            checkSilence(b, group);
        }
        boolean promoted = from == WireView.ROLE_STANDBY && to == WireView.ROLE_PRIMARY;
        if (promoted && !hotBefore[b.id][group] && !b.replica.wasHot(group) && known != EventCode.OPERATOR) {
            throw new Violation("I8", "board " + World.name(b.id) + " group " + group + " promoted by " + known + " without being in sync");
        }
        if (to == WireView.ROLE_PRIMARY && term <= 0) {
            throw new Violation("I6", known + " recorded without the term");
        }
    }

    /** A handover counts once the other board has heard of it; who never does is not handed the group, but replaces a board that is out. */
    void onRead(Board b, int slot) {
        int at = slot * Net.SLOT_BYTES;
        for (int g = 0; g < world.profile().groups; g++) {
            if (released[1 - b.id][g] && WireView.intent(world.net().arena, at, g) == WireView.INTENT_RELEASED) {
                released[1 - b.id][g] = false;
                onVoluntary(releasedNs[1 - b.id][g]);
            }
        }
    }

    /** Silence is the silence of every channel: before a takeover for that cause no frame is read for almost {@code M * I}. */
    private void checkSilence(Board b, int group) {
        long heardAgoNs = world.nowNs() - world.judge().contact.frameReadNs[b.id];
        if (heardAgoNs < world.profile().silenceNs() * 99 / 100) {
            throw new Violation("silence", "board " + World.name(b.id) + " takes group " + group + " for silence, but read of the other board "
                    + heardAgoNs / 1000 + " us ago");
        }
    }

    void onRoleChange(Board b, int group, int from, int to, long term) {
        if (chain[b.id][group] != to) {
            throw new Violation("I6", "board " + World.name(b.id) + " group " + group + " went from " + WireView.roleName(from) + " to "
                    + WireView.roleName(to) + " without a record");
        }
    }

    private void onVoluntary(long nowNs) {
        voluntaryChanges++;
        int allowed = world.profile().voluntaryChanges;
        if (voluntary >= allowed && nowNs - voluntaryNs[(voluntary - allowed) % REMEMBERED] < world.profile().dampingWindowNs) {
            throw new Violation("I7", (allowed + 1) + " voluntary changes within "
                    + (nowNs - voluntaryNs[(voluntary - allowed) % REMEMBERED]) / 1_000_000 + " ms");
        }
        voluntaryNs[voluntary++ % REMEMBERED] = nowNs;
    }
}
