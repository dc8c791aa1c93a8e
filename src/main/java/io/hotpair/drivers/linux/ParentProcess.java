package io.hotpair.drivers.linux;

/** Ties this process to the one that started it. */
public final class ParentProcess {
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int SIGKILL = 9;
    private static final int SIGINT = 2;
    private static final long SIG_IGN = 1;
    private static final long SIGNAL = Downcall.address("signal");
    private static final long PRCTL = Downcall.address("prctl");
    private static final long GETPPID = Downcall.address("getppid");

    private ParentProcess() {
    }

    /** Ctrl-C reaches every process of a terminal; this one leaves it to its parent to say when it ends. */
    public static void ignoreInterrupt() {
        Downcall.call(SIGNAL, SIGINT, SIG_IGN);
    }

    /**
     * From now on the kernel kills this process when its parent ends, also when it is stopped at that moment. For the kernel the parent is
     * the thread that started this process, so that one has to live as long as its program.
     *
     * @param parent the process id that the parent must have
     * @return false if it has another one: it ended before the kernel was told
     */
    public static boolean dieWith(String parent) {
        return Downcall.call(PRCTL, PR_SET_PDEATHSIG, SIGKILL) == 0 && parent.equals(Integer.toString(Downcall.call(GETPPID, 0)));
    }
}
