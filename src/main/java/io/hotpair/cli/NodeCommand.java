package io.hotpair.cli;

import io.hotpair.node.config.Config;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hotpair node}: runs one board until it is told to stop. */
@Command(
        name = "node",
        description = "Runs this board. SIGTERM or Ctrl-C hands over to the peer, then ends.",
        mixinStandardHelpOptions = true,
        versionProvider = Hotpair.Version.class,
        footerHeading = "%nExample:%n",
        footer = "  hotpair node --config pair.toml --board a")
final class NodeCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption option;

    @Override
    public Integer call() throws Exception {
        Config config = option.load();
        return NodeRun.run(config, option.board(config).board());
    }
}
