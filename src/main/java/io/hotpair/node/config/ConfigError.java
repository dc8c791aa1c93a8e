package io.hotpair.node.config;

/**
 * One thing wrong with a configuration.
 *
 * @param line 1-based line of the file, 0 when the error belongs to no line (a key that is missing)
 * @param key dotted key, e.g. {@code timing.lease}; empty for a syntax error
 * @param value the value as written, empty when there is none
 * @param problem what is wrong, with the allowed range or the relation and its formula
 */
public record ConfigError(int line, String key, String value, String problem) {
    /** One line: {@code pair.toml:12: timing.lease = "5 ms": must be ...}. */
    public String inFile(String fileName) {
        StringBuilder text = new StringBuilder(fileName);
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key);
            if (!value.isEmpty()) {
                text.append(" = ").append(value);
            }
            text.append(": ");
        }
        return text.append(problem).toString();
    }
}
