package io.hotpair.sim;

import io.hotpair.core.port.TermStore;

/**
 * The store of terms of one board. A request reaches the disk after a while, or never; a process that dies leaves its request with the
 * kernel, a power cut takes it away or not. The disk outlives the board's boots.
 */
final class SimDisk implements TermStore {
    private final World world;
    private final Board board;
    private final SimRandom random;

    /** What a reader of the disk would find. */
    long onDisk;
    private long askedFor;
    private long usedTerm;
    private boolean writing;
    boolean refuses;
    boolean stalls;
    long writeNs = 500_000;

    SimDisk(World world, Board board, SimRandom random) {
        this.world = world;
        this.board = board;
        this.random = random;
    }

    /** A process starts once it has read the disk. */
    void onProcessStart() {
        usedTerm = onDisk;
    }

    void onPowerCut() {
        if (!refuses && !stalls && random.oneIn(2)) {
            onDisk = Math.max(onDisk, askedFor);
        }
        askedFor = onDisk;
    }

    void onWritten() {
        if (stalls) {
            world.at(world.nowNs() + 5_000_000, World.DISK_WRITTEN, board.id, 0);
            return;
        }
        writing = false;
        if (!refuses) {
            onDisk = Math.max(onDisk, askedFor);
        }
    }

    private void write() {
        if (!writing) {
            writing = true;
            world.at(world.nowNs() + random.between(writeNs / 2, writeNs * 3 / 2), World.DISK_WRITTEN, board.id, 0);
        }
    }

    @Override
    public long usedTerm() {
        return usedTerm;
    }

    @Override
    public long durableTerm() {
        return onDisk;
    }

    @Override
    public void reserve(long term) {
        askedFor = Math.max(askedFor, term);
        if (askedFor > onDisk) {
            write();
        }
    }
}
