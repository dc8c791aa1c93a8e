package io.hotpair.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The processes of one board: its node and what the node started (the guard). Signals go to processes that were started here only.
 */
public final class BoardProcess {
    /** How long a killed process may take to be gone; the kernel has to free its memory first. */
    private static final long GONE_WITHIN_MS = 5_000;

    /** State of a process in {@code /proc/PID/stat}, see proc_pid_stat(5). */
    private static final char ZOMBIE = 'Z';

    /** A node may ask the kernel to end with its parent, which is the thread that started it: so all are started by one that stays. */
    private static final ExecutorService STARTER =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("node-starter").factory());

    private final LinuxCalls linux = new LinuxCalls();
    private final List<String> command;
    private final Path directory;
    private final Path log;
    private final Set<ProcessHandle> children = new LinkedHashSet<>();
    private volatile Process node;
    private boolean retired;

    /**
     * @param command how to run the node
     * @param directory its working directory
     * @param log where its output goes, appended
     */
    public BoardProcess(List<String> command, Path directory, Path log) {
        this.command = List.copyOf(command);
        this.directory = directory;
        this.log = log;
    }

    /** Starts the node. */
    public synchronized void start() throws IOException {
        if (retired) {
            throw new IOException("the demonstration is ending");
        }
        if (running()) {
            throw new IllegalStateException("already running");
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        node = onStarter(builder::start);
        // Nobody types into a node; an open pipe would keep it waiting if it ever read.
        node.getOutputStream().close();
    }

    private static Process onStarter(Callable<Process> start) throws IOException {
        try {
            return STARTER.submit(start).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Whether the node process exists, be it stopped. */
    public boolean running() {
        Process current = node;
        return current != null && current.isAlive();
    }

    /** The node's process id, or -1. */
    public long pid() {
        Process current = node;
        return current == null ? -1 : current.pid();
    }

    /** Remembers what the node has started: after its death they are nobody's children any more. */
    public synchronized void noteChildren() {
        children.removeIf(child -> !child.isAlive());
        if (running()) {
            node.descendants().forEach(children::add);
        }
    }

    /** Sends a signal to the node process. @return the instant right before */
    synchronized long signal(int signal) throws IOException {
        if (!running()) {
            throw new IOException("the node is not running");
        }
        int pid = Math.toIntExact(node.pid());
        long beforeNs = System.nanoTime();
        linux.kill(pid, signal);
        return beforeNs;
    }

    /** Waits until the node and everything that it started is gone. @return whether they went by themselves in time */
    public boolean awaitGone(long timeoutMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (anythingAlive()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }

    /** Kills the node and everything that it started. @return whether all are gone */
    public boolean killAll() throws InterruptedException {
        synchronized (this) {
            noteChildren();
            // The guard first: it would otherwise see the node die, as it never could when the power fails.
            children.forEach(ProcessHandle::destroyForcibly);
            if (running()) {
                node.destroyForcibly();
            }
        }
        return awaitGone(GONE_WITHIN_MS);
    }

    /** As {@link #killAll}, and nothing can be started any more. */
    public boolean retire() throws InterruptedException {
        synchronized (this) {
            retired = true;
        }
        return killAll();
    }

    private synchronized boolean anythingAlive() {
        return running() || !childrenGone();
    }

    /** Whether everything that the node was seen to have started has ended. */
    synchronized boolean childrenGone() {
        return children.stream().noneMatch(BoardProcess::lives);
    }

    /** An orphan that has ended holds nothing any more, but is there until its new parent asks for it, which some take two seconds to do. */
    private static boolean lives(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != ZOMBIE && process.isAlive();
        } catch (IOException | StringIndexOutOfBoundsException e) {
            return process.isAlive();
        }
    }

    /** The last lines that the node printed. */
    public List<String> logTail(int lines) {
        try {
            List<String> all = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
