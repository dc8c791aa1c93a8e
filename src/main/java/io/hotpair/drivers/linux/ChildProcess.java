package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/**
 * A child started by {@code posix_spawn}, which, unlike {@link ProcessBuilder}, lets it inherit every descriptor that is not close-on-exec.
 * It gets an empty environment. One thread at a time.
 */
public final class ChildProcess {
    private static final int WNOHANG = 1;
    private static final int SIGKILL = 9;
    private static final long POSIX_SPAWN = Downcall.address("posix_spawn");
    private static final long WAITPID = Downcall.address("waitpid");
    private static final long KILL = Downcall.address("kill");

    private final MemorySegment status = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
    private final int pid;
    private boolean ended;
    private int exitStatus;

    private ChildProcess(int pid) {
        this.pid = pid;
    }

    /** @throws IOException if the program cannot be started, with the cause */
    public static ChildProcess spawn(Path program, List<String> arguments) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(program.toString());
            MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, arguments.size() + 2L);
            argv.setAtIndex(ValueLayout.ADDRESS, 0, path);
            for (int i = 0; i < arguments.size(); i++) {
                argv.setAtIndex(ValueLayout.ADDRESS, i + 1L, arena.allocateFrom(arguments.get(i)));
            }
            MemorySegment environment = arena.allocate(ValueLayout.ADDRESS, 1);
            MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            int error = Downcall.call(POSIX_SPAWN, pid.address(), path.address(), 0, 0, argv.address(), environment.address());
            if (error != 0) {
                throw new IOException("cannot start " + program + ": " + Errno.text(error));
            }
            return new ChildProcess(pid.get(ValueLayout.JAVA_INT, 0));
        }
    }

    public int pid() {
        return pid;
    }

    /** Whether it still runs; takes its exit status once it does not. One system call, which does not block. */
    public boolean running() {
        if (ended) {
            return false;
        }
        int result = Downcall.call(WAITPID, pid, status.address(), WNOHANG);
        if (result == 0 || result == -Errno.EINTR) {
            return true;
        }
        ended = true;
        exitStatus = result == pid ? status.get(ValueLayout.JAVA_INT, 0) : -1;
        return false;
    }

    /** Once it has ended: its exit code, 128 + n if signal n ended it, -1 if unknown. */
    public int exitCode() {
        if (running()) {
            throw new IllegalStateException("process " + pid + " still runs");
        }
        int signal = exitStatus & 0x7F;
        return exitStatus < 0 ? -1 : signal != 0 ? 128 + signal : exitStatus >> 8 & 0xFF;
    }

    /** Ends it at once; no effect on one that has ended. */
    public void destroy() {
        if (running()) {
            Downcall.call(KILL, pid, SIGKILL);
        }
    }
}
