package io.hotpair.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a figure was measured on. */
final class Machine {
    private Machine() { }

    /** Processor or board, cores and kernel, on one line. */
    static String describe() {
        return named() + ", " + Runtime.getRuntime().availableProcessors() + " cores, Linux " + System.getProperty("os.version");
    }

    /** A PC names its processor in {@code model name}, a Raspberry Pi itself in {@code Model}. */
    private static String named() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name") || line.startsWith("Model")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
