package io.hotpair.cli;

/** The environment lacks something that the command needs. Ends the command with one line and {@link ExitCode#ENVIRONMENT}. */
public final class EnvironmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line that names what is missing and, where it can be known, what to do about it */
    public EnvironmentException(String message) {
        super(message);
    }

    /** As {@link #EnvironmentException(String)}, keeping what led to it. */
    public EnvironmentException(String message, Throwable cause) {
        super(message, cause);
    }
}
