package io.hotpair.cli;

import io.hotpair.node.config.PairKey;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hotpair keygen}: makes the key that authenticates the two boards to each other. */
@Command(
        name = "keygen",
        description = "Makes the pair's key file (mode 0600). Copy it to both boards.",
        mixinStandardHelpOptions = true,
        versionProvider = Hotpair.Version.class,
        footerHeading = "%nExample:%n",
        footer = "  hotpair keygen /etc/hotpair/pair.key")
final class KeygenCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "the file to write")
    private Path file;

    @Option(names = "--force", description = "replace an existing file: the pair parts until both boards have the new key")
    private boolean force;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        try {
            PairKey.generate(file, force);
        } catch (FileAlreadyExistsException e) {
            return fail(file + " exists; --force replaces it");
        } catch (AccessDeniedException e) {
            return fail(file + ": permission denied");
        } catch (NoSuchFileException e) {
            return fail(file + ": its folder does not exist");
        } catch (IOException e) {
            return fail(file + ": " + e.getMessage());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("file", file.toString());
        result.put("mode", "0600");
        json.print(spec, result, out -> out.println("wrote " + file + " (mode 0600); copy it to both boards"));
        return ExitCode.OK;
    }

    private int fail(String problem) {
        spec.commandLine().getErr().println("hotpair: " + problem);
        return ExitCode.FAILED;
    }
}
