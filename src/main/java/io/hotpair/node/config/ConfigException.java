package io.hotpair.node.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; holds every error found, in the order of the file's lines. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigError> errors;

    /** @param errors at least one */
    public ConfigException(String fileName, List<ConfigError> errors) {
        super(errors.stream().map(error -> error.inFile(fileName)).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** At least one. */
    public List<ConfigError> errors() {
        return errors;
    }
}
