package io.hotpair.task.host;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Keeps a task's process: starts it, passes on what it prints, starts it again after a pause that doubles. On a thread of its own, which lives as
 * long as the node, because the kernel ends the process with the thread that started it.
 *
 * <pre>
 *           started                ended               node is done with the rings
 * PAUSING ──────────▶ RUNNING ──────────────▶ ENDED ───────────────────────────────▶ PAUSING
 *          (keeper)              (keeper)                (duty cycle: letGo)
 * </pre>
 */
final class TaskKeeper {
    /** No process, and the rings are the keeper's. */
    static final int PAUSING = 0;
    /** A process is there, attached or about to be; the rings are the duty cycle's. */
    static final int RUNNING = 1;
    /** The process is gone; the duty cycle may still read what it left. */
    static final int ENDED = 2;

    private static final long LOOK_MS = 20;
    private static final long ATTACH_NS = 60_000_000_000L;
    private static final long END_NS = 500_000_000L;
    private static final int LINE_BYTES = 1000;
    private static final File NOTHING = new File("/dev/null");

    private final TaskFile file;
    private final Path path;
    private final TaskCommand command;
    private final HostSettings settings;
    private final Consumer<String> log;
    private final AtomicInteger phase = new AtomicInteger(PAUSING);
    private final Thread thread;
    private volatile boolean closing;
    private volatile String killCause;
    private volatile Process process;
    private volatile long starts;
    private volatile String trouble;

    TaskKeeper(TaskFile file, Path path, TaskCommand command, HostSettings settings, Consumer<String> log) {
        this.file = file;
        this.path = path;
        this.command = command;
        this.settings = settings;
        this.log = log;
        thread = Thread.ofPlatform().name("task-keeper").daemon().start(this::run);
    }

    int phase() {
        return phase.getAcquire();
    }

    /** The duty cycle will not look at the rings of the process that ended. */
    void letGo() {
        phase.setRelease(PAUSING);
    }

    /** Ends the process; it is started again. From any thread, returns at once. */
    void kill(String cause) {
        killCause = cause;
    }

    /** How often a process was started. */
    long starts() {
        return starts;
    }

    /** Why the process ended last, for a person, or null. */
    String trouble() {
        return trouble;
    }

    /** The present process, -1 if there is none. */
    long pid() {
        Process present = process;
        return present == null ? -1 : present.pid();
    }

    private void run() {
        long pauseNs = settings.backoffNs();
        while (!closing) {
            file.reset();
            killCause = null;
            long startNs = System.nanoTime();
            String cause = runOnce(startNs);
            if (closing) {
                return;
            }
            trouble = cause;
            log.accept(cause + "; it is started again in " + pauseNs / 1_000_000 + " ms");
            while (phase() == ENDED && !closing) {
                LockSupport.parkNanos(1_000_000);
            }
            pause(pauseNs);
            boolean ranWell = System.nanoTime() - startNs > 2 * settings.backoffMaxNs();
            pauseNs = ranWell ? settings.backoffNs() : Math.min(2 * pauseNs, settings.backoffMaxNs());
        }
    }

    private void pause(long ns) {
        long untilNs = System.nanoTime() + ns;
        for (long leftNs = ns; leftNs > 0 && !closing; leftNs = untilNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    /** Starts the process and waits for its end; returns why it ended. */
    private String runOnce(long startNs) {
        Process started;
        try {
            started = new ProcessBuilder(command.with(path)).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(NOTHING)).start();
        } catch (IOException e) {
            return "the task cannot be started: " + e.getMessage();
        }
        process = started;
        starts++;
        phase.setRelease(RUNNING);
        Thread printer = Thread.ofPlatform().name("task-output").daemon().start(() -> passOn(started));
        boolean attached = false;
        try {
            while (!started.waitFor(LOOK_MS, TimeUnit.MILLISECONDS) && !closing && killCause == null) {
                attached |= file.taskReady();
                if (!attached && System.nanoTime() - startNs > ATTACH_NS) {
                    killCause = "has not attached within " + ATTACH_NS / 1_000_000_000 + " s";
                }
            }
            end(started);
            printer.join(END_NS / 1_000_000); // a child of the task may keep its output open
        } catch (InterruptedException e) {
            closing = true;
        }
        process = null;
        phase.setRelease(ENDED);
        return killCause != null ? "the task was killed: it " + killCause
                : "the task's process ended with " + (started.exitValue() > 128 ? "signal " + (started.exitValue() - 128)
                        : "code " + started.exitValue());
    }

    private void end(Process started) throws InterruptedException {
        if (closing) {
            file.askStop();
            started.waitFor(END_NS, TimeUnit.NANOSECONDS);
        }
        started.destroyForcibly();
        started.waitFor();
    }

    private void passOn(Process started) {
        LineLimiter limiter = new LineLimiter(text -> log.accept("task: " + text), System::nanoTime);
        byte[] line = new byte[LINE_BYTES];
        int length = 0;
        try (InputStream in = started.getInputStream()) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    line[length++] = (byte) next;
                }
                if (length > 0 && (next == '\n' || length == LINE_BYTES)) {
                    limiter.line(new String(line, 0, length, StandardCharsets.UTF_8));
                    length = 0;
                }
            }
        } catch (IOException e) {
            // the process was killed while it printed
        }
        if (length > 0) {
            limiter.line(new String(line, 0, length, StandardCharsets.UTF_8));
        }
        limiter.end();
    }

    /** Ends the process and the thread; at most about a second. */
    void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(4 * END_NS / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
