package io.hotpair.lab;

import io.hotpair.core.EventCode;
import io.hotpair.sync.SyncEvent;
import java.util.List;
import java.util.Optional;

/**
 * How a standby got the whole state, by what both boards recorded.
 *
 * @param fromNs when the primary found that the other board needs it
 * @param loadedNs when the other board had it
 * @param hotNs when that board was granted to be in step
 * @param snapshots how many it took: more than one if the records behind one had left the ring before it was there
 * @param primary cycles of the primary in that time
 * @param standby cycles of the standby
 */
record Transfer(long fromNs, long loadedNs, long hotNs, int snapshots, Cycles primary, Cycles standby) {
    /**
     * Cycles of a board in a while.
     *
     * @param late by so much that the core takes note
     * @param tooLate by more than the lease
     * @param worstNs the latest of them, 0 without any
     */
    record Cycles(int late, int tooLate, long worstNs) {
        /** By the events of a board, from {@code fromNs} to {@code toNs}. */
        static Cycles of(List<BoardEvent> events, long fromNs, long toNs, long leaseNs) {
            int late = 0;
            int tooLate = 0;
            long worstNs = 0;
            for (BoardEvent event : events) {
                // the lateness lies before the moment at which it is seen
                if (event.name().equals(EventCode.LATE.name()) && event.atNs() - fromNs >= 0 && event.atNs() - event.detail() - toNs <= 0) {
                    late++;
                    tooLate += event.detail() > leaseNs ? 1 : 0;
                    worstNs = Math.max(worstNs, event.detail());
                }
            }
            return new Cycles(late, tooLate, worstNs);
        }
    }

    /** The transfer that events of both boards tell of, if they do. */
    static Optional<Transfer> of(List<BoardEvent> primary, List<BoardEvent> standby, long leaseNs) {
        List<Long> needed = times(primary, SyncEvent.PEER_NEEDS_BASE);
        List<Long> loaded = times(standby, SyncEvent.BASE_LOADED);
        List<Long> granted = times(primary, SyncEvent.GRANTED);
        if (needed.isEmpty() || loaded.isEmpty() || granted.isEmpty() || granted.getLast() - loaded.getLast() < 0) {
            return Optional.empty();
        }
        long fromNs = needed.getFirst();
        long hotNs = granted.getLast();
        return Optional.of(new Transfer(fromNs, loaded.getLast(), hotNs, loaded.size(), Cycles.of(primary, fromNs, hotNs, leaseNs),
                Cycles.of(standby, fromNs, hotNs, leaseNs)));
    }

    private static List<Long> times(List<BoardEvent> events, SyncEvent wanted) {
        return events.stream().filter(event -> event.name().equals(wanted.name())).map(BoardEvent::atNs).toList();
    }
}
