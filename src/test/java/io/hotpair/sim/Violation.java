package io.hotpair.sim;

/** An invariant was broken. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;
    final String invariant;

    /** Whether something wrong was done, rather than something right left undone. */
    boolean safety() {
        return !invariant.equals("liveness") && !invariant.equals("sane") && !invariant.equals("I5") && !invariant.equals("answers");
    }

    Violation(String invariant, String text) {
        super(invariant + ": " + text);
        this.invariant = invariant;
    }
}
