package io.hotpair.sim;

/**
 * I1: never two open gates for one group at one instant. Under {@code takeover} it is excused only where {@link Contact} knows that all
 * channels failed at once while both boards lived, and only until both have read a few frames of each other again; and only for boards
 * that a checkpoint really answered.
 */
final class OneGateChecker {
    /** Meeting anew takes a hello, its answer and a frame that names both; then each has to hear the other's term. */
    private static final int FRAMES_TO_SETTLE = 6;

    /** Clock drift and the rounding of a probe's time stamp. */
    private static final long SLACK_NS = 10_000;

    private final World world;
    private final Contact contact;
    int excused;
    /** How long a board had heard nothing when it began its reign because nobody was there; long for reigns of other causes. */
    private final long[][] waitedNs = {{Long.MAX_VALUE, Long.MAX_VALUE}, {Long.MAX_VALUE, Long.MAX_VALUE}};

    OneGateChecker(World world, Contact contact) {
        this.world = world;
        this.contact = contact;
    }

    void onReign(Board b, int group, boolean nobodyThere) {
        waitedNs[b.id][group] = nobodyThere ? world.nowNs() - Math.max(contact.readNs[b.id], b.startedNs) : Long.MAX_VALUE;
    }

    void onTwoOpen(int group) {
        if (world.profile().policy == Profile.TAKEOVER && contact.allFailed(FRAMES_TO_SETTLE) && mayBelieve(0, group) && mayBelieve(1, group)) {
            excused++;
            return;
        }
        throw new Violation("I1", "both gates open for group " + group + ", terms " + world.board(0).node.term(group) + " and "
                + world.board(1).node.term(group) + "; A heard " + agoUs(0) + " us ago, B " + agoUs(1) + " us ago");
    }

    /**
     * A board that all channels failed may only believe that the other is gone if a checkpoint answered it: within the settle time, and to a
     * probe later than all that it read of the other board before they failed if its reign is the younger one; and if it was joining, it had to listen
     * for the settle time. What the other board could have read of it says nothing here: that one may have been standing still.
     */
    private boolean mayBelieve(int board, int group) {
        long probedNs = contact.probedNs[board];
        boolean younger = world.board(board).node.term(group) > world.board(1 - board).node.term(group);
        long lastReadNs = Math.min(contact.readNs[board], contact.failedSinceNs);
        return world.nowNs() - probedNs <= world.profile().settleNs() + world.profile().takeoverNs()
                && (!younger || probedNs >= lastReadNs - SLACK_NS)
                && waitedNs[board][group] >= world.profile().settleNs() * 99 / 100;
    }

    private long agoUs(int board) {
        return (world.nowNs() - contact.heardNs[board]) / 1000;
    }
}
