package io.hotpair.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Nodes as they are, run from the classes under test instead of the installed ones. */
public final class RealNodeKit implements NodeKit {
    private static final Path GUARD_DIRECTORY = Path.of("target").toAbsolutePath();

    private final InstalledNodes installed = new InstalledNodes(Path.of(""));

    @Override
    public List<String> command(int boardId, Path config) {
        return List.of("env", "HOTPAIR_DIE_WITH_PARENT=" + ProcessHandle.current().pid(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xms24m", "-Xmx64m", "-Xmn16m",
                "--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-Dhotpair.run=" + GUARD_DIRECTORY,
                "-cp", System.getProperty("java.class.path"),
                "io.hotpair.cli.Main", "node", "--config", config.toString(), "--board", boardId == 0 ? "a" : "b");
    }

    @Override
    public void writeKey(Path file) throws IOException {
        installed.writeKey(file);
    }

    @Override
    public WireSwitch createWire(Path file) throws IOException {
        return installed.createWire(file);
    }

    @Override
    public BoardView view(int boardId, Path runDirectory) {
        return installed.view(boardId, runDirectory);
    }

    @Override
    public Runnable threadSetup() {
        return installed.threadSetup();
    }

    @Override
    public void favourProgram() { } // the other tests are in this program too
}
