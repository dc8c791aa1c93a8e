package io.hotpair.cli;

import io.hotpair.node.Node;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.status.CountersFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
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

    /** Opens the file to read, or also to give orders. */
    CountersFile open(Config config, BoardId board, boolean forOrders) {
        Path path = Node.countersPath(config, board);
        try {
            CountersFile file = forOrders ? CountersFile.openForOrders(path) : CountersFile.open(path);
            if (forOrders && !file.nodeAlive()) {
                long pid = file.pid();
                file.close();
                throw new EnvironmentException("the node of board " + board.letter() + " (process " + pid + ") is gone: start it with hotpair node");
            }
            return file;
        } catch (NoSuchFileException e) {
            throw new EnvironmentException("no node of board " + board.letter() + " has run here (" + path + "): start it with hotpair node", e);
        } catch (AccessDeniedException e) {
            throw new EnvironmentException(path + ": permission denied; join the group that owns the file, or run as its user", e);
        } catch (IOException e) {
            throw new EnvironmentException(e.getMessage(), e);
        }
    }
}
