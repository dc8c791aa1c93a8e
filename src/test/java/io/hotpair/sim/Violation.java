package io.hotpair.sim;

/** An invariant was broken. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;
    final String invariant;

    Violation(String invariant, String text) {
        super(invariant + ": " + text);
        this.invariant = invariant;
    }
}
