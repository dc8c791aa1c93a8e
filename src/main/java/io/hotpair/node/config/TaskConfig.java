package io.hotpair.node.config;

import java.net.InetSocketAddress;
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
public record TaskConfig(Program program, List<Input> inputs, List<Output> outputs, Storage storage) {
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

    /** What makes two datagrams come from the same source. */
    public enum SourceBy {
        /** Sender's address and port. */
        ADDRESS_AND_PORT,
        /** Sender's address. */
        ADDRESS,
        /** Everything on the port is one source. */
        PORT
    }

    /**
     * Datagrams in.
     *
     * @param boardA where board A receives, or with {@code multicast} the address of the interface on which it joins
     * @param boardB the same for board B
     * @param multicast group and port
     * @param numbered whether the first 8 bytes are the source's own number
     */
    public record Input(String name, InetSocketAddress boardA, InetSocketAddress boardB, Optional<InetSocketAddress> multicast, boolean numbered,
            SourceBy sourceBy) {
        /** Of this board. */
        public InetSocketAddress at(BoardId board) {
            return board == BoardId.A ? boardA : boardB;
        }
    }

    /**
     * Datagrams out.
     *
     * @param toA where board A sends
     * @param toB where board B sends
     * @param header whether number, term and flags come in front of the payload
     * @param repeats whether what a dead primary may not have sent is sent again; else it is sent at most once
     */
    public record Output(String name, InetSocketAddress toA, InetSocketAddress toB, boolean header, boolean repeats) {
        /** From this board. */
        public InetSocketAddress to(BoardId board) {
            return board == BoardId.A ? toA : toB;
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
