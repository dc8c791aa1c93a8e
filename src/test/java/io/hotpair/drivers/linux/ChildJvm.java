package io.hotpair.drivers.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second JVM with this test's classes, to be killed or measured. */
public final class ChildJvm {
    private ChildJvm() {
    }

    public static Process start(Class<?> main, String... arguments) throws IOException {
        return start(List.of("-Xmx32m", "-XX:TieredStopAtLevel=1"), main, arguments);
    }

    /** A JVM in which a call that is due to be compiled waits until it is, so that what is compiled depends on the number of calls alone. */
    public static Process compilingAtOnce(Class<?> main, String... arguments) throws IOException {
        return start(List.of("-Xmx64m", "-XX:-BackgroundCompilation"), main, arguments);
    }

    /** A JVM that compiles nothing. */
    public static Process interpreting(Class<?> main, String... arguments) throws IOException {
        return start(List.of("-Xmx64m", "-Xint"), main, arguments);
    }

    private static Process start(List<String> options, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
