package io.hotpair.sim;

/** I3: terms rise strictly, are never used by both boards, and are on disk before they are used. */
final class TermChecker {
    private final World world;
    /** Highest term in which each board ever led each group, over all its boots. */
    private final long[][] led = new long[2][2];
    /** Highest term of a primary that the board's present boot has read. */
    private final long[][] heard = new long[2][2];

    TermChecker(World world) {
        this.world = world;
    }

    void onStart(Board b) {
        heard[b.id][0] = 0;
        heard[b.id][1] = 0;
    }

    void onRead(Board b, int slot) {
        byte[] arena = world.net().arena;
        int at = slot * Net.SLOT_BYTES;
        if (world.net().slotLength[slot] < WireView.MESSAGE_BYTES || WireView.type(arena, at) == WireView.DEAD
                || WireView.peerBootId(arena, at) != b.bootId || WireView.bootId(arena, at) != world.board(1 - b.id).bootId) {
            return;
        }
        for (int g = 0; g < world.profile().groups; g++) {
            if (WireView.role(arena, at, g) == WireView.ROLE_PRIMARY) {
                heard[b.id][g] = Math.max(heard[b.id][g], WireView.term(arena, at, g));
            }
        }
    }

    void onReign(Board b, int group, long term, boolean whilePrimary) {
        String who = "board " + World.name(b.id) + " group " + group + " term " + term;
        if (whilePrimary) {
            throw new Violation("I3", who + ": the term changed within a reign");
        }
        if ((term & 1) != b.id) {
            throw new Violation("I3", who + ": the lowest bit is the other board's");
        }
        if (term <= led[b.id][group]) {
            throw new Violation("I3", who + ": has led before in term " + led[b.id][group]);
        }
        if (term > b.disk.onDisk) {
            throw new Violation("I3", who + ": not on disk, which has " + b.disk.onDisk);
        }
        if (term <= heard[b.id][group]) {
            throw new Violation("I3", who + ": heard a primary of term " + heard[b.id][group] + " before");
        }
        led[b.id][group] = term;
    }

    void onSend(Board b, byte[] buffer, int offset) {
        for (int g = 0; g < world.profile().groups; g++) {
            boolean primary = WireView.role(buffer, offset, g) == WireView.ROLE_PRIMARY;
            if (!primary && WireView.intent(buffer, offset, g) != WireView.INTENT_READY) {
                continue;
            }
            long term = WireView.term(buffer, offset, g);
            if (term > b.disk.onDisk || (term & 1) != b.id) {
                throw new Violation("I3", "board " + World.name(b.id) + " shows itself as " + (primary ? "primary of" : "ready for") + " group " + g
                        + " in term " + term + ", on disk is " + b.disk.onDisk);
            }
        }
    }
}
