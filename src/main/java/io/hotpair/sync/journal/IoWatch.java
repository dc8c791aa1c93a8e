package io.hotpair.sync.journal;

import java.io.IOException;

/** What one thread is doing with the disk, for others to see: since when it has been waiting, and what failed last. */
final class IoWatch {
    private final long hangNs;
    private volatile String activity = "";
    private volatile long sinceNs;
    private volatile boolean busy;
    private volatile String failure;

    IoWatch(long hangNs) {
        this.hangNs = hangNs;
    }

    void begin(String what) {
        activity = what;
        sinceNs = System.nanoTime();
        busy = true;
    }

    /** It went well; an earlier failure is over. */
    void done() {
        busy = false;
        failure = null;
    }

    void failed(IOException cause) {
        busy = false;
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        failure = activity.isEmpty() ? text : activity + ": " + text;
    }

    /** Allocates nothing. */
    boolean inTrouble() {
        return failure != null || hangs();
    }

    private boolean hangs() {
        return busy && System.nanoTime() - sinceNs > hangNs;
    }

    /** For a person, or null. */
    String trouble() {
        if (hangs()) {
            return activity + ": the disk has not answered for " + (System.nanoTime() - sinceNs) / 1_000_000_000L + " s";
        }
        return failure;
    }
}
