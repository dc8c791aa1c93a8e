package io.hotpair.sim;

/**
 * Somebody on the networks who lacks the key: keeps frames and sends them again at any later time, to either board, on either network,
 * across reboots; flips bits; forges frames under a key of its own.
 */
final class Attacker {
    private static final int KEPT = 256;

    private final World world;
    private final SimRandom random;
    private final byte[] kept = new byte[KEPT * Net.SLOT_BYTES];
    private final byte[] keptLength = new byte[KEPT];
    private final byte[] keptReceiver = new byte[KEPT];
    private final byte[] work = new byte[Net.SLOT_BYTES];
    private final SimSeal wrongSeal = new SimSeal(0x0BAD_0BAD_0BAD_0BADL, 16);
    private int keptCount;
    private int overheard;
    /** Mean time between two frames of the attacker; 0 = nobody there. */
    long meanGapNs;

    Attacker(World world, SimRandom random) {
        this.world = world;
        this.random = random;
    }

    /** Keeps one frame in 16, of all ages: each new one takes the place of a random older one. */
    void overhear(int receiver, byte[] buffer, int offset, int lengthBytes) {
        if (meanGapNs == 0 || (overheard++ & 15) != 0) {
            return;
        }
        int i = keptCount < KEPT ? keptCount++ : random.below(KEPT);
        System.arraycopy(buffer, offset, kept, i * Net.SLOT_BYTES, lengthBytes);
        keptLength[i] = (byte) lengthBytes;
        keptReceiver[i] = (byte) receiver;
    }

    /** Sends something; returns how long to wait for the next. */
    long act() {
        if (keptCount > 0) {
            int i = random.below(keptCount);
            int length = keptLength[i];
            System.arraycopy(kept, i * Net.SLOT_BYTES, work, 0, length);
            int receiver = random.oneIn(8) ? 1 - keptReceiver[i] : keptReceiver[i];
            int channel = random.below(2);
            boolean corrupt = false;
            switch (random.below(4)) {
                case 0 -> corrupt = true;
                case 1 -> forge();
                default -> { }
            }
            world.net().put(receiver, channel, work, 0, length, world.nowNs() + random.below(50_000), false, corrupt);
        }
        return 1 + random.between(0, 2 * meanGapNs);
    }

    private void forge() {
        for (int i = 1 + random.below(4); i > 0; i--) {
            work[random.below(WireView.MESSAGE_BYTES)] = (byte) random.below(256);
        }
        wrongSeal.seal(work, 0, WireView.MESSAGE_BYTES);
    }
}
