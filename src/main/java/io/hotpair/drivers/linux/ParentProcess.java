package io.hotpair.drivers.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Ties this process to the one that started it. */
public final class ParentProcess {
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int SIGKILL = 9;
    private static final int SIGINT = 2;
    private static final long SIG_IGN = 1;
    private static final MethodHandle SIGNAL = Downcall.bind("signal");
    private static final MethodHandle PRCTL = Downcall.bind("prctl");
    private static final MethodHandle GETPPID = Downcall.bind("getppid");

    private ParentProcess() {
    }

    /** Ctrl-C reaches every process of a terminal; this one leaves it to its parent to say when it ends. */
    public static void ignoreInterrupt() {
        try (Arena arena = Arena.ofConfined()) {
            long ignored = (long) SIGNAL.invokeExact(Downcall.callState(arena), (long) SIGINT, SIG_IGN, 0L, 0L, 0L, 0L);
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }

    /**
     * From now on the kernel kills this process when its parent ends, also when it is stopped at that moment. For the kernel the parent is
     * the thread that started this process, so that one has to live as long as its program.
     *
     * @param parent the process id that the parent must have
     * @return false if it has another one: it ended before the kernel was told
     */
    public static boolean dieWith(String parent) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Downcall.callState(arena);
            int refused = (int) (long) PRCTL.invokeExact(state, (long) PR_SET_PDEATHSIG, (long) SIGKILL, 0L, 0L, 0L, 0L);
            return refused == 0 && parent.equals(Integer.toString((int) (long) GETPPID.invokeExact(state, 0L, 0L, 0L, 0L, 0L, 0L)));
        } catch (Throwable cause) {
            throw Downcall.unexpected(cause);
        }
    }
}
