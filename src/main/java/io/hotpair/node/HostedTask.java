package io.hotpair.node;

import io.hotpair.drivers.linux.Poller;
import io.hotpair.sync.port.TaskPort;
import io.hotpair.task.host.InProcessTask;
import io.hotpair.task.host.ProcessTask;

/** A user's task wherever it runs, as the duty cycle looks after it beside feeding it. */
final class HostedTask {
    private static final long RESTART_NS = 1_000_000_000L;
    /** A board whose task does not run is as good as none. */
    private static final int DOWN = 100;

    private final InProcessTask inside;
    private final ProcessTask outside;
    private Poller poller;
    private int wakeIndex;
    private long failedNs;
    private boolean failed;

    /** In this process. */
    HostedTask(InProcessTask task) {
        inside = task;
        outside = null;
    }

    /** In its own. */
    HostedTask(ProcessTask task) {
        inside = null;
        outside = task;
    }

    TaskPort port() {
        return inside != null ? inside : outside;
    }

    int descriptors() {
        return outside == null ? 0 : 1;
    }

    void watch(Poller watching) {
        if (outside != null) {
            poller = watching;
            wakeIndex = watching.add(outside.wakeFd());
        }
    }

    /** At the begin of each cycle. */
    void look(long nowNs) {
        if (outside != null) {
            if (poller.ready(wakeIndex)) {
                outside.drainWake();
            }
            outside.watch(nowNs);
        } else if (inside.failure() != null) {
            restartInside(nowNs);
        }
    }

    /** Not at once: one that throws at what it is fed would be fed it again without a pause. */
    private void restartInside(long nowNs) {
        if (!failed) {
            failed = true;
            failedNs = nowNs;
        } else if (nowNs - failedNs >= RESTART_NS) {
            failed = false;
            inside.restart();
        }
    }

    /** Whether the duty cycle may sleep; if not, an answer of the task waits. */
    boolean mayNodeSleep() {
        return outside == null || outside.mayNodeSleep();
    }

    int penalty() {
        return outside != null ? outside.penalty() : inside.failure() != null ? DOWN : 0;
    }

    long starts() {
        return outside != null ? outside.starts() : 1 + inside.failures();
    }

    long late() {
        return outside != null ? outside.late() : 0;
    }

    String trouble() {
        String what = outside != null ? outside.trouble() : inside.trouble();
        return what == null || port().ready() ? null : "ALARM: " + what;
    }
}
