package io.hotpair.node.config;

import java.nio.file.Path;
import java.util.Optional;

/** {@code "sim:FILE"}: a wire or line that is simulated in a file, which is found from the folder of the configuration, as all paths are. */
final class SimulatedFile {
    private static final String PREFIX = "sim:";

    private SimulatedFile() { }

    /** The shape of it, for a person. @param what is simulated */
    static String shape(String what) {
        return '"' + PREFIX + "FILE\", a simulated " + what;
    }

    static Optional<Path> parse(String text, Path folder) {
        return Optional.of(text).filter(file -> file.startsWith(PREFIX) && file.length() > PREFIX.length())
                .map(file -> folder.resolve(file.substring(PREFIX.length())).normalize());
    }
}
