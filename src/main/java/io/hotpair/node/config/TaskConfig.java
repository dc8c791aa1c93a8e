package io.hotpair.node.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The user's task, its ways in and out, and what is kept of it. All durations are nanoseconds.
 *
 * @param inputs in the order of their names, which is the order of their numbers
 * @param outputs likewise
 */
public record TaskConfig(Program program, List<InputConfig> inputs, List<OutputConfig> outputs, Storage storage) {
    public TaskConfig {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * The program.
     *
     * @param className a {@code io.hotpair.task.Task}, or empty for a command
     * @param command the program of another kind and its arguments, empty for a class
     * @param classPath where the class is found beside what comes with Hotpair; may be empty
     * @param javaOptions of the task's own JVM
     * @param inProcess runs in the node's process, on its duty cycle
     * @param stateMaxBytes largest state
     * @param deadlineNs a record that takes longer counts against the board's health
     * @param hangNs a task that has not answered for this long is started anew
     * @param outputsPerInput most outputs of one input
     * @param settings what the task may ask for by key
     */
    public record Program(Optional<String> className, List<String> command, String classPath, List<String> javaOptions, boolean inProcess,
            long stateMaxBytes, long deadlineNs, long hangNs, int outputsPerInput, Map<String, String> settings) {
        public Program {
            command = List.copyOf(command);
            javaOptions = List.copyOf(javaOptions);
            settings = Map.copyOf(settings);
        }
    }

    /** When an output may leave. */
    public enum Commit {
        /** At once. */
        ONE,
        /** When the standby holds the input that caused it. */
        BOTH,
        /** When both have it on disk. */
        DURABLE
    }

    /** What outlives a board's process. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** A journal on each board. */
        MIRROR,
        /** One volume that both have mounted. */
        SHARED,
        /** Both. */
        MIRROR_AND_SHARED;

        /** Whether each board has a journal of its own. */
        public boolean mirror() {
            return this == MIRROR || this == MIRROR_AND_SHARED;
        }

        /** Whether a volume is shared. */
        public boolean shared() {
            return this == SHARED || this == MIRROR_AND_SHARED;
        }
    }

    /**
     * @param directory of the board's own journal, empty for a folder in its state folder
     * @param sharedDirectory on the volume that both boards have mounted
     * @param standbyWaitNs a standby that does not acknowledge for so long is gone on without
     * @param leadWhenUnsureNs a board that does not know whether its peer has newer data leads after so long; empty for never
     */
    public record Storage(Kind kind, Optional<Path> directory, Optional<Path> sharedDirectory, Commit commit, long standbyWaitNs,
            OptionalLong leadWhenUnsureNs) {}
}
