package io.hotpair.drivers.uart;

/**
 * When bytes arrived that a thread reads from a device which does not say so. As a rule that is when they are read, for the thread waits for them.
 * Not after this process stood still: then they may have lain in the kernel's buffer since it did, and who took them for new would have the pair
 * execute again, after a second, what the other board has executed long ago. So they count as arrived when it stopped.
 *
 * <p>That it stood still shows in the duty cycle, which looks at every port each millisecond. What no look has told of yet shows in the last look
 * being long ago.
 */
final class ArrivalClock {
    /** Ten times as late as a loaded machine makes a cycle, a fifth of the match window. */
    private static final long PAUSE_NS = 20_000_000;
    private static final long NEVER = Long.MIN_VALUE;

    private volatile long lookedNs = NEVER;
    private volatile long pausedNs = NEVER;
    private volatile long resumedNs = NEVER;
    private long emptyNs;

    /** The reader has opened the device and thrown away what waited there. */
    void onOpened(long nowNs) {
        emptyNs = nowNs;
    }

    /** The duty cycle looks. */
    void onLook(long nowNs) {
        long beforeNs = lookedNs;
        if (beforeNs != NEVER && nowNs - beforeNs >= PAUSE_NS) {
            pausedNs = beforeNs;
            resumedNs = nowNs;
        }
        lookedNs = nowNs;
    }

    /**
     * The reader has read.
     *
     * @param emptied whether nothing more waits in the device
     * @return when the bytes arrived, or a moment before
     */
    long onRead(long nowNs, boolean emptied) {
        long sinceNs = emptyNs;
        emptyNs = emptied ? nowNs : emptyNs;
        long looked = lookedNs;
        if (looked != NEVER && nowNs - looked >= PAUSE_NS) {
            return later(sinceNs, looked);
        }
        return resumedNs != NEVER && resumedNs - sinceNs > 0 ? later(sinceNs, pausedNs) : nowNs;
    }

    private static long later(long aNs, long bNs) {
        return aNs - bNs > 0 ? aNs : bNs;
    }
}
