package io.hotpair.task.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a task's process is started; the path of the file that it shares with the node is appended as the last argument.
 *
 * @param words the program and its arguments
 */
public record TaskCommand(List<String> words) {
    /** Classes loaded ahead of time, made by the launcher beside the jar. */
    private static final String AOT_CACHE = "hotpair-task.aot";

    /** @throws IllegalArgumentException if there is no program */
    public TaskCommand {
        words = List.copyOf(words);
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw new IllegalArgumentException("the task's command is empty");
        }
    }

    /**
     * A {@link io.hotpair.task.Task} in a JVM of its own.
     *
     * @param className its class, which has a public constructor without parameters
     * @param classPath where it is found, empty if it comes with Hotpair
     * @param javaOptions as {@code -Xmx64m}
     */
    public static TaskCommand java(String className, String classPath, List<String> javaOptions) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:-UsePerfData", "-Xss512k",
                "--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"));
        Path cache = Path.of(System.getProperty("hotpair.run", "."), AOT_CACHE);
        if (Files.isReadable(cache)) { // dropped without a word where the options below do not suit it
            words.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr"));
        }
        words.addAll(javaOptions);
        words.add("-cp");
        words.add(System.getProperty("java.class.path") + (classPath.isEmpty() ? "" : File.pathSeparator + classPath));
        words.add(TaskMain.class.getName());
        words.add(className);
        return new TaskCommand(words);
    }

    List<String> with(Path file) {
        List<String> command = new ArrayList<>(words);
        command.add(file.toString());
        return command;
    }
}
