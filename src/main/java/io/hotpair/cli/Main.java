package io.hotpair.cli;

import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.BoardSelection;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigException;
import io.hotpair.node.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the program begins: a node whose call can be understood without a command-line library starts without one, everything else is left to
 * {@link Hotpair}.
 *
 * <p>Why: picocli's classes are of a format too old for the AOT cache, so every start would read, parse and verify 190 of them and reflect on
 * all commands: a third of a second of processor time before the node knows its configuration, at the very moment at which a peer runs alone.
 */
public final class Main {
    private Main() {
    }

    /** Never returns. */
    public static void main(String[] args) {
        NodeCall call = NodeCall.of(args);
        if (call == null) {
            Hotpair.main(args);
        } else {
            System.exit(run(call));
        }
    }

    private static int run(NodeCall call) {
        try {
            return NodeRun.run(call.config(), call.board());
        } catch (EnvironmentException e) {
            System.err.println("hotpair: " + e.getMessage());
            return ExitCode.ENVIRONMENT;
        } catch (Exception e) {
            e.printStackTrace();
            return ExitCode.FAILED;
        }
    }

    /** A call of {@code node} whose configuration is valid and tells the board. */
    private record NodeCall(Config config, BoardId board) {
        /** Null for every other call, be it only misspelt: {@link Hotpair} finds the words for what is wrong with it. */
        static NodeCall of(String[] args) {
            if (args.length < 3 || args.length % 2 == 0 || !args[0].equals("node")) {
                return null;
            }
            String file = null;
            String board = null;
            for (int i = 1; i < args.length; i += 2) {
                if (file == null && (args[i].equals("--config") || args[i].equals("-c"))) {
                    file = args[i + 1];
                } else if (board == null && args[i].equals("--board")) {
                    board = args[i + 1];
                } else {
                    return null;
                }
            }
            return file == null ? null : read(file, board);
        }

        private static NodeCall read(String file, String board) {
            try {
                Config config = ConfigReader.read(Path.of(file));
                return new NodeCall(config, BoardSelection.choose(config, board, System.getenv(BoardSelection.VARIABLE), HostName.get()).board());
            } catch (IOException | ConfigException | IllegalArgumentException e) {
                return null;
            }
        }
    }
}
