package io.hotpair.cli;

import io.hotpair.drivers.linux.Downcall;
import io.hotpair.drivers.linux.ParentProcess;
import io.hotpair.node.Node;
import io.hotpair.node.StartException;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.tinylog.Logger;
import org.tinylog.provider.ProviderRegistry;

/** One board's node as a process: from its start to its farewell. Knows no command-line library, see {@link Main}. */
final class NodeRun {
    /** Holds the process id of a program that starts nodes and must not leave any behind, however it ends. */
    private static final String PARENT_VARIABLE = "HOTPAIR_DIE_WITH_PARENT";
    private static final long STOP_TIMEOUT_MS = 3000;

    private NodeRun() {
    }

    /**
     * Runs the node until it is told to stop, or its duty cycle ends.
     *
     * @return the exit code
     * @throws EnvironmentException if the node cannot be started
     */
    static int run(Config config, BoardId board) throws Exception {
        try {
            Downcall.load();
        } catch (IOException e) {
            throw new EnvironmentException(e.getMessage(), e);
        }
        String parent = System.getenv(PARENT_VARIABLE);
        if (parent != null && !ParentProcess.dieWith(parent)) {
            throw new EnvironmentException("process " + parent + ", named by " + PARENT_VARIABLE + ", did not start this node, or is gone");
        }
        Node node;
        try {
            node = new Node(config, board, SoftwareVersion.get());
        } catch (StartException e) {
            throw new EnvironmentException(e.getMessage(), e);
        }
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().name("hotpair-stop").unstarted(() -> stop(node, ended));
        Runtime.getRuntime().addShutdownHook(hook);
        node.start(Path.of(System.getProperty("hotpair.run", "/usr/lib/hotpair")).resolve("guard"));
        Throwable failure = node.awaitEnd();
        if (failure != null) {
            Logger.error(failure, "the duty cycle ended; the peer takes over");
            ProviderRegistry.getLoggingProvider().shutdown();
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
        node.close();
        Logger.info("stopped");
        ended.countDown();
        return ExitCode.OK;
    }

    /** In the shutdown hook: the JVM ends when this returns, so it waits for the farewell. */
    private static void stop(Node node, CountDownLatch ended) {
        node.stop();
        try {
            // Not for the end of the main thread: that calls System.exit, which waits for this hook.
            ended.await(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            ProviderRegistry.getLoggingProvider().shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
