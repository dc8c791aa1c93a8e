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
        return option.load();
    }

    BoardId board(Config config) {
        return option.board(config).board();
    }

    /** Says that the node whose file this is has ended. */
    static EnvironmentException gone(BoardId board, CountersFile file) {
        return new EnvironmentException("the node of board " + board.letter() + " (process " + file.pid()
                + ") is gone: start it with hotpair node");
    }

    /** Opens the file to read, or also to give orders. */
    CountersFile open(Config config, BoardId board, boolean forOrders) {
        Path path = Node.countersPath(config, board);
        try {
            CountersFile file = forOrders ? CountersFile.openForOrders(path) : CountersFile.open(path);
            if (forOrders && !file.nodeAlive()) {
                EnvironmentException gone = gone(board, file);
                file.close();
                throw gone;
            }
            return file;
        } catch (CountersFileException e) {
            throw new EnvironmentException(e.why() == CountersFileException.Cause.MISSING
                    ? "no node of board " + board.letter() + " has run here (" + path + "): start it with hotpair node" : e.getMessage(), e);
        } catch (IOException e) {
            throw new EnvironmentException(path + ": " + e.getMessage(), e);
        }
    }
}
