package io.hotpair.sim;

/**
 * I2: a board that is not primary emits nothing. I10: after waking from a pause longer than the lease nothing leaves before the board has
 * read an echo of a frame that it sent after waking, or knows again that nobody else can be open: unheard for the alone window, or told that
 * the peer is out or dead. The one emission that was past its check when the pause began is counted apart.
 */
final class EmissionChecker {
    private final World world;
    private final Contact contact;
    private final long[] pausedNs = new long[2];
    private final long[] wokeNs = new long[2];
    private final boolean[] owesEcho = new boolean[2];
    private final boolean[][] peerOut = new boolean[2][2];
    /** The newest boot of the peer that each board read of, the transmit time of its newest statement, and the boot that ended. */
    private final int[] peerBoot = new int[2];
    private final long[] peerTxNs = new long[2];
    private final int[] goneBoot = new int[2];
    private final int[][] shownRole = new int[2][2];
    private final boolean[][] shownReleased = new boolean[2][2];
    private final long[] shownNs = new long[2];
    /** Emissions that were past the check when a pause began. */
    int pastTheCheck;

    EmissionChecker(World world, Contact contact) {
        this.world = world;
        this.contact = contact;
    }

    void onStart(Board b) {
        owesEcho[b.id] = false;
        shownRole[b.id][0] = WireView.ROLE_BOOT;
        shownRole[b.id][1] = WireView.ROLE_BOOT;
        peerOut[b.id][0] = false;
        peerOut[b.id][1] = false;
        shownNs[b.id] = Long.MIN_VALUE;
        peerBoot[b.id] = 0;
        goneBoot[b.id] = 0;
    }

    void onPause(Board b, boolean[] open) {
        pausedNs[b.id] = world.nowNs();
        for (int g = 0; g < world.profile().groups; g++) {
            if (open[g] && b.random.oneIn(16)) {
                pastTheCheck++; // leaves on waking; a receiver drops it by its term
            }
        }
    }

    void onResume(Board b) {
        if (world.nowNs() - pausedNs[b.id] > world.profile().leaseNs()) {
            owesEcho[b.id] = true;
            wokeNs[b.id] = world.nowNs();
        }
    }

    void onRead(Board b, int slot) {
        Net net = world.net();
        int at = slot * Net.SLOT_BYTES;
        if (net.slotLength[slot] < WireView.MESSAGE_BYTES || WireView.bootId(net.arena, at) != world.board(1 - b.id).bootId) {
            return;
        }
        if (WireView.type(net.arena, at) == WireView.DEAD || WireView.leaving(net.arena, at)) {
            goneBoot[b.id] = WireView.bootId(net.arena, at);
        }
        boolean statement = WireView.bootId(net.arena, at) != peerBoot[b.id] || WireView.txTimeNs(net.arena, at) > peerTxNs[b.id];
        if (statement) {
            peerBoot[b.id] = WireView.bootId(net.arena, at);
            peerTxNs[b.id] = WireView.txTimeNs(net.arena, at);
        }
        for (int g = 0; g < world.profile().groups; g++) {
            int role = WireView.role(net.arena, at, g);
            if (statement) {
                peerOut[b.id][g] = role != WireView.ROLE_PRIMARY && role != WireView.ROLE_STANDBY;
            }
        }
        onLateRead(b, slot);
    }

    /** What was overtaken by a later frame is no news of the peer, but the echo in it is one all the same. */
    void onLateRead(Board b, int slot) {
        Net net = world.net();
        int at = slot * Net.SLOT_BYTES;
        if (owesEcho[b.id] && WireView.bootId(net.arena, at) == world.board(1 - b.id).bootId && WireView.peerBootId(net.arena, at) == b.bootId && WireView.echoTimeNs(net.arena, at) >= wokeAgeNs(b)) {
            owesEcho[b.id] = false;
        }
    }

    private long wokeAgeNs(Board b) {
        return b.clock.local(wokeNs[b.id]) - b.clock.local(b.startedNs);
    }

    void onSend(Board b, byte[] buffer, int offset) {
        for (int g = 0; g < world.profile().groups; g++) {
            shownRole[b.id][g] = WireView.role(buffer, offset, g);
            shownReleased[b.id][g] = WireView.intent(buffer, offset, g) == WireView.INTENT_RELEASED || WireView.leaving(buffer, offset);
        }
        shownNs[b.id] = world.nowNs();
    }

    void onEmission(Board b, int group) {
        if (b.node.role(group) != WireView.ROLE_PRIMARY) {
            throw new Violation("I2", who(b, group) + " as " + WireView.roleName(b.node.role(group)));
        }
        boolean shownElse = shownRole[b.id][group] != WireView.ROLE_PRIMARY || shownReleased[b.id][group];
        if (shownElse && shownNs[b.id] > world.judge().roleSinceNs[b.id][group]) {
            throw new Violation("I2", who(b, group) + " after showing itself as " + WireView.roleName(shownRole[b.id][group]));
        }
        if (owesEcho[b.id]) {
            if (!nobodyElse(b, group)) {
                throw new Violation("I10", who(b, group) + " " + (world.nowNs() - wokeNs[b.id]) / 1000
                        + " us after waking, without an echo of a later frame");
            }
            owesEcho[b.id] = false; // it knows again where it stands
        }
    }

    private static String who(Board b, int group) {
        return "board " + World.name(b.id) + " emits for group " + group;
    }

    private boolean nobodyElse(Board b, int group) {
        long aloneNs = world.profile().aloneNs() * 99 / 100;
        boolean alone = world.nowNs() - wokeNs[b.id] >= aloneNs && world.nowNs() - contact.readNs[b.id] >= aloneNs;
        boolean gone = goneBoot[b.id] != 0 && goneBoot[b.id] == world.board(1 - b.id).bootId;
        return alone || gone || peerOut[b.id][group] || contact.pulsesSayOut(b) || world.board(1 - b.id).node == null;
    }
}
