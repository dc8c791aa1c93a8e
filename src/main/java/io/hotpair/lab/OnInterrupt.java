package io.hotpair.lab;

import java.util.concurrent.locks.LockSupport;

/** While it is open, Ctrl-C or SIGTERM ends the drill in good order. To be opened last, so that it is closed first. */
public final class OnInterrupt implements AutoCloseable {
    private final Thread hook;

    /** @param takeAway what ends processes and removes folders, in this order */
    public OnInterrupt(Runnable... takeAway) {
        hook = new Thread(() -> {
            System.err.println("hotpair: interrupted; nothing was judged, nothing is left behind");
            for (Runnable step : takeAway) {
                step.run();
            }
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
