package io.hotpair.node.status;

import java.io.IOException;

/** A counters file that cannot be used; the message names the file and says why, for the person in front of it. */
public final class CountersFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Cause {
        /** Some other kind of file, or a damaged one. */
        NOT_A_COUNTERS_FILE,
        /** Written by a program with another layout. */
        OTHER_VERSION,
        /** A node that still runs writes this file. */
        IN_USE,
        /** No such file: no node has been started, or it keeps its file elsewhere. */
        MISSING,
        /** The file's permissions do not admit this user. */
        NO_PERMISSION
    }

    private final Cause why;

    CountersFileException(Cause why, String message) {
        super(message);
        this.why = why;
    }

    /** Why the file cannot be used. */
    public Cause why() {
        return why;
    }
}
