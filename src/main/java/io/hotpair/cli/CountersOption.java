package io.hotpair.cli;

import io.hotpair.node.Node;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.CountersFileException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;

/** Finds and opens the counters file of this board's node. Used as a picocli mixin. */
final class CountersOption {
    @Mixin
    private ConfigOption option;

    Config load() {
        return option.loadWithoutKey();
    }

    BoardId board(Config config) {
        return option.board(config).board();
    }

    /** Says that the node whose file this is has ended. */
    static EnvironmentException gone(BoardId board, CountersFile file) {
        return new EnvironmentException("the node of board " + board.letter() + " (process " + file.pid()
                + ") is gone: start it with hotpair node");
    }

    /** Opens the file of a node that runs, or ran. */
    CountersFile open(Config config, BoardId board) {
        Path path = Node.countersPath(config, board);
        try {
            return CountersFile.open(path);
        } catch (CountersFileException e) {
            throw new EnvironmentException(e.why() == CountersFileException.Cause.MISSING
                    ? "no node of board " + board.letter() + " has run here, or " + path + " was removed while it runs: start it with hotpair node"
                    : e.getMessage(), e);
        } catch (IOException e) {
            throw new EnvironmentException(path + ": " + e.getMessage(), e);
        }
    }

    /** Opens the file of a node that runs. */
    CountersFile openRunning(Config config, BoardId board) throws IOException {
        CountersFile file = open(config, board);
        if (file.nodeAlive()) {
            return file;
        }
        EnvironmentException gone = gone(board, file);
        file.close();
        throw gone;
    }
}
