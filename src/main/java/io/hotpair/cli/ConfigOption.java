package io.hotpair.cli;

import io.hotpair.node.config.BoardSelection;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code --config} and {@code --board}, for every command that looks at a pair. Used as a picocli mixin. */
public final class ConfigOption {
    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "${env:HOTPAIR_CONFIG:-/etc/hotpair/hotpair.toml}",
            description = "the pair's configuration; without it $HOTPAIR_CONFIG, then /etc/hotpair/hotpair.toml")
    private Path file;

    @Option(
            names = "--board",
            paramLabel = "a|b",
            description = "which board this is; without it $HOTPAIR_BOARD, then the host name decides")
    private String board;

    /** The file that {@link #load()} reads. */
    public Path file() {
        return file;
    }

    /**
     * Reads and checks the configuration.
     *
     * @throws io.hotpair.node.config.ConfigException with every error in it
     */
    public Config load() {
        return load(true);
    }

    /** As {@link #load()}; the key may be missing, or be none of this user's business. */
    Config loadWithoutKey() {
        return load(false);
    }

    private Config load(boolean withKey) {
        try {
            return withKey ? ConfigReader.read(file) : ConfigReader.readWithoutKey(file);
        } catch (NoSuchFileException e) {
            throw misuse("no configuration at " + file + ": give --config FILE");
        } catch (AccessDeniedException e) {
            throw misuse(file + ": permission denied");
        } catch (MalformedInputException e) {
            throw misuse(file + " is not UTF-8 text");
        } catch (IOException e) {
            throw misuse(file + " cannot be read: " + e.getMessage());
        }
    }

    /** Which board of the pair this machine is; ends the command as called wrongly when that cannot be told. */
    public BoardSelection board(Config config) {
        try {
            return choose(config);
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    /** Whether {@code --board} was given, so that the answer matters even to a command that can do without. */
    boolean boardGiven() {
        return board != null;
    }

    /** @throws IllegalArgumentException with one line that says what to do */
    BoardSelection choose(Config config) {
        return BoardSelection.choose(config, board, System.getenv(BoardSelection.VARIABLE), HostName.get());
    }

    private CommandLine.ParameterException misuse(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
