package io.hotpair.node;

/** The node cannot start because the machine lacks or refuses something; the message names it and the cure. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
