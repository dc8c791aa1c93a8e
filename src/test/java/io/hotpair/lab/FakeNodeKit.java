package io.hotpair.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Runs {@link FakeNode} with the class path of the test. */
public class FakeNodeKit implements NodeKit {
    @Override
    public List<String> command(int boardId, Path config) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FakeNode.class.getName(),
                "node",
                "--board",
                "ab".substring(boardId, boardId + 1),
                "--config",
                config.toString());
    }

    @Override
    public void writeKey(Path file) throws IOException {
        Files.writeString(file, "no key");
    }

    @Override
    public WireSwitch createWire(Path file) throws IOException {
        Files.write(file.resolveSibling(FakeNode.SHARED_FILE), new byte[FakeNode.SHARED_BYTES]);
        return (board, powered) -> {};
    }

    @Override
    public BoardView view(int boardId, Path runDirectory) {
        return new View(runDirectory.resolve(FakeNode.SHARED_FILE), FakeNode.BOARD_OFFSET * (1L + boardId));
    }

    @Override
    public void favourProgram() { }

    @Override
    public Runnable threadSetup() {
        return () -> {};
    }

    /** Reads what {@link FakeNode} shows. */
    private static final class View implements BoardView {
        private final MemorySegment shared;
        private final long base;

        View(Path file, long base) {
            this.base = base;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                shared = channel.map(FileChannel.MapMode.READ_ONLY, 0, FakeNode.SHARED_BYTES, Arena.ofAuto());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private long field(long offset) {
            return (long) ValueLayout.JAVA_LONG.varHandle().getVolatile(shared, base + offset);
        }

        @Override
        public boolean refresh() {
            return field(0) != 0;
        }

        @Override
        public String role() {
            return field(0) == FakeNode.PRIMARY ? PRIMARY : field(0) == FakeNode.STANDBY ? STANDBY : "";
        }

        @Override
        public long term() {
            return field(8);
        }

        @Override
        public boolean inSync() {
            return field(16) == 15;
        }

        @Override
        public boolean channelFresh(int channel) {
            return (field(16) >> channel & 1) != 0;
        }

        @Override
        public List<BoardEvent> eventsSince(long sinceNs) {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
