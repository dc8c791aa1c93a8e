package io.hotpair.node.config;

import java.util.Locale;
import java.util.Optional;

/** Which of the two boards. The core calls them 0 and 1. */
public enum BoardId {
    /** Board 0. */
    A,
    /** Board 1. */
    B;

    /** 0 or 1, as in frames and in the lowest bit of a term. */
    public int id() {
        return ordinal();
    }

    /** {@code a} or {@code b}, as in the configuration file. */
    public String letter() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The other board of the pair. */
    public BoardId other() {
        return this == A ? B : A;
    }

    /** Reads {@code a} or {@code b} in either case; empty for anything else. */
    public static Optional<BoardId> of(String letter) {
        return switch (letter) {
            case "a", "A" -> Optional.of(A);
            case "b", "B" -> Optional.of(B);
            default -> Optional.empty();
        };
    }
}
