package io.hotpair.cli;

/** The exit codes of every command. */
public final class ExitCode {
    /** Fine. */
    public static final int OK = 0;
    /** The check failed: a configuration with errors, a promise not kept, a peer that refuses. */
    public static final int FAILED = 1;
    /** The command was called wrongly. */
    public static final int USAGE = 2;
    /** The environment lacks something; the message names it. */
    public static final int ENVIRONMENT = 3;

    private ExitCode() {
    }
}
