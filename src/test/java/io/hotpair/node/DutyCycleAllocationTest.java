package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hotpair.core.CoreConfig;
import io.hotpair.drivers.linux.Allocation;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.ConfigReader;
import io.hotpair.node.config.PairKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DutyCycleAllocationTest {
    private static final int REIGNS = 5;

    @Test
    void aWholeCycleAllocatesNothingEvenWhereItIsNotCompiled() throws Exception {
        assertEquals(0, Allocation.interpretedBytes(Reign.class, REIGNS));
    }

    /** With inputs, records and the ticks of a line. */
    @Test
    void norDoesOneWithATask() throws Exception {
        assertEquals(0, Allocation.interpretedBytes(TaskReign.class, REIGNS));
    }

    /** With a task in place of the built-in stream. */
    private static final class TaskReign extends Reign {
        private TaskReign() throws IOException {
            super(true);
        }
    }

    /** Ten intervals of two boards with every channel, duty cycles, sockets and counters files; one of them has replaced the other before. */
    private static class Reign implements Allocation.Work {
        private final Rehearsal rehearsal;

        private Reign() throws IOException {
            this(false);
        }

        Reign(boolean replicated) throws IOException {
            Path folder = Files.createTempDirectory("hotpair-reign");
            Path key = folder.resolve("pair.key");
            Path file = Files.copy(Path.of("src/examples/pair.toml"), folder.resolve("pair.toml"));
            try {
                PairKey.generate(key, false);
                Config config = ConfigReader.read(file);
                CoreConfig core = CoreSettings.of(config, config.board(BoardId.A));
                rehearsal = new Rehearsal(core, new byte[32], folder.resolve("rehearsal"), replicated);
            } finally {
                Files.deleteIfExists(key);
                Files.delete(file);
            }
            rehearsal.acquaint();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(folder)));
        }

        @Override
        public void unmeasured() throws IOException {
            rehearsal.replace();
            rehearsal.reign(1); // the death is noticed, the one that starts again is met
        }

        @Override
        public void measured() {
            rehearsal.reign(10);
        }

        private void close(Path folder) {
            rehearsal.close();
            folder.toFile().delete();
        }
    }
}
