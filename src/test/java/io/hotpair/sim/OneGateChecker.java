package io.hotpair.sim;

/**
 * I1: never two open gates for one group at one instant. Under {@code takeover} it is excused only where {@link Contact} knows that all
 * channels failed at once while both boards lived, and only until both have read a few frames of each other again.
 */
final class OneGateChecker {
    /** Meeting anew takes a hello, its answer and a frame that names both; then each has to hear the other's term. */
    private static final int FRAMES_TO_SETTLE = 6;

    private final World world;
    private final Contact contact;
    int excused;

    OneGateChecker(World world, Contact contact) {
        this.world = world;
        this.contact = contact;
    }

    void onTwoOpen(int group) {
        if (world.profile().policy == Profile.TAKEOVER && contact.allFailed(FRAMES_TO_SETTLE)) {
            excused++;
            return;
        }
        throw new Violation("I1", "both gates open for group " + group + ", terms " + world.board(0).node.term(group) + " and "
                + world.board(1).node.term(group) + "; A heard " + agoUs(0) + " us ago, B " + agoUs(1) + " us ago");
    }

    private long agoUs(int board) {
        return (world.nowNs() - contact.heardNs[board]) / 1000;
    }
}
