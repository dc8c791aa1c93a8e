package io.hotpair.node.config;

import java.util.Optional;

/**
 * Which board of the file this machine is: {@code --board}, else the environment variable {@code HOTPAIR_BOARD}, else the host name.
 *
 * @param board the board
 * @param reason what decided, for the log
 */
public record BoardSelection(BoardId board, String reason) {
    /** The environment variable that names the board. */
    public static final String VARIABLE = "HOTPAIR_BOARD";

    /**
     * @param option value of {@code --board}, or null
     * @param variable value of {@link #VARIABLE}, or null
     * @param hostName this machine's host name, may be empty
     * @throws IllegalArgumentException with one line that says what to do
     */
    public static BoardSelection choose(Config config, String option, String variable, String hostName) {
        if (option != null) {
            return new BoardSelection(letter("--board", option), "--board");
        }
        if (variable != null && !variable.isEmpty()) {
            return new BoardSelection(letter(VARIABLE, variable), VARIABLE);
        }
        for (BoardId id : BoardId.values()) {
            Optional<String> name = config.board(id).hostName();
            if (name.isPresent() && isSameHost(name.get(), hostName)) {
                return new BoardSelection(id, "host name " + hostName);
            }
        }
        throw new IllegalArgumentException("which board is this? Give --board a|b or set " + VARIABLE + ", or give board.a.host-name"
                + " and board.b.host-name in the configuration (" + named(config) + "; this host is \"" + hostName + "\")");
    }

    private static BoardId letter(String source, String value) {
        return BoardId.of(value).orElseThrow(
                () -> new IllegalArgumentException(source + " is \"" + value + "\": must be a or b"));
    }

    /** A full name matches its own first label: machines differ in which of the two they call their host name. */
    private static boolean isSameHost(String configured, String actual) {
        return configured.equalsIgnoreCase(actual)
                || !configured.contains(".") && configured.equalsIgnoreCase(firstLabel(actual))
                || !actual.contains(".") && actual.equalsIgnoreCase(firstLabel(configured));
    }

    private static String firstLabel(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static String named(Config config) {
        StringBuilder text = new StringBuilder();
        for (BoardId id : BoardId.values()) {
            text.append(text.isEmpty() ? "" : ", ").append("board.").append(id.letter()).append(' ');
            text.append(config.board(id).hostName().map(name -> "is \"" + name + '"').orElse("names no host"));
        }
        return text.toString();
    }
}
