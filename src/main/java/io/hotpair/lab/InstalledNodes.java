package io.hotpair.lab;

import io.hotpair.drivers.gpio.SimulatedWire;
import io.hotpair.drivers.linux.RealTime;
import io.hotpair.node.config.PairKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The node program of this very installation, started as a user would: by the launcher. */
public final class InstalledNodes implements NodeKit {
    /** Above the nodes and their guards: what stands for a wire must not wait for them. */
    private static final int WIRE_PRIORITY = 60;
    /** As a node. */
    private static final int NICE = -15;
    private static final String PAIR_NAME = "demo";

    private final Path launcher;

    /** @param home the folder with the launcher */
    public InstalledNodes(Path home) {
        launcher = home.resolve("hotpair");
    }

    @Override
    public List<String> command(int boardId, Path config) {
        // The launcher replaces itself by the node, so the process is the node; it must not stop to look for changed sources.
        // However this program ends, and be it by kill -9: its nodes end with it.
        return List.of("env", "HOTPAIR_BUILDING=1", "HOTPAIR_DIE_WITH_PARENT=" + ProcessHandle.current().pid(), launcher.toString(), "node",
                "--config", config.toString(), "--board", letter(boardId));
    }

    @Override
    public void writeKey(Path file) throws IOException {
        PairKey.generate(file, false);
    }

    @Override
    public WireSwitch createWire(Path file) throws IOException {
        SimulatedWire.Faults faults = SimulatedWire.faults(file);
        boolean[] on = {true, true};
        return (boardId, powered) -> {
            on[boardId] = powered;
            SimulatedWire.Fault fault = on[0] && on[1] ? SimulatedWire.Fault.NORMAL : SimulatedWire.Fault.CUT;
            faults.set(SimulatedWire.LINE_A_TO_B, fault);
            faults.set(SimulatedWire.LINE_B_TO_A, fault);
        };
    }

    @Override
    public BoardView view(int boardId, Path runDirectory) {
        return new CountersView(runDirectory.resolve(PAIR_NAME + '-' + letter(boardId)).resolve("counters"));
    }

    @Override
    public Runnable threadSetup() {
        return () -> {
            RealTime.fifo(WIRE_PRIORITY); // where it is not permitted the nodes are not real-time either
            RealTime.timerSlack();
        };
    }

    @Override
    public void favourProgram() {
        RealTime.favour(NICE);
        // Every path between the boards runs through this JVM: a pause that waits for a processor would be a cut of all of them at once.
        RealTime.fifoForSafepoints(WIRE_PRIORITY);
    }

    private static String letter(int boardId) {
        return boardId == 0 ? "a" : "b";
    }
}
