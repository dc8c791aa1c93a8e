package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;

/**
 * A child started by {@code posix_spawn}, which, unlike {@link ProcessBuilder}, lets it inherit every descriptor that is not close-on-exec.
 * It gets an empty environment. One thread at a time.
 */
public final class ChildProcess {
    private static final int WNOHANG = 1;
    private static final int SIGKILL = 9;
    private static final MethodHandle POSIX_SPAWN = Downcall.bind("posix_spawn");
    private static final MethodHandle WAITPID = Downcall.bind("waitpid");
    private static final MethodHandle KILL = Downcall.bind("kill");

    private final MemorySegment callState = Downcall.callState(Arena.ofAuto());
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
            int error;
            try {
                error = (int) (long) POSIX_SPAWN.invokeExact(
                        Downcall.callState(arena), pid.address(), path.address(), 0L, 0L, argv.address(), environment.address());
            } catch (Throwable cause) {
                throw Downcall.unexpected(cause);
            }
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
        int result = call(WAITPID, pid, status.address(), WNOHANG);
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
            call(KILL, pid, SIGKILL, 0);
        }
    }

    private int call(MethodHandle function, long a, long b, long c) {
        try {
            int result = (int) (long) function.invokeExact(callState, a, b, c, 0L, 0L, 0L);
            return result < 0 ? -callState.get(ValueLayout.JAVA_INT, 0) : result;
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }
}
