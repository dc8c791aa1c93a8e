package io.hotpair.node;

import io.hotpair.drivers.syncline.SyncLine;

/** The sync line of a rehearsal: edges by its made-up clock, the same on both boards; it bounces, and is lost for a while now and then. */
final class RehearsalLine implements SyncLine {
    private static final long BOUNCE_NS = 1_000;
    /** Edges of a stretch: whole, then lost. */
    private static final int STRETCH = 40;
    private static final int LOST = 8;

    private final NumberedStream.Clock clock;
    private final long periodNs;
    private long edge;
    private boolean bounces;

    RehearsalLine(NumberedStream.Clock clock, long periodNs) {
        this.clock = clock;
        this.periodNs = periodNs;
        edge = clock.nowNs() / periodNs;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public long pollEdgeNs() {
        if (bounces) {
            bounces = false;
            return edge * periodNs + BOUNCE_NS;
        }
        if ((edge + 1) * periodNs - clock.nowNs() > 0) {
            return NO_EDGE;
        }
        edge++;
        if (edge % STRETCH < LOST) {
            return NO_EDGE;
        }
        bounces = edge % 2 == 0;
        return edge * periodNs;
    }

    @Override
    public void close() { }
}
