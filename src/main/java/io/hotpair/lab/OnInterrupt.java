package io.hotpair.lab;

import java.util.concurrent.locks.LockSupport;

/** While it is open, Ctrl-C or SIGTERM ends the drill in good order. To be opened last, so that it is closed first. */
public final class OnInterrupt implements AutoCloseable {
    private final Thread hook;

    OnInterrupt(PairRig rig, Workspace workspace) {
        this(rig::close, workspace);
    }

    public OnInterrupt(TaskRig rig, Workspace workspace) {
        this(rig::close, workspace);
    }

    private OnInterrupt(Runnable endBoards, Workspace workspace) {
        hook = new Thread(() -> {
            System.err.println("hotpair: interrupted; nothing was judged, nothing is left behind");
            endBoards.run();
            workspace.close();
        }, "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Does not return once the process is ending: what the drill would say of nodes that are taken away under it is of no use to anybody. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            while (true) {
                LockSupport.park();
            }
        }
    }
}
