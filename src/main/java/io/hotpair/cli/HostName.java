package io.hotpair.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine's name. */
final class HostName {
    /** As the kernel has it; the Java way to ask goes through a name service. */
    private static final Path FILE = Path.of("/proc/sys/kernel/hostname");

    private HostName() {
    }

    /** Empty if it cannot be read. */
    static String get() {
        try {
            return Files.readString(FILE).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
